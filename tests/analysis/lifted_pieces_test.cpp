// The pieces of a lifted map hold the points that it leads to, each in one piece.
#include "lambdapack/analysis/lifted_pieces.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/form/code.hpp"
#include "support/program_builder.hpp"

namespace lifted_pieces_test {

namespace {

namespace isl = lambdapack::analysis::isl;
using lambdapack::analysis::LiftedPiece;
using lambdapack::analysis::LinearSum;
using program_builder::Array;
using program_builder::Builder;
using program_builder::Expr;
using Values = std::vector<std::int64_t>;

std::int64_t value(const LinearSum& sum, const Values& at) {
  std::int64_t all = sum.constant;
  for (const LinearSum::Term& t : sum.terms) all += t.coefficient * at[t.variable];
  return all;
}

bool holds(const LiftedPiece& piece, const Values& at) {
  for (const auto& rows : piece.bounds) {
    for (const LinearSum& e : rows.equations)
      if (value(e, at) != 0) return false;
    for (const LinearSum& i : rows.inequalities)
      if (value(i, at) < 0) return false;
  }
  return true;
}

std::size_t holding(const std::vector<LiftedPiece>& pieces, const Values& at) {
  std::size_t n = 0;
  for (const LiftedPiece& p : pieces) n += holds(p, at) ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("pieces of the readers of a tile at two distances") {
  Builder p("readers");
  const Array x = p.in("x", 1), y = p.temp("y", 2);
  const Expr n = p.extent(x, 0);
  p.loop("l", 0, p.log2_ceil(n), [&](Expr l) {
    p.loop("j", 0, n - p.pow2(l), [&](Expr j) {
      p.call("f", {y(l, j)}, {x(j), x(j + p.pow2(l))});
    });
  });
  const auto program = p.done();
  const lambdapack::analysis::isl::Context ctx(0);
  const auto lifted = lambdapack::analysis::lift(ctx, program);
  const auto& s = lifted.statements[0];
  REQUIRE(s.dims.size() == 3);  // l, 2^l, j
  const auto readers = [&](std::size_t k) {
    return isl::Map(ctx.get(), isl_map_reverse(s.reads[k].map.copy()));
  };
  lambdapack::analysis::LiftedPieces all(program, lifted);
  const lambdapack::analysis::LiftedPoint tile{lifted.boxes[0], {}, 1};
  const auto& pieces = all.of(0, {readers(0), readers(1)}, tile);
  for (std::int64_t size = 0; size <= 9; ++size) {
    const std::int64_t levels = lambdapack::form::log_ceil(2, size);
    for (std::int64_t t = 0; t < size; ++t)
      for (std::int64_t l = -1; l <= levels; ++l)
        for (std::int64_t j = -1; j <= size; ++j) {
          INFO("n = " << size << ", tile " << t << ", l = " << l << ", j = " << j);
          const std::int64_t power = lambdapack::form::power(2, l);
          const bool reads =
              l >= 0 && l < levels && j >= 0 && j < size - power && (j == t || j + power == t);
          CHECK(holding(pieces, {size, levels, t, l, power, j}) == (reads ? 1U : 0U));
        }
  }
}

TEST_CASE("pieces are remembered by their maps") {
  Builder p("remembered");
  const Array x = p.in("x", 1), y = p.temp("y", 1);
  p.loop("l", 0, p.log2_ceil(p.extent(x, 0)), [&](Expr l) { p.call("f", {y(l)}, {x(p.pow2(l))}); });
  const auto program = p.done();
  const lambdapack::analysis::isl::Context ctx(0);
  const auto lifted = lambdapack::analysis::lift(ctx, program);
  const isl::Map readers(ctx.get(), isl_map_reverse(lifted.statements[0].reads[0].map.copy()));
  lambdapack::analysis::LiftedPieces all(program, lifted);
  const lambdapack::analysis::LiftedPoint tile{lifted.boxes[0], {}, 1};
  const auto& once = all.of(0, {readers}, tile);
  CHECK(&all.of(0, {readers, readers}, tile) == &once);
}

}  // namespace lifted_pieces_test
