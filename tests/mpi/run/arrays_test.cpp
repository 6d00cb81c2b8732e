// Arrays of which each rank has its tiles.
#include <array>
#include <filesystem>
#include <string>

#include "ranks.hpp"

namespace arrays_test {

namespace {

using lp::DistributedMatrix;
using lp::Distribution;
using test_mpi::numbers;
using test_mpi::positive;
using test_mpi::same_bits;

constexpr std::int64_t tile = 8;
const lp::threads reference{1};

/// Distributions of a matrix over all ranks, of every kind.
std::vector<Distribution> distributions() {
  const int n = test_mpi::ranks();
  std::vector<Distribution> all{Distribution::cyclic(n), Distribution::cyclic(n, 1, 2),
                                Distribution::on(n - 1), Distribution::by([n](lp::tile::Index i) {
                                  return static_cast<int>((i[0] * 5 + i[1] * 3) % n);
                                })};
  for (const lp::ProcessGrid grid : test_mpi::grids()) {
    all.push_back(Distribution::block_cyclic(grid));
    all.push_back(Distribution::block_cyclic(
        grid, {.row_block = 2, .first_row = grid.rows - 1, .first_col = grid.cols / 2}));
  }
  return all;
}

DistributedMatrix<double> spread(const lp::TiledMatrix<double>& a, const Distribution& d) {
  DistributedMatrix<double> all(a.rows(), a.cols(), a.tile_rows(), a.tile_cols(), d);
  all.fill([&](std::int64_t i, std::int64_t j) { return a(i, j); });
  return all;
}

/// The same on every rank: what rank 0 gathers.
bool gathers(const DistributedMatrix<double>& a, const lp::TiledMatrix<double>& expected) {
  const lp::TiledMatrix<double> all = a.gather();
  return test_mpi::rank() > 0 || same_bits(all, expected);
}

}  // namespace

TEST_CASE("a matrix is scattered and gathered") {
  const auto A = numbers(37, 50, tile);
  for (const Distribution& d : distributions()) {
    DistributedMatrix<double> B(37, 50, tile, tile, d);
    for (const int root : {0, test_mpi::ranks() - 1}) {
      B.scatter(test_mpi::rank() == root ? A : lp::TiledMatrix<double>(), root);
      for (const auto& [i, j] : B.own_tiles())
        CHECK(same_bits(std::as_const(B).tile(i, j), A.tile(i, j)));
      CHECK(gathers(B, A));
    }
  }
  DistributedMatrix<double> other(37, 51, tile);
  CHECK_THROWS_WITH(other.scatter(A), Catch::Contains("cut it alike"));
}

TEST_CASE("a rank has only its tiles") {
  DistributedMatrix<double> A(50, 50, tile);
  std::int64_t tiles = static_cast<std::int64_t>(A.own_tiles().size()), all = 0;
  MPI_Allreduce(&tiles, &all, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
  CHECK(all == 49);
  if (test_mpi::ranks() > 1) {
    const int owner = A.distribution().owner(std::vector<std::int64_t>{0, 0});
    if (owner != test_mpi::rank())
      CHECK_THROWS_WITH(A.tile(0, 0), Catch::Contains("is not on rank"));
  }
  CHECK_THROWS_WITH(DistributedMatrix<double>(9, 9, 3, 3, Distribution::cyclic(99)),
                    Catch::Contains("99"));
  CHECK_THROWS_WITH(DistributedMatrix<double>(9, 9, 3, 3, Distribution::replicated()),
                    Catch::Contains("TiledMatrix"));
  CHECK_THROWS_WITH(
      DistributedMatrix<double>(9, 9, 3, 3, Distribution::by([](lp::tile::Index) { return 50; })),
      Catch::Contains("rank 50"));
}

TEST_CASE("cholesky of distributed matrices") {
  for (const std::int64_t n : {5, 61}) {
    const auto A = positive(n, tile);
    auto expected = A;
    lp::cholesky(expected, reference);
    for (const Distribution& d : distributions()) {
      auto L = spread(A, d);
      lp::cholesky(L, lp::mpi{.workers = 2});
      CHECK(gathers(L, expected));
    }
  }
}

TEST_CASE("gemm of matrices that are distributed in different ways") {
  const auto A = numbers(45, 30, tile), B = numbers(30, 52, tile, 2), C = numbers(45, 52, tile, 3);
  auto expected = C;
  lp::gemm(A, B, expected, {.beta = 2}, reference);
  const std::vector<Distribution> all = distributions();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto a = spread(A, all[k]), b = spread(B, all[(k + 1) % all.size()]);
    auto c = spread(C, all[(k + 2) % all.size()]);
    lp::gemm(a, b, c, {.beta = 2}, lp::mpi{.workers = 1});
    CHECK(gathers(c, expected));
    CHECK(gathers(a, A));
  }
}

TEST_CASE("tasks that run elsewhere than their tiles live") {
  const auto A = positive(61, tile);
  auto expected = A;
  lp::cholesky(expected, reference);
  const int n = test_mpi::ranks();
  for (const Distribution& d : distributions()) {
    auto L = spread(A, d);
    lp::cholesky(L, lp::mpi{.workers = 1, .placement = [n](const lp::Node& node) {
                              return static_cast<int>((node.line + node.indices[0]) % n);
                            }});
    CHECK(gathers(L, expected));
  }
}

TEST_CASE("lu of a distributed matrix") {
  const auto A = numbers(50, 50, tile);
  auto expected = A;
  const lp::Lu lu = lp::lu(expected, reference);
  for (const Distribution& d : distributions()) {
    auto LU = spread(A, d);
    CHECK(lp::lu(LU, lp::mpi{}).pivots == lu.pivots);
    CHECK(gathers(LU, expected));
  }
}

TEST_CASE("qr_flat of distributed matrices") {
  const auto A = numbers(50, 35, tile);
  auto R = A;
  lp::TileArray<double> F({7, 5});
  lp::run(reference, lp::algorithm::qr_flat<double>, R, F);
  for (const Distribution& d : distributions()) {
    auto mine = spread(A, d);
    lp::TileArray<double> factors({7, 5});
    lp::run(lp::mpi{}, lp::algorithm::qr_flat<double>, mine, factors);
    CHECK(gathers(mine, R));
    for (std::int64_t i = 0; i < 7; ++i)
      for (std::int64_t j = 0; j < 5; ++j)
        CHECK(same_bits(std::as_const(factors)(i, j), std::as_const(F)(i, j)));
  }
}

TEST_CASE("qr of a distributed matrix in one call") {
  const auto A = numbers(50, 35, tile), C = numbers(50, 9, tile, 2);
  const auto expected = lp::qr(A, {.tree = lp::QrTree::flat}, reference);
  auto QC = C;
  expected.apply_q_adjoint(QC, lp::Side::left, reference);
  for (const Distribution& d : distributions()) {
    const auto f = lp::qr(spread(A, d), {.tree = lp::QrTree::flat}, lp::mpi{});
    CHECK(gathers(f.tiles(), expected.tiles()));
    CHECK(gathers(f.r(), expected.r()));
    CHECK(gathers(lp::form_q(f, lp::mpi{}), lp::form_q(expected, reference)));
    auto mine = spread(C, d);
    f.apply_q_adjoint(mine, lp::Side::left, lp::mpi{});
    CHECK(gathers(mine, QC));
  }
}

TEST_CASE("qr of a distributed matrix by trees, and of a column of tiles", "[slow]") {
  const Distribution rows = Distribution::cyclic(test_mpi::ranks());
  for (const auto& [m, n] : {std::array{50, 20}, std::array{61, 8}, std::array{61, 5}}) {
    const auto A = numbers(m, n, tile);
    const lp::QrOptions options{.tree = lp::QrTree::flat_trees, .domain = 2};
    const auto expected = lp::qr(A, options, reference);
    const auto f = lp::qr(spread(A, rows), options, lp::mpi{.workers = 1});
    CHECK(gathers(f.r(), expected.r()));
    CHECK(gathers(f.form_q(lp::mpi{.workers = 1}), expected.form_q(reference)));
  }
}

TEST_CASE("a column of tiles is an array of rank 1") {
  const auto A = numbers(100, 6, 10, 3);
  const auto expected = lp::tsqr(A, {.domain = 2}, reference);
  auto B = spread(lp::TiledMatrix<double>::from(A.to_dense().data(), 100, 6, 100, 10, 10),
                  Distribution::cyclic(test_mpi::ranks()));
  lp::TileArray<double> F({10});
  lp::run(lp::mpi{}, lp::algorithm::tsqr<double>, B, F, std::int64_t{2});
  CHECK(gathers(B, expected.tiles()));
}

TEST_CASE("a program without tasks, and one of a single tile") {
  DistributedMatrix<double> none(0, 0, tile), one(1, 1, tile);
  one.fill([](std::int64_t, std::int64_t) { return 4.0; });
  CHECK(lp::cholesky(none, lp::mpi{}).tasks == 0);
  lp::cholesky(one, lp::mpi{});
  if (one.owns(0, 0)) CHECK(one.tile(0, 0)(0, 0) == 2.0);
}

TEST_CASE("ScaLAPACK's local arrays are factored where they are") {
  const std::int64_t n = 61;
  const auto A = positive(n, tile);
  auto expected = A;
  lp::cholesky(expected, reference);
  for (const lp::ProcessGrid grid : test_mpi::grids())
    for (const int first : {0, 1}) {
      const int p = grid.rows, q = grid.cols, row = test_mpi::rank() / q,
                col = test_mpi::rank() % q;
      const int rsrc = first % p, csrc = first % q;
      // As numroc and pdelset would: element (i, j) is on process ((i / nb + rsrc) mod p, ...).
      const auto mine = [&](std::int64_t i, std::int64_t j) {
        return (i / tile + rsrc) % p == row && (j / tile + csrc) % q == col;
      };
      const std::int64_t ld = (n / tile / p + 1) * tile + 3;
      std::vector<double> local(static_cast<std::size_t>(ld * ((n / tile / q + 1) * tile)), -7);
      const auto place = [&](std::int64_t i, std::int64_t j) -> double& {
        return local[static_cast<std::size_t>(i / tile / p * tile + i % tile +
                                              (j / tile / q * tile + j % tile) * ld)];
      };
      for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t i = 0; i < n; ++i)
          if (mine(i, j)) place(i, j) = A(i, j);
      const int desc[9] = {1, 0, int(n), int(n), int(tile), int(tile), rsrc, csrc, int(ld)};
      lp::cholesky(lp::scalapack(local.data(), desc, grid, test_mpi::rank()), lp::mpi{});
      bool same = true;
      for (std::int64_t j = 0; j < n; ++j)
        for (std::int64_t i = 0; i < n; ++i)
          same = same && (!mine(i, j) || place(i, j) == expected(i, j));
      CHECK(same);
      CHECK(local[static_cast<std::size_t>(ld - 1)] == -7);
    }
  const int wrong[9] = {1, 0, 40, 40, 8, 8, 0, 0, 2};
  double nothing = 0;
  CHECK_THROWS_WITH(lp::cholesky(lp::scalapack(&nothing, wrong, {1, 1}, 0), lp::mpi{}),
                    Catch::Contains("leading dimension"));
}

