// Arrays of tiles as a program sees them, and accesses to them.
#pragma once

#include <concepts>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/range.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/kernel/argument.hpp"

namespace lambdapack {

/// What a kernel call in a program yields: tiles of these element types, still to be assigned.
template <class... Outputs>
struct [[nodiscard(
    "lambdapack: assign the kernel's result to a tile, A(i, j) = kernel(...), or to several with "
    "lp::tie")]] Call {
  int kernel = 0;
  std::vector<ir::Access> reads;
  std::vector<ir::Scalar> scalars;
};

namespace detail {

/// One index of an access, with the place where it was written.
struct Subscript {
  ir::Subscript value;
  std::source_location at;

  template <class I>
  requires IndexOperand<I> Subscript(const I& index,
                                     std::source_location where = std::source_location::current())
      : value{Expr(index).value, std::nullopt}, at(where) {}

  template <class I>
  requires(!IndexOperand<I> && !std::same_as<I, Range> && !std::same_as<I, Subscript>)
      Subscript(const I&, std::source_location = std::source_location::current()) {
    static_assert(never<I>,
                  "lambdapack: a tile's index must be an integer or an index expression; write "
                  "A(i + 1, 0)");
  }

  explicit Subscript(const Range& run)
      : value{run.lower().value, ir::Run{run.upper().value, run.step().value}}, at(run.location()) {}
};

template <class I>
concept Run = std::same_as<std::remove_cvref_t<I>, Range>;

template <class... S>
ir::Access access(int array, const S&... subscripts) {
  const std::source_location places[] = {subscripts.at...};
  return Recorder::current("a tile").access(array, {subscripts.value...}, places[0]);
}

}  // namespace detail

/// A run of tiles, for an lp::in_list parameter.
template <class T>
struct TileRun {
  ir::Access access;

  /// A run is not written.
  template <class X>
  void operator=(const X&) const {
    static_assert(detail::never<X>,
                  "lambdapack: a run of tiles is read, not written; loop over it with for (auto i "
                  ": lp::range(lo, hi)) and write A(i, j) = kernel(...)");
  }
};

/// One tile of an array; `Writable` is false for tiles of an lp::In array.
template <class T, bool Writable>
class TileRef {
 public:
  explicit TileRef(ir::Access access) : access_(std::move(access)) {}
  TileRef(const TileRef&) = default;

  const ir::Access& access() const { return access_; }

  /// Records the statement `tile = kernel(...)`.
  template <class... Outputs>
  void operator=(Call<Outputs...>&& call) const {
    static_assert(Writable,
                  "lambdapack: a tile of an lp::In array cannot be written; declare the array "
                  "lp::Out or lp::InOut");
    static_assert(sizeof...(Outputs) != 0,
                  "lambdapack: this kernel writes nothing; give it an lp::out or lp::inout "
                  "parameter");
    static_assert(sizeof...(Outputs) <= 1,
                  "lambdapack: this kernel writes several tiles; assign them with "
                  "lp::tie(A(i), B(i)) = kernel(...)");
    if constexpr (Writable && sizeof...(Outputs) == 1) {
      static_assert((std::same_as<Outputs, T> && ...),
                    "lambdapack: the kernel writes another element type than this array holds; "
                    "change the array's type or the kernel's");
      detail::Recorder::current("a statement")
          .add_statement({access_}, call.kernel, std::move(call.reads), std::move(call.scalars));
    }
  }

  /// A tile is not assigned to a tile.
  TileRef& operator=(const TileRef&) {
    static_assert(detail::never<T>,
                  "lambdapack: a tile is written by a kernel; write A(i, j) = copy(B(i, j))");
    return *this;
  }
  template <class U, bool W>
  void operator=(const TileRef<U, W>&) const {
    static_assert(detail::never<U>,
                  "lambdapack: a tile is written by a kernel; write A(i, j) = copy(B(i, j))");
  }
  /// Nor is anything else but what a kernel yields.
  template <class X>
  void operator=(const X&) const {
    static_assert(detail::never<X>,
                  "lambdapack: a tile is written by a kernel; write A(i, j) = kernel(...)");
  }

  /// Reductions are not there yet.
  template <class X>
  void operator+=(const X&) const {
    static_assert(detail::never<X>,
                  "lambdapack: += on tiles is not there yet; pass the tile to a kernel that "
                  "updates it, C(i, j) = gemm(C(i, j), A(i, k), B(k, j))");
  }

 private:
  ir::Access access_;
};

namespace detail {

/// Whether arrays of T and this rank can be; a sentence if not.
template <class T, int Rank>
constexpr bool check_array_type() {
  static_assert(Element<T>,
                "lambdapack: an array's element must be float, double, a std::complex of them, or "
                "a payload of your own with the members that lp::tile::Payload asks for");
  static_assert(Rank >= 0 && Rank <= ir::max_rank,
                "lambdapack: an array's rank must be from 0 to 8");
  return true;
}

/// The positions of an array's dimensions.
template <int Rank>
using Dimensions = std::make_index_sequence<static_cast<std::size_t>(Rank > 0 ? Rank : 0)>;

template <class T, bool Writable, class Places>
class Accessible;

/// operator() for an array of rank sizeof...(K).
template <class T, bool Writable, std::size_t... K>
class Accessible<T, Writable, std::index_sequence<K...>> {
  template <std::size_t>
  using Index = Subscript;

 public:
  explicit Accessible(int id) : id_(id) {}

  /// The array's position in the program.
  int id() const { return id_; }

  /// The tile at these indices.
  TileRef<T, Writable> operator()(Index<K>... subscripts) const requires(sizeof...(K) > 0) {
    return TileRef<T, Writable>(access(id_, subscripts...));
  }

