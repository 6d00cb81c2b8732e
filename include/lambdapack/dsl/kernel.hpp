// Kernels as words of the language.
#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/dsl/tie.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack {

namespace detail {

template <class T>
struct tile_ref_traits : std::false_type {};
template <class T, bool W>
struct tile_ref_traits<TileRef<T, W>> : std::true_type {
  using element = T;
};
template <class T>
struct tile_run_traits : std::false_type {};
template <class T>
struct tile_run_traits<TileRun<T>> : std::true_type {
  using element = T;
};

/// Checks one argument of a kernel call against its parameter, and records it.
template <class Parameter, class Argument, class Outputs>
void pass(const Argument& argument, Outputs& call) {
  using traits = kernel::detail::parameter_traits<Parameter>;
  constexpr bool one_tile = tile_ref_traits<Argument>::value;
  constexpr bool run = tile_run_traits<Argument>::value;
  if constexpr (traits::role == kernel::Role::scalar) {
    static_assert(!one_tile && !run,
                  "lambdapack: a tile was passed for a scalar parameter of the kernel; pass a "
                  "number or an index expression");
    if constexpr (IndexExpression<Argument> || std::integral<Argument>)
      call.scalars.emplace_back(Expr(argument).value);
    else if constexpr (std::floating_point<Argument>) {
      static_assert(!std::integral<Parameter>,
                    "lambdapack: a floating-point number was passed for an integer parameter of "
                    "the kernel; pass an integer or an index expression");
      call.scalars.emplace_back(static_cast<double>(argument));
    } else if constexpr (!one_tile && !run) {
      static_assert(Scalar<Argument> && Scalar<Parameter> && !std::is_arithmetic_v<Parameter>,
                    "lambdapack: this argument does not fit the kernel's scalar parameter; pass a "
                    "number of the parameter's type or an index expression");
      call.scalars.emplace_back(std::complex<double>(argument.real(), argument.imag()));
    }
  } else if constexpr (traits::role == kernel::Role::in_list) {
    static_assert(run,
                  "lambdapack: this parameter of the kernel is an lp::in_list and takes a run of "
                  "tiles; pass A(lp::range(lo, hi), j)");
    if constexpr (run) {
      static_assert(
          std::same_as<typename tile_run_traits<Argument>::element, typename traits::element>,
          "lambdapack: the tiles have another element type than the kernel's parameter; "
          "change the array's type or the kernel's");
      call.reads.push_back(argument.access);
    }
  } else {
    static_assert(!run,
                  "lambdapack: this parameter of the kernel takes one tile, not a run; pass "
                  "A(i, j), or make the parameter an lp::in_list");
    static_assert(one_tile || run,
                  "lambdapack: this parameter of the kernel is a tile; pass a tile such as "
                  "A(i, j)");
    if constexpr (one_tile) {
      static_assert(
          std::same_as<typename tile_ref_traits<Argument>::element, typename traits::element>,
          "lambdapack: the tile has another element type than the kernel's parameter; "
          "change the array's type or the kernel's");
      call.reads.push_back(argument.access());
    }
  }
}

template <class P>
inline constexpr bool is_output = kernel::detail::parameter_traits<P>::role == kernel::Role::out ||
                                  kernel::detail::parameter_traits<P>::role == kernel::Role::inout;
template <class P>
inline constexpr bool is_argument = kernel::detail::parameter_traits<P>::role != kernel::Role::out;

template <class Calls>
struct call_of;
template <class... T>
struct call_of<std::tuple<T...>> {
  using type = Call<T...>;
};

/// Whether a call may leave out the first argument, to be added with +=.
template <class... P>
inline constexpr bool updates_first = false;
template <class P, class... Rest>
inline constexpr bool updates_first<P, Rest...> =
    kernel::detail::parameter_traits<P>::role == kernel::Role::inout && !(is_output<Rest> || ...);

template <class T>
Update<T> update_of(Call<T>&& call) {
  return {std::move(call)};
}

template <class List>
struct kernel_shape;
template <class... P>
struct kernel_shape<kernel::detail::parameter_list<P...>> {
  using call = typename call_of<decltype(std::tuple_cat(
      std::declval<std::conditional_t<
          is_output<P>, std::tuple<typename kernel::detail::parameter_traits<P>::element>,
          std::tuple<>>>()...))>::type;
  using arguments = decltype(std::tuple_cat(
      std::declval<std::conditional_t<is_argument<P>, std::tuple<std::type_identity<P>>,
                                      std::tuple<>>>()...));
  static constexpr bool can_update = updates_first<P...>;
};

}  // namespace detail

