// Several tiles on the left of an assignment.
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/array.hpp"

namespace lambdapack {

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

  template <class Output>
  void operator=(Update<Output>&&) {
    static_assert(never<Output>,
                  "lambdapack: this call leaves out the tile that the kernel changes; write "
                  "C(i, j) += kernel(...), or name that tile too, C(i, j) = kernel(C(i, j), ...)");
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
