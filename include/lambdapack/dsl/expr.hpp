// Index expressions and the conditions made of them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace lambdapack {

namespace detail {
template <class...>
inline constexpr bool never = false;
}  // namespace detail

/// An affine expression of loop indices, extents, integer parameters, and functions of such
/// (dsl/functions.hpp).
struct Expr {
  ir::Expr value;

  Expr() = default;
  template <std::integral I>
  Expr(I constant) : value{static_cast<std::int64_t>(constant), {}} {}  // NOLINT: 1 is an index
  template <std::floating_point F>
  Expr(F) {  // NOLINT: to say why not
    static_assert(detail::never<F>,
                  "lambdapack: an index is an integer; write an index expression without "
                  "floating-point numbers");
  }
  explicit Expr(ir::Symbol symbol) : value{0, {{1, symbol}}} {}
};

/// An integer parameter of a program (`void f(lp::InOut<double, 2> A, lp::Integer t)`): symbolic
/// in the analysis, given when the program is run, or by the program that calls this one.
struct Integer : Expr {
  using Expr::Expr;
  Integer(const Expr& e) : Expr(e) {}  // NOLINT: a called program takes any index expression
};

namespace detail {

template <class T>
concept IndexExpression = std::derived_from<std::remove_cvref_t<T>, Expr>;
template <class T>
concept IndexOperand = IndexExpression<T> || std::integral<std::remove_cvref_t<T>>;
// Floating-point numbers come this far, to be refused with a sentence by Expr's constructor.
template <class T>
concept NumberOperand = IndexOperand<T> || std::floating_point<std::remove_cvref_t<T>>;
template <class A, class B>
concept IndexOperands = NumberOperand<A> && NumberOperand<B> &&
    (IndexExpression<A> || IndexExpression<B>);

inline Expr sum(Expr a, const Expr& b, std::int64_t factor) {
  a.value.constant += factor * b.value.constant;
  for (const ir::Term& t : b.value.terms) {
    const auto at = std::find_if(a.value.terms.begin(), a.value.terms.end(),
                                 [&](const ir::Term& x) { return x.symbol >= t.symbol; });
    if (at == a.value.terms.end() || at->symbol != t.symbol)
      a.value.terms.insert(at, {factor * t.coefficient, t.symbol});
    else if ((at->coefficient += factor * t.coefficient) == 0)
      a.value.terms.erase(at);
  }
  return a;
}

inline Expr multiple(const Expr& a, std::int64_t factor) {
  return factor == 0 ? Expr(0) : sum(Expr(0), a, factor);
}

}  // namespace detail

template <class A, class B>
requires detail::IndexOperands<A, B> Expr operator+(const A& a, const B& b) {
  return detail::sum(Expr(a), Expr(b), 1);
}
template <class A, class B>
requires detail::IndexOperands<A, B> Expr operator-(const A& a, const B& b) {
  return detail::sum(Expr(a), Expr(b), -1);
}
inline Expr operator-(const Expr& a) { return detail::sum(Expr(0), a, -1); }

template <class A, class B>
requires detail::IndexOperands<A, B> Expr operator*([[maybe_unused]] const A& a,
                                                    [[maybe_unused]] const B& b) {
  if constexpr (detail::IndexExpression<A> && detail::IndexExpression<B>)
    static_assert(detail::never<A>,
                  "lambdapack: a product of two indices is not affine; multiply an index by a "
                  "constant only, or give the array one more dimension");
  else if constexpr (detail::IndexExpression<A>)
    return detail::multiple(a, Expr(b).value.constant);
  else
    return detail::multiple(b, Expr(a).value.constant);
}
/// A condition on indices, for lp::when.
struct Condition {
  ir::Condition value;

  template <std::same_as<bool> B>
  explicit operator B() const {
    static_assert(detail::never<B>,
                  "lambdapack: a condition on indices has no value while a program is traced; loop "
                  "with for (auto i : lp::range(n)) and guard with if (auto x = "
                  "lp::when(condition))");
    return false;
  }
};

namespace detail {
inline Condition compare(const Expr& a, ir::Relation relation, const Expr& b) {
  Condition c;
  c.value.any_of = {{ir::Comparison{a.value, relation, b.value}}};
  return c;
}
}  // namespace detail

template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator<(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::less, Expr(b));
}
template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator<=(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::less_equal, Expr(b));
}
template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator==(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::equal, Expr(b));
}
template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator!=(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::not_equal, Expr(b));
}
template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator>=(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::greater_equal, Expr(b));
}
template <class A, class B>
requires detail::IndexOperands<A, B> Condition operator>(const A& a, const B& b) {
  return detail::compare(Expr(a), ir::Relation::greater, Expr(b));
}

inline Condition operator||(Condition a, const Condition& b) {
  a.value.any_of.insert(a.value.any_of.end(), b.value.any_of.begin(), b.value.any_of.end());
  return a;
}
inline Condition operator&&(const Condition& a, const Condition& b) {
  Condition both;
  for (const auto& x : a.value.any_of)
    for (const auto& y : b.value.any_of) {
      both.value.any_of.push_back(x);
      both.value.any_of.back().insert(both.value.any_of.back().end(), y.begin(), y.end());
    }
  return both;
}
inline Condition operator!(const Condition& c) {
  static constexpr ir::Relation opposite[] = {
      ir::Relation::greater_equal, ir::Relation::greater, ir::Relation::not_equal,
      ir::Relation::equal,         ir::Relation::less,    ir::Relation::less_equal};
  Condition result;
  result.value.any_of.emplace_back();
  for (const auto& all_of : c.value.any_of) {
    Condition one;
    for (const ir::Comparison& x : all_of)
      one.value.any_of.push_back(
          {ir::Comparison{x.left, opposite[static_cast<int>(x.relation)], x.right}});
    result = result && one;
  }
  return result;
}

}  // namespace lambdapack
