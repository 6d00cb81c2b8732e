// Runs with a limit of memory: the same bits as without, and never more tiles than fit.
#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <lambdapack/algorithm/lu.hpp>
#include <lambdapack/algorithm/qr_programs.hpp>
#include <lambdapack/exec/streaming/streaming_run.hpp>
#include <lambdapack/lambdapack.hpp>

#include "support/algorithms.hpp"
#include "support/folder.hpp"
#include "support/tiled_matrices.hpp"
#include "support/within.hpp"

namespace streaming_test {

namespace {

using Catch::Contains;
using lp::exec::Report;
using test_support::Folder;
using test_support::Within;
using tiled_matrices::numbers;
using tiled_matrices::positive;
using tiled_matrices::same_bits;

constexpr std::int64_t tile = 16;
/// Bytes of so many whole tiles.
std::int64_t tiles(std::int64_t count) { return count * (16 + 8 * tile * tile); }

/// A copy of a matrix in the folder, as a Zarr array.
auto filed(const Folder& folder, const std::string& name, const lp::TiledMatrix<double>& matrix) {
  lp::write_zarr(folder.file(name), matrix);
  return lp::zarr<double>(folder.file(name));
}
lp::TiledMatrix<double> read(const Folder& folder, const std::string& name) {
  return lp::read_zarr<double>(folder.file(name));
}

// A sum over the steps of a grid of temporaries, each of which two later ones read.
const auto mix = lp::make_kernel("mix", [](lp::out<double> to, lp::in<double> a, lp::in<double> b) {
  to.resize(a.rows(), a.cols());
  for (std::int64_t k = 0; k < a.rows() * a.cols(); ++k)
    to.data()[k] = 0.5 * a.data()[k] - 0.25 * b.data()[k] + 1;
});
void triangle(lp::In<double, 1> A, lp::Out<double, 1> B) {
  const auto n = A.extent(0);
  auto T = lp::temp<double, 2>("T");
  for (auto i : lp::range(n)) T(0, i) = mix(A(i), A(n - 1 - i));
  for (auto l : lp::range(1, n))
    for (auto i : lp::range(n - l)) T(l, i) = mix(T(l - 1, i), T(l - 1, i + 1));
  for (auto i : lp::range(n)) B(i) = mix(T(n - 1 - i, 0), T(0, i));
}

void factor(lp::InOut<double, 2> A, lp::Out<lp::Pivots, 1> p) { lp::algorithm::lu<double>(A, p); }

const auto increment = lp::make_kernel("increment", [](lp::inout<double> a) { a(0, 0) += 1; });
void increment_all(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) A(i, j) = increment(A(i, j));
}

std::atomic<bool> may_go{true};
const auto wait = lp::make_kernel("wait", [](lp::inout<double> a) {
  while (!may_go) std::this_thread::yield();
  a(0, 0) += 1;
});
void wait_for_all(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0))) A(i, 0) = wait(A(i, 0));
}

}  // namespace

TEST_CASE("streaming: bytes of a budget have one owner each, and go back with it") {
  using lp::exec::streaming::Budget;
  using lp::exec::streaming::Share;
  Budget budget;
  budget.set(100);
  {
    Share task(budget, 70);
    CHECK(budget.free() == 30);
    Share value = task.split(50), rest = task.split(50);
    CHECK((value.bytes() == 50 && rest.bytes() == 20 && task.bytes() == 0));
    value.resize(90);  // larger than was known
    CHECK(budget.free() == -10);
    task.add(std::move(rest));
    task.give_back();
    CHECK(budget.free() == 10);
    task = std::move(value);
    CHECK((task.bytes() == 90 && budget.free() == 10));
  }
  CHECK(budget.free() == 100);
}

