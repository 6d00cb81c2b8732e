// Matrices that are in the store of a run, and stay there.
#include <catch2/catch.hpp>
#include <filesystem>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <string>

#include "programs.hpp"
#include "support/folder.hpp"

namespace stored_test {

namespace {

using Catch::Contains;
using test_cloud::numbers;
using test_cloud::positive;
using test_cloud::same_bits;
using test_support::Folder;

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

TEST_CASE("any executor reads a matrix that is in a store, and none but lp::cloud writes it") {
  const Folder folder;
  const std::string store = folder.file("store");
  std::filesystem::create_directories(store);
  const auto A = numbers(20, 10, 8), B = numbers(10, 6, 8);
  lp::write_zarr(store + "/A", A);
  lp::TiledMatrix<double> C(20, 6, 8), expected = C;
  lp::gemm(A, B, expected, {}, lp::threads{1});
  lp::gemm(lp::stored<double>(store, "A"), B, C, {}, lp::threads{1});
  CHECK(same_bits(C, expected));
  auto there = lp::stored<double>(store, "A");
  CHECK_THAT(refused([&] { lp::gemm(A, numbers(10, 10, 8), there, {}, lp::threads{1}); }),
             Contains("A (20 x 10 float64 in tiles of 8 x 8) is in an object store") &&
                 Contains("run it by lp::cloud"));
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