TEST_CASE("all ranks read and write a Zarr array") {
  const auto A = positive(61, tile);
  auto expected = A;
  lp::cholesky(expected, reference);
  int who = 0;
  if (test_mpi::rank() == 0) who = static_cast<int>(::getpid());
  MPI_Bcast(&who, 1, MPI_INT, 0, MPI_COMM_WORLD);
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("lambdapack-mpi-" + std::to_string(who))).string();
  if (test_mpi::rank() == 0) {
    std::filesystem::create_directories(folder);
    lp::write_zarr(folder + "/A.zarr", A);
    lp::write_npy(folder + "/A.npy", A);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  lp::cholesky(lp::zarr<double>(folder + "/A.zarr"), lp::mpi{});
  CHECK(same_bits(lp::read_zarr<double>(folder + "/A.zarr"), expected));
  MPI_Barrier(MPI_COMM_WORLD);
  lp::gemm(A, A, lp::zarr<double>(folder + "/C.zarr", 61, 61, tile), {}, lp::mpi{});
  auto product = numbers(61, 61, tile);
  lp::gemm(A, A, product, {}, reference);
  CHECK(same_bits(lp::read_zarr<double>(folder + "/C.zarr"), product));
  MPI_Barrier(MPI_COMM_WORLD);
  lp::cholesky(lp::npy<double>(folder + "/A.npy", tile), lp::mpi{});
  CHECK(same_bits(lp::read_npy<double>(folder + "/A.npy", tile), expected));
  MPI_Barrier(MPI_COMM_WORLD);
  CHECK_THROWS_AS(lp::cholesky(lp::zarr<double>(folder + "/none.zarr"), lp::mpi{}),
                  lp::input_error);
  if (test_mpi::rank() == 0) std::filesystem::remove_all(folder);
}

}  // namespace arrays_test
