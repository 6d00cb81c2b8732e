// Matrices in .npy files and Zarr arrays, by their names.
#pragma once

#include <complex>
#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lprun {

/// Whether the name is that of a .npy file; all others are Zarr arrays.
inline bool is_npy(std::string_view path) { return path.ends_with(".npy"); }

/// The element type of the file at `path`, as NumPy writes it: "<f8". Throws lp::input_error if
/// there is no such file, or it is no matrix.
std::string type_of(const std::string& path);

/// Throws lp::input_error unless a matrix can be written to `path`.
void require_place_for_matrix(const std::string& path);
/// The same of a file of another kind.
void require_place_for_file(const std::string& path);
/// The same, and that nothing is there but a trace, of the file for a run that not every algorithm
/// has.
void require_place_for_later_trace(const std::string& path);

/// Writes text to a file. Throws lp::input_error if it cannot be written.
void write_text(const std::string& path, const std::string& text);

/// Writes an array of one dimension to a .npy file, complete or not at all. `type` is NumPy's name
/// for its elements. Throws lp::input_error if it cannot be written.
void write_npy_array(const std::string& path, const std::string& type, std::int64_t count,
                     std::span<const std::byte> elements);

/// The matrix in a file, in tiles of this size. Throws lp::input_error if it cannot be read. Like
/// the other templates here that are only declared, it is compiled in one place for all T.
template <lp::Scalar T>
lp::TiledMatrix<T> read(const std::string& path, std::int64_t tile_rows, std::int64_t tile_cols);

/// Writes a matrix, complete or not at all. Throws lp::input_error if it cannot be written.
template <lp::Scalar T>
void write(const std::string& path, const lp::TiledMatrix<T>& matrix);

/// Writes numbers: to .npy as an array of one dimension, to Zarr as a column.
template <lp::Scalar T>
void write(const std::string& path, const std::vector<T>& numbers) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  if (is_npy(path))
    return write_npy_array(path, lp::tile::detail::numpy_name<T>(), count,
                           std::as_bytes(std::span(numbers)));
  write(path, lp::TiledMatrix<T>::from(numbers.data(), count, 1, count, 4096));
}

/// use(std::type_identity<T>{}) with the T that NumPy calls `type`.
template <class Use>
auto with_type(const std::string& type, const Use& use) {
  if (type == "<f4") return use(std::type_identity<float>{});
  if (type == "<f8") return use(std::type_identity<double>{});
  if (type == "<c8") return use(std::type_identity<std::complex<float>>{});
  if (type == "<c16") return use(std::type_identity<std::complex<double>>{});
  throw lp::input_error("the elements of the first input are " + type +
                        "; expected float32, float64, complex64 or complex128, little-endian: "
                        "convert the array and save it again");
}

}  // namespace lprun
