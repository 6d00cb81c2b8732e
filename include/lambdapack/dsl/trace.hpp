// From a C++ function to a Program: the function runs once, on symbols.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/dsl/kernel.hpp"
#include "lambdapack/dsl/recorder.hpp"

namespace lambdapack {

/// A program with the kernels that it calls: kernels[k] runs program.kernels[k].
struct Traced {
  ir::Program program;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
};

namespace detail {

template <class P>
struct program_parameter : std::false_type {};
template <Element T, int R>
struct program_parameter<In<T, R>> : std::true_type {};
template <Element T, int R>
struct program_parameter<Out<T, R>> : std::true_type {};
template <Element T, int R>
struct program_parameter<InOut<T, R>> : std::true_type {};

/// A parameter of a program that is an array.
template <class P>
concept ArrayParameter = program_parameter<std::remove_cvref_t<P>>::value;
/// One that is a symbolic integer.
template <class P>
concept IntegerParameter = std::same_as<std::remove_cvref_t<P>, Integer>;
/// One that is fixed when the program is traced.
template <class P>
concept ConstantParameter = !ArrayParameter<P> && !IntegerParameter<P>;

template <class F>
struct program_signature : program_signature<decltype(&F::operator())> {};
template <class... P>
struct program_signature<void (*)(P...)> {
  using parameters = std::tuple<std::remove_cvref_t<P>...>;
};
template <class... P>
struct program_signature<void (*)(P...) noexcept> : program_signature<void (*)(P...)> {};
template <class C, class... P>
struct program_signature<void (C::*)(P...)> : program_signature<void (*)(P...)> {};
template <class C, class... P>
struct program_signature<void (C::*)(P...) const> : program_signature<void (*)(P...)> {};
template <class C, class... P>
struct program_signature<void (C::*)(P...) const noexcept> : program_signature<void (*)(P...)> {};

/// The parameters of a program, as a tuple type.
template <class F>
using program_parameters = typename program_signature<std::decay_t<F>>::parameters;

/// A function that is a program: returns void, and its parameter types are known (no template, no
/// overload set, no `auto`).
/// Accepted: `void cholesky(lp::InOut<double, 2>)`. Rejected: `[](auto A) {...}`.
template <class F>
concept ProgramFunction = requires { typename program_signature<std::decay_t<F>>::parameters; };

inline std::string positional_name(std::size_t position) {
  std::string name(1, static_cast<char>('A' + position % 26));
  return position < 26 ? name : name + std::to_string(position / 26);
}

/// Makes the symbol that stands for parameter `position`.
template <class P>
P declare(Recorder& recorder, std::size_t position) {
  const std::string name = positional_name(position);
  if constexpr (IntegerParameter<P>) {
    return P(ir::Symbol{ir::Symbol::Kind::parameter, recorder.add_parameter(name)});
  } else {
    ir::Array array{name, payload_of_t<typename P::element>::type_name(), P::rank, P::role, {}};
    std::array<int, static_cast<std::size_t>(P::rank)> extents{};
    for (int d = 0; d < P::rank; ++d) {
      extents[static_cast<std::size_t>(d)] =
          recorder.add_parameter(name + ".extent(" + std::to_string(d) + ")");
      array.extents.push_back(extents[static_cast<std::size_t>(d)]);
    }
    return P(recorder.add_array(std::move(array)), extents);
  }
}

/// Puts the author's names in place of the positional ones, as far as they can be found.
inline void rename(Recorder& recorder, const std::vector<bool>& is_array,
                   const std::vector<bool>& is_symbol) {
  const std::string function = plain_function_name(recorder.first_statement.function_name());
  if (!function.empty()) recorder.program.name = function;
  const std::vector<std::string> names =
      recorder.names.parameters(recorder.first_statement.file_name(), function,
                                static_cast<int>(recorder.first_statement.line()));
  if (names.size() != is_array.size()) return;
  std::size_t array = 0, parameter = 0;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (is_array[k]) {
      ir::Array& a = recorder.program.arrays[array++];
      a.name = names[k];
      for (std::size_t d = 0; d < a.extents.size(); ++d)
        recorder.program.parameters[parameter++].name =
            names[k] + ".extent(" + std::to_string(d) + ")";
    } else if (is_symbol[k]) {
      recorder.program.parameters[parameter++].name = names[k];
    }
  }
}

/// Where in `constants` the value of parameter K is.
template <class P, std::size_t K>
constexpr std::size_t constant_position() {
  std::size_t before = 0;
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    ((before += ConstantParameter<std::tuple_element_t<J, P>> ? 1 : 0), ...);
  }(std::make_index_sequence<K>{});
  return before;
}

template <class F, class Constants, std::size_t... K>
Traced trace(F&& f, Constants&& constants, std::index_sequence<K...>) {
  using P = program_parameters<F>;
  Recorder recorder;
  recorder.program.name = "program";
  // An initialiser list runs from left to right, so arrays are numbered in the function's order.
  std::tuple<std::tuple_element_t<K, P>...> arguments{[&]() -> std::tuple_element_t<K, P> {
    using Parameter = std::tuple_element_t<K, P>;
    if constexpr (ConstantParameter<Parameter>)
      return static_cast<Parameter>(std::get<constant_position<P, K>()>(constants));
    else
      return declare<Parameter>(recorder, K);
  }()...};
  std::apply(f, arguments);
  if (!recorder.fault().empty())
    throw program_error("lambdapack: " + recorder.fault());
  rename(recorder, {ArrayParameter<std::tuple_element_t<K, P>>...},
         {IntegerParameter<std::tuple_element_t<K, P>>...});
  return {std::move(recorder.program), std::move(recorder.kernels)};
}

}  // namespace detail

/// Runs a program once on symbols and returns what it is. `constants` are the values of those of
/// its parameters that are neither arrays nor lp::Integer, in order. Throws program_error where
/// the program breaks the language's rules.
template <class F, class... Constants>
Traced trace(F&& f, const Constants&... constants) {
  static_assert(detail::ProgramFunction<F>,
                "lambdapack: a program is a function or lambda that returns void and whose "
                "parameter types are spelled out; write cholesky<double>, not cholesky, and no "
                "auto parameters");
  if constexpr (detail::ProgramFunction<F>) {
    using P = detail::program_parameters<F>;
    constexpr std::size_t n = std::tuple_size_v<P>;
    static_assert(detail::constant_position<P, n>() == sizeof...(Constants),
                  "lambdapack: pass one value for each parameter of the program that is neither "
                  "an array nor lp::Integer");
    if constexpr (detail::constant_position<P, n>() == sizeof...(Constants))
      return detail::trace(f, std::forward_as_tuple(constants...), std::make_index_sequence<n>{});
  }
  return {};
}

}  // namespace lambdapack
