// Reductions by trees: what the program becomes, and what is refused.
#include "lambdapack/ir/reduce.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "lambdapack/ir/validate.hpp"
#include "support/brute_force.hpp"
#include "support/programs_ir.hpp"

namespace reduce_test {

namespace {

namespace ir = lambdapack::ir;
using lambdapack::Node;
using lambdapack::program_error;
using lambdapack::test::constant;
using lambdapack::test::guard;
using lambdapack::test::index_of;
using lambdapack::test::kernel;
using lambdapack::test::loop;
using lambdapack::test::size;
using lambdapack::test::tile;
using enum ir::ParameterRole;
using enum ir::Relation;

const std::vector<ir::Kernel> kernels{kernel("gemm", {inout, in, in}), kernel("add", {inout, in}),
                                      kernel("sum", {out, in_list}), kernel("set", {out})};
constexpr int gemm = 0, add = 1, sum = 2, set = 3;

/// C(i, j) += gemm(A(i, k), B(k, j)) over k from lower to n, inside the scopes around it.
ir::Program product(std::vector<ir::Scope> scopes, int i, int j, int k) {
  ir::Program p;
  p.name = "product";
  p.parameters = {{"m"}, {"n"}};
  p.arrays = {{"A", "float64", 2, ir::ArrayRole::in, {0, 1}, {}},
              {"B", "float64", 2, ir::ArrayRole::in, {1, 0}, {}},
              {"C", "float64", 2, ir::ArrayRole::inout, {0, 0}, {}}};
  p.kernels = kernels;
  p.scopes = std::move(scopes);
  const ir::Location at{"product.cpp", 7};
  const ir::Access c = tile(2, {index_of(i), index_of(j)}, at);
  p.statements = {{static_cast<int>(p.scopes.size()) - 1,
                   gemm,
                   {c},
                   {c, tile(0, {index_of(i), index_of(k)}, at), tile(1, {index_of(k), index_of(j)}, at)},
                   {},
                   at,
                   true}};
  ir::validate(p);
  return p;
}

ir::Program product(const ir::Expr& lower = constant(0)) {
  return product({loop(-1, "i", constant(0), size(0)), loop(0, "j", constant(0), size(0)),
                  loop(1, "k", lower, size(1))},
                 0, 1, 2);
}

ir::Program tree(const ir::Program& program, std::int64_t base, int line = 0) {
  ir::Program p = ir::reduce_by_tree(program, line, {base, add, sum});
  ir::validate(p);
  return p;
}

std::string refusal(const ir::Program& program, const ir::TreeShape& shape = {2, add, sum}) {
  ir::validate(program);
  try {
    ir::reduce_by_tree(program, 0, shape);
  } catch (const program_error& e) {
    return e.what();
  }
  return "no refusal";
}

/// What is added to each tile of array 2 in the end: the terms (nodes of statement `term`), each as
/// often as it comes in, and the length of the longest chain of additions.
struct Sums {
  std::map<lambdapack::TileName, std::vector<Node>> terms;
  int longest = 0;
};

Sums sums_of(const ir::Program& program, const std::vector<std::int64_t>& sizes, int term) {
  const brute_force::Graph graph = brute_force::Interpreter::run(program, sizes);
  std::map<lambdapack::Value, std::vector<Node>> made;
  std::map<lambdapack::Value, int> depth;
  Sums sums;
  for (const Node& n : graph.order) {
    std::vector<Node> terms;
    int deepest = 0;
    const std::size_t reads = program.statements[static_cast<std::size_t>(n.line)].reads.size();
    for (std::size_t k = 0; k < reads; ++k)
      for (const brute_force::Seen& seen : graph.inputs.at({n, static_cast<int>(k)})) {
        const auto& more = made[seen.value];
        terms.insert(terms.end(), more.begin(), more.end());
        deepest = std::max(deepest, depth[seen.value]);
      }
    if (n.line == term) terms.push_back(n);
    const lambdapack::Value value = lambdapack::Value::of(n, 0);
    made[value] = terms;
    depth[value] = deepest + 1;
    const lambdapack::TileName tile = graph.outputs.at({n, 0});
    if (graph.final_writer.contains(tile) && graph.final_writer.at(tile) == value) {
      sums.terms[tile] = terms;
      sums.longest = std::max(sums.longest, depth[value]);
    }
  }
  return sums;
}

/// The tree adds the same terms in the same order, along shorter chains.
void require_same_sums(const ir::Program& program, const ir::Program& reduced,
                       const std::vector<std::int64_t>& sizes, int term = 0) {
  const Sums chain = sums_of(program, sizes, term), shorter = sums_of(reduced, sizes, term);
  for (const auto& [tile, terms] : chain.terms) REQUIRE(shorter.terms.at(tile) == terms);
  for (const auto& [tile, terms] : shorter.terms)
    if (!chain.terms.contains(tile)) REQUIRE(terms.empty());
}

}  // namespace

TEST_CASE("a product by a tree, as text") {
  CHECK(ir::to_string(tree(product(constant(2)), 4)) ==
        "product(in A: float64[m, n], in B: float64[n, m], inout C: float64[m, m])\n"
        "  temp C_tree: float64[*, *, *, *] unwritten zero\n"
        "  for i in range(0, m)\n"
        "    for j in range(0, m)\n"
        "      for k in range(2, n)\n"
        "        C_tree(i, j, k - 2, 0) = gemm(C_tree(i, j, k - 2, 0), A(i, k), B(k, j))  "
        "# product.cpp:7\n"
        "      for level in range(0, log_ceil(4, n - 2))\n"
        "        for q in range(0, n - 2, pow(4, level + 1))\n"
        "          C_tree(i, j, q, level + 1) = sum(C_tree(i, j, range(q, q + pow(4, level + 1), "
        "pow(4, level)), level))  # product.cpp:7\n"
        "      when n > 2\n"
        "        C(i, j) = add(C(i, j), C_tree(i, j, 0, log_ceil(4, n - 2)))  # product.cpp:7\n");
}

TEST_CASE("a tree adds what the chain adds, in its order") {
  for (const std::int64_t base : {2, 3, 4, 7})
    for (const ir::Expr& lower : {constant(0), constant(3), index_of(0, 1), index_of(1, 3)}) {
      const ir::Program program = product(lower), reduced = tree(program, base);
      for (std::int64_t n = 0; n <= 18; ++n) {
        CAPTURE(base, n);
        require_same_sums(program, reduced, {2, n});
      }
    }
  CHECK(sums_of(product(), {1, 64}, 0).longest == 64);
  CHECK(sums_of(tree(product(), 2), {1, 64}, 0).longest == 8);
  CHECK(sums_of(tree(product(), 4), {1, 64}, 0).longest == 5);
}

TEST_CASE("a tree over a loop with a step adds the same") {
  for (const std::int64_t step : {2, 3, 5})
    for (const std::int64_t base : {2, 3})
      for (const ir::Expr& lower : {constant(0), constant(3), index_of(0, 1)}) {
        ir::Program program = product(lower);
        std::get<ir::Loop>(program.scopes[2].what).step = {step};
        const ir::Program reduced = tree(program, base);
        for (std::int64_t n = 0; n <= 18; ++n) {
          CAPTURE(step, base, n);
          require_same_sums(program, reduced, {2, n});
        }
        const brute_force::Graph graph = brute_force::Interpreter::run(reduced, {2, 17});
        for (const auto& [tile, writers] : graph.tile_writers) REQUIRE(writers.size() == 1);
      }
  ir::Program program = product();
  std::get<ir::Loop>(program.scopes[2].what).step = {4};
  CHECK(sums_of(tree(program, 2), {1, 64}, 0).longest == 6);
}

TEST_CASE("a tree writes each of its tiles once") {
  const ir::Program reduced = tree(product(), 3);
  for (std::int64_t n = 0; n <= 12; ++n) {
    const brute_force::Graph graph = brute_force::Interpreter::run(reduced, {2, n});
    for (const auto& [tile, writers] : graph.tile_writers) REQUIRE(writers.size() == 1);
  }
}

TEST_CASE("loops and guards inside the reduction's loop are repeated for the tree") {
  const ir::Program program =
      product({loop(-1, "k", constant(0), size(1)), loop(0, "i", constant(0), size(0)),
               guard(1, {{{{index_of(1), less_equal, constant(2)}, {index_of(0), not_equal, index_of(1)}}}}),
               loop(2, "j", index_of(1), {3, {{1, {ir::Symbol::Kind::loop, 1}}}}),
               guard(3, {{{{index_of(3), less, size(0)}}}})},
              1, 3, 0);
  const ir::Program reduced = tree(program, 2);
  CHECK(reduced.scopes.size() == 5 + 2 + 4 + 1 + 4);
  for (std::int64_t m = 0; m <= 5; ++m)
    for (std::int64_t n = 0; n <= 9; ++n) require_same_sums(program, reduced, {m, n});
  CHECK_THAT(ir::to_string(reduced),
             Catch::Contains("for level in range(0, log2_ceil(n))\n"
                             "    for q in range(0, n, pow2(level + 1))\n"
                             "      for i in range(0, m)\n"
                             "        when i <= 2\n"
                             "          for j in range(i, i + 3)\n"
                             "            when j < m\n"
                             "              C_tree(i, j, q, level + 1) = sum("));
}

TEST_CASE("statements and loops around a reduction stay where they are") {
  // for i { set(C(i, i)); for k C(i, i) += ...; for j { C(i, i) += ... over j/2 } }
  ir::Program p;
  p.name = "several";
  p.parameters = {{"m"}, {"n"}};
  p.arrays = {{"A", "float64", 1, ir::ArrayRole::in, {1}, {}},
              {"B", "float64", 1, ir::ArrayRole::in, {1}, {}},
              {"C", "float64", 2, ir::ArrayRole::inout, {0, 0}, {}}};
  p.kernels = kernels;
  p.functions = {{ir::Function::Kind::quotient, 2, index_of(2)},
                 {ir::Function::Kind::remainder, 2, index_of(1)}};
  const ir::Expr half{0, {{1, {ir::Symbol::Kind::function, 0}}}};
  const ir::Expr odd{0, {{1, {ir::Symbol::Kind::function, 1}}}};
  p.scopes = {loop(-1, "i", constant(0), size(0)), loop(0, "k", constant(0), size(1)),
              loop(0, "j", constant(0), size(1)), loop(-1, "k", constant(0), size(1))};
  const ir::Access c = tile(2, {index_of(0), index_of(0)}), corner = tile(2, {constant(0), constant(0)});
  p.statements = {
      {0, set, {c}, {}, {}, {}},
      {1, gemm, {c}, {c, tile(0, {odd}), tile(1, {index_of(1)})}, {}, {}, true},
      {2, gemm, {c}, {c, tile(0, {half}), tile(1, {index_of(2)})}, {}, {}, true},
      {0, add, {c}, {c, c}, {}, {}},
      {3, gemm, {corner}, {corner, tile(0, {index_of(3)}), tile(1, {index_of(3)})}, {}, {}, true}};
  ir::validate(p);
  for (const int line : {1, 2, 4}) {
    const ir::Program reduced = tree(p, 2, line);
    for (std::int64_t n = 2; n <= 6; ++n) require_same_sums(p, reduced, {2, n}, line);
  }
  const ir::Program all = tree(tree(tree(p, 3, 4), 2, 2), 2, 1);
  CHECK(all.statements.size() == 5 + 6);
  CHECK(all.arrays.size() == 6);
  const Node last{0, {1}};
  CHECK(brute_force::Interpreter::run(all, {2, 4}).successors.contains(last));
}

TEST_CASE("a reduction in place, by a tree, where its arguments are other tiles") {
  // The columns of Cholesky, left-looking: A(i, j) += A(i, k) A(j, k)^H for k < j <= i.
  ir::Program p;
  p.name = "left_looking";
  p.parameters = {{"n"}, {"cols"}};
  p.arrays = {{"S", "float64", 1, ir::ArrayRole::in, {0}, {}},
              {"unused", "float64", 1, ir::ArrayRole::in, {0}, {}},
              {"A", "float64", 2, ir::ArrayRole::inout, {0, 1}, {}}};
  p.kernels = kernels;
  p.scopes = {loop(-1, "j", constant(0), size(0)), loop(0, "i", index_of(0), size(0)),
              loop(1, "k", constant(0), index_of(0))};
  const auto a = [](const ir::Expr& i, const ir::Expr& j) { return tile(2, {i, j}); };
  const ir::Expr j = index_of(0), i = index_of(1), k = index_of(2);
  p.statements = {{2, gemm, {a(i, j)}, {a(i, j), a(i, k), a(j, k)}, {}, {}, true}};
  ir::validate(p);
  require_same_sums(p, tree(p, 2), {5, 5});
  require_same_sums(p, tree(p, 3), {6, 6});
  std::get<ir::Loop>(p.scopes[2].what).upper = index_of(0, 1);
  CHECK_THAT(refusal(p), Catch::Contains("its argument A(i, k) may be a tile that loop k adds to"));
  std::get<ir::Loop>(p.scopes[2].what) = {"k", index_of(0, 1), size(0)};
  require_same_sums(p, tree(p, 2), {5, 5});
  p.statements[0].reads[2] = a(j, {0, {{-1, {ir::Symbol::Kind::loop, 2}}}});
  CHECK_THAT(refusal(p), Catch::Contains("A(j, -k) may be a tile"));
}

TEST_CASE("a stoppable reduction stays stoppable") {
  ir::Program p = product();
  p.arrays.push_back({"stop", "stop", 1, ir::ArrayRole::temp, {}, ir::Unwritten{}});
  ir::Statement& s = p.statements[0];
  s.stoppable = true;
  s.reads.push_back(tile(3, {index_of(0)}));
  s.reads.push_back(s.writes[0]);
  ir::validate(p);
  const ir::Program reduced = tree(p, 2);
  for (const ir::Statement& t : reduced.statements) {
    REQUIRE(t.stoppable);
    CHECK(t.reads[t.reads.size() - 2] == tile(3, {index_of(0)}));
    CHECK(t.reads.back() == t.writes[0]);
  }
  s.reads[3] = tile(3, {index_of(2)});
  CHECK_THAT(refusal(p), Catch::Contains("loop k itself may be stopped"));
}

TEST_CASE("what cannot be a tree is refused with a sentence") {
  ir::Program p = product();
  CHECK_THAT(refusal(p, {1, add, sum}), Catch::Contains("its base is 1"));
  CHECK_THAT(refusal(p, {2, gemm, sum}),
             Catch::Contains("kernel 0 does not add tiles of float64; give it one with the "
                             "parameters (inout, in)"));
  CHECK_THAT(refusal(p, {2, add, 9}), Catch::Contains("kernel 9 does not add tiles"));
  p.statements[0].reduction = false;
  CHECK_THAT(refusal(p), Catch::Contains("C(i, j) = gemm(C(i, j), A(i, k), B(k, j)) at "
                                         "product.cpp:7 cannot be reduced by a tree: it is no "
                                         "reduction"));
  p = product();
  CHECK_THROWS_WITH(ir::reduce_by_tree(p, 1, {2, add, sum}), Catch::Contains("has no statement 1"));
  p.scopes[2] = loop(1, "k", size(1, -1), constant(-1));
  std::get<ir::Loop>(p.scopes[2].what).step = {-1};
  CHECK_THAT(refusal(p), Catch::Contains("the step of loop k is no positive constant"));
  p = product();
  p.scopes.resize(2);
  p.statements[0].scope = 1;
  for (ir::Subscript* a :
       {&p.statements[0].reads[1].subscripts[1], &p.statements[0].reads[2].subscripts[0]})
    a->at = constant(0);
  CHECK_THAT(refusal(p), Catch::Contains("there is nothing to add up"));
  p = product();
  p.statements.insert(p.statements.begin() + 1, p.statements[0]);
  CHECK_THAT(refusal(p), Catch::Contains("loop k has another statement, at product.cpp:7"));
  p = product({loop(-1, "k", constant(0), size(1)), loop(0, "i", index_of(0), size(0)),
               loop(1, "j", constant(0), size(0))},
              1, 2, 0);
  CHECK_THAT(refusal(p), Catch::Contains("the bounds of loop i depend on k; put loop k innermost"));
  p.scopes = {loop(-1, "k", constant(0), size(1)), loop(0, "i", constant(0), size(0)),
              loop(1, "j", constant(0), size(0))};
  p.statements[0].reads[1] = tile(2, {index_of(1), constant(5)});
  CHECK_THAT(refusal(p), Catch::Contains("its argument C(i, 5) may be a tile"));
}

TEST_CASE("a tree takes one more loop than there are") {
  std::vector<ir::Scope> scopes;
  for (int s = 0; s < 8; ++s) scopes.push_back(loop(s - 1, "i" + std::to_string(s), {}, size(0)));
  CHECK_THAT(refusal(product(scopes, 0, 1, 7)), Catch::Contains("than the 8 around it"));
  scopes.pop_back();
  CHECK_NOTHROW(tree(product(scopes, 0, 1, 6), 2));
}

}  // namespace reduce_test
