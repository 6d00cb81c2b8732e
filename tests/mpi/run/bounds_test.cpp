// What a run may hold and send at once, and what goes wrong with what is sent.
#include <atomic>
#include <chrono>
#include <cstring>
#include <lambdapack/exec/mpi/parked_threads.hpp>
#include <lambdapack/exec/mpi/receivers.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "ranks.hpp"

namespace bounds_test {

namespace {

using test_mpi::all_contain;
using test_mpi::failure_of;
using test_mpi::rank;
using test_mpi::ranks;

/// Tasks by their lines on these ranks, or what there are.
lp::mpi placed(std::vector<int> by_line) {
  lp::mpi executor{.workers = 1};
  executor.placement = [by_line = std::move(by_line)](const lp::Node& node) {
    return by_line[static_cast<std::size_t>(node.line)] % ranks();
  };
  return executor;
}

lp::TileArray<double> zeros(std::int64_t count) {
  lp::TileArray<double> C({count});
  for (std::int64_t k = 0; k < count; ++k) C(k) = lp::tile::Dense<double>::zeros(1, 1);
  return C;
}

/// n tiles of side x side, which are made at once and used one by one, after another value.
void sum(lp::InOut<double, 1> C, lp::Integer n, lp::Integer side, lp::Integer bad) {
  const auto slow = lp::make_kernel("slow", [](lp::out<double> y) {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    y.resize(1, 1);
    y(0, 0) = 1;
  });
  const auto first =
      lp::make_kernel("first", [](lp::inout<double> c, lp::in<double> y) { c(0, 0) += y(0, 0); });
  const auto make = lp::make_kernel("make", [](lp::out<double> x, std::int64_t k, std::int64_t m) {
    x.resize(m, m);
    for (std::int64_t j = 0; j < m; ++j)
      for (std::int64_t i = 0; i < m; ++i) x(i, j) = static_cast<double>(k);
  });
  const auto use = lp::make_kernel(
      "use", [](lp::inout<double> c, lp::in<double> x, std::int64_t k, std::int64_t worst) {
        if (k == worst) throw std::runtime_error("no use");
        c(0, 0) += x(0, 0);
      });
  auto X = lp::temp<double, 1>("X");
  auto Y = lp::temp<double, 0>("Y");
  Y() = slow();                                                // line 0
  C(0) = first(C(0), Y());                                     // line 1
  for (auto k : lp::range(n)) X(k) = make(k, side);            // line 2
  for (auto k : lp::range(n)) C(0) = use(C(0), X(k), k, bad);  // line 3
}

/// A payload that cannot be written, or read, if it is so many numbers.
struct Fragile {
  std::vector<double> x;
  static std::string type_name() { return "fragile"; }
  std::size_t byte_size() const { return x.size() * sizeof(double); }
  void write_bytes(std::span<std::byte> out) const {
    if (x.size() % 2 != 0) throw lp::input_error("it breaks when it is packed");
    if (!x.empty()) std::memcpy(out.data(), x.data(), byte_size());
  }
  static Fragile read_bytes(std::span<const std::byte>) {
    throw lp::input_error("it broke on its way");
  }
};

void carry(lp::InOut<double, 1> C, lp::Integer size) {
  const auto make = lp::make_kernel(
      "make", [](lp::out<Fragile> x, std::int64_t s) { x->x.resize(static_cast<std::size_t>(s)); });
  const auto use = lp::make_kernel("use", [](lp::inout<double> c, lp::in<Fragile> x) {
    c(0, 0) += static_cast<double>(x->x.size());
  });
  auto X = lp::temp<Fragile, 0>("X");
  X() = make(size);
  C(0) = use(C(0), X());
}

/// One value for all ranks.
void spread(lp::InOut<double, 1> C, lp::Integer n) {
  const auto make = lp::make_kernel("make", [](lp::out<double> x) {
    x.resize(40, 40);
    x(0, 0) = 3;
  });
  const auto use =
      lp::make_kernel("use", [](lp::inout<double> c, lp::in<double> x) { c(0, 0) += x(0, 0); });
  auto V = lp::temp<double, 0>("V");
  V() = make();
  for (auto k : lp::range(n)) C(k) = use(C(k), V());
}

/// Many small tasks that wait for one another, and read tiles of all ranks.
void eliminate(lp::InOut<double, 2> A) {
  const auto pivot = lp::make_kernel("pivot", [](lp::inout<double> a) { a(0, 0) += 1; });
  const auto update =
      lp::make_kernel("update", [](lp::inout<double> a, lp::in<double> l, lp::in<double> u) {
        a(0, 0) += l(0, 0) * u(0, 0) * 0.001;
      });
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = pivot(A(k, k));
    for (auto i : lp::range(k + 1, n))
      for (auto j : lp::range(k + 1, n)) A(i, j) = update(A(i, j), A(i, k), A(k, j));
  }
}

void add_all(lp::In<double, 2> A, lp::InOut<double, 2> B) {
  const auto add =
      lp::make_kernel("add", [](lp::inout<double> b, lp::in<double> a) { b(0, 0) += a(0, 0); });
  for (auto i : lp::range(B.extent(0)))
    for (auto j : lp::range(B.extent(1))) B(i, j) = add(B(i, j), A(i, j));
}

constexpr std::int64_t never = 1000000;

}  // namespace

