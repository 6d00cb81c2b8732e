// The code of docs/cloud.md.
#include <catch2/catch.hpp>
#include <filesystem>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/cloud.hpp>
#include <lambdapack/exec/cloud/attach.hpp>

#include "programs.hpp"
#include "support/folder.hpp"

namespace docs_test {

namespace {

void cholesky(lp::InOut<double, 2> A) { lp::algorithm::cholesky<double>(A); }

// What a reader's main looks like; this program's own is in main.cpp.
struct Document {
  // clang-format off
int main(int argc, char** argv) {
  if (lp::cloud::is_worker()) return lp::cloud::work({lp::cloud::program(cholesky)});
    // clang-format on
    return argc > 0 && argv != nullptr ? 0 : 1;
  }
};

}  // namespace

TEST_CASE("the document on the cloud: from threads to workers, and back to a run") {
  const test_support::Folder folder;
  const std::string store = folder.file("store");
  auto A = test_cloud::positive(40, 16), B = A, expected = A;
  lp::cholesky(expected, lp::threads{1});
  char name[] = "name";
  char* arguments[] = {name};
  CHECK(Document().main(1, arguments) == 0);
  // clang-format off
  lp::run(lp::cloud{.workers = 2}, cholesky, A);
  lp::cholesky(B, lp::cloud{.workers = 2, .store = store, .run = "first"});
  // clang-format on
  CHECK(test_cloud::same_bits(A, expected));
  CHECK(test_cloud::same_bits(B, expected));
  // clang-format off
  lp::exec::cloud::Attached run(store, "first");
  run.wait();
  const auto L = lp::read_zarr<double>(store + "/runs/first/arrays/A");
  // clang-format on
  CHECK(test_cloud::same_bits(L, expected));

  std::filesystem::create_directories(store + "/data");
  lp::write_zarr(store + "/data/A.zarr", test_cloud::positive(40, 16));
  {
    // clang-format off
auto A = lp::stored<double>(store, "data/A.zarr");          // a Zarr v2 array, or s3://bucket/prefix as store
lp::cholesky(A, lp::cloud{.workers = 2, .store = store, .run = "second"});
auto L = lp::stored<double>(store, "runs/second/arrays/A"); // for runs to come
    // clang-format on
    lp::TiledMatrix<double> product(40, 40, 16), other = product;
    lp::gemm(L, L, product, {}, lp::threads{1});
    lp::gemm(expected, expected, other, {}, lp::threads{1});
    CHECK(test_cloud::same_bits(product, other));
  }
  // clang-format off
  auto big = lp::stored<double>(store, "data/A.zarr").into("data/L.zarr");
  lp::cholesky(big, lp::threads{.memory = std::int64_t{2} << 30});
  // clang-format on
  CHECK(test_cloud::same_bits(lp::read_zarr<double>(store + "/data/L.zarr"), expected));
}

}  // namespace docs_test
