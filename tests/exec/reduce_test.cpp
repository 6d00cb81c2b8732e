// Reductions by trees, run: the same terms in the same order, on every executor.
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "every_executor.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/validate.hpp"

namespace reduce_test {

namespace {

namespace ir = lp::ir;
using test_exec::on_every_executor;

// A list of numbers, whose sum is concatenation: it shows every term, and the order.
struct Terms {
  std::vector<std::int64_t> list;

  static std::string type_name() { return "terms"; }
  std::size_t byte_size() const { return list.size() * sizeof(std::int64_t); }
  void write_bytes(std::span<std::byte> out) const {
    if (!list.empty()) std::memcpy(out.data(), list.data(), byte_size());
  }
  static Terms read_bytes(std::span<const std::byte> in) {
    Terms t{std::vector<std::int64_t>(in.size() / sizeof(std::int64_t))};
    if (!t.list.empty()) std::memcpy(t.list.data(), in.data(), t.byte_size());
    return t;
  }
};

const auto append = lp::make_kernel("append", [](lp::inout<Terms> all, lp::in<Terms> more) {
  all->list.insert(all->list.end(), more->list.begin(), more->list.end());
});

void collect(lp::In<Terms, 2> A, lp::InOut<Terms, 1> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto k : lp::range(i, A.extent(1))) C(i) = append(C(i), A(i, k));
}

template <class T>
void product(lp::In<T, 2> A, lp::In<T, 2> B, lp::InOut<T, 2> C) {
  for (auto i : lp::range(C.extent(0)))
    for (auto j : lp::range(C.extent(1)))
      for (auto k : lp::range(A.extent(1))) C(i, j) = gemm(C(i, j), A(i, k), B(k, j));
}

// A = L L^H column by column; the updates of a tile are one reduction.
void left_looking(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto j : lp::range(n))
    for (auto i : lp::range(j, n)) {
      for (auto k : lp::range(j)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
      if (auto diagonal = lp::when(i == j)) A(j, j) = potrf(A(j, j));
      if (auto below = lp::when(i > j)) A(i, j) = trsm(A(j, j), A(i, j));
    }
}

/// The trace with the statements that call `kernel` as reductions, as += would record them.
template <class F>
lp::Traced with_reductions(F&& program, const std::string& kernel) {
  lp::Traced traced = lp::trace(program);
  for (ir::Statement& s : traced.program.statements)
    s.reduction = traced.program.kernels[static_cast<std::size_t>(s.kernel)].name == kernel;
  ir::validate(traced.program);
  return traced;
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const lp::program_error& e) {
    return e.what();
  }
  return "no error";
}

// Small integers, so that sums are exact in any order.
lp::TiledMatrix<double> integers(std::int64_t rows, std::int64_t cols, std::int64_t tile,
                                 int seed) {
  lp::TiledMatrix<double> a(rows, cols, tile);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i)
      a(i, j) = static_cast<double>((i * 7 + j * 13 + seed) % 11 - 5);
  return a;
}

bool equal(const lp::TiledMatrix<double>& a, const lp::TiledMatrix<double>& b) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (a(i, j) != b(i, j)) return false;
  return true;
}

}  // namespace

TEST_CASE("a tree adds each term once and in order") {
  for (const std::int64_t base : {2, 3, 5}) {
    const lp::Traced tree = lp::reduce_by_tree(with_reductions(collect, "append"),
                                               {.base = base, .combine = append.function()});
    ir::validate(tree.program);
    on_every_executor([&](auto run) {
      for (const std::int64_t n : {0, 1, 2, 7, 12}) {
        lp::TileArray<Terms> A({3, n}), C({3});
        for (std::int64_t i = 0; i < 3; ++i) {
          C(i).list = {-1};
          for (std::int64_t k = 0; k < n; ++k) A(i, k).list = {k};
        }
        run(tree, {3, n, 3}, {A.store(2), C.store(1)});
        for (std::int64_t i = 0; i < 3; ++i) {
          std::vector<std::int64_t> expected{-1};
          for (std::int64_t k = i; k < n; ++k) expected.push_back(k);
          CHECK(C(i).list == expected);
        }
      }
    });
  }
}