/// A kernel that programs can call. Made by lp::make_kernel.
template <class F>
class KernelWord {
  using shape = detail::kernel_shape<kernel::parameters_of<F>>;
  using parameters = typename shape::arguments;

 public:
  template <class Count = kernel::NoCount>
  KernelWord(std::string name, F f, std::string shapes = "", Count count = {})
      : f_(std::move(f)),
        shapes_(std::move(shapes)),
        function_(std::make_shared<const kernel::Function>(
            kernel::make_function(std::move(name), f_, std::move(count)))) {}

  /// A program that names a kernel means this one for good.
  KernelWord(const KernelWord&) = default;
  KernelWord& operator=(const KernelWord&) = delete;

  /// The call as a program writes it: an argument for each in, inout, in_list and scalar
  /// parameter, in order. The result is assigned to one tile for each out and inout parameter. If
  /// the first parameter is an inout and the only output, its tile may be left out of the call,
  /// which is then added to that tile with +=.
  template <class... Arguments>
  auto operator()(const Arguments&... arguments) const {
    constexpr std::size_t given = sizeof...(Arguments), wanted = std::tuple_size_v<parameters>;
    constexpr bool update = shape::can_update && given + 1 == wanted;
    static_assert(given == wanted || update,
                  "lambdapack: wrong number of arguments for this kernel; pass one for each "
                  "lp::in, lp::inout, lp::in_list and scalar parameter, in order (lp::out "
                  "parameters are assigned to, not passed)");
    typename shape::call call{};
    if constexpr (given == wanted || update) {
      call.kernel =
          detail::Recorder::current(function_->name.c_str()).add_kernel(function_, shapes_);
      pass_all<update ? 1 : 0>(call, std::index_sequence_for<Arguments...>{}, arguments...);
    }
    if constexpr (update)
      return detail::update_of(std::move(call));
    else
      return call;
  }

  /// The call of an ordinary function over lp::Tiles, an argument for each parameter: the kernel
  /// runs at once, in place.
  template <class... Arguments>
  requires(std::derived_from<Arguments, kernel::InPlace> || ...) void operator()(
      const Arguments&... arguments) const {
    static_assert(std::is_invocable_v<const F&, const Arguments&...>,
                  "lambdapack: a kernel that is called on lp::Tiles takes, in order, a tile for "
                  "each lp::in, lp::out and lp::inout parameter, a run of tiles for an "
                  "lp::in_list, and a number for a scalar; pass them all, and tiles of a const "
                  "lp::Tiles to lp::in only");
    if constexpr (std::is_invocable_v<const F&, const Arguments&...>) f_(arguments...);
  }

  const kernel::Function& function() const { return *function_; }
  /// The one object that is this kernel, wherever it is called.
  const std::shared_ptr<const kernel::Function>& shared() const { return function_; }

 private:
  template <std::size_t First, std::size_t... K, class... Arguments>
  static void pass_all(typename shape::call& call, std::index_sequence<K...>,
                       const Arguments&... arguments) {
    (detail::pass<typename std::tuple_element_t<First + K, parameters>::type>(arguments, call),
     ...);
  }

  F f_;
  std::string shapes_;
  std::shared_ptr<const kernel::Function> function_;
};

/// A callable that can be a kernel: its parameter types are known (no template, no overload set, no
/// `auto`). Accepted: `[](lp::inout<double> A, double s) {...}`. Rejected: `[](auto A) {...}`.
template <class F>
concept KernelFunction = std::is_pointer_v<std::decay_t<F>> || requires {
  &std::decay_t<F>::operator();
};

/// Makes a kernel of any callable whose parameters are lp::in, lp::out, lp::inout, lp::in_list and
/// scalars: `const auto scale = lp::make_kernel("scale", [](lp::inout<double> A, double s)
/// {...});`. The callable may run on many threads at once. `shapes` says which of its tiles must
/// fit, two letters for rows and columns of each ("mn,mk,kn" for C + A B; ir::Kernel has the
/// rules), so that `lpc` and lambdapack::analysis::diagnose warn of calls whose tiles may not.
/// `count`, a callable with the same parameters, says how many floating-point operations a call
/// does; it is asked after the call, so that outputs have their shapes, and only where a run
/// records events.
template <class F, class Count = kernel::NoCount>
auto make_kernel(std::string name, F&& f, std::string shapes = "", Count count = {}) {
  static_assert(KernelFunction<F>,
                "lambdapack: a kernel is a function or lambda whose parameter types are spelled "
                "out, such as lp::in<double>; name one instance of a template, and no auto "
                "parameters");
  if constexpr (KernelFunction<F>)
    return KernelWord<std::decay_t<F>>(std::move(name), std::forward<F>(f), std::move(shapes),
                                       std::move(count));
}

}  // namespace lambdapack
