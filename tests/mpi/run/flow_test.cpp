// Values that nobody has fetched: how much memory they take at those who made them or hand them on,
// and that no bound is so small that a run stops.
#include <chrono>
#include <cstdint>
#include <lambdapack/exec/mpi/delays.hpp>
#include <thread>
#include <vector>

#include "ranks.hpp"

namespace flow_test {

namespace {

using test_mpi::numbers;
using test_mpi::positive;
using test_mpi::rank;
using test_mpi::ranks;
using test_mpi::same_bits;

constexpr std::int64_t side = 64;  // of a tile that is fetched, not sent along
constexpr std::int64_t bytes = 8 * side * side;
constexpr std::int64_t n = 40;

const auto make = lp::make_kernel("make", [](lp::out<double> x, std::int64_t k) {
  x.resize(side, side);
  for (std::int64_t j = 0; j < side; ++j)
    for (std::int64_t i = 0; i < side; ++i) x(i, j) = static_cast<double>(k + i * j);
});
const auto use =
    lp::make_kernel("use", [](lp::inout<double> c, lp::in<double> x, std::int64_t pause) {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause));
      c(0, 0) = 0.5 * c(0, 0) + x(side - 1, side - 1);
    });

/// Each value is used before the next is made.
void one_by_one(lp::InOut<double, 1> C, lp::Integer pause) {
  auto X = lp::temp<double, 1>("X");
  for (auto k : lp::range(n)) {
    X(k) = make(k);
    C(0) = use(C(0), X(k), pause);
  }
}

/// All are made before one is used.
void all_at_once(lp::InOut<double, 1> C, lp::Integer pause) {
  auto X = lp::temp<double, 1>("X");
  for (auto k : lp::range(n)) X(k) = make(k);
  for (auto k : lp::range(n)) C(0) = use(C(0), X(k), pause);
}

/// And the last is used first.
void backwards(lp::InOut<double, 1> C, lp::Integer pause) {
  auto X = lp::temp<double, 1>("X");
  for (auto k : lp::range(n)) X(k) = make(k);
  for (auto k : lp::range(n)) C(0) = use(C(0), X(n - 1 - k), pause);
}

/// Two ranks make for each other, each what it has not used yet.
void crosswise(lp::InOut<double, 1> C, lp::Integer pause) {
  auto X = lp::temp<double, 1>("X");
  auto Y = lp::temp<double, 1>("Y");
  for (auto k : lp::range(n)) {
    X(k) = make(k);
    Y(k) = make(k);
  }
  for (auto k : lp::range(n)) {
    C(0) = use(C(0), X(k), pause);
    C(1) = use(C(1), Y(n - 1 - k), pause);
  }
}

/// Every rank reads every value, and gets it along a tree.
void spread(lp::InOut<double, 1> C, lp::Integer pause, lp::Integer slow) {
  const auto on = lp::make_kernel("on", [](lp::inout<double> c, lp::in<double> x, std::int64_t r,
                                           std::int64_t late, std::int64_t time) {
    if (r == late) std::this_thread::sleep_for(std::chrono::milliseconds(time));
    c(0, 0) = 0.5 * c(0, 0) + x(side - 1, side - 1);
  });
  auto X = lp::temp<double, 1>("X");
  for (auto k : lp::range(n)) {
    X(k) = make(k);
    for (auto r : lp::range(C.extent(0))) C(r) = on(C(r), X(k), r, slow, pause);
  }
}

lp::TileArray<double> zeros(std::int64_t count) {
  lp::TileArray<double> C({count});
  for (std::int64_t k = 0; k < count; ++k) C(k) = lp::tile::Dense<double>::zeros(1, 1);
  return C;
}

/// Makes tiles on rank 0, and on rank 1 what has an odd line.
lp::mpi placed(std::int64_t room) {
  lp::mpi executor{.workers = 1, .buffer_bytes = 2 * (bytes + 64), .offer_bytes = room};
  executor.placement = [](const lp::Node& node) { return node.line % 2 % ranks(); };
  return executor;
}

