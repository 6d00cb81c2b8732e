// Ordinary functions over lp::Tiles, as what a run is given.
#pragma once

#include <concepts>
#include <tuple>
#include <type_traits>

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/plain/registration.hpp"
#include "lambdapack/plain/tiles.hpp"

namespace lambdapack {

namespace plain {

/// The parameter of a program of the language that a parameter of an ordinary function is.
template <class P>
struct parameter {
  static constexpr bool is_tiles = false;
  static constexpr bool is_allowed = std::integral<P>;
  using type = Integer;
};
template <class Array>
struct array_parameter {
  static constexpr bool is_tiles = true;
  static constexpr bool is_allowed = true;
  using type = Array;
};
template <class T, int R>
struct parameter<Tiles<T, R>&> : array_parameter<InOut<T, R>> {};
template <class T, int R>
struct parameter<const Tiles<T, R>&> : array_parameter<In<T, R>> {};
template <class T, int R>
struct parameter<OutTiles<T, R>&> : array_parameter<Out<T, R>> {};

/// What a function that returns void has for parameters, all of them in one place.
template <class F>
struct signature {
  static constexpr bool has_tiles = false;
};
template <class... P>
struct signature<void (*)(P...)> {
  static constexpr bool has_tiles = (parameter<P>::is_tiles || ...);
  static constexpr bool is_allowed = (parameter<P>::is_allowed && ...);
  using parameters = std::tuple<typename parameter<P>::type...>;
};
template <class... P>
struct signature<void (*)(P...) noexcept> : signature<void (*)(P...)> {};

/// A function, or a lambda that captures nothing, as a pointer.
template <class F>
auto pointer_to(const F& f) {
  if constexpr (requires { +f; })
    return +f;
  else
    return nullptr;
}
template <class F>
using pointer_of = decltype(pointer_to(std::declval<const std::decay_t<F>&>()));

}  // namespace plain

/// A function that returns void and takes lp::Tiles.
/// Accepted: `void cholesky(lp::Tiles<double>&)`, with integers too. Rejected: a lambda with a
/// capture, which has no address.
template <class F>
concept PlainFunction = plain::signature<plain::pointer_of<F>>::has_tiles;

namespace detail {

/// The parameters of what a run is given, as those of a program of the language.
template <class F>
struct run_signature {
  using parameters = program_parameters<F>;
};
template <PlainFunction F>
struct run_signature<F> {
  using signature = plain::signature<plain::pointer_of<F>>;
  static_assert(
      signature::is_allowed,
      "lambdapack: the parameters of a function over lp::Tiles are lp::Tiles<T, rank>&, "
      "const lp::Tiles<T, rank>&, lp::OutTiles<T, rank>&, integers and bools; move others "
      "into the kernels");
  using parameters = typename signature::parameters;
};

/// The program that a function over lp::Tiles is. Throws program_error if lpc has not compiled it.
template <PlainFunction F>
Traced registered(const F& f) {
  return plain::program_of(reinterpret_cast<plain::Address>(plain::pointer_to(f)));
}

}  // namespace detail

}  // namespace lambdapack
