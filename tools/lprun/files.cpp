#include "files.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>

namespace lprun {

std::string type_of(const std::string& path) {
  using lp::tile::detail::File;
  if (is_npy(path)) return lp::tile::detail::read_npy_header(File::open(path)).descr;
  std::ifstream in(path + "/.zarray");
  if (!in)
    throw lp::input_error(path +
                          " is no Zarr v2 array: it has no file .zarray that can be read; "
                          "expected a .npy file or the directory of a Zarr array: check the path");
  // The library reads it again, and says what else may be wrong with it.
  std::string text(std::size_t{1} << 20, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const lp::tile::detail::Json document(
      json_loadb(text.data(), static_cast<std::size_t>(in.gcount()), 0, nullptr));
  const char* dtype = json_string_value(json_object_get(document.get(), "dtype"));
  if (dtype == nullptr)
    throw lp::input_error(path + "/.zarray names no dtype of numbers; save the array again");
  return dtype;
}

void require_place_for_matrix(const std::string& path) {
  const auto store = is_npy(path) ? lp::npy<double>(path, 0, 0, 1).store(2)
                                  : lp::zarr<double>(path, 0, 0, 1).store(2);
  store->begin(lp::tile::Use::write);
  store->abandon("it was only to see whether the file can be made");
}

void require_place_for_file(const std::string& path) {
  if (path.ends_with('/') || std::filesystem::is_directory(path))
    throw lp::input_error("cannot write " + path +
                          ": that is the name of a directory; choose one for a file");
  lp::tile::detail::require_writable(lp::tile::detail::resolved(path));
}

void require_place_for_later_trace(const std::string& path) {
  require_place_for_file(path);
  if (!std::filesystem::exists(path)) return;
  std::string begin(32, '\0');
  std::ifstream(path).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (!begin.starts_with("{\"displayTimeUnit\":") && !begin.starts_with("<!DOCTYPE html>"))
    throw lp::input_error("cannot write the trace of a later run to " + path +
                          ": something else is there; move it, or choose another name for --trace");
}

void write_text(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  out.close();
  if (!out)
    throw lp::input_error("cannot write " + path + "; check the folder, and the space on the disk");
}

void write_npy_array(const std::string& path, const std::string& type, std::int64_t count,
                     std::span<const std::byte> elements) {
  namespace npy = lp::tile::detail;
  const std::string target = npy::resolved(path), draft = npy::partial_name(target);
  const std::string header = npy::npy_header_text(type, {count});
  try {
    npy::File file = npy::File::create(draft);
    file.write(std::as_bytes(std::span(header)), 0);
    file.write(elements, static_cast<std::int64_t>(header.size()));
    file.close();
    std::filesystem::rename(draft, target);
  } catch (const std::exception& error) {
    std::filesystem::remove(draft);
    throw lp::input_error("cannot write " + path + ": " + error.what());
  }
}

template <lp::Scalar T>
lp::TiledMatrix<T> read(const std::string& path, std::int64_t tile_rows, std::int64_t tile_cols) {
  if (is_npy(path)) return lp::read_npy<T>(path, tile_rows, tile_cols);
  const auto dense = lp::read_zarr<T>(path).to_dense();
  return lp::TiledMatrix<T>::from(dense.data(), dense.rows(), dense.cols(), dense.rows(), tile_rows,
                                  tile_cols);
}

template <lp::Scalar T>
void write(const std::string& path, const lp::TiledMatrix<T>& matrix) {
  if (is_npy(path))
    lp::write_npy(path, matrix);
  else
    lp::write_zarr(path, matrix);
}

#define INSTANTIATE(T)                                                                 \
  template lp::TiledMatrix<T> read<T>(const std::string&, std::int64_t, std::int64_t); \
  template void write(const std::string&, const lp::TiledMatrix<T>&);
INSTANTIATE(float)
INSTANTIATE(double)
INSTANTIATE(std::complex<float>)
INSTANTIATE(std::complex<double>)
#undef INSTANTIATE

}  // namespace lprun
