// Runs that do not end well: they end, say why, and leave nothing that looks complete.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "support/algorithms.hpp"

namespace failure_test {

namespace {

using test_algorithms::cholesky;

lp::TiledMatrix<double> identity(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> a(n, n, tile);
  for (std::int64_t i = 0; i < n; ++i) a(i, i) = 1;
  return a;
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

struct Boom : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const auto fail_at_5 = lp::make_kernel("fail_at_5", [](lp::inout<double> a, std::int64_t i) {
  if (i == 5) throw Boom("the fifth is bad");
  a(0, 0) += 1;
});
const auto throw_int = lp::make_kernel("throw_int", [](lp::inout<double>) { throw 42; });
const auto nap = lp::make_kernel(
    "nap", [](lp::inout<double>) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });

void fails(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0))) A(i, i) = fail_at_5(A(i, i), i);
}

void long_chain(lp::InOut<double, 2> A, lp::Integer steps) {
  for ([[maybe_unused]] auto t : lp::range(steps)) A(0, 0) = nap(A(0, 0));
}

}  // namespace

TEST_CASE("a matrix that is not positive definite: node, global row, meaning") {
  for (const int workers : {1, 2, 4}) {
    auto A = identity(20, 6);
    A(15, 15) = -2;
    const std::string m = message_of([&] { lp::run(lp::threads{workers}, cholesky<double>, A); });
    CHECK_THAT(m, Catch::Contains("potrf[k=2]") && Catch::Contains("global row 15") &&
                      Catch::Contains("not positive definite") &&
                      Catch::Contains("algorithms.hpp:"));
    CHECK_FALSE(A.is_complete());
    CHECK_THROWS_AS(A(0, 0), lp::input_error);
  }
}

TEST_CASE("a NaN in the input is found and its row named") {
  auto A = identity(20, 6);
  A(17, 3) = std::numeric_limits<double>::quiet_NaN();
  const std::string m = message_of([&] { lp::run(lp::threads{2}, cholesky<double>, A); });
  CHECK_THAT(m, Catch::Contains("potrf[k=2]") && Catch::Contains("global row 17") &&
                    Catch::Contains("NaN"));
}

TEST_CASE("a kernel that throws names its node and keeps its exception") {
  auto A = identity(10, 1);
  for (int round = 0; round < 10; ++round) {
    A = identity(10, 1);
    try {
      lp::run(lp::threads{3}, fails, A);
      FAIL("no exception");
    } catch (const lp::run_error& e) {
      CHECK_THAT(e.what(), Catch::Contains("fail_at_5[i=5]") && Catch::Contains("A(5, 5)") &&
                               Catch::Contains("the fifth is bad"));
      CHECK_THROWS_AS(std::rethrow_if_nested(e), Boom);
    }
    CHECK_FALSE(A.is_complete());
  }
  auto B = identity(1, 1);
  CHECK_THAT(message_of([&] {
               lp::run(
                   lp::sequential{}, [](lp::InOut<double, 2> A) { A(0, 0) = throw_int(A(0, 0)); },
                   B);
             }),
             Catch::Contains("throw_int (") && Catch::Contains("unknown type"));
}

