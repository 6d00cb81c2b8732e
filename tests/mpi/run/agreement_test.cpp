// What ranks do not agree upon, and errors of one rank before a run or between runs, come on all.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ranks.hpp"
#include "support/user_store.hpp"

namespace agreement_test {

namespace {

using lp::DistributedMatrix;
using test_mpi::all_contain;
using test_mpi::failure_of;
using test_mpi::positive;
using test_mpi::rank;
using test_mpi::ranks;

constexpr std::int64_t n = 60, tile = 12;

/// Whether this is the last rank, and there are others.
bool is_odd_one() { return ranks() > 1 && rank() == ranks() - 1; }

void add_all(lp::In<double, 2> A, lp::InOut<double, 2> B) {
  const auto add =
      lp::make_kernel("add", [](lp::inout<double> b, lp::in<double> a) { b(0, 0) += a(0, 0); });
  for (auto i : lp::range(B.extent(0)))
    for (auto j : lp::range(B.extent(1))) B(i, j) = add(B(i, j), A(i, j));
}

/// A matrix in memory that says wrong things of where its tiles are.
struct Misplaced final : test_support::UserStore, lp::Distributed {
  Misplaced(std::shared_ptr<lp::tile::Store> of, lp::Distribution where)
      : UserStore(std::move(of)), places(std::move(where)) {}
  const lp::Distribution& distribution() const override { return places; }

  lp::Distribution places;
};

}  // namespace

TEST_CASE("ranks that run different things are told so") {
  if (ranks() == 1) return;
  const bool odd = is_odd_one();
  const auto fails = [](const std::string& words) { CHECK(all_contain(words, "do not agree on")); };
  auto A = positive(odd ? 2 * n : n, tile);
  fails(failure_of([&] { lp::cholesky(A, lp::mpi{}); }));
  auto other_last_tile = positive(odd ? n - 3 : n, tile);
  fails(failure_of([&] { lp::cholesky(other_last_tile, lp::mpi{}); }));
  auto other_tiles = positive(odd ? n / 2 : n, odd ? tile / 2 : tile);
  fails(failure_of([&] { lp::cholesky(other_tiles, lp::mpi{}); }));
  fails(failure_of([&] {
    auto B = positive(n, tile);
    lp::TiledMatrix<float> C(n, n, tile);
    if (odd)
      lp::cholesky(C, lp::mpi{});
    else
      lp::cholesky(B, lp::mpi{});
  }));
  fails(failure_of([&] {
    auto B = positive(n, tile);
    lp::cholesky(B,
                 lp::mpi{.grid = odd ? lp::ProcessGrid{ranks(), 1} : lp::ProcessGrid{1, ranks()}});
  }));
  fails(failure_of([&] {
    auto B = positive(n, tile), C = B;
    if (odd)
      lp::run(lp::mpi{}, add_all, B, C);
    else
      lp::cholesky(B, lp::mpi{});
  }));
  auto B = positive(n, tile);
  lp::cholesky(B, lp::mpi{});
}

TEST_CASE("an array that one rank cannot bind or begin with is an error on all") {
  // Too small a local array on one rank only.
  std::vector<double> local(static_cast<std::size_t>(n * n), 1.0);
  const int desc[9] = {1, 0, int(n), int(n), int(tile), int(tile), 0, 0, rank() == 0 ? 2 : int(n)};
  CHECK(all_contain(failure_of([&] {
                      lp::cholesky(
                          lp::scalapack(local.data(), desc, lp::ProcessGrid::of(ranks()), rank()),
                          lp::mpi{});
                    }),
                    "leading dimension"));
  // A file that is missing on one rank only.
  int who = static_cast<int>(::getpid());
  MPI_Bcast(&who, 1, MPI_INT, 0, MPI_COMM_WORLD);
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("lambdapack-mpi-bind-" + std::to_string(who)))
          .string();
  if (rank() == 0) {
    std::filesystem::create_directories(folder);
    lp::write_npy(folder + "/A.npy", positive(n, tile));
  }
  MPI_Barrier(MPI_COMM_WORLD);
  auto B = positive(n, tile);
  const std::string file = folder + (rank() == ranks() - 1 ? "/none.npy" : "/A.npy");
  CHECK(
      all_contain(failure_of([&] { lp::run(lp::mpi{}, add_all, lp::npy<double>(file, tile), B); }),
                  "none.npy"));
  std::vector<lp::exec::Report> reports;
  CHECK(all_contain(failure_of([&] {
                      lp::run(lp::noting(reports, lp::mpi{}), add_all, lp::npy<double>(file, tile),
                              B);
                    }),
                    "none.npy"));
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank() == 0) std::filesystem::remove_all(folder);
  lp::cholesky(B, lp::mpi{});
}