template <class Program>
void check(const lp::mpi& executor, Program program, std::int64_t pause, std::int64_t count = 1) {
  auto C = zeros(count), expected = zeros(count);
  lp::run(lp::threads{1}, program, expected, std::int64_t{0});
  lp::run(executor, program, C, pause);
  for (std::int64_t k = 0; k < count; ++k)
    CHECK(std::as_const(C)(k)(0, 0) == std::as_const(expected)(k)(0, 0));
}

struct Seed {
  explicit Seed(std::uint64_t seed) { lp::exec::detail::Delays::seed() = seed; }
  ~Seed() { lp::exec::detail::Delays::seed() = 0; }
};

}  // namespace

TEST_CASE("a slow rank does not fill a fast one's memory") {
  for (const std::int64_t room : {std::int64_t{0}, 8 * bytes}) {
    std::vector<lp::exec::Report> reports;
    for (const auto program : {one_by_one, all_at_once}) {
      auto C = zeros(1), expected = zeros(1);
      lp::run(lp::threads{1}, program, expected, std::int64_t{0});
      reports.push_back(lp::run(placed(room), program, C, std::int64_t{3}));
      CHECK(std::as_const(C)(0)(0, 0) == std::as_const(expected)(0)(0, 0));
      // The room, the tile that overflows it, and that which is being made.
      if (ranks() > 1 && rank() == 0)
        CHECK(reports.back().peak_bytes <= std::max(room, bytes) + 4 * bytes);
    }
  }
}

TEST_CASE("a slow rank that hands values on is not filled either, nor who sends to it") {
  const auto at = [](const lp::Node& node) {
    return node.line == 0 ? 0 : static_cast<int>(node.indices[1]);
  };
  const std::int64_t room = 6 * bytes;
  for (int slow = 0; slow < ranks(); ++slow) {
    auto C = zeros(ranks()), expected = zeros(ranks());
    lp::run(lp::threads{1}, spread, expected, std::int64_t{0}, std::int64_t{ranks()});
    lp::mpi executor{.workers = 1, .buffer_bytes = room, .offer_bytes = room};
    executor.placement = at;
    const lp::exec::Report report =
        lp::run(executor, spread, C, std::int64_t{2}, std::int64_t{slow});
    for (int k = 0; k < ranks(); ++k)
      CHECK(std::as_const(C)(k)(0, 0) == std::as_const(expected)(k)(0, 0));
    // What is received, and what is on offer.
    if (ranks() > 1 && slow != 0) CHECK(report.peak_bytes <= 2 * room + 6 * bytes);
  }
}

TEST_CASE("tasks go on that others wait for, however little room there is") {
  for (const std::int64_t room : {std::int64_t{0}, 3 * bytes}) {
    check(placed(room), backwards, 0);
    auto executor = placed(room);
    executor.placement = [](const lp::Node& node) {
      return (node.line == 0 || node.line == 3 ? 0 : 1) % ranks();
    };
    check(executor, crosswise, 0, 2);
  }
}

TEST_CASE("algorithms on ranks that have no room for what others read") {
  const std::int64_t size = 150, tile = 25;  // more than 4 KiB each
  const auto A = positive(size, tile);
  auto L = A;
  lp::cholesky(L, lp::threads{1});
  const auto B = numbers(size, 100, tile);
  const auto flat = lp::qr(B, {.tree = lp::QrTree::flat}, lp::threads{1});
  const auto binary = lp::qr(B, {.tree = lp::QrTree::binary}, lp::threads{1});
  for (const std::uint64_t seed : {0UL, 1UL}) {
    const Seed delays(seed);
    const lp::mpi executor{.workers = 2, .buffer_bytes = 0, .offer_bytes = 0};
    auto mine = A;
    lp::cholesky(mine, executor);
    CHECK(same_bits(mine, L));
    CHECK(same_bits(lp::qr(B, {.tree = lp::QrTree::flat}, executor).tiles(), flat.tiles()));
    CHECK(same_bits(lp::qr(B, {.tree = lp::QrTree::binary}, executor).tiles(), binary.tiles()));
  }
}

}  // namespace flow_test