TEST_CASE("a run can be watched and cancelled") {
  auto A = identity(1, 1);
  lp::exec::Handle run = lp::start(lp::threads{2}, long_chain, A, 100'000);
  CHECK(run.progress().total == 100'000);
  CHECK_FALSE(run.wait_for(std::chrono::milliseconds(20)));
  run.cancel();
  CHECK_THROWS_WITH(run.wait(), Catch::Contains("was cancelled"));
  CHECK(run.progress().done < 100'000);
}

TEST_CASE("a run whose handle is dropped stops") {
  auto A = identity(1, 1);
  {
    lp::exec::Handle run = lp::start(lp::threads{2}, long_chain, A, 100'000);
    run.wait_for(std::chrono::milliseconds(20));
  }
  CHECK_FALSE(A.is_complete());
}

TEST_CASE("cancelling a run that has ended changes nothing") {
  auto A = identity(1, 1);
  lp::exec::Handle run = lp::start(lp::threads{2}, long_chain, A, 3);
  while (!run.wait_for(std::chrono::milliseconds(50))) {
  }
  run.cancel();
  CHECK(run.wait().tasks == 3);
  CHECK(A.is_complete());
}

TEST_CASE("arrays that do not fit the program") {
  lp::TiledMatrix<double> wide(4, 8, 2), tall(8, 4, 2);
  CHECK_NOTHROW(lp::run(
      lp::threads{1}, [](lp::InOut<double, 2>) {}, wide));
  CHECK_THAT(message_of([&] { lp::run(lp::threads{1}, cholesky<double>, tall); }),
             Catch::Contains("A.extent(0) = 4, A.extent(1) = 2") && Catch::Contains("shapes"));
  CHECK(tall.is_complete());
  CHECK_THAT(message_of([&] { lp::run(lp::threads{-1}, cholesky<double>, wide); }),
             Catch::Contains("-1 workers"));
  CHECK_THAT(message_of([&] {
               lp::run(lp::threads{1}, test_algorithms::gemm_chain<double>, wide, tall, wide);
             }),
             Catch::Contains("arguments 0 and 2 are the same object"));
}

TEST_CASE("one store for two arrays") {
  lp::TiledMatrix<double> A(4, 4, 2);
  const auto store = A.store(2);
  const auto same = store;
  const auto copy_all = [](lp::In<double, 2> from, lp::Out<double, 2> to) {
    for (auto i : lp::range(to.extent(0)))
      for (auto j : lp::range(to.extent(1))) to(i, j) = copy(from(i, j));
  };
  auto first = store, second = same;
  CHECK_THAT(message_of([&] { lp::run(lp::threads{1}, copy_all, first, second); }),
             Catch::Contains("one store for two of its arrays, from and to"));
  CHECK(A.is_complete());
}

TEST_CASE("a run of a store that another run uses is refused, and the other one goes on") {
  const auto count_up = lp::make_kernel("count_up", [](lp::inout<double> a) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    a(0, 0) += 1;
  });
  const auto program = [&](lp::InOut<double, 2> A) {
    for ([[maybe_unused]] auto t : lp::range(30)) A(0, 0) = count_up(A(0, 0));
  };
  lp::TiledMatrix<double> A(2, 2, 2);
  auto store = A.store(2);
  auto run = lp::start(lp::threads{1}, program, store);
  for (int k = 0; k < 3; ++k)
    CHECK_THAT(message_of([&] { lp::run(lp::threads{1}, program, store); }),
               Catch::Contains("is in use by another run"));
  CHECK_NOTHROW(run.wait());
  CHECK(std::as_const(A)(0, 0) == 30);
  lp::run(lp::sequential{}, program, store);
  CHECK(A(0, 0) == 60);

  const auto fails_once = [&](lp::InOut<double, 2> B) { B(0, 0) = throw_int(B(0, 0)); };
  CHECK_THAT(message_of([&] { lp::run(lp::threads{1}, fails_once, store); }),
             Catch::Contains("throw_int"));
  A = lp::TiledMatrix<double>(2, 2, 2);
  lp::run(lp::sequential{}, program, A);
  CHECK_THAT(message_of([&] { lp::run(lp::threads{1}, program, store); }),
             Catch::Contains("is incomplete"));
}

TEST_CASE("what one store is read for by several runs is in use until the last has ended") {
  std::atomic<bool> may_end{false};
  const auto wait_and_copy =
      lp::make_kernel("wait_and_copy", [&](lp::out<double> to, lp::in<double> from) {
        while (!may_end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        *to = *from;
      });
  const auto slow = [&](lp::In<double, 2> from, lp::Out<double, 2> to) {
    to(0, 0) = wait_and_copy(from(0, 0));
  };
  const auto quick = [&](lp::In<double, 2> from, lp::Out<double, 2> to) {
    to(0, 0) = copy(from(0, 0));
  };
  auto A = identity(2, 2);
  lp::TiledMatrix<double> B(2, 2, 2), C(2, 2, 2);
  const auto store = A.store(2);
  auto run = lp::start(lp::threads{1}, slow, store, B);
  lp::run(lp::sequential{}, quick, store, C);
  CHECK_THAT(message_of([&] { A(0, 0) = 2; }), Catch::Contains("is being read by a run"));
  may_end = true;
  run.wait();
  A(0, 0) = 2;
  CHECK((B(0, 0) == 1 && C(0, 0) == 1));
}

TEST_CASE("a tile that cannot be stored names the task that made it") {
  const auto wrong_shape =
      lp::make_kernel("wrong_shape", [](lp::out<double> a) { a.resize(3, 3); });
  lp::TiledMatrix<double> A(4, 4, 2);
  CHECK_THAT(message_of([&] {
               lp::run(
                   lp::threads{2},
                   [&](lp::Out<double, 2> B) {
                     B.unwritten(lp::zero);
                     B(1, 1) = wrong_shape();
                   },
                   A);
             }),
             Catch::Contains("wrong_shape") && Catch::Contains("failure_test.cpp:") &&
                 Catch::Contains("3 x 3"));
}

TEST_CASE("a long wait is a wait") {
  auto A = identity(1, 1);
  lp::exec::Handle run = lp::start(lp::threads{1}, long_chain, A, 20);
  CHECK(run.wait_for(std::chrono::milliseconds::max()));
  CHECK(run.wait().tasks == 20);
}

TEST_CASE("tiles whose shapes do not fit a kernel") {
  lp::TiledMatrix<double> A(4, 6, 2), B(5, 4, 2), C(4, 4, 2);
  CHECK_THAT(
      message_of([&] { lp::run(lp::threads{1}, test_algorithms::gemm_chain<double>, A, B, C); }),
      Catch::Contains("gemm[i="));
}

}  // namespace failure_test
