// The code of docs/mpi.md.
#include <cmath>
#include <iostream>
#include <sstream>

#include "ranks.hpp"

namespace docs_test {

namespace {

double element(std::int64_t i, std::int64_t j) {
  return std::exp(-std::abs(static_cast<double>(i - j)) / 20) + (i == j ? 0.5 : 0);
}

lp::TiledMatrix<double> covariance(std::int64_t n, std::int64_t tile) {
  lp::TiledMatrix<double> a(n, n, tile);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) a(i, j) = element(i, j);
  return a;
}

}  // namespace

TEST_CASE("the document on MPI: from threads to ranks") {
  // clang-format off
  lp::TiledMatrix<double> A = covariance(400, 32);  // the same on every rank
  lp::cholesky(A, lp::mpi{});                       // the whole result on every rank
  // clang-format on
  const auto use = [&](const lp::tile::Dense<double>& tile) { CHECK(tile.rows() > 0); };
  // clang-format off
  lp::DistributedMatrix<double> L(400, 400, 32);      // this rank's tiles of 400 x 400 elements
  L.fill([](std::int64_t i, std::int64_t j) { return element(i, j); });
  lp::cholesky(L, lp::mpi{});
  for (const auto& [i, j] : L.own_tiles()) use(L.tile(i, j));
  // clang-format on
  for (const auto& [i, j] : L.own_tiles())
    CHECK(test_mpi::same_bits(std::as_const(L).tile(i, j), std::as_const(A).tile(i, j)));
}

TEST_CASE("the document on MPI: distributions") {
  const int ranks = test_mpi::ranks();
  // clang-format off
  const auto grid = lp::ProcessGrid::of(ranks);               // as square as can be, or {p, q}
  lp::Distribution::block_cyclic(grid);                       // 2D block-cyclic, a tile a block
  lp::Distribution::block_cyclic(grid, {.row_block = 2, .first_col = grid.cols - 1});
  lp::Distribution::cyclic(ranks, 1);                         // columns of tiles in turn
  lp::Distribution::on(0);                                    // all on one rank
  lp::Distribution::by([ranks](lp::tile::Index tile) { return int(tile[0] / 3) % ranks; });
  // clang-format on
  // clang-format off
  lp::mpi executor;
  executor.distributions = {{"panel", lp::Distribution::cyclic(ranks)}};  // of arrays, by their names
  executor.placement = [ranks](const lp::Node& task) { return int(task.indices[0]) % ranks; };
  // clang-format on
  auto A = test_mpi::numbers(70, 70, 16), expected = A;
  lp::lu(A, executor);
  lp::lu(expected);
  CHECK(test_mpi::same_bits(A, expected));
}

TEST_CASE("the document on MPI: ScaLAPACK's arrays, and what is sent") {
  const auto grid = lp::ProcessGrid::of(test_mpi::ranks());
  const int rank = test_mpi::rank(), context = 0, n = 50, nb = 50, lld = 50;
  std::vector<double> local(static_cast<std::size_t>(n * n));
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) local[static_cast<std::size_t>(i + j * n)] = element(i, j);
  // clang-format off
  int desc[9] = {1, context, n, n, nb, nb, 0, 0, lld};   // as descinit_ makes it
  lp::cholesky(lp::scalapack(local.data(), desc, grid, rank), lp::mpi{.grid = grid});
  // clang-format on
  if (rank == 0) CHECK(local[0] == std::sqrt(element(0, 0)));

  lp::DistributedMatrix<double> L2(400, 400, 32);
  L2.fill(element);
  std::ostringstream text;
  std::streambuf* const out = std::cout.rdbuf(text.rdbuf());
  // clang-format off
  lp::exec::MpiTraffic sent;
  lp::cholesky(L2, lp::mpi{.on_traffic = [&](const lp::exec::MpiTraffic& t) { sent = t; }});
  std::cout << sent.sent.values_sent << " tiles, " << sent.sent.bytes_sent << " bytes\n";
  // clang-format on
  std::cout.rdbuf(out);
  CHECK(text.str().find(" tiles, ") != std::string::npos);
}

}  // namespace docs_test