TEST_CASE("a rank that stands still holds little more than it has room for") {
  const std::int64_t n = 40, side = 32, bytes = 16 + 8 * side * side;
  for (const std::int64_t room : {std::int64_t{0}, 3 * bytes}) {
    auto C = zeros(1);
    lp::exec::MpiTraffic sent;
    lp::mpi executor = placed({2, 1, 0, 1});
    executor.buffer_bytes = room;
    executor.on_traffic = [&](const lp::exec::MpiTraffic& t) { sent = t; };
    lp::run(executor, sum, C, n, side, never);
    CHECK(std::as_const(C)(0)(0, 0) == 1 + static_cast<double>(n * (n - 1) / 2));
    // What one task reads, beyond the room, and a small value.
    CHECK(sent.most_held_bytes <= room + bytes + 64);
  }
}

TEST_CASE("what a fast rank has on its way is in its report") {
  if (ranks() == 1) return;
  const std::int64_t n = 40, side = 32, bytes = 8 * side * side;
  auto C = zeros(1);
  lp::mpi executor = placed({2, 1, 0, 1});
  executor.buffer_bytes = 0;
  const lp::exec::Report report = lp::run(executor, sum, C, n, side, never);
  // Rank 1 waits for what comes first, so rank 0 makes tiles that nobody fetches.
  if (rank() == 0) CHECK(report.peak_bytes >= 2 * bytes);
}

TEST_CASE("a value that a rank hands on is not held up by its room") {
  auto C = zeros(ranks());
  lp::mpi executor{.workers = 1, .buffer_bytes = 0};
  executor.placement = [](const lp::Node& node) {
    return node.line == 0 ? 0 : static_cast<int>(node.indices[0]);
  };
  lp::run(executor, spread, C, std::int64_t{ranks()});
  for (int k = 0; k < ranks(); ++k) CHECK(std::as_const(C)(k)(0, 0) == 3);
  lp::exec::distributed::Receivers all;
  for (int k = 0; k < 8; ++k) all.ranks.push_back(k);
  CHECK(all.hands_on(0));
  CHECK(all.hands_on(1));
  CHECK_FALSE(all.hands_on(7));
}

TEST_CASE("a run that fails leaves behind what nobody has fetched") {
  const std::int64_t n = 30, side = 200;
  auto C = zeros(1);
  lp::mpi executor = placed({2, 1, 0, 1});
  executor.buffer_bytes = 0;
  CHECK(all_contain(failure_of([&] { lp::run(executor, sum, C, n, side, std::int64_t{2}); }),
                    "no use"));
  auto D = zeros(1);
  lp::run(executor, sum, D, std::int64_t{5}, side, never);
  CHECK(std::as_const(D)(0)(0, 0) == 11);
}

