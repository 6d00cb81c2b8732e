// Matrices that are in the store of a run, and stay there.
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <string>
#include <vector>

#include "programs.hpp"
#include "support/folder.hpp"
#include "support/within.hpp"

namespace stored_test {

namespace {

using Catch::Contains;
using test_cloud::numbers;
using test_cloud::positive;
using test_cloud::same_bits;
using test_support::Folder;

const auto copy_tile =
    lp::make_kernel("copy_tile", [](lp::inout<double> to, lp::in<double> from) { *to = *from; });

template <class Error = lp::input_error, class F>
std::string refused(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("a factorization of a matrix that is in the store and stays there") {
  const Folder folder;
  const std::string store = folder.file("store");
  const auto A = positive(50, 16);
  const lp::ZarrOptions options =
      GENERATE(lp::ZarrOptions{}, lp::ZarrOptions{.zstd = 1, .separator = '/'});
  std::filesystem::create_directories(store + "/data");
  lp::write_zarr(store + "/data/A.zarr", A, options);
  auto expected = A;
  lp::cholesky(expected, lp::threads{1});

  auto there = lp::stored<double>(store, "data/A.zarr");
  const auto report = lp::cholesky(there, lp::cloud{.workers = 2, .store = store, .run = "first"});
  CHECK(report.tasks == 20);
  CHECK(same_bits(lp::read_zarr<double>(store + "/runs/first/arrays/A"), expected));
  CHECK(same_bits(lp::read_zarr<double>(store + "/data/A.zarr"), A));

  // What a run has left is what another one reads.
  const auto L = lp::stored<double>(store, "runs/first/arrays/A");
  auto X = lp::stored<double>(store, 50, 7, 16, 3);
  const auto B = numbers(50, 7, 16, 3, 5);
  lp::gemm(L, B, X, {.beta = 0}, lp::cloud{.workers = 2, .store = store, .run = "second"});
  lp::TiledMatrix<double> product(50, 7, 16, 3);
  lp::gemm(expected, B, product, {}, lp::threads{1});
  CHECK(same_bits(lp::read_zarr<double>(store + "/runs/second/arrays/C"), product));
}

TEST_CASE("nobody brings the tiles of a matrix that is in the store") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  lp::write_zarr(store + "/A", numbers(16, 1, 4));
  auto A = lp::stored<double>(store, "A");
  const lp::cloud executor{.workers = 1, .store = store, .run = "failed"};
  CHECK_THROWS_AS(lp::run(executor, test_cloud::fails, A), lp::run_error);
  CHECK(std::filesystem::exists(store + "/runs/failed/run.json"));
  CHECK_FALSE(std::filesystem::exists(store + "/runs/failed/inputs"));
}

TEST_CASE("any executor reads a matrix that is in a store, and puts results beside it") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  const auto A = numbers(20, 10, 8), B = numbers(10, 6, 8);
  lp::write_zarr(store + "/A", A);
  lp::TiledMatrix<double> C(20, 6, 8), expected = C;
  lp::gemm(A, B, expected, {}, lp::threads{1});
  lp::gemm(lp::stored<double>(store, "A"), B, C, {}, lp::threads{1});
  CHECK(same_bits(C, expected));

  auto made = lp::stored<double>(store, 20, 6, 8).into("results/C.zarr");
  lp::gemm(lp::stored<double>(store, "A"), B, made, {.beta = 0}, lp::threads{2});
  CHECK(same_bits(lp::read_zarr<double>(store + "/results/C.zarr"), expected));
  CHECK_THAT(refused([&] { lp::gemm(A, B, made, {.beta = 0}, lp::threads{1}); }),
             Contains("a result cannot be put at results/C.zarr") && Contains("where results/C") &&
                 Contains("choose another key"));
  CHECK(same_bits(lp::read_zarr<double>(store + "/results/C.zarr"), expected));

  auto there = lp::stored<double>(store, "A");
  CHECK_THAT(refused([&] { lp::gemm(A, numbers(10, 10, 8), there, {}, lp::threads{1}); }),
             Contains("A (20 x 10 float64 in tiles of 8 x 8) is in an object store") &&
                 Contains("lp::stored(...).into(key), or run it by lp::cloud"));
  auto inside = made.into("A/new/C");
  CHECK_THAT(refused([&] { lp::gemm(A, B, inside, {.beta = 0}, lp::threads{1}); }),
             Contains("a result cannot be put at A/new/C") && Contains("where A/.zarray is"));
  CHECK_THAT(refused([&] { made.into("../C"); }), Contains("cannot be the key of an object"));
}

TEST_CASE("threads stream a matrix that is in a store") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  const std::int64_t n = GENERATE(256, 250), tile = 16;
  const lp::ZarrOptions options =
      GENERATE(lp::ZarrOptions{}, lp::ZarrOptions{.zstd = 1, .separator = '/'});
  const auto A = positive(n, tile);
  lp::write_zarr(store + "/A", A, options);
  auto matrix = lp::stored<double>(store, "A").into("L");
  const auto report = lp::cholesky(matrix, test_support::Within{24 * tile * tile * 8});
  // Of what was stored some had to be read again.
  CHECK(report.loaded_bytes > n * n * 8);
  auto expected = A;
  lp::cholesky(expected, lp::threads{1});
  CHECK(same_bits(lp::read_zarr<double>(store + "/L"), expected));
  CHECK(same_bits(lp::read_zarr<double>(store + "/A"), A));
}

