// From a function to a program that a worker of lp::cloud can work on: traced there as lp::run
// traces it here.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/exec/cloud/executor.hpp"
#include "lambdapack/exec/cloud/programs.hpp"
#include "lambdapack/plain/function.hpp"
#include "lambdapack/run.hpp"

namespace lambdapack {

namespace detail {

/// One constant of a program from its bytes; nothing if they are not of its type.
template <class C>
std::optional<C> constant_from(const std::string& bytes) {
  if constexpr (std::is_trivially_copyable_v<C> && std::is_default_constructible_v<C>) {
    if (bytes.size() != sizeof(C)) return std::nullopt;
    C constant{};
    std::memcpy(static_cast<void*>(&constant), bytes.data(), sizeof(C));
    return constant;
  } else {
    return std::nullopt;
  }
}

/// The types of the constants among the parameters of a program, as a tuple.
template <class P>
struct constants_among;
template <class... P>
struct constants_among<std::tuple<P...>> {
  using type = decltype(std::tuple_cat(
      std::conditional_t<ConstantParameter<P>, std::tuple<std::remove_cvref_t<P>>,
                         std::tuple<>>{}...));
};

template <class F, class... C, std::size_t... K>
std::optional<Traced> trace_with(const F& f, const std::vector<std::string>& bytes,
                                 std::type_identity<std::tuple<C...>>, std::index_sequence<K...>) {
  if (bytes.size() != sizeof...(C)) return std::nullopt;
  const std::tuple<std::optional<C>...> constants{constant_from<C>(bytes[K])...};
  if (!(std::get<K>(constants).has_value() && ...)) return std::nullopt;
  F copy = f;
  return trace(copy, *std::get<K>(constants)...);
}

inline exec::cloud::KnownProgram known(Traced traced) {
  return {std::make_shared<const ir::Program>(std::move(traced.program)),
          std::move(traced.kernels)};
}

}  // namespace detail

template <class F>
exec::cloud::Program cloud::program(F&& f) {
  using Bytes = std::vector<std::string>;
  using Known = std::optional<exec::cloud::KnownProgram>;
  using Function = std::decay_t<F>;
  if constexpr (PlainFunction<Function>) {
    return [f = Function(std::forward<F>(f))](const Bytes& constants) -> Known {
      if (!constants.empty()) return std::nullopt;
      return detail::known(detail::registered(f));
    };
  } else {
    using P = typename detail::run_signature<Function>::parameters;
    using C = typename detail::constants_among<P>::type;
    return [f = Function(std::forward<F>(f))](const Bytes& constants) -> Known {
      std::optional<Traced> traced = detail::trace_with(
          f, constants, std::type_identity<C>{}, std::make_index_sequence<std::tuple_size_v<C>>{});
      if (!traced) return std::nullopt;
      return detail::known(std::move(*traced));
    };
  }
}

}  // namespace lambdapack