TEST_CASE("records for one rank are cut into packets") {
  // 600 values of 3 KiB, which are all there before the other rank reads one.
  const std::int64_t n = 600, side = 19;
  auto C = zeros(1);
  lp::exec::MpiTraffic sent;
  lp::mpi executor = placed({2, 1, 0, 1});
  executor.on_traffic = [&](const lp::exec::MpiTraffic& t) { sent = t; };
  lp::run(executor, sum, C, n, side, never);
  CHECK(std::as_const(C)(0)(0, 0) == 1 + static_cast<double>(n * (n - 1) / 2));
  if (ranks() > 1 && rank() == 0) CHECK(sent.packets_sent >= n * 8 * side * side / (80 << 10));
}

TEST_CASE("a payload that cannot be written or read ends the run with its task") {
  if (ranks() == 1) return;
  for (const std::int64_t size : {10, 11, 1000, 1001}) {
    auto C = zeros(1);
    const std::string words = failure_of([&] { lp::run(placed({0, 1}), carry, C, size); });
    CHECK(all_contain(words, "make"));
    CHECK(all_contain(words,
                      size % 2 != 0 ? "cannot be sent on rank 0" : "cannot be read on rank 1"));
    CHECK(all_contain(words, size % 2 != 0 ? "packed" : "broke on its way"));
  }
}

TEST_CASE("threads that never hear of a beginning are joined") {
  std::atomic<int> ran{0};
  {
    lp::exec::detail::ParkedThreads threads;
    for (int k = 0; k < 3; ++k) threads.add([&] { ++ran; });
  }
  CHECK(ran == 0);
  {
    lp::exec::detail::ParkedThreads threads;
    for (int k = 0; k < 3; ++k) threads.add([&] { ++ran; });
    threads.go();
  }
  CHECK(ran == 3);
}

TEST_CASE("many small tiles on several ranks") {
  const std::int64_t n =
      36;  // 36^3 numbers of tasks: more than one rank of several keeps in arrays
  lp::TiledMatrix<double> A(n, n, 1), expected(n, n, 1);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i)
      A(i, j) = expected(i, j) = static_cast<double>((i * 7 + j * 3) % 11);
  lp::run(lp::threads{1}, eliminate, expected);
  lp::run(lp::mpi{.workers = 1}, eliminate, A);
  CHECK(test_mpi::same_bits(A, expected));
}

TEST_CASE("copies of a local array of ScaLAPACK are as few as received values") {
  const std::int64_t n = 256, nb = 32;
  const lp::ProcessGrid grid{1, ranks()};
  const std::int64_t local = (n / nb + ranks() - 1) / ranks() * nb;
  std::vector<double> a(static_cast<std::size_t>(n * local), 1), b(a.size(), 1);
  const int da[9] = {1, 0, int(n), int(n), int(nb), int(nb), 0, 0, int(n)};
  const int db[9] = {1, 0, int(n), int(n), int(nb), int(nb), 0, ranks() > 1 ? 1 : 0, int(n)};
  const std::int64_t bytes = 16 + 8 * nb * nb;
  const lp::exec::Report report =
      lp::run(lp::mpi{.workers = 1, .buffer_bytes = 2 * bytes}, add_all,
              lp::scalapack(a.data(), da, grid, rank()), lp::scalapack(b.data(), db, grid, rank()));
  CHECK(report.tasks > 0);
  for (std::int64_t j = 0; j < local; j += nb)
    if (j / nb * ranks() + (rank() - db[7] + ranks()) % ranks() < n / nb)
      CHECK(b[static_cast<std::size_t>(j * n)] == 2);
}

}  // namespace bounds_test
