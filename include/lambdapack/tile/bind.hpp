// What may be handed to a run as an array.
//
// `bind(x, rank)`, found by argument-dependent lookup, makes the Store through which a run sees x
// as an array of tiles of that rank. TiledMatrix, TileArray, lp::map(eigen), lp::npy, lp::zarr
// and a std::shared_ptr to a Store have one; a type of your own needs a function
// `std::shared_ptr<lp::tile::Store> bind(X&, int rank)` in its namespace and a member type
// `element`, the T of the `lp::In<T, rank>` that it may stand for.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

namespace tile {

/// A store as it is. Throws input_error if there is none or its rank is another.
template <std::derived_from<Store> S>
std::shared_ptr<Store> bind(std::shared_ptr<S> store, int rank) {
  if (!store)
    tile::detail::refuse({"an array was given as an empty std::shared_ptr; make the store first"});
  if (std::cmp_not_equal(store->extents().size(), rank))
    tile::detail::refuse({store->describe(), " is an array of rank ", store->extents().size(),
                          " and cannot be bound where rank ", rank,
                          " is expected; check the arguments' order"});
  return store;
}

}  // namespace tile

/// A type whose objects can be handed to a run as arrays.
///
/// Accepted: `TiledMatrix<double>`, `const TiledMatrix<double>` (to be read).
/// Rejected: `std::vector<double>` (it has no tiles), `Eigen::MatrixXd` (wrap it in lp::map).
template <class X>
concept Bindable = requires(X& x, const int rank) {
  { bind(x, rank) } -> std::same_as<std::shared_ptr<tile::Store>>;
};

namespace detail {
template <class X>
struct element_of {
  using type = typename X::element;
};
template <std::derived_from<tile::Store> S>
struct element_of<std::shared_ptr<S>> {
  using type = void;
};
}  // namespace detail

/// The element type of a bindable, for checks at compile time: double for TiledMatrix<double>, P
/// for TileArray<P>, and void where only the run can tell (a std::shared_ptr<tile::Store>).
template <class X>
using element_of_t = typename detail::element_of<std::remove_cvref_t<X>>::type;

/// Whether a run may write to an X; false for a const matrix, and for what only views one.
template <class X>
inline constexpr bool is_writable_v = !std::is_const_v<std::remove_reference_t<X>> && !requires {
  requires std::remove_cvref_t<X>::read_only;
};

}  // namespace lambdapack
