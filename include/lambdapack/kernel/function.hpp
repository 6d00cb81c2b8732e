// Kernels as values: any callable with in/out/inout/in_list parameters and scalars, and the same
// with its types erased, as executors call it.
#pragma once

#include <complex>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/kernel/argument.hpp"

namespace lambdapack::kernel {

/// A scalar argument at run time: an index expression's value, or a constant. `real` holds the
/// integer's value too, so that a kernel may take an index as a floating-point number.
struct ScalarValue {
  std::int64_t integer = 0;
  double real = 0;
  double imaginary = 0;
};

/// What an executor hands over for one parameter: one member is set, by the parameter's role.
struct Slot {
  const void* read = nullptr;         ///< in: the payload
  void* write = nullptr;              ///< out, inout: the payload, the kernel's own
  std::span<const void* const> list;  ///< in_list: the payloads
  ScalarValue scalar;                 ///< scalar
};

enum class Role { in, out, inout, in_list, scalar };

/// One parameter of a kernel, at run time. `payload` is null for a scalar, and `blank` makes an
/// empty payload for an out parameter.
struct Parameter {
  Role role = Role::in;
  std::string element;
  const tile::PayloadType* payload = nullptr;
  tile::Tile (*blank)() = nullptr;
};

/// A kernel with its types erased. If two slots name the same value they hold the same address,
/// in every executor, so that a kernel may take the short way when its arguments coincide.
struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  std::function<void(std::span<const Slot>)> call;
  /// How many floating-point operations a call did, asked behind it with the same slots; empty if
  /// nobody has said.
  std::function<double(std::span<const Slot>)> operations{};
};

/// In place of a count of operations: there is none.
struct NoCount {};

namespace detail {

/// What a parameter type means; the primary template is a scalar.
template <class P>
struct parameter_traits {
  static_assert(std::is_arithmetic_v<P> || Scalar<P>,
                "lambdapack: a kernel's parameter must be lp::in<T>, lp::out<T>, lp::inout<T>, "
                "lp::in_list<T> or a scalar by value");
  static constexpr Role role = Role::scalar;
  using element = P;

  static Parameter describe() {
    const char* type = std::is_integral_v<P>         ? "int64"
                       : std::is_floating_point_v<P> ? "float64"
                                                     : "complex128";
    return {Role::scalar, type, nullptr, nullptr};
  }
  static P get(const Slot& slot) {
    if constexpr (std::is_integral_v<P>)
      return static_cast<P>(slot.scalar.integer);
    else if constexpr (std::is_floating_point_v<P>)
      return static_cast<P>(slot.scalar.real);
    else
      return P(static_cast<real_t<P>>(slot.scalar.real),
               static_cast<real_t<P>>(slot.scalar.imaginary));
  }
};

template <class T, Role R>
struct tile_parameter_traits {
  static constexpr Role role = R;
  using element = T;
  using payload = payload_of_t<T>;

  static Parameter describe() {
    return {R, payload::type_name(), &tile::payload_type<payload>(),
            [] { return tile::Tile::make(payload{}); }};
  }
};

template <class T>
struct parameter_traits<in<T>> : tile_parameter_traits<T, Role::in> {
  static in<T> get(const Slot& s) { return in<T>(static_cast<const payload_of_t<T>*>(s.read)); }
};
template <class T>
struct parameter_traits<out<T>> : tile_parameter_traits<T, Role::out> {
  static out<T> get(const Slot& s) { return out<T>(static_cast<payload_of_t<T>*>(s.write)); }
};
template <class T>
struct parameter_traits<inout<T>> : tile_parameter_traits<T, Role::inout> {
  static inout<T> get(const Slot& s) { return inout<T>(static_cast<payload_of_t<T>*>(s.write)); }
};
template <class T>
struct parameter_traits<in_list<T>> : tile_parameter_traits<T, Role::in_list> {
  static in_list<T> get(const Slot& s) { return in_list<T>(s.list); }
};

template <class... P>
struct parameter_list {
  static constexpr std::size_t size = sizeof...(P);
  using tuple = std::tuple<P...>;
};

template <class F>
struct signature : signature<decltype(&F::operator())> {};
template <class R, class... P>
struct signature<R (*)(P...)> {
  using parameters = parameter_list<std::remove_cvref_t<P>...>;
};
template <class R, class C, class... P>
struct signature<R (C::*)(P...)> : signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct signature<R (C::*)(P...) const> : signature<R (*)(P...)> {};
template <class R, class C, class... P>
struct signature<R (C::*)(P...) const noexcept> : signature<R (*)(P...)> {};
template <class R, class... P>
struct signature<R (*)(P...) noexcept> : signature<R (*)(P...)> {};

template <class F, class Count, class... P, std::size_t... I>
Function erase(std::string name, F f, Count count, parameter_list<P...>,
               std::index_sequence<I...>) {
  Function function{std::move(name),
                    {parameter_traits<P>::describe()...},
                    [f = std::move(f)](std::span<const Slot> slots) {
                      f(parameter_traits<P>::get(slots[I])...);
                    }};
  if constexpr (!std::is_same_v<Count, NoCount>) {
    constexpr bool counts = std::is_invocable_r_v<double, const Count&, P...>;
    static_assert(
        counts,
        "lambdapack: the count of a kernel's operations takes the kernel's parameters and "
        "returns a double");
    if constexpr (counts)
      function.operations = [count = std::move(count)](std::span<const Slot> slots) -> double {
        return count(parameter_traits<P>::get(slots[I])...);
      };
  }
  return function;
}

}  // namespace detail

/// The parameters of a callable, as detail::parameter_list.
template <class F>
using parameters_of = typename detail::signature<std::decay_t<F>>::parameters;

/// Erases the types of a kernel, and of what counts its operations.
template <class F, class Count = NoCount>
Function make_function(std::string name, F f, Count count = {}) {
  using P = parameters_of<F>;
  return detail::erase(std::move(name), std::move(f), std::move(count), P{},
                       std::make_index_sequence<P::size>{});
}

}  // namespace lambdapack::kernel
