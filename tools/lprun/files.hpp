// Matrices in .npy files and Zarr arrays, by their names.
#pragma once

#include <complex>
#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <string_view>
#include <type_traits>

namespace lprun {

/// Whether the name is that of a .npy file; all others are Zarr arrays.
inline bool is_npy(std::string_view path) { return path.ends_with(".npy"); }

/// The element type of the file at `path`, as NumPy writes it: "<f8". Throws lp::input_error if
/// there is no such file, or it is no matrix.
std::string type_of(const std::string& path);

/// The matrix in a file, in square tiles. Throws lp::input_error if it cannot be read.
template <lp::Scalar T>
lp::TiledMatrix<T> read(const std::string& path, std::int64_t tile) {
  if (is_npy(path)) return lp::read_npy<T>(path, tile);
  const auto dense = lp::read_zarr<T>(path).to_dense();
  return lp::TiledMatrix<T>::from(dense.data(), dense.rows(), dense.cols(), dense.rows(), tile,
                                  tile);
}

/// Writes a matrix, complete or not at all. Throws lp::input_error if it cannot be written.
template <lp::Scalar T>
void write(const std::string& path, const lp::TiledMatrix<T>& matrix) {
  if (is_npy(path))
    lp::write_npy(path, matrix);
  else
    lp::write_zarr(path, matrix);
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

/// Real operations in one multiplication and addition of T, over those of a real one.
template <lp::Scalar T>
constexpr double cost = std::is_same_v<T, lp::real_t<T>> ? 1 : 4;

}  // namespace lprun
