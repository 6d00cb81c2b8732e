// Tiles that may not fit: which programs are warned of, against all nodes at small sizes.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/validate.hpp"
#include "lambdapack/lambdapack.hpp"

namespace shapes_test {

namespace {

namespace ir = lambdapack::ir;

bool is_warned_of(const ir::Program& program) {
  const auto found = lambdapack::analysis::diagnose(program);
  return std::any_of(found.begin(), found.end(), [](const lambdapack::Diagnostic& d) {
    return d.code == lambdapack::codes::shapes_may_differ;
  });
}

/// Which of i, j, k each index of A and B is, in C(i, j) += gemm(A(., .), B(., .)).
using Choice = std::array<std::size_t, 4>;

ir::Program product(const Choice& c) {
  return lp::trace(
             [&](lp::In<double, 2> A, lp::In<double, 2> B, lp::InOut<double, 2> C, lp::Integer n) {
               for (auto i : lp::range(C.extent(0)))
                 for (auto j : lp::range(C.extent(1)))
                   for (auto k : lp::range(n)) {
                     const std::array<lp::Expr, 3> all = {i, j, k};
                     C(i, j) += gemm(A(all[c[0]], all[c[1]]), B(all[c[2]], all[c[3]]));
                   }
             })
      .program;
}

/// Whether, at some sizes of one or two tiles, tiles that must fit are not both last, or both not,
/// in dimensions that have equally many tiles.
bool can_differ(const Choice& c) {
  struct Side {
    int extent, index;
  };
  const auto differ = [](const Side& a, const Side& b) {
    return a.extent == b.extent && (a.index == a.extent - 1) != (b.index == b.extent - 1);
  };
  for (int bits = 0; bits < 128; ++bits) {
    const auto size = [&](int k) { return 1 + ((bits >> k) & 1); };
    const std::array<int, 3> bounds = {size(0), size(1), size(6)};
    bool fits = true;
    for (std::size_t k = 0; k < 4; ++k)
      fits = fits && bounds[c[k]] <= size(2 + static_cast<int>(k));
    if (!fits) continue;
    for (int i = 0; i < bounds[0]; ++i)
      for (int j = 0; j < bounds[1]; ++j)
        for (int k = 0; k < bounds[2]; ++k) {
          const std::array<int, 3> at = {i, j, k};
          const auto side = [&](std::size_t n) {
            return Side{size(2 + static_cast<int>(n)), at[c[n]]};
          };
          const Side rows{size(0), i}, columns{size(1), j};
          if (differ(rows, side(0)) || differ(columns, side(3)) || differ(side(1), side(2)))
            return true;
        }
  }
  return false;
}

}  // namespace

TEST_CASE("products of tiles are warned of exactly where tiles may not fit") {
  int warned = 0;
  for (std::size_t n = 0; n < 81; ++n) {
    const Choice c = {n % 3, n / 3 % 3, n / 9 % 3, n / 27};
    CAPTURE(c[0], c[1], c[2], c[3]);
    const bool is_wrong = can_differ(c);
    CHECK(is_warned_of(product(c)) == is_wrong);
    warned += is_wrong ? 1 : 0;
  }
  CHECK(warned == 78);
}

TEST_CASE("runs, temporaries and kernels that say nothing are not judged") {
  const auto any = lp::make_kernel("any", [](lp::inout<double>, lp::in<double>) {});
  CHECK_FALSE(is_warned_of(lp::trace([&](lp::InOut<double, 2> A) {
                             for (auto i : lp::range(1, A.extent(0)))
                               A(i, 0) = any(A(i, 0), A(0, i));
                           }).program));
  CHECK_FALSE(is_warned_of(lp::trace([&](lp::InOut<double, 2> A) {
                             auto S = lp::temp<double, 2>("S");
                             for (auto i : lp::range(A.extent(0))) {
                               S(i, i) = copy(A(i, 0));
                               A(i, 0) = add(A(i, 0), S(i, i));
                             }
                           }).program));
}

TEST_CASE("an output is judged as an input is") {
  const auto turn = lp::make_kernel(
      "turn", [](lp::out<double>, double, lp::in<double>) {}, "mn,nm");
  CHECK_FALSE(is_warned_of(lp::trace([&](lp::In<double, 2> A, lp::Out<double, 2> B) {
                             for (auto i : lp::range(B.extent(0)))
                               for (auto j : lp::range(B.extent(1))) B(i, j) = turn(0.5, A(j, i));
                           }).program));
  CHECK(is_warned_of(lp::trace([&](lp::In<double, 2> A, lp::Out<double, 2> B) {
                       for (auto i : lp::range(B.extent(0)))
                         for (auto j : lp::range(B.extent(1))) B(i, j) = turn(0.5, A(i, j));
                     }).program));
}

TEST_CASE("shapes that are no shapes are refused") {
  const auto program_with = [](const std::string& shapes) {
    const auto kernel = lp::make_kernel(
        "kernel", [](lp::inout<double>, double, lp::in<double>) {}, shapes);
    return lp::trace([&](lp::InOut<double, 2> A) { A(0, 0) = kernel(A(0, 0), 1.0, A(0, 0)); })
        .program;
  };
  for (const char* shapes : {"mn,mk", "--,a-"}) CHECK_NOTHROW(ir::validate(program_with(shapes)));
  for (const char* shapes : {"mn", "mn,mk,kn", "mn mk", "Mn,mk", "mn,m"})
    CHECK_THROWS_WITH(
        ir::validate(program_with(shapes)),
        Catch::Matchers::Contains("kernels[0].shapes: found " + std::string(shapes)) &&
            Catch::Matchers::Contains("lp-E008"));
}

}  // namespace shapes_test