TEST_CASE("what one rank's call finds wrong with its arguments ends it on all") {
  int who = static_cast<int>(::getpid());
  MPI_Bcast(&who, 1, MPI_INT, 0, MPI_COMM_WORLD);
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("lambdapack-mpi-front-" + std::to_string(who)))
          .string();
  const auto A = positive(n, tile);
  if (rank() == 0) {
    std::filesystem::create_directories(folder);
    lp::write_npy(folder + "/A.npy", A);
    lp::write_zarr(folder + "/A.zarr", A);
    std::ofstream(folder + "/broken.npy") << "no header";
  }
  MPI_Barrier(MPI_COMM_WORLD);
  const bool last = rank() == ranks() - 1;
  const std::string broken = folder + (last ? "/broken.npy" : "/A.npy");
  const std::string none = folder + (last ? "/none.zarr" : "/A.zarr");
  auto B = A;
  const auto refused = [](const std::string& part, auto&& call) {
    const std::string words = failure_of(call);
    CAPTURE(words);
    CHECK(all_contain(words, part));
    if (rank() != ranks() - 1)
      CHECK(words.find("(on rank " + std::to_string(ranks() - 1) + ")") != std::string::npos);
  };
  refused("broken.npy", [&] { lp::cholesky(lp::npy<double>(broken, tile), lp::mpi{}); });
  refused("none.zarr", [&] { lp::cholesky(lp::zarr<double>(none), lp::mpi{}); });
  refused("none.zarr", [&] { lp::cholesky_solve(lp::zarr<double>(none), B, lp::mpi{}); });
  refused("broken.npy", [&] { lp::gemm(lp::npy<double>(broken, tile), A, B, {}, lp::mpi{}); });
  refused("none.zarr", [&] { lp::lu(lp::zarr<double>(none), lp::mpi{}); });
  refused("none.zarr", [&] { lp::qr(lp::zarr<double>(none), {}, lp::mpi{}); });
  refused("broken.npy", [&] { lp::singular_values(lp::npy<double>(broken, tile), lp::mpi{}); });
  refused("B must have as many rows", [&] {
    auto C = last ? positive(n - 1, tile) : A;
    lp::cholesky_solve(A, C, lp::mpi{});
  });
  // Only the last rank's matrix does not fit: the others have begun.
  const auto factored = positive(n, tile);
  auto fitting = last ? positive(n - 1, tile) : A;
  refused("square tiles", [&] {
    lp::lq(last ? lp::TiledMatrix<double>(n, n, tile, tile / 2) : factored, lp::mpi{});
  });
  const auto by_lq = lp::lq(factored, lp::mpi{});
  refused("apply_q: ", [&] { by_lq.apply_q(fitting, lp::Side::left, lp::mpi{}); });
  const auto by_rq = lp::rq(factored, lp::mpi{});
  refused("apply_q_adjoint", [&] { by_rq.apply_q_adjoint(fitting, lp::Side::left, lp::mpi{}); });
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank() == 0) std::filesystem::remove_all(folder);
  lp::cholesky(B, lp::mpi{});
}

TEST_CASE("a matrix on the ranks of another communicator is refused") {
  if (ranks() == 1) return;
  MPI_Comm reversed = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, 0, -rank(), &reversed);
  {
    DistributedMatrix<double> A(n, n, tile, reversed);
    A.fill([](std::int64_t i, std::int64_t j) { return i == j ? 4.0 : 0.0; });
    CHECK(all_contain(failure_of([&] { lp::cholesky(A, lp::mpi{}); }), "another communicator"));
    lp::cholesky(A, lp::mpi{.comm = A.comm()});
    A.gather();
  }
  MPI_Comm_free(&reversed);
}