  /// The one tile of an array of rank 0.
  TileRef<T, Writable> operator()(std::source_location at = std::source_location::current()) const
      requires(sizeof...(K) == 0) {
    Subscript place(0, at);
    ir::Access a = access(id_, place);
    a.subscripts.clear();
    return TileRef<T, Writable>(std::move(a));
  }

  /// A run of tiles: at least one index is an lp::range.
  template <class... I>
  requires(sizeof...(I) == sizeof...(K) && (Run<I> || ...)) TileRun<T>
  operator()(const I&... subscripts) const { return {access(id_, Subscript(subscripts)...)}; }

  template <class... I>
  requires(sizeof...(I) != sizeof...(K) && sizeof...(I) + sizeof...(K) > 0 &&
           !(sizeof...(K) == 0 &&
             (std::same_as<I, std::source_location> && ...))) TileRef<T, Writable>
  operator()(const I&...) const {
    static_assert(never<I..., T>,
                  "lambdapack: the number of indices differs from the array's rank; write one "
                  "index for each dimension in lp::In<T, rank>, lp::Out, lp::InOut or lp::temp");
    return TileRef<T, Writable>(ir::Access{});
  }

 private:
  int id_;
};

/// An array that is bound to data when the program is run.
template <class T, int Rank, ir::ArrayRole Role>
class BoundArray : public Accessible<T, Role != ir::ArrayRole::in, Dimensions<Rank>> {
  static_assert(check_array_type<T, Rank>());

 public:
  using element = T;
  static constexpr int rank = Rank;
  static constexpr ir::ArrayRole role = Role;

  using Accessible<T, Role != ir::ArrayRole::in, Dimensions<Rank>>::Accessible;

  /// The number of tiles in dimension d, as a symbol. Throws program_error if there is no such
  /// dimension.
  Expr extent(int d) const {
    return Expr(
        ir::Symbol{ir::Symbol::Kind::parameter, Recorder::current("extent").extent(this->id(), d)});
  }
};

}  // namespace detail

/// An array of tiles that a program reads. T is a scalar (dense tiles) or a payload; extents are
/// counted in tiles.
template <class T, int Rank>
class In : public detail::BoundArray<T, Rank, ir::ArrayRole::in> {
  using detail::BoundArray<T, Rank, ir::ArrayRole::in>::BoundArray;
};

/// Unwritten tiles hold zero: `O.unwritten(lp::zero)`.
struct Zero {};
inline constexpr Zero zero{};

/// An array of tiles that a program makes; a tile may be read after it was written. Every tile must
/// be written, unless the array has a rule for unwritten tiles.
template <class T, int Rank>
class Out : public detail::BoundArray<T, Rank, ir::ArrayRole::out> {
 public:
  using detail::BoundArray<T, Rank, ir::ArrayRole::out>::BoundArray;

  /// Says that tiles may stay unwritten, and what is read there.
  void unwritten(Zero) const { detail::Recorder::current("unwritten").set_unwritten(this->id()); }
};

/// An array of tiles that a program reads and overwrites.
template <class T, int Rank>
class InOut : public detail::BoundArray<T, Rank, ir::ArrayRole::inout> {
  using detail::BoundArray<T, Rank, ir::ArrayRole::inout>::BoundArray;
};

/// An array of tiles that lives as long as the run. Its indices have no bounds, and a tile must be
/// written before it is read.
template <class T, int Rank>
class Temp : public detail::Accessible<T, true, detail::Dimensions<Rank>> {
  static_assert(detail::check_array_type<T, Rank>());
  using detail::Accessible<T, true, detail::Dimensions<Rank>>::Accessible;
};

/// A temporary array; `name` is for people.
template <class T, int Rank>
Temp<T, Rank> temp(std::string name) {
  return Temp<T, Rank>(detail::Recorder::current("lp::temp")
                           .declare_temp(std::move(name), payload_of_t<T>::type_name(), Rank));
}

namespace detail {

/// Several tiles on the left of an assignment.
template <class... Tiles>
class Tie;

template <class... T, bool... Writable>
class Tie<TileRef<T, Writable>...> {
 public:
  explicit Tie(const TileRef<T, Writable>&... tiles) : accesses_{tiles.access()...} {}

  template <class... Outputs>
  void operator=(Call<Outputs...>&& call) {
    static_assert((Writable && ...),
                  "lambdapack: a tile of an lp::In array cannot be written; declare the array "
                  "lp::Out or lp::InOut");
    static_assert(sizeof...(Outputs) == sizeof...(T),
                  "lambdapack: lp::tie names another number of tiles than the kernel writes; name "
                  "one tile for each lp::out and lp::inout parameter, in their order");
    if constexpr (sizeof...(Outputs) == sizeof...(T)) {
      static_assert((std::same_as<Outputs, T> && ...),
                    "lambdapack: the kernel writes another element type than this array holds; "
                    "change the array's type or the kernel's");
      Recorder::current("a statement")
          .add_statement(accesses_, call.kernel, std::move(call.reads), std::move(call.scalars));
    }
  }

 private:
  std::vector<ir::Access> accesses_;
};

}  // namespace detail

/// Several tiles to be written by one kernel: `lp::tie(V(j), R(j)) = geqrt(A(j))`.
template <class... T, bool... Writable>
detail::Tie<TileRef<T, Writable>...> tie(const TileRef<T, Writable>&... tiles) {
  return detail::Tie<TileRef<T, Writable>...>(tiles...);
}
template <class... X>
auto tie(const X&...) {
  static_assert(detail::never<X...>,
                "lambdapack: lp::tie takes tiles; write lp::tie(A(i, j), B(i, j)) = kernel(...)");
  return std::tuple<std::type_identity<X>...>();
}

}  // namespace lambdapack
