// What is known of powers next to logarithms is true, and enough to bound the one by the other.
#include "lambdapack/analysis/power_order.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "support/program_builder.hpp"

namespace power_order_test {

namespace {

namespace ir = lambdapack::ir;
using lambdapack::analysis::Lifted;
using program_builder::Array;
using program_builder::Builder;
using program_builder::Expr;
namespace isl = lambdapack::analysis::isl;
namespace form = lambdapack::form;

/// Reads x(base^l + log(n)) for each l from -2 on: sizes n and x, the tuple (l, base^l).
ir::Program one_pair(ir::Function::Kind kind, std::int64_t base) {
  Builder p("one_pair");
  const Expr n = p.integer("n");
  const Array x = p.in("x", 1), y = p.temp("y", 1);
  const Expr log =
      kind == ir::Function::Kind::log_ceil ? p.log_ceil(base, n) : p.log_floor(base, n);
  p.loop("l", -2, 20, [&](Expr l) { p.call("f", {y(l)}, {x(p.power(base, l) + log)}); });
  return p.done();
}

/// The facts about the one pair, in the space of (n, the logarithm) -> (l, the power).
isl::Set facts_of(const lambdapack::analysis::isl::Context& ctx, const ir::Program& p) {
  const Lifted lifted = lambdapack::analysis::lift(ctx, p);
  const lambdapack::analysis::LiftedStatement& s = lifted.statements[0];
  const isl::Set all(ctx.get(), isl_set_universe(isl_set_get_space(s.domain.get())));
  return lambdapack::analysis::with_power_order(p, 0, s, all);
}

isl::Set where(const isl::Set& facts, const std::string& name, std::int64_t value) {
  isl_set* s = facts.copy();
  const int at = isl_set_find_dim_by_name(s, isl_dim_param, name.c_str());
  REQUIRE(at >= 0);
  return {facts.ctx(),
          isl_set_fix_si(s, isl_dim_param, static_cast<unsigned>(at), static_cast<int>(value))};
}

isl::Set at(const isl::Set& facts, unsigned dim, std::int64_t value) {
  return {facts.ctx(), isl_set_fix_si(facts.copy(), isl_dim_set, dim, static_cast<int>(value))};
}

isl::Set from(const isl::Set& facts, unsigned dim, std::int64_t value) {
  return {facts.ctx(),
          isl_set_lower_bound_si(facts.copy(), isl_dim_set, dim, static_cast<int>(value))};
}

isl::Set below(const isl::Set& facts, unsigned dim, std::int64_t value) {
  return {facts.ctx(),
          isl_set_upper_bound_si(facts.copy(), isl_dim_set, dim, static_cast<int>(value) - 1)};
}

}  // namespace

TEST_CASE("powers lie beside the argument as exponents beside the logarithm") {
  const lambdapack::analysis::isl::Context ctx(0);
  for (const auto kind : {ir::Function::Kind::log_ceil, ir::Function::Kind::log_floor})
    for (const std::int64_t base : {2, 3, 5}) {
      const bool ceil = kind == ir::Function::Kind::log_ceil;
      const isl::Set facts = facts_of(ctx, one_pair(kind, base));
      for (std::int64_t n = 0; n <= 30; ++n) {
        const std::int64_t log = ceil ? form::log_ceil(base, n) : form::log_floor(base, n);
        const isl::Set known = where(where(facts, "p0", n), "q0", log);
        for (std::int64_t l = -2; l <= 6; ++l) {
          INFO((ceil ? "ceil, base " : "floor, base ") << base << ", n = " << n << ", l = " << l);
          const isl::Set here = at(known, 0, l);
          CHECK_FALSE(isl::is_empty(at(here, 1, form::power(base, l))));
          if (l < 0) continue;
          if (ceil && l < log) CHECK(isl::is_empty(from(here, 1, n)));
          if (ceil && l >= log) CHECK(isl::is_empty(below(here, 1, n)));
          if (!ceil && n > 0 && l <= log) CHECK(isl::is_empty(from(here, 1, n + 1)));
          if (!ceil && l > log && n > 0) CHECK(isl::is_empty(below(here, 1, n + 1)));
        }
      }
    }
}

}  // namespace power_order_test
