// Thousands of orders of steps and accidents: the right bits, every task finished once, nothing
// left behind, no worker stuck.
#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/exec/outcome.hpp>
#include <lambdapack/lambdapack.hpp>
#include <memory>
#include <string>
#include <vector>

#include "simulation.hpp"
#include "support/algorithms.hpp"

namespace schedules_test {

namespace {

using test_cloud::Accidents;
using test_cloud::Simulation;

const auto halve = lp::make_kernel("halve", [](lp::inout<double> a) { a(0, 0) /= 2; });
const auto is_small = lp::make_kernel("is_small", [](lp::out<double> flag, lp::in<double> a) {
  flag.resize(1, 1);
  flag(0, 0) = a(0, 0) < 1;
});
const auto two_of = lp::make_kernel(
    "two_of", [](lp::out<double> x, lp::out<double> y, lp::in<double> a, lp::in<double> b) {
      x.resize(2, 2);
      y.resize(2, 2);
      for (int k = 0; k < 4; ++k) {
        x(k / 2, k % 2) = a(k / 2, k % 2) + b(k / 2, k % 2);
        y(k / 2, k % 2) = a(k / 2, k % 2) - b(k / 2, k % 2);
      }
    });

// A loop that stops, and tasks with two outputs.
void stops(lp::InOut<double, 2> A) {
  auto flag = lp::temp<double, 1>("flag");
  const auto n = A.extent(0);
  for (auto t : lp::range(n)) {
    for (auto i : lp::range(n)) A(i, i) = halve(A(i, i));
    flag(t) = is_small(A(0, 0));
    lp::stop_if(flag(t));
  }
  for (auto i : lp::range(1, n)) lp::tie(A(i, 0), A(0, i)) = two_of(A(i - 1, i - 1), A(i, i));
}

struct Case {
  lp::Compiled compiled;
  std::int64_t size;
};

lp::TiledMatrix<double> input(std::int64_t size) {
  lp::TiledMatrix<double> a(size, size, 2);
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i)
      a(i, j) = i == j ? 2.0 * static_cast<double>(a.cols()) : 1.0 / static_cast<double>(1 + i + j);
  return a;
}

// Runs seeds from `first` on of each program.
void schedules(const Accidents& accidents, std::uint64_t first, int each) {
  static const Case cases[] = {{lp::compile(test_algorithms::cholesky<double>), 7},
                               {lp::compile(stops), 8}};
  std::int64_t deaths = 0;
  for (const Case& c : cases) {
    auto expected = input(c.size);
    lp::sequential{}.start(c.compiled.job({expected.store(2)}, {})).wait();
    for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(each); ++seed) {
      CAPTURE(seed, c.size);
      auto A = input(c.size);
      const lp::exec::Job job = c.compiled.job({A.store(2)}, {});
      lp::exec::begin_arrays(job);
      Simulation simulation(job, seed, accidents, 1 + static_cast<int>(seed % 4),
                            1 + static_cast<int>(seed / 4 % 3));
      REQUIRE(simulation.run());
      const auto status = simulation.status();
      REQUIRE(status.phase == lp::exec::cloud::Phase::done);
      CHECK(status.finished == job.graph.size());
      CHECK(simulation.ledger().counted == job.graph.size());
      CHECK(simulation.ledger().last == 1);
      simulation.fetch();
      CHECK(lp::exec::end_arrays(job, nullptr) == nullptr);
      bool same = true;
      for (std::int64_t j = 0; j < A.cols(); ++j)
        for (std::int64_t i = 0; i < A.rows(); ++i) same = same && A(i, j) == expected(i, j);
      CHECK(same);
      CHECK(simulation.leave().empty());
      deaths += simulation.deaths();
    }
  }
  if (accidents.death > 0) CHECK(deaths > each);
}

}  // namespace

TEST_CASE("schedules in which nothing goes wrong leave no value behind") {
  static const lp::Compiled compiled = lp::compile(test_algorithms::cholesky<double>);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto A = input(7);
    const lp::exec::Job job = compiled.job({A.store(2)}, {});
    lp::exec::begin_arrays(job);
    Simulation simulation(job, seed, {}, 3, 1);
    REQUIRE(simulation.run());
    simulation.fetch();
    lp::exec::end_arrays(job, nullptr);
    CHECK(simulation.leave().empty());
  }
}

TEST_CASE("schedules in any order, with deliveries that come twice") {
  schedules({.old_lease = 100, .any_order = 500}, 1000, 150);
}

TEST_CASE("schedules in which workers die") {
  schedules({.death = 30, .death_in_ledger = 30, .clock = 100, .renew = 100}, 2000, 200);
}

TEST_CASE("schedules in which leases end under live workers and the clock jumps") {
  schedules({.any_order = 100, .clock = 600, .jump = 20, .renew = 20}, 3000, 150);
}

TEST_CASE("schedules in which replies are lost") {
  schedules({.lost_reply = 200, .clock = 100}, 4000, 150);
}

TEST_CASE("schedules in which objects are lost and damaged") {
  schedules({.lost_object = 30, .damaged_object = 100, .clock = 100}, 5000, 150);
}

TEST_CASE("schedules in which everything goes wrong") {
  schedules({.death = 10,
             .death_in_ledger = 10,
             .lost_reply = 50,
             .lost_object = 5,
             .damaged_object = 20,
             .old_lease = 30,
             .any_order = 200,
             .clock = 300,
             .jump = 5,
             .renew = 100},
            6000, 300);
}

}  // namespace schedules_test
