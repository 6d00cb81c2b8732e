// The programs that an executable can work on. Kernels are C++, so a worker is the user's own
// executable, which says which programs it has; a run is worked on by one whose contents are equal.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/plain/function.hpp"
#include "lambdapack/run.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud {

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
      std::conditional_t<lambdapack::detail::ConstantParameter<P>,
                         std::tuple<std::remove_cvref_t<P>>, std::tuple<>>{}...));
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

}  // namespace detail

/// One program that an executable can work on.
class Program {
 public:
  /// A function or lambda that is a program, as lp::run takes it.
  template <class F>
  static Program of(F f) {
    Program program;
    if constexpr (lambdapack::PlainFunction<F>) {
      program.trace_ = [f](const std::vector<std::string>& constants) -> std::optional<Traced> {
        if (!constants.empty()) return std::nullopt;
        return lambdapack::detail::registered(f);
      };
    } else {
      using P = typename lambdapack::detail::run_signature<F>::parameters;
      using C = typename detail::constants_among<P>::type;
      program.trace_ = [f](const std::vector<std::string>& constants) {
        return detail::trace_with(f, constants, std::type_identity<C>{},
                                  std::make_index_sequence<std::tuple_size_v<C>>{});
      };
    }
    return program;
  }

  /// The program for these constants; nothing if it does not take such.
  std::optional<Traced> trace(const std::vector<std::string>& constants) const {
    return trace_(constants);
  }

 private:
  std::function<std::optional<Traced>(const std::vector<std::string>&)> trace_;
};

using Programs = std::vector<Program>;

/// That of the programs whose contents have this hash, or nothing.
inline std::optional<Traced> find_program(const Programs& programs, const std::string& hash,
                                          const std::vector<std::string>& constants) {
  for (const Program& p : programs)
    if (std::optional<Traced> traced = p.trace(constants);
        traced && ir::content_hash(traced->program) == hash)
      return traced;
  return std::nullopt;
}

}  // namespace lambdapack::exec::cloud
