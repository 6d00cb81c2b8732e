// Runs that go on from the tiles of a Zarr array that an earlier one has saved, on other ranks.
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "ranks.hpp"

namespace resume_test {

namespace {

std::atomic<bool> breaks{false};

/// Running sums down the columns of tiles; the last but one row fails as long as `breaks`.
void sums(lp::In<double, 2> A, lp::Out<double, 2> C) {
  const auto add = lp::make_kernel(
      "add", [](lp::out<double> c, lp::in<double> above, lp::in<double> a, std::int64_t i) {
        if (breaks && i == 8) throw std::runtime_error("the power went off");
        for (std::int64_t q = 0; q < c.cols(); ++q)
          for (std::int64_t p = 0; p < c.rows(); ++p) c(p, q) = above(p, q) + a(p, q);
      });
  for (auto j : lp::range(C.extent(1))) {
    C(0, j) = copy(A(0, j));
    for (auto i : lp::range(1, C.extent(0))) C(i, j) = add(C(i - 1, j), A(i, j), i);
  }
}

std::int64_t summed(std::int64_t mine, MPI_Comm comm) {
  std::int64_t all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_INT64_T, MPI_SUM, comm);
  return all;
}

}  // namespace

TEST_CASE("a run goes on from what another has saved, on fewer ranks") {
  const auto A = test_mpi::numbers(80, 40, 8);
  lp::TiledMatrix<double> expected(80, 40, 8);
  lp::run(lp::threads{1}, sums, A, expected);
  int who = test_mpi::rank() == 0 ? static_cast<int>(::getpid()) : 0;
  MPI_Bcast(&who, 1, MPI_INT, 0, MPI_COMM_WORLD);
  const auto path = std::filesystem::temp_directory_path() /
                    ("lambdapack-mpi-resume-" + std::to_string(who) + ".zarr");
  auto C = lp::zarr<double>(path.string(), 80, 40, 8, {.resume = true});

  breaks = true;
  CHECK_THROWS_WITH(lp::run(lp::mpi{.workers = 1}, sums, A, C), Catch::Contains("power went off"));
  breaks = false;
  MPI_Barrier(MPI_COMM_WORLD);

  const int half = (test_mpi::ranks() + 1) / 2;
  MPI_Comm some = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, test_mpi::rank() < half ? 0 : MPI_UNDEFINED, test_mpi::rank(),
                 &some);
  if (some != MPI_COMM_NULL) {
    const lp::exec::Report report = lp::run(lp::mpi{.comm = some, .workers = 1}, sums, A, C);
    CHECK(report.resumed);
    CHECK(summed(report.tasks, some) < 50);
    CHECK(summed(report.tasks, some) >= 10);
    CHECK(test_mpi::same_bits(lp::read_zarr<double>(path.string()), expected));
    MPI_Comm_free(&some);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  if (test_mpi::rank() == 0) std::filesystem::remove_all(path);
}

TEST_CASE("a run on distributed matrices goes on only from what it has read") {
  int who = test_mpi::rank() == 0 ? static_cast<int>(::getpid()) : 0;
  MPI_Bcast(&who, 1, MPI_INT, 0, MPI_COMM_WORLD);
  const auto path = std::filesystem::temp_directory_path() /
                    ("lambdapack-mpi-stale-" + std::to_string(who) + ".zarr");
  const auto A = test_mpi::numbers(80, 40, 8), B = test_mpi::numbers(80, 40, 8, 5);
  const auto spread = [](const lp::TiledMatrix<double>& a, const lp::Distribution& d) {
    lp::DistributedMatrix<double> mine(80, 40, 8, 8, d);
    mine.fill([&](std::int64_t i, std::int64_t j) { return a(i, j); });
    return mine;
  };
  const int ranks = test_mpi::ranks();
  const auto by_row = lp::Distribution::cyclic(ranks), by_col = lp::Distribution::cyclic(ranks, 1);
  bool on_one = false;
  // Where all is on one rank, the others have nothing that could have changed.
  for (const bool changes : {true, false, false}) {
    auto C = lp::zarr<double>(path.string(), 80, 40, 8, {.resume = true});
    const auto before = spread(A, by_row),
               after = spread(changes ? B : A, on_one ? lp::Distribution::on(0) : by_col);
    on_one = !changes;
    lp::TiledMatrix<double> expected(80, 40, 8);
    lp::run(lp::threads{1}, sums, changes ? B : A, expected);
    breaks = true;
    CHECK_THROWS_WITH(lp::run(lp::mpi{.workers = 1}, sums, before, C),
                      Catch::Contains("power went off"));
    breaks = false;
    MPI_Barrier(MPI_COMM_WORLD);
    const lp::exec::Report report = lp::run(lp::mpi{.workers = 1}, sums, after, C);
    CHECK(report.resumed == !changes);
    CHECK(test_mpi::same_bits(lp::read_zarr<double>(path.string()), expected));
    MPI_Barrier(MPI_COMM_WORLD);
  }
  if (test_mpi::rank() == 0) std::filesystem::remove_all(path);
}

}  // namespace resume_test