TEST_CASE("of a run that fails nothing is left in a store") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  auto A = positive(64, 8);
  A(63, 63) = -1;
  lp::write_zarr(store + "/A", A);
  auto matrix = lp::stored<double>(store, "A").into("L");
  CHECK_THROWS_AS(lp::cholesky(matrix, lp::threads{2}), lp::run_error);
  CHECK(lp::exec::cloud::open_objects(store)->list("L").empty());

  // A process that died has left chunks, and no .zarray; another run replaces them.
  A(63, 63) = 100;
  lp::write_zarr(store + "/A", A);
  lp::exec::cloud::open_objects(store)->put("L/3.1", "half of a chu");
  auto expected = A;
  lp::cholesky(expected, lp::threads{1});
  lp::cholesky(matrix, lp::threads{2});
  CHECK(same_bits(lp::read_zarr<double>(store + "/L"), expected));

  // Two results at one key, and two at once of which one comes too late.
  const auto twice = [](lp::In<double, 2> a, lp::InOut<double, 2> x, lp::InOut<double, 2> y) {
    for (auto i : lp::range(a.extent(0))) {
      x(i, i) = copy_tile(x(i, i), a(i, i));
      y(i, i) = copy_tile(y(i, i), a(i, i));
    }
  };
  auto one = lp::stored<double>(store, "A").into("S"), other = one;
  CHECK_THAT(refused([&] { lp::run(lp::threads{1}, twice, A, one, other); }),
             Contains("two results of this process are to be at the key S in") &&
                 Contains("give each a key of its own"));
  CHECK(lp::exec::cloud::open_objects(store)->list("S").empty());
  const auto late = lp::stored<double>(store, "A").into("S").store(2);
  late->begin(lp::tile::Use::update);
  late->save(std::vector<std::int64_t>{0, 0}, late->load(std::vector<std::int64_t>{0, 0}));
  const auto objects = lp::exec::cloud::open_objects(store);
  objects->put("S/.zarray", *objects->get("A/.zarray"));
  CHECK_THAT(refused([&] { late->prepare(); }), Contains("somebody else has made an array at S"));
  late->abandon("it came too late");
  CHECK(objects->list("S/") == std::vector<std::string>{"S/.zarray", "S/0.0"});

  lp::exec::cloud::open_objects(store)->put("M/notes.txt", "mine");
  auto taken = lp::stored<double>(store, "A").into("M");
  CHECK_THAT(refused([&] { lp::cholesky(taken, lp::threads{1}); }), Contains("where M/notes.txt"));
  CHECK_THAT(refused([&] { lp::cholesky(matrix, lp::cloud{.workers = 1, .store = store}); }),
             Contains("the results of lp::cloud are runs/RUN/arrays/NAME") &&
                 Contains("leave out .into()"));
}

TEST_CASE("matrices in a store that cannot be used are refused") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  lp::write_zarr(store + "/A", positive(16, 8));
  CHECK_THAT(refused([&] { lp::stored<double>(store, "B"); }),
             Contains("there is no Zarr array B in the directory") && Contains("B/.zarray"));
  CHECK_THAT(refused([&] { lp::stored<float>(store, "A"); }), Contains("dtype"));
  CHECK_THAT(refused([&] { lp::stored<double>(store, "../A"); }),
             Contains("cannot be the key of an object"));
  CHECK_THAT(refused([&] { lp::stored<double>(store, -1, 3, 2); }), Contains("-1 x 3"));

  auto A = lp::stored<double>(store, "A");
  CHECK_THAT(
      refused([&] { lp::cholesky(A, lp::cloud{.workers = 1}); }),
      Contains("and the run in the directory") && Contains("the store that the matrix is in"));
  CHECK_THAT(
      refused([&] { lp::cholesky(A, lp::cloud{.workers = 1, .store = store, .keep = false}); }),
      Contains("let keep be true"));

  std::filesystem::resize_file(store + "/A/1.0", 100);
  CHECK_THAT(
      refused<lp::run_error>([&] { lp::cholesky(A, lp::cloud{.workers = 1, .store = store}); }),
      Contains("A/1.0") && Contains("holds 100 bytes; expected 512") &&
          Contains("which no task can compute"));
  std::filesystem::remove(store + "/A/1.0");
  CHECK_THAT(
      refused<lp::run_error>([&] { lp::cholesky(A, lp::cloud{.workers = 1, .store = store}); }),
      Contains("A/1.0 is missing; restore it"));
}

}  // namespace stored_test
