// What a tile holds. The library's executors and stores move payloads about without looking
// inside; a dense matrix (tile/dense.hpp) is one model of the concept, users may bring others.
//
// Zero. A default-constructed payload is its type's zero, and what reads of unwritten tiles find
// where an array says that they are zero. For a dense matrix it is the empty tile, 0 x 0, which has
// no shape yet: the library's kernels take it as zeros of the shape that fits, and a matrix stores
// it as zeros. A tile of a bound array whose shape is known comes with zeros in that shape instead.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

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

/// Takes, or gives, the next bytes of a payload.
using PutBytes = std::function<void(std::span<const std::byte>)>;
using GetBytes = std::function<void(std::span<std::byte>)>;

/// A payload whose bytes can be written and read without a second copy of all of them:
/// `write_pieces(put)` passes on, piece by piece, what `write_bytes` writes, and
/// `read_pieces(size, get)` is `read_bytes` of `size` bytes that it asks for piece by piece.
template <class P>
concept InPieces = Payload<P> &&
    requires(const P& p, const PutBytes& put, const GetBytes& get, std::size_t size) {
  p.write_pieces(put);
  { P::read_pieces(size, get) } -> std::same_as<P>;
};

class Tile;

/// A payload's type at run time: the way from an erased tile to its operations. `read` makes a tile
/// of what `write_bytes` wrote, and so does `read_pieces`, of so many bytes, without a copy of all
/// of them if `in_pieces`.
struct PayloadType {
  std::string name;
  const std::type_info* type;
  Tile (*read)(std::span<const std::byte>);
  Tile (*read_pieces)(std::size_t, const GetBytes&);
  bool in_pieces;
};

/// The one PayloadType of P.
template <Payload P>
const PayloadType& payload_type();

inline bool operator==(const PayloadType& a, const PayloadType& b) { return *a.type == *b.type; }

/// A shared handle to a payload of any type. Copies of a handle share one payload, which may be
/// changed only by a holder who is alone with it (`unique`).
class Tile {
 public:
  Tile() = default;
  Tile(const Tile& other) noexcept : box_(other.box_) {
    if (box_ != nullptr) box_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Tile(Tile&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Tile& operator=(Tile other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~Tile() {
    if (box_ != nullptr && box_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete box_;
  }

  /// A handle to a new payload.
  template <Payload P>
  static Tile make(P payload) {
    return Tile(new Holder<P>(std::move(payload)));
  }

  explicit operator bool() const { return box_ != nullptr; }

  /// No other handle to this payload exists, and all that its former holders did with it has
  /// happened before.
  bool unique() const {
    return box_ != nullptr && box_->holders.load(std::memory_order_acquire) == 1;
  }

  /// A handle to a copy of the payload.
  Tile clone() const { return Tile(box_->clone()); }

  const PayloadType& type() const { return box_->type(); }
  std::size_t byte_size() const { return box_->byte_size(); }
  void write_bytes(std::span<std::byte> out) const { box_->write_bytes(out); }
  /// The same bytes, piece by piece; without a copy of them all if the payload can (`InPieces`).
  void write_pieces(const PutBytes& put) const { box_->write_pieces(put); }

  /// Address of the payload.
  const void* address() const { return box_->payload; }
  void* address() { return box_->payload; }

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
  // A handle is one pointer, and so is the way from it to the payload: a task of a few hundred
  // nanoseconds passes several.
  struct Box {
    virtual ~Box() = default;
    virtual const PayloadType& type() const = 0;
    virtual Box* clone() const = 0;
    virtual std::size_t byte_size() const = 0;
    virtual void write_bytes(std::span<std::byte> out) const = 0;
    virtual void write_pieces(const PutBytes& put) const = 0;
    std::atomic<std::int64_t> holders{1};
    void* payload = nullptr;
  };

  template <Payload P>
  struct Holder final : Box {
    explicit Holder(P p) : held(std::move(p)) { this->payload = &held; }
    const PayloadType& type() const override { return payload_type<P>(); }
    Box* clone() const override { return new Holder(held); }
    std::size_t byte_size() const override { return held.byte_size(); }
    void write_bytes(std::span<std::byte> out) const override { held.write_bytes(out); }
    void write_pieces(const PutBytes& put) const override {
      if constexpr (InPieces<P>) {
        held.write_pieces(put);
      } else {
        std::vector<std::byte> bytes(held.byte_size());
        held.write_bytes(bytes);
        put(bytes);
      }
    }
    P held;
  };

  explicit Tile(Box* box) : box_(box) {}

  template <Payload P>
  void check() const {
    if (!box_ || !(box_->type() == payload_type<P>()))
      throw internal_error("a tile of " + (box_ ? box_->type().name : "nothing") + " was used as " +
                           payload_type<P>().name);
  }

  Box* box_ = nullptr;
};

template <Payload P>
const PayloadType& payload_type() {
  static const PayloadType type{
      P::type_name(), &typeid(P),
      [](std::span<const std::byte> bytes) { return Tile::make(P::read_bytes(bytes)); },
      [](std::size_t size, const GetBytes& get) {
        if constexpr (InPieces<P>) {
          return Tile::make(P::read_pieces(size, get));
        } else {
          std::vector<std::byte> bytes(size);
          get(bytes);
          return Tile::make(P::read_bytes(bytes));
        }
      },
      InPieces<P>};
  return type;
}

}  // namespace lambdapack::tile
