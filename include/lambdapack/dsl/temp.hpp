// Temporary arrays.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/dsl/array.hpp"

namespace lambdapack {

namespace detail {

/// The numbers of tiles in each dimension of a temporary.
template <std::size_t N>
struct Extents {
  std::array<Expr, N> sizes;
};

template <class T, int Rank>
Temp<T, Rank> declare_temp(std::string name, std::vector<ir::Expr> extents) {
  return Temp<T, Rank>(
      Recorder::current("lp::temp")
          .declare_temp(std::move(name), payload_of_t<T>::type_name(), Rank, std::move(extents)));
}

}  // namespace detail

/// What extent(d) of a temporary is to be: `lp::temp<double, 2>("Y", lp::extents(n, m))`. Its
/// indices are not checked against it.
template <class... I>
requires(detail::NumberOperand<I>&&...) detail::Extents<sizeof...(I)> extents(const I&... sizes) {
  return {{Expr(sizes)...}};
}

/// A temporary array; `name` is for people.
template <class T, int Rank>
Temp<T, Rank> temp(std::string name) {
  return detail::declare_temp<T, Rank>(std::move(name), {});
}
/// One whose unwritten tiles are lp::zero, or what a kernel makes that has one lp::out.
template <class T, int Rank>
Temp<T, Rank> temp(std::string name, const detail::UnwrittenRule<T>& rule) {
  const auto made = detail::declare_temp<T, Rank>(std::move(name), {});
  detail::Recorder::current("lp::temp").set_unwritten(made.id(), rule.kernel);
  return made;
}
/// One that can be handed to a program.
template <class T, int Rank, std::size_t N>
Temp<T, Rank> temp(std::string name, const detail::Extents<N>& extents) {
  static_assert(N == static_cast<std::size_t>(Rank),
                "lambdapack: lp::extents names another number of sizes than the temporary's rank; "
                "give one for each dimension");
  std::vector<ir::Expr> sizes;
  for (const Expr& e : extents.sizes) sizes.push_back(e.value);
  return detail::declare_temp<T, Rank>(std::move(name), std::move(sizes));
}
template <class T, int Rank, std::size_t N>
Temp<T, Rank> temp(std::string name, const detail::Extents<N>& extents,
                   const detail::UnwrittenRule<T>& rule) {
  const auto made = temp<T, Rank>(std::move(name), extents);
  detail::Recorder::current("lp::temp").set_unwritten(made.id(), rule.kernel);
  return made;
}

}  // namespace lambdapack
