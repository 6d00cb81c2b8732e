// A .npy file as a matrix of one scalar type, not yet cut into tiles.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/detail/block.hpp"
#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/npy_header.hpp"
#include "lambdapack/tile/detail/numpy_name.hpp"

namespace lambdapack::tile::detail {

/// An existing .npy file that holds a matrix of T; a 1-D array is one column.
template <Scalar T>
class NpyMatrix {
 public:
  /// Throws input_error if the file is missing, damaged, or holds anything else.
  explicit NpyMatrix(const std::string& path)
      : file_(File::open(path)), header_(read_npy_header(file_)) {
    require_element();
    const auto& shape = header_.shape;
    if (shape.empty() || shape.size() > 2)
      refuse({path, " holds an array of ", shape.size(),
              " dimensions; expected 1 or 2: reshape it in Python, for instance "
              "numpy.save(path, a.reshape(len(a), -1))"});
    rows_ = shape[0];
    cols_ = shape.size() == 2 ? shape[1] : 1;
    require_size();
  }

  std::int64_t rows() const { return rows_; }
  std::int64_t cols() const { return cols_; }
  const std::vector<std::int64_t>& shape() const { return header_.shape; }
  ::mode_t permissions() const { return file_.status().st_mode; }

  /// The rows x cols block whose first element is (i, j).
  Dense<T> block(std::int64_t i, std::int64_t j, std::int64_t rows, std::int64_t cols) const {
    if (header_.fortran_order) return strips(j, i, cols, rows, rows_);
    const Dense<T> by_rows = strips(i, j, rows, cols, cols_);
    Dense<T> block(rows, cols);
    copy_transposed(rows, cols, by_rows.data(), cols, block.data(), rows);
    return block;
  }

 private:
  void require_element() const {
    const std::string& found = header_.descr;
    if (found == numpy_name<T>()) return;
    std::string advice =
        "save it again from Python with .astype('" + std::string(numpy_name<T>()) + "')";
    for (const char* other : {"<f4", "<f8", "<c8", "<c16"})
      if (found == other) advice += ", or read it as another scalar type";
    refuse({file_.path(), " holds elements of type ", found.substr(0, 120), "; expected ",
            numpy_name<T>(), " (", scalar_name<T>(), "): ", advice});
  }

  void require_size() const {
    const std::int64_t bytes = byte_count(rows_, cols_, sizeof(T));
    const std::int64_t held = file_.size() - header_.offset;
    if (bytes != held)
      refuse({file_.path(), " holds ", held, " bytes of elements; expected ",
              bytes < 0 ? "more than a file can have" : std::to_string(bytes), " for its shape of ",
              shape_text(rows_, cols_), " ", scalar_name<T>(), ": the file is ",
              bytes < held && bytes >= 0 ? "not one array" : "truncated", "; save it again"});
  }

  /// The elements lie in strips of `length` elements: `count` of them from `first` on, of each of
  /// the `strips` strips from `strip` on, as columns.
  Dense<T> strips(std::int64_t strip, std::int64_t first, std::int64_t strips, std::int64_t count,
                  std::int64_t length) const {
    Dense<T> block(count, strips);
    const bool whole = count == length;
    const std::int64_t pieces = whole ? 1 : strips;
    const std::size_t piece = whole ? block.size() : static_cast<std::size_t>(count);
    for (std::int64_t k = 0; k < pieces; ++k)
      file_.read(std::as_writable_bytes(std::span(block.data() + k * count, piece)),
                 header_.offset + ((strip + k) * length + first) * element_size);
    return block;
  }

  static constexpr std::int64_t element_size = sizeof(T);

  File file_;
  NpyHeader header_;
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
};

/// A new .npy file, in Fortran order, that is written beside its place and then put there. One that
/// is never put in place is removed.
template <Scalar T>
class NpyDraft {
 public:
  /// Elements that are not written are zero. Throws input_error if there is no place to write to.
  NpyDraft(const std::string& path, const std::vector<std::int64_t>& shape)
      : path_(path), rows_(shape[0]), file_(File::create(partial_name(path))) {
    try {
      const std::string header = npy_header_text(numpy_name<T>(), shape);
      offset_ = static_cast<std::int64_t>(header.size());
      file_.write(std::as_bytes(std::span(header)), 0);
      file_.resize(offset_ + byte_count(rows_, shape.size() == 2 ? shape[1] : 1, sizeof(T)));
    } catch (...) {
      discard();
      throw;
    }
  }
  NpyDraft(const NpyDraft&) = delete;
  NpyDraft& operator=(const NpyDraft&) = delete;
  ~NpyDraft() { discard(); }

  void allow(::mode_t mode) { file_.allow(mode); }

  /// Writes a block whose first element is (i, j).
  void write(const Dense<T>& block, std::int64_t i, std::int64_t j) const {
    const bool whole = block.rows() == rows_;
    const std::int64_t pieces = whole ? 1 : block.cols();
    const std::size_t piece = whole ? block.size() : static_cast<std::size_t>(block.rows());
    for (std::int64_t k = 0; k < pieces; ++k)
      file_.write(std::as_bytes(std::span(block.data() + k * block.rows(), piece)),
                  offset_ + ((j + k) * rows_ + i) * static_cast<std::int64_t>(sizeof(T)));
  }

  /// Waits until the disk has the file.
  void finish() { file_.sync(); }

  /// Puts the finished file in its place, in one step.
  void publish() {
    const std::string partial = file_.path();
    if (std::rename(partial.c_str(), path_.c_str()) != 0)
      throw file_error("put the new file at", path_, errno);
    file_ = File();
  }

 private:
  void discard() noexcept {
    if (file_) ::unlink(file_.path().c_str());
    file_ = File();
  }

  std::string path_;
  std::int64_t rows_;
  std::int64_t offset_ = 0;
  File file_;
};

}  // namespace lambdapack::tile::detail
