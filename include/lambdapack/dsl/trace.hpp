// From a C++ function to a Program: the function runs once, on symbols.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/dsl/kernel.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/ir/constant.hpp"

namespace lambdapack {

namespace detail {

template <class P>
struct program_parameter : std::false_type {};
template <class T, int R>
struct program_parameter<In<T, R>> : std::true_type {};
template <class T, int R>
struct program_parameter<Out<T, R>> : std::true_type {};
template <class T, int R>
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
concept ProgramFunction = requires {
  typename program_signature<std::decay_t<F>>::parameters;
};

/// Makes the symbol that stands for parameter `position`.
template <class P>
P declare(Recorder& recorder, std::size_t position) {
  if constexpr (IntegerParameter<P>)
    return P(ir::Symbol{ir::Symbol::Kind::parameter, recorder.declare_integer(position)});
  else
    return P(recorder.declare_array(position, payload_of_t<typename P::element>::type_name(),
                                    P::rank, P::role));
}

/// Where in `constants` the value of parameter K is.
template <class P, std::size_t K>
constexpr std::size_t constant_position() {
  std::size_t before = 0;
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    ((before += ConstantParameter<std::tuple_element_t<J, P>> ? 1 : 0), ...);
  }
  (std::make_index_sequence<K>{});
  return before;
}

/// Sets what lies between the members of a constant to 0, where the compiler can: equal constants
/// have equal bytes then.
template <class C>
void clear_padding([[maybe_unused]] C& constant) {
#ifdef __has_builtin
#if __has_builtin(__builtin_clear_padding)
  __builtin_clear_padding(&constant);
#endif
#endif
}

/// A constant as bytes. A pointer means nothing in another process.
template <class C>
ir::Constant portable(C constant) {
  ir::Constant portable{typeid(C).name(), std::nullopt};
  if constexpr (std::is_trivially_copyable_v<C> && !std::is_pointer_v<C> &&
                !std::is_member_pointer_v<C>) {
    clear_padding(constant);
    portable.bytes.emplace(reinterpret_cast<const char*>(&constant), sizeof constant);
  }
  return portable;
}

template <class F, class Constants, std::size_t... K>
Traced trace(F&& f, Constants&& constants, std::index_sequence<K...>) {
  using P = program_parameters<F>;
  Recorder recorder;
  // An initialiser list runs from left to right, so arrays are numbered in the function's order.
  std::tuple<std::tuple_element_t<K, P>...> arguments{[&]() -> std::tuple_element_t<K, P> {
    using Parameter = std::tuple_element_t<K, P>;
    if constexpr (ConstantParameter<Parameter>)
      return static_cast<Parameter>(std::get<constant_position<P, K>()>(constants));
    else
      return declare<Parameter>(recorder, K);
  }()...};
  // Moved, since a copy would tell the recorder a place of its own.
  if constexpr (std::is_invocable_v<F&, std::tuple_element_t<K, P>...>)
    std::apply(f, std::move(arguments));
  else
    std::apply(f, arguments);
  Traced traced = recorder.finish({ArrayParameter<std::tuple_element_t<K, P>>...},
                                  {IntegerParameter<std::tuple_element_t<K, P>>...});
  // As the program's parameters are, whatever they were given.
  const auto keep = [&]<std::size_t J>() {
    using Parameter = std::tuple_element_t<J, P>;
    if constexpr (ConstantParameter<Parameter>)
      traced.constants.push_back(portable(static_cast<std::remove_cvref_t<Parameter>>(
          std::get<constant_position<P, J>()>(constants))));
  };
  (keep.template operator()<K>(), ...);
  // A program that is made from another one, such as by reduce_by_tree.
  if constexpr (requires {
                  { f.transform(std::move(traced)) } -> std::same_as<Traced>;
                })
    return f.transform(std::move(traced));
  else
    return traced;
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