TEST_CASE("streaming: Cholesky of a file, in much and in little memory") {
  for (const auto& [n, room] : {std::pair<std::int64_t, std::int64_t>{160, 60},
                                {160, 25},
                                {160, 12},
                                {150, 8},
                                {16, 4},
                                {5, 4},
                                {0, 4}}) {
    CAPTURE(n, room);
    const Folder folder;
    lp::TiledMatrix<double> expected = positive(n, tile);
    auto A = filed(folder, "A", expected);
    lp::run(lp::sequential{}, test_algorithms::cholesky<double>, expected);
    const Report report = lp::run(Within{tiles(room)}, test_algorithms::cholesky<double>, A);
    CHECK(same_bits(read(folder, "A"), expected));
    CHECK(report.peak_bytes <= tiles(room));
    // All of it that is read is loaded, and what fits is loaded once.
    const std::int64_t lower = report.tasks == 0 ? 0 : (n + tile - 1) / tile;
    if (room >= 60) CHECK(report.loaded_bytes <= tiles(lower * (lower + 1) / 2));
    if (room >= 12) CHECK(report.put_aside_bytes == 0);
  }
}

TEST_CASE("streaming: products of files, with ragged tiles and more rows than columns") {
  for (const auto& [m, k, n, room] :
       {std::array<std::int64_t, 4>{128, 128, 128, 48}, {100, 70, 130, 16}, {40, 200, 16, 8}}) {
    CAPTURE(m, k, n, room);
    const Folder folder;
    const auto a = numbers(m, k, tile, 1), b = numbers(k, n, tile, 2);
    auto expected = numbers(m, n, tile, 3);
    auto A = filed(folder, "A", a), B = filed(folder, "B", b), C = filed(folder, "C", expected);
    lp::run(lp::sequential{}, test_algorithms::gemm_chain<double>, a, b, expected);
    for (const int workers : {1, 3}) {
      lp::write_zarr(folder.file("C"), numbers(m, n, tile, 3));
      const Report report =
          lp::run(Within{tiles(room), workers}, test_algorithms::gemm_chain<double>, A, B, C);
      CHECK(same_bits(read(folder, "C"), expected));
      CHECK(report.peak_bytes <= tiles(room));
    }
  }
}

TEST_CASE("streaming: what is loaded for a product is a fraction of what its tasks read") {
  const Folder folder;
  constexpr std::int64_t n = 20;
  auto A = filed(folder, "A", numbers(n * tile, n * tile, tile, 1));
  auto B = filed(folder, "B", numbers(n * tile, n * tile, tile, 2));
  auto C = filed(folder, "C", numbers(n * tile, n * tile, tile, 3));
  // A quarter of each matrix.
  const Report report =
      lp::run(Within{tiles(n * n / 4)}, test_algorithms::gemm_chain<double>, A, B, C);
  // 2 M N K / sqrt(memory) and C; see docs/design.md.
  const double bound = 2.0 * n * n * n / (n / 2.0) + n * n;
  CHECK(static_cast<double>(report.loaded_bytes) <= 3 * bound * static_cast<double>(tiles(1)));
}

TEST_CASE("streaming: QR, whose rows are worked on again and again, puts them aside") {
  const Folder folder;
  for (const auto& [m, n, room] :
       {std::array<std::int64_t, 3>{128, 128, 20}, {150, 90, 14}, {30, 100, 12}}) {
    CAPTURE(m, n, room);
    auto a = numbers(m, n, tile, 4);
    const std::int64_t rows = (m + tile - 1) / tile * 5;
    lp::TiledMatrix<double> f(rows, n, 5, tile);
    auto A = filed(folder, "A", a);
    auto F = lp::zarr<double>(folder.file("F"), rows, n, 5, tile);
    lp::run(lp::sequential{}, lp::algorithm::qr_flat<double>, a, f);
    const Report report = lp::run(Within{tiles(room)}, lp::algorithm::qr_flat<double>, A, F);
    CHECK(same_bits(read(folder, "A"), a));
    CHECK(same_bits(read(folder, "F"), f));
    CHECK(report.peak_bytes <= tiles(room));
  }
}

