// The whole path in one call: trace, analyse, bind, execute.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/compiled.hpp"
#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/plain/function.hpp"
#include "lambdapack/tile/bind.hpp"

namespace lambdapack {

namespace detail {

/// Sorts the arguments of a run by what the program's parameters are.
template <class P>
struct Arguments {
  std::vector<std::shared_ptr<tile::Store>> arrays;
  std::vector<std::int64_t> integers;

  template <std::size_t K, class A>
  void add(A& argument) {
    using Parameter = std::tuple_element_t<K, P>;
    if constexpr (ArrayParameter<Parameter>) {
      static_assert(Bindable<A>,
                    "lambdapack: this argument cannot stand for an array of the program; pass an "
                    "lp::TiledMatrix, lp::TileArray, lp::map(eigen_matrix, tile), lp::npy<T> or "
                    "lp::zarr<T>");
      if constexpr (Bindable<A>) {
        using Given = element_of_t<A>;
        static_assert(std::is_void_v<Given> || std::same_as<Given, typename Parameter::element>,
                      "lambdapack: the array's element type differs from the program's; convert "
                      "the data, or use the program for that type, such as cholesky<float>");
        static_assert(is_writable_v<A> || Parameter::role == ir::ArrayRole::in,
                      "lambdapack: a const array cannot be written; pass a mutable one for an "
                      "lp::Out or lp::InOut parameter");
        arrays.push_back(bind(argument, Parameter::rank));
      }
    } else if constexpr (IntegerParameter<Parameter>) {
      static_assert(std::integral<A>,
                    "lambdapack: this parameter of the program is an lp::Integer; pass an integer");
      integers.push_back(static_cast<std::int64_t>(argument));
    }
  }
};

/// The values of the parameters that are constants, as a tuple.
template <class P, std::size_t... K, class... A>
auto constants_of(std::index_sequence<K...>, const A&... arguments) {
  const auto one = []<std::size_t J, class X>(std::integral_constant<std::size_t, J>,
                                              const X& argument) {
    if constexpr (ConstantParameter<std::tuple_element_t<J, P>>)
      return std::tuple<const X&>(argument);
    else
      return std::tuple<>();
  };
  return std::tuple_cat(one(std::integral_constant<std::size_t, K>{}, arguments)...);
}

/// Refuses one object in two places of which one is written: its two uses would race.
template <class P, std::size_t... K, class... A>
void check_distinct(std::index_sequence<K...>, const A&... arguments) {
  const void* const address[] = {static_cast<const void*>(&arguments)..., nullptr};
  const bool array[] = {ArrayParameter<std::tuple_element_t<K, P>>..., false};
  const auto written = []<class X>(std::type_identity<X>) {
    if constexpr (ArrayParameter<X>) return X::role != ir::ArrayRole::in;
    return false;
  };
  const bool writes[] = {written(std::type_identity<std::tuple_element_t<K, P>>{})..., false};
  for (std::size_t a = 0; a < sizeof...(K); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (array[a] && array[b] && address[a] == address[b] && (writes[a] || writes[b]))
        throw input_error("lambdapack: arguments " + std::to_string(b) + " and " +
                          std::to_string(a) +
                          " are the same object, and the program writes one of them; pass a copy "
                          "or use one lp::InOut parameter");
}

/// look(), behind which a run follows: an executor of many processes tells the others if it throws,
/// for they wait in `start`. What is looked at is on this process alone.
template <class E, class Look>
auto before_run(const E& executor, Look&& look) {
  if constexpr (requires { executor.refuse(std::exception_ptr()); }) {
    try {
      return look();
    } catch (...) {
      executor.refuse(std::current_exception());
      throw;
    }
  } else {
    return look();
  }
}

}  // namespace detail

/// Traces and analyses a program; equal programs are analysed once in a process. `constants` as in
/// `trace`. A function over lp::Tiles is not traced: lpc has compiled it. Throws program_error if
/// the program is wrong, or lpc has not.
template <class F, class... Constants>
Compiled compile(F&& f, const Constants&... constants) {
  if constexpr (PlainFunction<F>)
    return Compiled(detail::registered(f));
  else
    return Compiled(trace(f, constants...));
}

/// Begins to run a program: `auto run = lp::start(lp::threads{2}, cholesky<double>, A);`. Each
/// argument belongs to the program's parameter at its position: an array, an integer, or the value
/// of a constant. The arguments must live until the run has ended.
template <class E, class F, class... A>
exec::Handle start(const E& executor, F&& f, A&&... arguments) {
  static_assert(Executor<E>,
                "lambdapack: the first argument is what runs the program; pass an executor such as "
                "lp::threads{} or lp::sequential{}");
  static_assert(detail::ProgramFunction<F>,
                "lambdapack: a program is a function or lambda that returns void and whose "
                "parameter types are spelled out; write cholesky<double>, not cholesky, and no "
                "auto parameters");
  if constexpr (Executor<E> && detail::ProgramFunction<F>) {
    using P = typename detail::run_signature<F>::parameters;
    static_assert(sizeof...(A) == std::tuple_size_v<P>,
                  "lambdapack: pass one argument for each parameter of the program");
    if constexpr (sizeof...(A) == std::tuple_size_v<P>) {
      constexpr auto positions = std::index_sequence_for<A...>{};
      const auto make_job = [&]() -> exec::Job {
        detail::check_distinct<P>(positions, arguments...);
        const Compiled compiled =
            std::apply([&](const auto&... constants) { return compile(f, constants...); },
                       detail::constants_of<P>(positions, arguments...));
        detail::Arguments<P> sorted;
        [&]<std::size_t... K>(std::index_sequence<K...>) {
          (sorted.template add<K>(arguments), ...);
        }
        (positions);
        return compiled.job(std::move(sorted.arrays), sorted.integers);
      };
      return executor.start(detail::before_run(executor, make_job));
    }
  }
  throw internal_error("unreachable");
}

/// Runs a program to its end: `lp::run(lp::threads{2}, cholesky<double>, A);`. Throws run_error if
/// a kernel fails, input_error if the data does not fit, program_error if the program is wrong.
template <class E, class F, class... A>
exec::Report run(const E& executor, F&& f, A&&... arguments) {
  return start(executor, std::forward<F>(f), std::forward<A>(arguments)...).wait();
}

}  // namespace lambdapack
