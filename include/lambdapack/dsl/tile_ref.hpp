// Tiles as a program sees them: single ones, runs of them, and what a kernel call assigns to them.
#pragma once

#include <concepts>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/range.hpp"
#include "lambdapack/dsl/recorder.hpp"

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
      : value{run.lower().value, ir::Run{run.upper().value, run.step().value}},
        at(run.location()) {}
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

}  // namespace lambdapack
