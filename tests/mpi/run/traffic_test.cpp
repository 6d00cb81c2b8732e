// What ranks send is what the graph and the distributions predict: each value once to each rank
// that needs it. And what comes late or finds no room changes nothing.
#include <lambdapack/exec/mpi/delays.hpp>
#include <lambdapack/exec/mpi/together.hpp>

#include "ranks.hpp"

namespace traffic_test {

namespace {

using namespace lp::exec::distributed;
using lp::DistributedMatrix;
using lp::Distribution;
using test_mpi::numbers;
using test_mpi::positive;
using test_mpi::same_bits;

constexpr std::int64_t n = 150, tile = 24;  // tiles of 4608 bytes: too large for a packet
const lp::threads reference{1};

std::int64_t bytes_of(const std::vector<std::int64_t>& indices) {
  std::int64_t size = 8;
  for (const std::int64_t i : indices) size *= std::min(tile, n - i * tile);
  return 16 + size;
}

/// The prediction for this rank, by the job's arrays.
RankTraffic predicted(const lp::exec::Job& job, lp::ProcessGrid grid) {
  const Placement placement(*job.program, job.graph, lp::exec::detail::places_of(job, grid, {}),
                            test_mpi::ranks());
  std::vector<std::vector<std::int64_t>> extents;
  for (const auto& array : job.arrays)
    extents.push_back(array ? array->extents() : std::vector<std::int64_t>());
  const auto all = predict_traffic(job.graph, placement, extents, [](const lp::TileName& t) {
    return bytes_of({t.indices.begin(), t.indices.end()});
  });
  return all[static_cast<std::size_t>(test_mpi::rank())];
}

void check_equal(const RankTraffic& a, const RankTraffic& b) {
  CHECK(a.tasks == b.tasks);
  CHECK(a.values_sent == b.values_sent);
  CHECK(a.bytes_sent == b.bytes_sent);
  CHECK(a.values_received == b.values_received);
  CHECK(a.bytes_received == b.bytes_received);
}

/// For tests of one seed after the other.
struct Seed {
  explicit Seed(std::uint64_t seed) { lp::exec::detail::Delays::seed() = seed; }
  ~Seed() { lp::exec::detail::Delays::seed() = 0; }
};

}  // namespace

TEST_CASE("what Cholesky sends is what was predicted") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  for (const lp::ProcessGrid grid : test_mpi::grids()) {
    DistributedMatrix<double> A(n, n, tile, tile, Distribution::block_cyclic(grid));
    A.fill([](std::int64_t i, std::int64_t j) { return i == j ? 1000.0 : 1.0; });
    lp::exec::MpiTraffic sent;
    lp::cholesky(A, lp::mpi{.on_traffic = [&](const auto& t) { sent = t; }});
    check_equal(sent.sent, predicted(program.job({A.store(2)}, {}), grid));
  }
}

TEST_CASE("what gemm sends is what was predicted") {
  const lp::Compiled program =
      lp::compile(lp::algorithm::multiply<double>, lp::kernel::Gemm<double>{});
  for (const lp::ProcessGrid grid : test_mpi::grids()) {
    const Distribution d = Distribution::block_cyclic(grid),
                       by_column = Distribution::cyclic(test_mpi::ranks(), 1);
    DistributedMatrix<double> A(n, n, tile, tile, d), B(n, n, tile, tile, by_column),
        C(n, n, tile, tile, d);
    lp::exec::MpiTraffic sent;
    lp::gemm(A, B, C, {}, lp::mpi{.on_traffic = [&](const auto& t) { sent = t; }});
    check_equal(sent.sent, predicted(program.job({A.store(2), B.store(2), C.store(2)}, {}), grid));
  }
}

TEST_CASE("whole matrices on each rank are sent only as they change") {
  const lp::Compiled program = lp::compile(lp::algorithm::cholesky<double>);
  auto A = positive(n, tile);
  const RankTraffic expected =
      predicted(program.job({A.store(2)}, {}), lp::ProcessGrid::of(test_mpi::ranks()));
  lp::exec::MpiTraffic sent;
  lp::cholesky(A, lp::mpi{.on_traffic = [&](const auto& t) { sent = t; }});
  check_equal(sent.sent, expected);
}

TEST_CASE("small values travel together") {
  if (test_mpi::ranks() == 1) return;
  DistributedMatrix<double> A(120, 120, 4), B(120, 120, 4), C(120, 120, 4);
  lp::exec::MpiTraffic sent;
  lp::gemm(A, B, C, {}, lp::mpi{.on_traffic = [&](const auto& t) { sent = t; }});
  CHECK(sent.packets_sent < sent.sent.values_sent);
}

TEST_CASE("messages that come late change nothing") {
  const auto A = positive(n, tile);
  auto expected = A;
  lp::cholesky(expected, reference);
  const auto B = numbers(n, 100, tile);
  const auto qr = lp::qr(B, {.tree = lp::QrTree::flat}, reference);
  for (const std::uint64_t seed : {1UL, 2UL, 3UL, 4UL}) {
    const Seed delays(seed);
    DistributedMatrix<double> L(n, n, tile);
    L.fill([&](std::int64_t i, std::int64_t j) { return A(i, j); });
    lp::cholesky(L, lp::mpi{.workers = 2});
    const auto all = L.gather();
    if (test_mpi::rank() == 0) CHECK(same_bits(all, expected));
    CHECK(same_bits(lp::qr(B, {.tree = lp::QrTree::flat}, lp::mpi{.workers = 2}).tiles(),
                    qr.tiles()));
  }
}

TEST_CASE("a rank without room for received values fetches one at a time") {
  const auto A = numbers(n, n, tile), B = numbers(n, n, tile, 2);
  auto expected = A;
  lp::gemm(A, B, expected, {}, reference);
  for (const std::int64_t room : {std::int64_t{0}, 3 * bytes_of({0, 0})}) {
    DistributedMatrix<double> a(n, n, tile), b(n, n, tile), c(n, n, tile);
    a.fill([&](std::int64_t i, std::int64_t j) { return A(i, j); });
    b.fill([&](std::int64_t i, std::int64_t j) { return B(i, j); });
    lp::exec::MpiTraffic sent;
    lp::gemm(a, b, c, {},
             lp::mpi{.workers = 1, .buffer_bytes = room, .on_traffic = [&](const auto& t) {
                       sent = t;
                     }});
    const auto all = c.gather();
    if (test_mpi::rank() == 0) CHECK(same_bits(all, expected));
    CHECK(sent.most_held_bytes <= sent.sent.bytes_received);
  }
}

TEST_CASE("runs follow each other, and two at once do not meet") {
  const auto A = positive(n, tile), B = positive(n, tile, 9);
  auto a = A, b = B, expected_a = A, expected_b = B;
  lp::cholesky(expected_a, reference);
  lp::cholesky(expected_b, reference);
  int level = 0;
  MPI_Query_thread(&level);
  auto first = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, a);
  auto second = lp::start(lp::mpi{.workers = 1}, lp::algorithm::cholesky<double>, b);
  first.wait();
  second.wait();
  CHECK(same_bits(a, expected_a));
  CHECK(same_bits(b, expected_b));
}

}  // namespace traffic_test