TEST_CASE("products by a tree, with ragged tiles") {
  const lp::Traced chain = with_reductions(product<double>, "gemm");
  const auto A = integers(7, 23, 3, 1), B = integers(23, 5, 3, 2);
  auto expected = integers(7, 5, 3, 3);
  lp::sequential{}
      .start(brute_force::unrolled_job(chain, {3, 8, 8, 2, 3, 2},
                                       {A.store(2), B.store(2), expected.store(2)}))
      .wait();
  for (const std::int64_t base : {2, 4}) {
    const lp::Traced tree = lp::reduce_by_tree(chain, {.base = base});
    on_every_executor([&](auto run) {
      auto C = integers(7, 5, 3, 3);
      const auto report = run(tree, {3, 8, 8, 2, 3, 2}, {A.store(2), B.store(2), C.store(2)});
      CHECK(report.tasks == 6 * (8 + (base == 2 ? 7 : 3) + 1));
      CHECK(equal(C, expected));
    });
  }
}

TEST_CASE("a left-looking Cholesky factorization by trees") {
  const lp::Traced tree = lp::reduce_by_tree(with_reductions(left_looking, "syrk"), {.base = 3});
  auto expected = integers(20, 20, 4, 5);
  for (std::int64_t i = 0; i < 20; ++i) expected(i, i) = 200;
  auto start = expected;
  lp::run(lp::sequential{}, left_looking, expected);
  on_every_executor([&](auto run) {
    auto A = start;
    run(tree, {5, 5}, {A.store(2)});
    for (std::int64_t j = 0; j < 20; ++j)
      for (std::int64_t i = j; i < 20; ++i) CHECK(A(i, j) == Approx(expected(i, j)).margin(1e-12));
  });
}

TEST_CASE("a program is made into one with trees without a change of its text") {
  const auto chosen = [](lp::TreeReductions which) {
    return message_of([&] { lp::trace(lp::reduce_by_tree(product<float>, which)); });
  };
  // No statement of this program is written as a reduction.
  CHECK_THAT(chosen({}), Catch::Contains("product has no reduction that could become a tree"));
  CHECK_THAT(chosen({.kernel = "gemm", .source_line = 12}),
             Catch::Contains("no reduction by the kernel gemm on line 12 that could"));
  CHECK_THROWS_AS(lp::compile(lp::reduce_by_tree(product<float>)), lp::program_error);
  lp::TiledMatrix<float> A(2, 2, 1), B(2, 2, 1), C(2, 2, 1);
  CHECK_THROWS_AS(lp::run(lp::threads{1}, lp::reduce_by_tree(product<float>), A, B, C),
                  lp::program_error);
  const auto with_constant = [](lp::InOut<double, 1> x, lp::Integer, double factor) {
    x(0) = scale(x(0), factor);
  };
  CHECK_THROWS_AS(lp::compile(lp::reduce_by_tree(with_constant, {.base = 3}), 2.0),
                  lp::program_error);
}

TEST_CASE("kernels that add: the library's are listed once, others must be given") {
  const auto twice = [](lp::In<double, 1> x, lp::InOut<double, 1> y) {
    y(0) = add(y(0), y(1));
    for (auto k : lp::range(x.extent(0))) y(0) = gemm(y(0), x(k), x(k));
    for (auto k : lp::range(x.extent(0))) y(1) = gemm(y(1), x(k), x(k));
  };
  const lp::Traced tree = lp::reduce_by_tree(with_reductions(twice, "gemm"));
  CHECK(tree.kernels.size() == 3);
  CHECK(tree.program.statements.size() == 3 + 4);
  const lp::Traced one = lp::reduce_by_tree(
      with_reductions(twice, "gemm"),
      {.source_line = with_reductions(twice, "gemm").program.statements[2].location.line});
  CHECK(one.program.statements.size() == 3 + 2);
  CHECK(one.program.statements[1].reduction);

  const lp::Traced own = with_reductions(collect, "append");
  CHECK_THAT(message_of([&] { lp::reduce_by_tree(own); }),
             Catch::Contains("nothing says how the tiles of C(i) += append(A(i, k)) at ") &&
                 Catch::Contains("hold terms") && Catch::Contains("TreeReductions::combine"));
  const auto wrong = lp::make_kernel("wrong", [](lp::out<Terms>, lp::in<Terms>) {});
  CHECK_THAT(message_of([&] { lp::reduce_by_tree(own, {.combine = wrong.function()}); }),
             Catch::Contains("the kernel wrong cannot combine"));
}

}  // namespace reduce_test