// A panel of LU is a whole column of tiles, and the results of all other tasks are one tile each.
TEST_CASE("streaming: LU, whose panels are much larger than its tiles") {
  constexpr std::int64_t n = 24;
  const auto a = numbers(n * tile, n * tile, tile, 6);
  auto expected = a;
  lp::TileArray<lp::Pivots> p({n});
  lp::run(lp::sequential{}, factor, expected, p);
  for (const std::int64_t room : {52, 72}) {
    CAPTURE(room);
    const Folder folder;
    auto A = filed(folder, "A", a);
    lp::TileArray<lp::Pivots> q({n});
    const Report report = lp::run(Within{tiles(room)}, factor, A, q);
    CHECK(same_bits(read(folder, "A"), expected));
    // The first panel, and its pivots, are larger than was known.
    CHECK(report.peak_bytes <= tiles(room + 1));
  }
}

TEST_CASE("streaming: a matrix in memory is worked on in place") {
  auto a = numbers(10 * tile, 10 * tile, tile, 7);
  const double* const first = std::as_const(a).tile(0, 0).data();
  const double* const last = std::as_const(a).tile(9, 9).data();
  const double before = std::as_const(a)(0, 0);
  const Report report = lp::run(Within{tiles(8)}, increment_all, a);
  CHECK(std::as_const(a)(0, 0) == before + 1);
  CHECK(std::as_const(a).tile(0, 0).data() == first);
  CHECK(std::as_const(a).tile(9, 9).data() == last);
  CHECK(report.peak_bytes <= tiles(8));
}

TEST_CASE("streaming: threads that bring tiles do not wait for a worker") {
  const lp::Pool pool(3);
  auto a = numbers(12 * tile, tile, tile, 8), b = numbers(4 * tile, tile, tile, 9);
  may_go = false;
  auto waits = lp::start(Within{tiles(40), 1, {}, pool}, wait_for_all, a);
  // One computes, and has to wait; the other two have brought what they may.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  auto other = lp::start(lp::threads{.pool = pool}, increment_all, b);
  const auto begin = std::chrono::steady_clock::now();
  // Who waits for a run takes part in it, so this only looks.
  while (other.progress().done < 4 &&
         std::chrono::steady_clock::now() - begin < std::chrono::seconds(20))
    std::this_thread::yield();
  CHECK(other.progress().done == 4);
  may_go = true;
  other.wait();
  CHECK(waits.wait().tasks == 12);
}

TEST_CASE("streaming: values that no array has, of arrays in memory and of files") {
  constexpr std::int64_t n = 24;
  const auto a = numbers(n * tile, tile, tile, 5);
  lp::TiledMatrix<double> expected(n * tile, tile, tile);
  lp::run(lp::sequential{}, triangle, a, expected);
  for (const std::int64_t room : {6, 12, 200}) {
    CAPTURE(room);
    lp::TiledMatrix<double> b(n * tile, tile, tile);
    const Report report = lp::run(Within{tiles(room)}, triangle, a, b);
    CHECK(same_bits(b, expected));
    CHECK(report.peak_bytes <= tiles(room));
    CHECK((report.put_aside_bytes > 0) == (room < 20));
    const Folder folder;
    auto A = filed(folder, "A", a);
    auto B = lp::zarr<double>(folder.file("B"), n * tile, tile, tile);
    lp::run(Within{tiles(room)}, triangle, A, B);
    CHECK(same_bits(read(folder, "B"), expected));
  }
}

TEST_CASE("streaming: what is put aside goes with the run, and where it cannot go is said") {
  const Folder folder;
  constexpr std::int64_t n = 24;
  const auto a = numbers(n * tile, tile, tile, 5);
  lp::TiledMatrix<double> b(n * tile, tile, tile);
  std::filesystem::create_directory(folder.file("aside"));
  lp::run(Within{tiles(6), 2, folder.file("aside")}, triangle, a, b);
  CHECK(std::filesystem::is_empty(folder.file("aside")));
  CHECK_THROWS_WITH(lp::run(Within{tiles(6), 2, folder.file("nowhere")}, triangle, a, b),
                    Contains("make a directory in") && Contains("nowhere"));
}

