// Tiles that nothing has written: what reads find, and what an array holds at the end.
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "every_executor.hpp"
#include "lambdapack/ir/validate.hpp"
#include "support/unrolled.hpp"

namespace unwritten_test {

namespace {

namespace ir = lp::ir;
using test_exec::Counted;
using test_exec::on_every_executor;

/// The arrays called `name` get a rule: zero, or a kernel.
template <class Word = int>
lp::Traced with_rule(lp::Traced traced, const std::string& name, const Word* rule = nullptr) {
  int kernel = -1;
  if constexpr (!std::is_same_v<Word, int>) {
    const auto function = std::make_shared<const lp::kernel::Function>(rule->function());
    kernel = static_cast<int>(traced.kernels.size());
    traced.program.kernels.push_back(
        {function->name, {{ir::ParameterRole::out, function->parameters[0].element}}});
    traced.kernels.push_back(function);
  }
  for (ir::Array& a : traced.program.arrays)
    if (a.name == name) a.unwritten = ir::Unwritten{kernel};
  ir::validate(traced.program);
  return traced;
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const lp::error& e) {
    return e.what();
  }
  return "no error";
}

lp::TiledMatrix<double> filled(std::int64_t rows, std::int64_t cols, std::int64_t tile, double x) {
  lp::TiledMatrix<double> a(rows, cols, tile);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i) a(i, j) = x;
  return a;
}

bool all_are(const lp::TiledMatrix<double>& a, double x) {
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      if (a(i, j) != x) return false;
  return true;
}

const auto seven = lp::make_kernel("seven", [](lp::out<Counted> x) { x->value = 7; });
const auto increment = lp::make_kernel("increment", [](lp::inout<Counted> x) { ++x->value; });
const auto add_to = lp::make_kernel(
    "add_to", [](lp::inout<Counted> x, lp::in<Counted> y) { x->value += y->value; });
const auto same_place =
    lp::make_kernel("same_place", [](lp::out<Counted> z, lp::in<Counted> x, lp::in<Counted> y) {
      z->value = &*x == &*y ? 1 : 0;
    });
const auto digits = lp::make_kernel("digits", [](lp::out<Counted> x, lp::in_list<Counted> list) {
  x->value = 0;
  for (std::size_t k = 0; k < list.size(); ++k) x->value = 10 * x->value + list[k]->value;
});
const auto shape_of = lp::make_kernel("shape_of", [](lp::out<double> s, lp::in<double> x) {
  s(0, 0) = static_cast<double>(10 * x.rows() + x.cols());
});
const auto ones = lp::make_kernel("ones", [](lp::out<double> x) {
  if (x.rows() == 0) x.resize(1, 1);
  for (std::int64_t j = 0; j < x.cols(); ++j)
    for (std::int64_t i = 0; i < x.rows(); ++i) x(i, j) = 1;
});
const auto broken =
    lp::make_kernel("broken", [](lp::out<double>) { throw std::runtime_error("it has no idea"); });

}  // namespace

TEST_CASE("an unwritten tile of a temporary is zero, and a sum begins with it") {
  const auto traced = with_rule(lp::trace([](lp::In<double, 2> A, lp::Out<double, 1> B) {
                                  auto S = lp::temp<double, 1>("S");
                                  for (auto i : lp::range(A.extent(0))) {
                                    for (auto j : lp::range(A.extent(1))) S(i) = add(S(i), A(i, j));
                                    B(i) = copy(S(i));
                                  }
                                }),
                                "S");
  on_every_executor([&](auto run) {
    const auto A = filled(6, 8, 2, 0.5);
    auto B = filled(6, 2, 2, -1);
    CHECK(run(traced, {3, 4, 3}, {A.store(2), B.store(1)}).tasks == 15);
    CHECK(all_are(B, 2));
    const lp::TiledMatrix<double> none(6, 0, 2);
    run(traced, {3, 0, 3}, {none.store(2), B.store(1)});
    CHECK(all_are(B, 0));
  });
}

TEST_CASE("products begin with an unwritten tile of a temporary") {
  const auto traced = with_rule(lp::trace([](lp::In<double, 2> A, lp::Out<double, 2> C) {
                                  auto S = lp::temp<double, 2>("S");
                                  const auto n = A.extent(0);
                                  for (auto i : lp::range(n))
                                    for (auto j : lp::range(n)) {
                                      for (auto k : lp::range(n))
                                        S(i, j) = gemm(S(i, j), A(i, k), A(k, j));
                                      C(i, j) = copy(S(i, j));
                                    }
                                }),
                                "S");
  on_every_executor([&](auto run) {
    const auto A = filled(5, 5, 2, 1);
    auto C = filled(5, 5, 2, -1);
    run(traced, {3, 3, 3, 3}, {A.store(2), C.store(2)});
    CHECK(all_are(C, 5));
  });
}

