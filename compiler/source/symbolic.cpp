#include "source/symbolic.hpp"

#include <algorithm>

namespace lambdapack::lpc {

namespace {

lambdapack::Expr expr(const ir::Expr& e) {
  lambdapack::Expr result;
  result.value = e;
  return result;
}

std::int64_t coefficient_of(const ir::Expr& e, const ir::Symbol& symbol) {
  for (const ir::Term& t : e.terms)
    if (t.symbol == symbol) return t.coefficient;
  return 0;
}

ir::Relation mirrored(ir::Relation r) {
  switch (r) {
    case ir::Relation::less:
      return ir::Relation::greater;
    case ir::Relation::less_equal:
      return ir::Relation::greater_equal;
    case ir::Relation::greater:
      return ir::Relation::less;
    case ir::Relation::greater_equal:
      return ir::Relation::less_equal;
    default:
      return r;
  }
}

}  // namespace

Extreme as_extreme(const lambdapack::Expr& e) { return {true, {e}}; }

std::optional<Extreme> sum(const Extreme& a, const Extreme& b, int sign) {
  const bool b_least = sign > 0 ? b.least : !b.least;
  if (a.of.size() > 1 && b.of.size() > 1 && a.least != b_least) return std::nullopt;
  Extreme result{a.of.size() > 1 ? a.least : b_least, {}};
  for (const lambdapack::Expr& x : a.of)
    for (const lambdapack::Expr& y : b.of) result.of.push_back(detail::sum(x, y, sign));
  return result;
}

std::optional<lambdapack::Condition> compare(const Extreme& a, ir::Relation relation,
                                             const Extreme& b) {
  if (a.of.size() > 1 && b.of.size() > 1) return std::nullopt;
  if (a.of.size() > 1) return compare(b, mirrored(relation), a);
  const lambdapack::Expr& x = a.of.front();
  if (b.of.size() == 1) return detail::compare(x, relation, b.of.front());
  if (relation == ir::Relation::equal || relation == ir::Relation::not_equal) return std::nullopt;
  const bool below = relation == ir::Relation::less || relation == ir::Relation::less_equal;
  lambdapack::Condition result = detail::compare(x, relation, b.of.front());
  for (std::size_t k = 1; k < b.of.size(); ++k) {
    const lambdapack::Condition next = detail::compare(x, relation, b.of[k]);
    result = below == b.least ? result && next : result || next;
  }
  return result;
}

Bound bound_of(const ir::Comparison& comparison, const ir::Symbol& counter, std::int64_t step) {
  ir::Relation relation = comparison.relation;
  lambdapack::Expr difference = detail::sum(expr(comparison.left), expr(comparison.right), -1);
  std::int64_t factor = coefficient_of(difference.value, counter);
  if (factor == 0) return {Bound::Kind::elsewhere, {}, 1, 0};
  if (factor < 0) {
    difference = detail::multiple(difference, -1);
    factor = -factor;
    relation = mirrored(relation);
  }
  // factor * counter `relation` limit
  const lambdapack::Expr limit =
      detail::sum(detail::multiple(expr({0, {{1, counter}}}), factor), difference, -1);
  const bool up = step > 0;
  switch (relation) {
    case ir::Relation::less:
      if (up) return {Bound::Kind::bound, limit + (factor - 1), factor, 0};
      break;
    case ir::Relation::less_equal:
      if (up) return {Bound::Kind::bound, limit, factor, 1};
      break;
    case ir::Relation::greater:
      if (!up) return {Bound::Kind::bound, limit, factor, 0};
      break;
    case ir::Relation::greater_equal:
      if (!up) return {Bound::Kind::bound, limit + (factor - 1), factor, -1};
      break;
    case ir::Relation::not_equal:
      if (factor == 1 && (step == 1 || step == -1)) return {Bound::Kind::bound, limit, 1, 0};
      break;
    case ir::Relation::equal:
      break;
  }
  return {};
}

lambdapack::Expr substitute(const ir::Expr& e, const ir::Symbol& symbol,
                            const lambdapack::Expr& by) {
  const std::int64_t factor = coefficient_of(e, symbol);
  if (factor == 0) return expr(e);
  const lambdapack::Expr without =
      detail::sum(expr(e), detail::multiple(expr({0, {{1, symbol}}}), factor), -1);
  return detail::sum(without, by, factor);
}

bool is_never_negative(const ir::Program& program, ir::Expr e) {
  // From the innermost loop out, each counter gives way to the bound that makes the sum smallest.
  for (auto scope = program.scopes.size(); scope-- > 0;) {
    const auto* loop = std::get_if<ir::Loop>(&program.scopes[scope].what);
    const ir::Symbol counter{ir::Symbol::Kind::loop, static_cast<int>(scope)};
    const std::int64_t factor = coefficient_of(e, counter);
    if (factor == 0) continue;
    const bool up = !ir::goes_down(loop->step);
    const lambdapack::Expr least = up ? expr(loop->lower) : expr(loop->upper) + 1;
    const lambdapack::Expr greatest = up ? expr(loop->upper) - 1 : expr(loop->lower);
    e = substitute(e, counter, factor > 0 ? least : greatest).value;
  }
  return e.constant >= 0 && std::all_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
           if (t.coefficient < 0) return false;
           if (t.symbol.kind != ir::Symbol::Kind::function) return true;
           const ir::Function& f = program.functions[static_cast<std::size_t>(t.symbol.id)];
           return f.kind != ir::Function::Kind::quotient || is_never_negative(program, f.argument);
         });
}

}  // namespace lambdapack::lpc