TEST_CASE("streaming: too little memory, errors of kernels and of files") {
  const Folder folder;
  auto A = filed(folder, "A", positive(80, tile));
  CHECK_THROWS_WITH(lp::run(Within{tiles(2)}, test_algorithms::cholesky<double>, A),
                    Contains("has room for 4 KiB of tiles, and its next task needs more: its "
                             "tiles have up to 2 KiB") &&
                        Contains("smaller tiles"));
  CHECK(same_bits(read(folder, "A"), positive(80, tile)));

  auto indefinite = positive(80, tile);
  indefinite(70, 70) = -1;
  auto B = filed(folder, "B", indefinite);
  CHECK_THROWS_WITH(lp::run(Within{tiles(8)}, test_algorithms::cholesky<double>, B),
                    Contains("potrf[k=4]") && Contains("global row 70"));
  CHECK(same_bits(read(folder, "B"), indefinite));

  std::filesystem::remove(folder.file("A") + "/3.2");
  CHECK_THROWS_WITH(lp::run(Within{tiles(8)}, test_algorithms::cholesky<double>, A),
                    Contains("3.2") && Contains("is missing"));

  CHECK_THROWS_WITH(
      lp::run(lp::threads{.workers = 2, .memory = 1 << 20}, test_algorithms::cholesky<double>, B),
      Contains("a limit of 1 MiB of memory leaves none for tiles"));
  CHECK_THROWS_WITH(
      lp::run(lp::threads{.workers = 2, .memory = -5}, test_algorithms::cholesky<double>, B),
      Contains("a limit of memory of -5 bytes"));
}

TEST_CASE("streaming: a cancelled run ends, and runs beside others of its pool") {
  const Folder folder;
  const lp::Pool pool(2);
  const auto a = positive(160, tile);
  auto expected = a;
  lp::run(lp::sequential{}, test_algorithms::cholesky<double>, expected);
  auto A = filed(folder, "A", a), B = filed(folder, "B", a);
  {
    auto dropped = lp::start(Within{tiles(12), 2, {}, pool}, test_algorithms::cholesky<double>, A);
  }
  CHECK(same_bits(read(folder, "A"), a));
  auto one = lp::start(Within{tiles(12), 2, {}, pool}, test_algorithms::cholesky<double>, A);
  auto other = lp::start(Within{tiles(9), 1, {}, pool}, test_algorithms::cholesky<double>, B);
  auto c = a;
  lp::run(lp::threads{.pool = pool}, test_algorithms::cholesky<double>, c);
  one.wait();
  other.wait();
  CHECK(same_bits(read(folder, "A"), expected));
  CHECK(same_bits(read(folder, "B"), expected));
  CHECK(same_bits(c, expected));
}

TEST_CASE("streaming: a run goes on from what an earlier one has saved") {
  const Folder folder;
  const auto a = positive(160, tile);
  auto expected = a;
  lp::run(lp::sequential{}, test_algorithms::cholesky<double>, expected);
  auto A = lp::zarr<double>(folder.file("A"), {.resume = true});
  // A run may be at its end before it is dropped.
  do {
    lp::write_zarr(folder.file("A"), a);
    auto handle = lp::start(Within{tiles(12)}, test_algorithms::cholesky<double>, A);
    while (handle.progress().done < 60 && !handle.wait_for(std::chrono::milliseconds(0))) {
    }
  } while (same_bits(read(folder, "A"), expected));
  const Report report = lp::run(Within{tiles(12)}, test_algorithms::cholesky<double>, A);
  CHECK(report.peak_bytes <= tiles(12));
  CHECK(same_bits(read(folder, "A"), expected));
}

}  // namespace streaming_test
