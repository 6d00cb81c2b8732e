// Arrays of tiles as a program sees them, and accesses to them.
#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/dsl/range.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/unwritten.hpp"
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

/// A call that leaves out the tile that the kernel changes: to be added to one with +=.
template <class Output>
struct [[nodiscard(
    "lambdapack: add the kernel's result to a tile, C(i, j) += kernel(...)")]] Update {
  Call<Output> call;
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
    static_assert(sizeof...(Outputs) != 0,
                  "lambdapack: this kernel writes nothing; give it an lp::out or lp::inout "
                  "parameter");
    static_assert(sizeof...(Outputs) <= 1,
                  "lambdapack: this kernel writes several tiles; assign them with "
                  "lp::tie(A(i), B(i)) = kernel(...)");
    if constexpr (can_hold<Outputs...>())
      detail::Recorder::current("a statement")
          .add_statement({access_}, call.kernel, std::move(call.reads), std::move(call.scalars));
  }
  template <class Output>
  void operator=(Update<Output>&&) const {
    static_assert(detail::never<Output>,
                  "lambdapack: this call leaves out the tile that the kernel changes; write "
                  "C(i, j) += kernel(...), or name that tile too, C(i, j) = kernel(C(i, j), ...)");
  }

  /// Records the reduction `tile += kernel(...)`.
  template <class Output>
  void operator+=(Update<Output>&& update) const {
    if constexpr (can_hold<Output>()) {
      Call<Output>& call = update.call;
      call.reads.insert(call.reads.begin(), access_);
      detail::Recorder::current("a statement")
          .add_statement({access_}, call.kernel, std::move(call.reads), std::move(call.scalars),
                         true);
    }
  }
  template <class... Outputs>
  void operator+=(Call<Outputs...>&&) const {
    static_assert(detail::never<Outputs..., T>,
                  "lambdapack: += adds what a kernel adds to its first parameter, which must be an "
                  "lp::inout and its only output, and is left out of the call; write C(i, j) += "
                  "gemm(A(i, k), B(k, j)), or C(i, j) = kernel(...)");
  }
  template <class X>
  void operator+=(const X&) const {
    static_assert(detail::never<X>,
                  "lambdapack: only a kernel adds to a tile; write C(i, j) += add(B(i, j))");
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

 private:
  // Whether this tile can be made by a kernel with these outputs; a sentence if not.
  template <class... Outputs>
  static constexpr bool can_hold() {
    static_assert(Writable,
                  "lambdapack: a tile of an lp::In array cannot be written; declare the array "
                  "lp::Out or lp::InOut");
    if constexpr (sizeof...(Outputs) == 1)
      static_assert((std::same_as<Outputs, T> && ...),
                    "lambdapack: the kernel writes another element type than this array holds; "
                    "change the array's type or the kernel's");
    return Writable && sizeof...(Outputs) == 1;
  }

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

inline Expr extent_of(int array, int d, const std::source_location& at) {
  Recorder& recorder = Recorder::current("extent");
  recorder.see(at);
  Expr e;
  e.value = recorder.extent(array, d);
  return e;
}

/// The array, after the place where it is copied was seen.
inline int seen(int array, const std::source_location& at) {
  if (Recorder* recorder = Recorder::current_or_null()) recorder->see(at);
  return array;
}

/// The temporary, if it may be handed to a program.
inline int handed_over(int array, const std::source_location& at) {
  Recorder& recorder = Recorder::current("a temporary");
  recorder.see(at);
  recorder.hand_over(array, at);
  return array;
}

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
  Expr extent(int d, const std::source_location& at = std::source_location::current()) const {
    return extent_of(this->id(), d, at);
  }
};

}  // namespace detail

template <class T, int Rank>
class In;
template <class T, int Rank>
class Out;
template <class T, int Rank>
class InOut;
template <class T, int Rank>
class Temp;

// An array is copied where a program hands it to another. A copy of a named one tells the trace where
// that is (dsl/naming.hpp).

/// An array of tiles that a program reads. T is a scalar (dense tiles) or a payload; extents are
/// counted in tiles.
template <class T, int Rank>
class In : public detail::BoundArray<T, Rank, ir::ArrayRole::in> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::in>;
  using At = std::source_location;

 public:
  using Base::Base;
  In(const In& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  In(In&&) = default;
  In& operator=(const In&) = default;
  /// What a program has made or changed may be read by one that it calls.
  In(const InOut<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  In(const Out<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  /// Throws program_error if the temporary has no extents.
  In(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
};

/// An array of tiles that a program makes; a tile may be read after it was written.
template <class T, int Rank>
class Out : public detail::BoundArray<T, Rank, ir::ArrayRole::out> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::out>;
  using At = std::source_location;

 public:
  using Base::Base;
  Out(const Out& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  Out(Out&&) = default;
  Out& operator=(const Out&) = default;
  Out(const InOut<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  /// Throws program_error if the temporary has no extents.
  Out(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
  Out(const In<T, Rank>&) : Base(-1) {
    static_assert(detail::never<T>,
                  "lambdapack: an lp::In array cannot be handed to a program that makes an lp::Out; "
                  "declare it lp::InOut, or hand in a temporary with lp::extents");
  }

  /// Says what tiles hold that nothing writes, to whoever reads them in the program and after it:
  /// lp::zero, or what a kernel makes whose only parameter is an lp::out. Throws program_error if
  /// another rule was given, or a calling program handed in an array with initial contents.
  void unwritten(const detail::UnwrittenRule<T>& rule) const {
    detail::Recorder::current("unwritten").set_unwritten(this->id(), rule.kernel);
  }
};

/// An array of tiles that a program reads and overwrites.
template <class T, int Rank>
class InOut : public detail::BoundArray<T, Rank, ir::ArrayRole::inout> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::inout>;
  using At = std::source_location;

 public:
  using Base::Base;
  InOut(const InOut& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  InOut(InOut&&) = default;
  InOut& operator=(const InOut&) = default;
  /// Throws program_error if the temporary has no extents.
  InOut(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
  InOut(const In<T, Rank>&) : Base(-1) {
    static_assert(detail::never<T>,
                  "lambdapack: an lp::In array cannot be handed to a program that overwrites an "
                  "lp::InOut; declare it lp::InOut, or copy it to a temporary with lp::extents");
  }
  InOut(const Out<T, Rank>&) : Base(-1) {
    static_assert(detail::never<T>,
                  "lambdapack: an lp::Out array has no contents that an lp::InOut could be; declare "
                  "it lp::InOut, or use a temporary with lp::extents");
  }
};

/// An array of tiles that lives as long as the run. Its indices have no bounds, and a tile must be
/// written before it is read, unless the array has a rule for unwritten tiles.
template <class T, int Rank>
class Temp : public detail::Accessible<T, true, detail::Dimensions<Rank>> {
  static_assert(detail::check_array_type<T, Rank>());
  using detail::Accessible<T, true, detail::Dimensions<Rank>>::Accessible;

 public:
  /// The extent that the array was declared with. Throws program_error if there is none.
  Expr extent(int d, const std::source_location& at = std::source_location::current()) const {
    return detail::extent_of(this->id(), d, at);
  }
};

}  // namespace lambdapack