TEST_CASE("a kernel makes unwritten tiles, for each task anew") {
  const auto traced = with_rule(lp::trace([](lp::Out<Counted, 1> B) {
                                  auto S = lp::temp<Counted, 1>("S");
                                  for (auto i : lp::range(3)) B(i) = increment(S(0));
                                  B(3) = add_to(S(1), S(1));
                                  B(4) = same_place(S(-1), S(-1));
                                  S(6) = increment(S(7));
                                  S(8) = increment(S(6));
                                  B(5) = digits(S(lp::range(5, 9)));
                                }),
                                "S", &seven);
  on_every_executor([&](auto run) {
    lp::TileArray<Counted> B({6});
    const int before = Counted::alive;
    run(traced, {6}, {B.store(1)});
    CHECK(Counted::alive == before);
    for (int i = 0; i < 3; ++i) CHECK(B(i).value == 8);
    CHECK(B(3).value == 14);
    CHECK(B(4).value == 1);
    CHECK(B(5).value == 7879);
  });
}

TEST_CASE("an inout takes an unwritten tile without a copy") {
  const auto traced = with_rule(lp::trace([](lp::Out<Counted, 1> B) {
                                  auto S = lp::temp<Counted, 1>("S");
                                  for (auto i : lp::range(B.extent(0))) B(i) = increment(S(i));
                                }),
                                "S");
  lp::TileArray<Counted> B({100});
  Counted::copies = 0;
  lp::threads{2}.start(brute_force::unrolled_job(traced, {100}, {B.store(1)})).wait();
  CHECK(Counted::copies == 0);
  CHECK(B(99).value == 1);
}

TEST_CASE("an output array holds what its rule says where nothing was written") {
  const auto program = [](lp::Out<double, 2> C) {
    for (auto i : lp::range(C.extent(0))) C(i, i) = add(C(i, i), C(i, i));
  };
  on_every_executor([&](auto run) {
    auto C = filled(5, 5, 2, 9);
    run(with_rule(lp::trace(program), "C"), {3, 3}, {C.store(2)});
    CHECK(C.is_complete());
    CHECK(all_are(C, 0));
    C = filled(5, 5, 2, 9);
    run(with_rule(lp::trace(program), "C", &ones), {3, 3}, {C.store(2)});
    for (std::int64_t j = 0; j < 5; ++j)
      for (std::int64_t i = 0; i < 5; ++i) CHECK(C(i, j) == (i / 2 == j / 2 ? 2 : 1));
  });
}

TEST_CASE("an output array of a payload of one's own") {
  const auto program = [](lp::Out<Counted, 1> C) { C(1) = increment(C(1)); };
  on_every_executor([&](auto run) {
    lp::TileArray<Counted> C({3});
    for (int i = 0; i < 3; ++i) C(i).value = 50;
    run(with_rule(lp::trace(program), "C"), {3}, {C.store(1)});
    CHECK((C(0).value == 0 && C(1).value == 1 && C(2).value == 0));
    run(with_rule(lp::trace(program), "C", &seven), {3}, {C.store(1)});
    CHECK((C(0).value == 7 && C(1).value == 8 && C(2).value == 7));
  });
}

TEST_CASE("outside of an array its rule holds too and inside zeros have a shape") {
  const auto program = [](lp::Out<double, 1> C, lp::Out<double, 1> S) {
    const auto n = C.extent(0);
    S(0) = shape_of(C(-1));
    S(1) = shape_of(C(0));
    S(2) = shape_of(C(n - 1));
    S(3) = shape_of(C(n));
  };
  on_every_executor([&](auto run) {
    lp::TiledMatrix<double> C(5, 2, 2), S(4, 1, 1);
    run(with_rule(lp::trace(program), "C"), {3, 4}, {C.store(1), S.store(1)});
    CHECK((S(0, 0) == 0 && S(1, 0) == 22 && S(2, 0) == 12 && S(3, 0) == 0));
    run(with_rule(lp::trace(program), "C", &ones), {3, 4}, {C.store(1), S.store(1)});
    CHECK((S(0, 0) == 11 && S(1, 0) == 22 && S(2, 0) == 12 && S(3, 0) == 11));
    CHECK(all_are(C, 1));
  });
}

TEST_CASE("a rule that fails ends the run and says which tile it was making") {
  const auto reading = with_rule(lp::trace([](lp::Out<double, 1> B) {
                                   auto S = lp::temp<double, 1>("S");
                                   for (auto i : lp::range(B.extent(0))) B(i) = copy(S(4));
                                 }),
                                 "S", &broken);
  const auto leaving =
      with_rule(lp::trace([](lp::Out<double, 1> B) { B(0) = ones(); }), "B", &broken);
  on_every_executor([&](auto run) {
    auto B = filled(4, 2, 2, 9);
    CHECK_THAT(message_of([&] { run(reading, {2}, {B.store(1)}); }),
               Catch::Contains("broken, which makes the unwritten tiles of S, failed on S(4)") &&
                   Catch::Contains("it has no idea"));
    B = filled(4, 2, 2, 9);
    CHECK_THAT(message_of([&] { run(leaving, {2}, {B.store(1)}); }),
               Catch::Contains("failed on B(1)"));
    CHECK_FALSE(B.is_complete());
  });
}

}  // namespace unwritten_test
