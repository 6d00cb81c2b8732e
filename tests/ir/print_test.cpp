#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/ir/print.hpp"
#include "support/programs_ir.hpp"

namespace print_test {

using namespace lambdapack;

TEST_CASE("a program prints like its source", "[ir][print]") {
  CHECK(ir::to_string(test::cholesky()) ==
        R"(cholesky(inout A: float64[A.extent(0), A.extent(1)])
  for k in range(0, A.extent(0))
    A(k, k) = potrf(A(k, k))                       # cholesky.cpp:9
    for i in range(k + 1, A.extent(0))
      A(i, k) = trsm(A(k, k), A(i, k))             # cholesky.cpp:11
      for j in range(k + 1, i + 1)
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k))  # cholesky.cpp:13
)");
}

TEST_CASE("everything that a program can hold prints", "[ir][print]") {
  CHECK(
      ir::to_string(test::sampler()) ==
      R"(sampler(in A: float64[A.extent(0), A.extent(1)], out B: float64[B.extent(0)], out s: particles[], int depth)
  temp S: float64[*, *]
  temp T: float64[*]
  for j in range(A.extent(0) - 1, -1, -1)
    when j + 2 < A.extent(0) && j != 3 || j == 7
      for i in range(j, 2*A.extent(1) - 3*j - 1, 4)
        (S(j, i), T(j)) = geqrt(A(j, i))  # sampler.cpp:7
        T(i) = combine(j - 1, A(range(j, A.extent(0), 2), i), complex(0.1, -2.0), 0.001)  # sampler.cpp:8
    T(3 - j) = scale(T(-j - 3))
    when false
  for j in range(0, depth)
    for j' in range(0, 0)
    for i in range(j, B.extent(0))
      B(i) = scale(B(j))                  # line 16
  s() = gather(T(0))                      # sampler.cpp
)");
}

TEST_CASE("functions, rules and marks print", "[ir][print]") {
  CHECK(ir::to_string(test::tree()) ==
        R"(tree(in A: float64[A.extent(0)], out R: float64[] unwritten one, int steps)
  temp S: float64[*, *] unwritten zero
  temp stop: stop[*] unwritten zero
  for l in range(0, log2_ceil(A.extent(0)))
    for j in range(0, A.extent(0), 3*pow2(l + 1))
      S(l, j) = gather(A(range(j, A.extent(0), pow2(l))))
      S(l + 1, (j + 1) / 3) += add(S(1 - 2*(((j + 1) / 3) % 4), log_floor(3, A.extent(0))))
  for t in range(0, steps)
    R() += add(S(log2_ceil(A.extent(0)), t))
    stop(t) = stop_if(R(), stop(t - 1))
)");
}

TEST_CASE("index expressions print what is positive first", "[ir][print]") {
  const ir::Program p = test::cholesky();
  const ir::Symbol n{ir::Symbol::Kind::parameter, 0}, k{ir::Symbol::Kind::loop, 0},
      i{ir::Symbol::Kind::loop, 1};
  using ir::Expr;
  CHECK(to_string(p, Expr{}) == "0");
  CHECK(to_string(p, Expr{-7, {}}) == "-7");
  CHECK(to_string(p, Expr{0, {{1, k}}}) == "k");
  CHECK(to_string(p, Expr{0, {{-1, k}}}) == "-k");
  CHECK(to_string(p, Expr{0, {{-1, n}, {1, k}}}) == "k - A.extent(0)");
  CHECK(to_string(p, Expr{3, {{-2, k}}}) == "3 - 2*k");
  CHECK(to_string(p, Expr{-3, {{-2, k}, {-1, i}}}) == "-2*k - i - 3");
  CHECK(to_string(p, Expr{3, {{2, k}, {-1, i}}}) == "2*k - i + 3");
  CHECK(to_string(p, Expr{INT64_MIN, {{INT64_MIN, k}}}) ==
        "-9223372036854775808*k - 9223372036854775808");
}

TEST_CASE("conditions, accesses and scalars print on their own", "[ir][print]") {
  const ir::Program p = test::sampler();
  CHECK(to_string(p, std::get<ir::Condition>(p.scopes[1].what)) ==
        "j + 2 < A.extent(0) && j != 3 || j == 7");
  CHECK(to_string(p, ir::Condition{}) == "false");
  CHECK(to_string(p, ir::Condition{{{}}}) == "true");
  CHECK(to_string(p, ir::Comparison{test::index_of(0), ir::Relation::greater_equal,
                                    test::constant(1)}) == "j >= 1");
  CHECK(to_string(p, p.statements[1].reads[0]) == "A(range(j, A.extent(0), 2), i)");
  CHECK(to_string(p, ir::Scalar(2.0)) == "2.0");
  CHECK(to_string(p, ir::Scalar(1e300)) == "1e+300");
}

TEST_CASE("a node is named by its kernel and loop indices", "[ir][print]") {
  const ir::Program p = test::cholesky();
  const std::vector<std::int64_t> indices{0, 2, 1};
  CHECK(ir::node_name(p, 2, indices) == "syrk[k=0,i=2,j=1]");
  CHECK(ir::node_name(p, 0, std::vector<std::int64_t>{12}) == "potrf[k=12]");
  CHECK(ir::node_name(test::sampler(), 4, {}) == "gather");
  CHECK_THROWS_AS(ir::node_name(p, 0, indices), internal_error);
}

TEST_CASE("a location prints as base name and line", "[ir][print]") {
  CHECK(ir::where({"/a/b/cholesky.cpp", 9}) == "cholesky.cpp:9");
  CHECK(ir::where({"cholesky.cpp", 0}) == "cholesky.cpp");
  CHECK(ir::where({"", 9}) == "line 9");
  CHECK(ir::where({}).empty());
}

TEST_CASE("random programs print without harm", "[ir][print]") {
  test::RandomProgram random(3);
  for (int i = 0; i < 200; ++i) {
    const ir::Program p = random.make();
    const std::string text = to_string(p);
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    CHECK(lines >= 1 + p.scopes.size() + p.statements.size());
  }
}

}  // namespace print_test