TEST_CASE("a matrix that is spread over ranks is refused by executors of one process") {
  if (ranks() == 1) return;
  DistributedMatrix<double> A(n, n, tile);
  A.fill([](std::int64_t i, std::int64_t j) { return i == j ? 4.0 : 0.0; });
  CHECK(all_contain(failure_of([&] { lp::cholesky(A, lp::threads{1}); }), "is spread over proc"));
  CHECK(all_contain(failure_of([&] { lp::cholesky(A, lp::sequential{}); }), "run the program by"));
  lp::cholesky(A, lp::mpi{});
  const auto all = A.gather();
  if (rank() == 0) CHECK(all(n - 1, n - 1) == 2);
}

TEST_CASE("a store of one's own that gives tiles to nobody ends the run with its name") {
  for (const int nobody : {1000000000, -7}) {
    auto A = positive(n, tile), B = A;
    const auto wrong = std::make_shared<Misplaced>(
        A.store(2), lp::Distribution::by([nobody](lp::tile::Index) { return nobody; }));
    CHECK(all_contain(failure_of([&] {
                        lp::run(lp::mpi{.workers = 1}, add_all,
                                std::shared_ptr<lp::tile::Store>(wrong), B);
                      }),
                      "rank " + std::to_string(nobody)));
  }
  auto A = positive(n, tile), B = A, C = A;
  const auto everywhere = std::make_shared<Misplaced>(B.store(2), lp::Distribution::replicated());
  lp::run(lp::mpi{.workers = 1}, add_all, A, std::shared_ptr<lp::tile::Store>(everywhere));
  lp::run(lp::threads{1}, add_all, A, C);
  CHECK(test_mpi::same_bits(B, C));
}

TEST_CASE("scatter and gather do not meet the messages of their user") {
  if (ranks() == 1) return;
  DistributedMatrix<double> A(40, 40, 20);
  A.fill([](std::int64_t i, std::int64_t j) { return static_cast<double>(i * 100 + j); });
  double mine = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  if (rank() == 0) MPI_Irecv(&mine, 1, MPI_DOUBLE, MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, &request);
  MPI_Barrier(MPI_COMM_WORLD);
  const auto all = A.gather();
  A.scatter(all);
  if (is_odd_one()) {
    const double seven = 7;
    MPI_Send(&seven, 1, MPI_DOUBLE, 0, 0, MPI_COMM_WORLD);
  }
  if (rank() > 0) return;
  MPI_Wait(&request, MPI_STATUS_IGNORE);
  CHECK(mine == 7);
  bool same = true;
  for (std::int64_t j = 0; j < 40; ++j)
    for (std::int64_t i = 0; i < 40; ++i)
      same = same && all(i, j) == static_cast<double>(i * 100 + j);
  CHECK(same);
}

TEST_CASE("a matrix that a failed run has left incomplete is filled or scattered anew") {
  const auto A = positive(n, tile);
  auto expected = A;
  lp::cholesky(expected, lp::threads{1});
  for (const bool fills : {true, false}) {
    DistributedMatrix<double> L(n, n, tile);
    L.fill([](std::int64_t i, std::int64_t j) { return i == j && i == n / 2 ? -1.0 : i == j; });
    CHECK_THROWS_AS(lp::cholesky(L, lp::mpi{}), lp::factorization_error);
    CHECK(all_contain(failure_of([&] { L.gather(); }), "is incomplete"));
    if (fills)
      L.fill([&](std::int64_t i, std::int64_t j) { return A(i, j); });
    else
      L.scatter(rank() == ranks() - 1 ? A : lp::TiledMatrix<double>(), ranks() - 1);
    lp::cholesky(L, lp::mpi{});
    const auto all = L.gather();
    if (rank() == 0) CHECK(test_mpi::same_bits(all, expected));
  }
}

TEST_CASE("what a rank may not do while a run uses its matrix is an error on all") {
  DistributedMatrix<double> L(n, n, tile);
  L.fill([](std::int64_t i, std::int64_t j) { return i == j ? 4.0 : 0.0; });
  const lp::TiledMatrix<double> A(n, n, tile);
  {
    std::shared_ptr<lp::tile::Store> in_use;
    if (rank() == 0) in_use = L.store(2), in_use->begin(lp::tile::Use::update);
    CHECK(all_contain(failure_of([&] { L.scatter(A); }), "in use by a run"));
    CHECK(all_contain(failure_of([&] { L.gather(); }), "is being changed by a run"));
    if (in_use) in_use->commit();
  }
  lp::cholesky(L, lp::mpi{});
}

}  // namespace agreement_test
