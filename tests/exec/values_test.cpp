// How executors treat values: who owns a buffer, when it is freed, what a kernel is given.
#include <catch2/catch.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <numeric>
#include <vector>

#include "counted.hpp"
#include "support/folder.hpp"

namespace values_test {

namespace {

using test_exec::Counted;

const auto increment = lp::make_kernel("increment", [](lp::inout<Counted> x) { ++x->value; });
const auto add_to = lp::make_kernel(
    "add_to", [](lp::inout<Counted> x, lp::in<Counted> y) { x->value += y->value; });
const auto duplicate = lp::make_kernel(
    "duplicate", [](lp::out<Counted> x, lp::in<Counted> y) { x->value = y->value; });
const auto total = lp::make_kernel("total", [](lp::out<Counted> sum, lp::in_list<Counted> list) {
  sum->value = 0;
  for (std::size_t k = 0; k < list.size(); ++k) sum->value = 10 * sum->value + list[k]->value;
});
const auto weigh = lp::make_kernel("weigh", [](lp::out<Counted> x, lp::in<Counted> y,
                                               std::int64_t index, double factor, bool odd) {
  x->value = static_cast<int>(y->value + 100 * index + (odd ? 1000 : 0)) + static_cast<int>(factor);
});
const auto swap_tiles = lp::make_kernel(
    "swap", [](lp::inout<Counted> a, lp::inout<Counted> b) { std::swap(a->value, b->value); });

void chain(lp::In<Counted, 1> A, lp::Out<Counted, 0> B, lp::Integer steps) {
  auto S = lp::temp<Counted, 1>("S");
  S(0) = duplicate(A(0));
  for (auto k : lp::range(steps)) S(k + 1) = increment(S(k));
  B() = duplicate(S(steps));
}

lp::TileArray<Counted> numbers(std::int64_t n) {
  lp::TileArray<Counted> a({n});
  for (std::int64_t k = 0; k < n; ++k) a(k).value = static_cast<int>(k + 1);
  return a;
}

}  // namespace

TEST_CASE("a chain of inout kernels runs in one buffer, freed at the end") {
  for (const int workers : {1, 2, 4}) {
    auto A = numbers(1);
    lp::TileArray<Counted> B(std::vector<std::int64_t>{});
    const int before = Counted::alive;
    Counted::most = before;
    Counted::copies = 0;
    lp::run(lp::threads{workers}, chain, A, B, 1000);
    CHECK(B().value == 1001);
    CHECK(Counted::copies == 0);
    CHECK(Counted::most - before <= 4);
    CHECK(Counted::alive == before);
  }
}

TEST_CASE("an inout gets a copy while somebody else needs the old value") {
  auto A = numbers(6);
  lp::TileArray<Counted> B({6});
  lp::run(
      lp::threads{3},
      [](lp::InOut<Counted, 1> A, lp::Out<Counted, 1> B) {
        for (auto i : lp::range(A.extent(0))) A(i) = increment(A(i));
        for (auto i : lp::range(A.extent(0))) {
          B(i) = increment(A(i));
          A(i) = add_to(A(i), A(i));
        }
      },
      A, B);
  for (int i = 0; i < 6; ++i) {
    CHECK(A(i).value == 2 * (i + 2));
    CHECK(B(i).value == i + 3);
  }
}

TEST_CASE("a tile that is overwritten early is still read as it was") {
  for (int round = 0; round < 20; ++round) {
    auto A = numbers(8);
    lp::TileArray<Counted> B({8});
    auto C = numbers(1);
    lp::run(
        lp::threads{4},
        [](lp::InOut<Counted, 1> A, lp::Out<Counted, 1> B, lp::In<Counted, 1> C) {
          const auto n = A.extent(0);
          for (auto i : lp::range(n)) B(i) = duplicate(A(n - 1 - i));
          for (auto i : lp::range(n)) A(i) = duplicate(C(0));
        },
        A, B, C);
    for (int i = 0; i < 8; ++i) {
      CHECK(A(i).value == 1);
      CHECK(B(i).value == 8 - i);
    }
  }
}

TEST_CASE("an input array is not changed, and can be read by many") {
  const auto A = numbers(5);
  lp::TileArray<Counted> B({5});
  lp::run(
      lp::threads{2},
      [](lp::In<Counted, 1> A, lp::Out<Counted, 1> B) {
        for (auto i : lp::range(A.extent(0))) B(i) = increment(A(i));
      },
      A, B);
  for (int i = 0; i < 5; ++i) {
    CHECK(A(i).value == i + 1);
    CHECK(B(i).value == i + 2);
  }
}

TEST_CASE("a run comes as a list in its order, either way") {
  auto A = numbers(4);
  lp::TileArray<Counted> B({6});
  lp::run(
      lp::threads{2},
      [](lp::In<Counted, 1> A, lp::Out<Counted, 1> B) {
        const auto n = A.extent(0);
        B(0) = total(A(lp::range(n)));
        B(1) = total(A(lp::range(n - 1, -1, -1)));
        B(2) = total(A(lp::range(0, n, 2)));
        B(3) = total(A(lp::range(2, 2)));
        auto S = lp::temp<Counted, 1>("S");
        for (auto i : lp::range(n)) S(i) = increment(A(i));
        B(4) = total(S(lp::range(n)));
        for (auto i : lp::range(0, n, 2)) S(i) = increment(S(i));
        B(5) = total(S(lp::range(n)));
      },
      A, B);
  CHECK(B(0).value == 1234);
  CHECK(B(1).value == 4321);
  CHECK(B(2).value == 13);
  CHECK(B(3).value == 0);
  CHECK(B(4).value == 2345);
  CHECK(B(5).value == 3355);
}

TEST_CASE("scalars: index expressions, numbers, flags") {
  auto A = numbers(3);
  lp::TileArray<Counted> B({3});
  lp::run(
      lp::threads{2},
      [](lp::In<Counted, 1> A, lp::Out<Counted, 1> B, lp::Integer t, double factor) {
        for (auto i : lp::range(A.extent(0))) B(i) = weigh(A(i), 2 * i + t, factor, true);
      },
      A, B, 5, 7.0);
  for (int i = 0; i < 3; ++i) CHECK(B(i).value == i + 1 + 100 * (2 * i + 5) + 1000 + 7);
}

TEST_CASE("several outputs, tied crosswise") {
  auto A = numbers(7);
  lp::run(
      lp::threads{2},
      [](lp::InOut<Counted, 1> A) {
        for (auto i : lp::range(A.extent(0) - 1))
          lp::tie(A(i), A(i + 1)) = swap_tiles(A(i), A(i + 1));
      },
      A);
  for (int i = 0; i < 6; ++i) CHECK(A(i).value == i + 2);
  CHECK(A(6).value == 1);
}

TEST_CASE("a program with no work ends at once") {
  auto A = numbers(0);
  lp::TileArray<Counted> B({0});
  const auto report = lp::run(
      lp::threads{2},
      [](lp::In<Counted, 1> A, lp::Out<Counted, 1> B) {
        for (auto i : lp::range(A.extent(0))) B(i) = duplicate(A(i));
      },
      A, B);
  CHECK(report.tasks == 0);
}

TEST_CASE("two values have two addresses, even where arrays share their tiles") {
  int same = 0;
  const auto compare =
      lp::make_kernel("compare", [&](lp::out<Counted>, lp::in<Counted> x, lp::in<Counted> y) {
        CHECK(x->value == y->value);
        same += &*x == &*y ? 1 : 0;
      });
  const auto program = [compare](lp::In<Counted, 1> X, lp::In<Counted, 1> Y,
                                 lp::Out<Counted, 1> C) {
    C(0) = compare(X(0), Y(0));
    C(1) = compare(X(0), X(0));
  };
  lp::TileArray<Counted> X({1}), C({2});
  X(0).value = 7;
  lp::run(lp::sequential{}, program, X, X, C);
  CHECK(same == 1);
}

TEST_CASE("of several results all are put in their places, or none") {
  const test_support::Folder folder;
  std::filesystem::create_directory(folder.file("place"));
  const auto make = lp::make_kernel("make", [&](lp::out<double> a, lp::out<double> b) {
    a(0, 0) = b(0, 0) = 1;
    std::filesystem::remove_all(folder.file("place"));
  });
  const auto program = [make](lp::Out<double, 2> A, lp::Out<double, 2> B) {
    lp::tie(A(0, 0), B(0, 0)) = make();
  };
  CHECK_THROWS_AS(lp::run(lp::sequential{}, program, lp::npy<double>(folder.file("A.npy"), 1, 1, 1),
                          lp::zarr<double>(folder.file("place/B.zarr"), 1, 1, 1)),
                  lp::error);
  CHECK_FALSE(folder.has("A.npy"));
}

}  // namespace values_test
