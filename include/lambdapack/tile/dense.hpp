// Dense column-major tiles: the library's own payload.
#pragma once

#include <algorithm>
#include <complex>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>

#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/buffers.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack {

/// The scalar types of dense matrices.
template <class T>
concept Scalar = std::same_as<T, float> || std::same_as<T, double> ||
    std::same_as<T, std::complex<float>> || std::same_as<T, std::complex<double>>;

/// The real type that belongs to a scalar: double for std::complex<double>.
template <Scalar T>
using real_t = decltype(std::real(T{}));

namespace tile {

/// The scalar's name in metadata and messages: float32, float64, complex64 or complex128.
template <Scalar T>
constexpr const char* scalar_name() {
  if constexpr (std::same_as<T, float>) return "float32";
  if constexpr (std::same_as<T, double>) return "float64";
  if constexpr (std::same_as<T, std::complex<float>>) return "complex64";
  if constexpr (std::same_as<T, std::complex<double>>) return "complex128";
}

/// A dense rows x cols matrix, column-major, leading dimension `rows`, aligned to 64 bytes.
template <Scalar T>
class Dense {
 public:
  Dense() = default;

  /// A matrix whose elements are not yet set. Throws input_error on a negative shape, and on one
  /// whose elements cannot be counted in 63 bits.
  Dense(std::int64_t rows, std::int64_t cols) : rows_(rows), cols_(cols) {
    std::int64_t bytes = 0;
    if (rows < 0 || cols < 0)
      detail::refuse(
          {"a tile cannot be ", rows, " x ", cols, "; give it a shape of at least 0 x 0"});
    if (__builtin_mul_overflow(rows, cols, &bytes) ||
        __builtin_mul_overflow(bytes, static_cast<std::int64_t>(sizeof(T)), &bytes))
      detail::refuse({"a tile of ", rows, " x ", cols, " ", scalar_name<T>(),
                      " does not fit any memory; use smaller tiles"});
    if (size() == 0) return;
    const std::size_t memory = size() * sizeof(T);
    data_ = {static_cast<T*>(detail::Buffers::process().take(memory)), Free{memory}};
  }

  /// A matrix of zeros.
  static Dense zeros(std::int64_t rows, std::int64_t cols) {
    Dense d(rows, cols);
    std::fill_n(d.data(), d.size(), T{});
    return d;
  }

  /// A matrix whose elements are at `data`, which the pool of buffers has adopted.
  static Dense over(T* data, std::int64_t rows, std::int64_t cols) {
    Dense d;
    d.rows_ = rows;
    d.cols_ = cols;
    d.data_ = {data, Free{d.size() * sizeof(T)}};
    return d;
  }

  Dense(const Dense& other) : Dense(other.rows_, other.cols_) {
    std::copy_n(other.data(), size(), data());
  }
  Dense(Dense&& other) noexcept
      : rows_(std::exchange(other.rows_, 0)),
        cols_(std::exchange(other.cols_, 0)),
        data_(std::move(other.data_)) {}
  Dense& operator=(Dense other) noexcept {
    std::swap(rows_, other.rows_);
    std::swap(cols_, other.cols_);
    std::swap(data_, other.data_);
    return *this;
  }

  std::int64_t rows() const { return rows_; }
  std::int64_t cols() const { return cols_; }
  /// Number of elements.
  std::size_t size() const { return static_cast<std::size_t>(rows_ * cols_); }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  /// Element (i, j). Without NDEBUG an element that is not there is an input_error.
  T& operator()(std::int64_t i, std::int64_t j) {
    check(i, j);
    return data_.get()[i + j * rows_];
  }
  const T& operator()(std::int64_t i, std::int64_t j) const {
    check(i, j);
    return data_.get()[i + j * rows_];
  }

  static std::string type_name() { return scalar_name<T>(); }
  std::size_t byte_size() const { return 2 * sizeof(std::int64_t) + size() * sizeof(T); }

  /// Rows, columns (two 64-bit integers), then the elements, all in this machine's byte order.
  void write_bytes(std::span<std::byte> out) const {
    const std::int64_t shape[2] = {rows_, cols_};
    std::memcpy(out.data(), shape, sizeof shape);
    if (size() > 0) std::memcpy(out.data() + sizeof shape, data(), size() * sizeof(T));
  }

  static Dense read_bytes(std::span<const std::byte> in) {
    return read_pieces(in.size(), [&](std::span<std::byte> out) {
      std::copy_n(in.begin(), out.size(), out.begin());
      in = in.subspan(out.size());
    });
  }

  /// put(piece) for the shape, and for all elements.
  void write_pieces(const PutBytes& put) const {
    const std::int64_t shape[2] = {rows_, cols_};
    put(std::as_bytes(std::span(shape)));
    if (size() > 0) put(std::as_bytes(std::span(data(), size())));
  }
  /// What `write_bytes` wrote, `bytes` of it, of which get(piece) gives the next.
  template <class Get>
  static Dense read_pieces(std::size_t bytes, const Get& get) {
    std::int64_t shape[2] = {-1, -1};
    std::int64_t elements = 0;
    if (bytes >= sizeof shape) get(std::as_writable_bytes(std::span(shape)));
    const std::size_t held = bytes - std::min(bytes, sizeof shape);
    if (shape[0] < 0 || shape[1] < 0 || __builtin_mul_overflow(shape[0], shape[1], &elements) ||
        static_cast<std::uint64_t>(elements) != held / sizeof(T) || held % sizeof(T) != 0)
      detail::refuse({"these ", bytes, " bytes are not a tile of ", scalar_name<T>(), ": they say ",
                      shape[0], " x ", shape[1], "; the tile is truncated or of another type"});
    Dense d(shape[0], shape[1]);
    if (d.size() > 0) get(std::as_writable_bytes(std::span(d.data(), d.size())));
    return d;
  }

 private:
  void check([[maybe_unused]] std::int64_t i, [[maybe_unused]] std::int64_t j) const {
#ifndef NDEBUG
    if (i < 0 || i >= rows_ || j < 0 || j >= cols_)
      throw input_error(
          text({"element (", i, ", ", j, ") is outside of a tile of ", rows_, " x ", cols_,
                "; check the kernel's loops, and let it call resize first on "
                "an lp::out that is a tile of a temporary"}));
#endif
  }

  struct Free {
    void operator()(T* p) const { detail::Buffers::process().give(p, bytes); }
    std::size_t bytes = 0;
  };
  std::int64_t rows_ = 0;
  std::int64_t cols_ = 0;
  std::unique_ptr<T, Free> data_;
};

}  // namespace tile

namespace detail {
template <class T>
struct payload_of {
  using type = T;
};
template <Scalar T>
struct payload_of<T> {
  using type = tile::Dense<T>;
};
}  // namespace detail

/// The payload that an element type stands for: a dense matrix for a scalar, else the type itself.
template <class T>
using payload_of_t = typename detail::payload_of<T>::type;

/// What may stand in `In<T, rank>` and in a kernel's `in<T>`: a scalar or a payload.
template <class T>
concept Element = tile::Payload<payload_of_t<T>>;

}  // namespace lambdapack
