// A tile's payload as one run of bytes, to be sent from where it is and received where it is to be.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/dense.hpp"
#include "lambdapack/tile/payload.hpp"

namespace lambdapack::exec::distributed {

/// How a payload travels: a dense matrix by its shape and its elements, anything else in the bytes
/// that `write_bytes` writes, of which `rows` is then -1.
struct Shape {
  std::int64_t rows = -1;
  std::int64_t cols = 0;
  std::int64_t bytes = 0;

  bool is_dense() const { return rows >= 0; }
};

namespace detail {

/// Calls f(dense) with the dense matrix in a tile that has one; whether it does. The tile may be
/// const.
template <class AnyTile, class F>
bool with_dense(AnyTile& tile, F&& f) {
  const auto is = [&]<class T>(T) {
    if (!(tile.type() == tile::payload_type<tile::Dense<T>>())) return false;
    f(tile.template get<tile::Dense<T>>());
    return true;
  };
  return is(double{}) || is(float{}) || is(std::complex<double>{}) || is(std::complex<float>{});
}

}  // namespace detail

/// The bytes of a tile, which they keep alive, with what counts them.
class Outgoing {
 public:
  explicit Outgoing(tile::Tile tile, std::shared_ptr<const void> counted = {})
      : tile_(std::move(tile)), counted_(std::move(counted)) {
    const tile::Tile& seen = tile_;
    const bool dense = detail::with_dense(seen, [&](const auto& d) {
      shape_ = {d.rows(), d.cols(), static_cast<std::int64_t>(d.size() * sizeof(*d.data()))};
      data_ = reinterpret_cast<const std::byte*>(d.data());
    });
    if (dense) return;
    copied_.resize(tile_.byte_size());
    tile_.write_bytes(copied_);
    shape_.bytes = static_cast<std::int64_t>(copied_.size());
    data_ = copied_.data();
  }

  const Shape& shape() const { return shape_; }
  const std::byte* data() const { return data_; }
  std::int64_t payload_bytes() const { return static_cast<std::int64_t>(tile_.byte_size()); }

 private:
  tile::Tile tile_;
  std::shared_ptr<const void> counted_;
  std::vector<std::byte> copied_;
  Shape shape_;
  const std::byte* data_ = nullptr;
};

/// A place for the bytes of a tile of a known type, which becomes the tile.
class Landing {
 public:
  /// Throws internal_error on a shape that no tile of the type has.
  Landing(const tile::PayloadType& type, const Shape& shape) : type_(&type) {
    if (!shape.is_dense()) {
      copied_.resize(static_cast<std::size_t>(shape.bytes));
      data_ = copied_.data();
      return;
    }
    const auto make = [&]<class T>(T) {
      if (!(type == tile::payload_type<tile::Dense<T>>())) return false;
      if (shape.bytes != shape.rows * shape.cols * static_cast<std::int64_t>(sizeof(T)))
        throw internal_error("a matrix was sent in other elements than those of " + type.name);
      tile_ = tile::Tile::make(tile::Dense<T>(shape.rows, shape.cols));
      return true;
    };
    if (!make(double{}) && !make(float{}) && !make(std::complex<double>{}) &&
        !make(std::complex<float>{}))
      throw internal_error("a matrix was sent where a tile of " + type.name + " is expected");
    detail::with_dense(tile_, [&](auto& d) { data_ = reinterpret_cast<std::byte*>(d.data()); });
  }

  std::byte* data() { return data_; }

  /// The tile, when the bytes are there.
  tile::Tile take() { return tile_ ? std::move(tile_) : type_->read(copied_); }

 private:
  const tile::PayloadType* type_;
  tile::Tile tile_;
  std::vector<std::byte> copied_;
  std::byte* data_ = nullptr;
};

}  // namespace lambdapack::exec::distributed
