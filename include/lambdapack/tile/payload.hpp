// What a tile holds. The library's executors and stores move payloads about without looking
// inside; a dense matrix (tile/dense.hpp) is one model of the concept, users may bring others.
//
// Zero. A default-constructed payload is its type's zero, and what reads of unwritten tiles find
// where an array says that they are zero. For a dense matrix it is the empty tile, 0 x 0, which has
// no shape yet: the library's kernels take it as zeros of the shape that fits, and a matrix stores
// it as zeros. A tile of a bound array whose shape is known comes with zeros in that shape instead.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>

#include "lambdapack/error.hpp"

namespace lambdapack::tile {

/// A type that can be the contents of a tile: a value with a name, a size, and a form in bytes.
/// `read_bytes(b)` rebuilds what `write_bytes(b)` wrote and throws input_error on anything else.
///
/// Accepted: `Dense<double>`; a struct around `std::vector<Particle>` with these four members.
/// Rejected: `double*` (it has no size), `std::unique_ptr<T>` (a tile must be copyable).
template <class P>
concept Payload = std::copyable<P> && std::default_initializable<P> &&
    requires(const P& p, std::span<std::byte> out, std::span<const std::byte> in) {
  { P::type_name() } -> std::convertible_to<std::string>;
  { p.byte_size() } -> std::same_as<std::size_t>;
  p.write_bytes(out);
  { P::read_bytes(in) } -> std::same_as<P>;
};

/// A payload's type at run time: the way from an erased tile to its operations.
struct PayloadType {
  std::string name;
  const std::type_info* type;
};

/// The one PayloadType of P.
template <Payload P>
const PayloadType& payload_type() {
  static const PayloadType type{P::type_name(), &typeid(P)};
  return type;
}

inline bool operator==(const PayloadType& a, const PayloadType& b) { return *a.type == *b.type; }

/// A shared handle to a payload of any type. Copies of a handle share one payload, which may be
/// changed only by a holder who is alone with it (`unique`).
class Tile {
 public:
  Tile() = default;

  /// A handle to a new payload.
  template <Payload P>
  static Tile make(P payload) {
    return Tile(std::make_shared<Holder<P>>(std::move(payload)));
  }

  explicit operator bool() const { return static_cast<bool>(box_); }

  /// No other handle to this payload exists, and all that its former holders did with it has
  /// happened before.
  bool unique() const {
    if (box_.use_count() != 1) return false;
    // use_count() is a relaxed load; giving a copy back synchronises with the other holders'.
    std::shared_ptr<Box>(box_).reset();
    return true;
  }

  /// A handle to a copy of the payload.
  Tile clone() const { return Tile(box_->clone()); }

  const PayloadType& type() const { return box_->type(); }
  std::size_t byte_size() const { return box_->byte_size(); }
  void write_bytes(std::span<std::byte> out) const { box_->write_bytes(out); }

  /// Address of the payload.
  const void* address() const { return box_->address(); }
  void* address() { return const_cast<void*>(std::as_const(*box_).address()); }

  /// The payload; throws internal_error if it is of another type.
  template <Payload P>
  const P& get() const {
    check<P>();
    return *static_cast<const P*>(address());
  }
  template <Payload P>
  P& get() {
    check<P>();
    return *static_cast<P*>(address());
  }

 private:
  struct Box {
    virtual ~Box() = default;
    virtual const PayloadType& type() const = 0;
    virtual std::shared_ptr<Box> clone() const = 0;
    virtual std::size_t byte_size() const = 0;
    virtual void write_bytes(std::span<std::byte> out) const = 0;
    virtual const void* address() const = 0;
  };

  template <Payload P>
  struct Holder final : Box {
    explicit Holder(P p) : payload(std::move(p)) {}
    const PayloadType& type() const override { return payload_type<P>(); }
    std::shared_ptr<Box> clone() const override { return std::make_shared<Holder>(payload); }
    std::size_t byte_size() const override { return payload.byte_size(); }
    void write_bytes(std::span<std::byte> out) const override { payload.write_bytes(out); }
    const void* address() const override { return &payload; }
    P payload;
  };

  explicit Tile(std::shared_ptr<Box> box) : box_(std::move(box)) {}

  template <Payload P>
  void check() const {
    if (!box_ || !(box_->type() == payload_type<P>()))
      throw internal_error("a tile of " + (box_ ? box_->type().name : "nothing") + " was used as " +
                           payload_type<P>().name);
  }

  std::shared_ptr<Box> box_;
};

}  // namespace lambdapack::tile
