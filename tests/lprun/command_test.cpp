// lprun as a command: its results by naive sums, and what it says to wrong data and commands.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <filesystem>
#include <lambdapack/lambdapack.hpp>
#include <string>

#include "support/folder.hpp"

namespace {

struct Ended {
  int status;
  std::string text;
};

/// A folder in which lprun runs.
struct Folder : test_support::Folder {
  Ended run(const std::string& arguments) const {
    const std::string line =
        "cd '" + path() + "' && '" LPRUN_COMMAND "' " + arguments + " > said.txt 2>&1";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), read("said.txt")};
  }
};

template <lp::Scalar T>
lp::TiledMatrix<T> matrix(std::int64_t rows, std::int64_t cols, double diagonal) {
  lp::TiledMatrix<T> a(rows, cols, 4);
  for (std::int64_t j = 0; j < cols; ++j)
    for (std::int64_t i = 0; i < rows; ++i)
      a(i, j) = static_cast<T>(
          static_cast<lp::real_t<T>>(i == j ? diagonal : 1.0 / static_cast<double>(1 + i + j)));
  return a;
}

using Catch::Matchers::Contains;

}  // namespace

TEMPLATE_TEST_CASE("lprun: Cholesky of a .npy file", "", float, double, std::complex<float>,
                   std::complex<double>) {
  const Folder folder;
  const auto a = matrix<TestType>(11, 11, 5);
  lp::write_npy(folder.file("A.npy"), a);
  const Ended ended = folder.run("cholesky A.npy -o L.npy --tile 4 --workers 2");
  INFO(ended.text);
  REQUIRE(ended.status == 0);
  CHECK_THAT(ended.text, Contains("11 x 11"));
  const auto l = lp::read_npy<TestType>(folder.file("L.npy"), 4);
  double worst = 0;
  for (std::int64_t j = 0; j < 11; ++j)
    for (std::int64_t i = 0; i < 11; ++i) {
      std::complex<double> sum = -std::complex<double>(a(i, j));
      for (std::int64_t k = 0; k < 11; ++k)
        sum += std::complex<double>(l(i, k)) * std::conj(std::complex<double>(l(j, k)));
      worst = std::max(worst, std::abs(sum));
      if (i < j) CHECK(l(i, j) == TestType(0));
    }
  CHECK(worst < 1e-5);
  CHECK(lp::read_npy<TestType>(folder.file("A.npy"), 4)(0, 1) == a(0, 1));
}

TEST_CASE("lprun: a product of Zarr arrays") {
  const Folder folder;
  const auto a = matrix<double>(9, 5, 2), b = matrix<double>(5, 7, 3);
  lp::write_zarr(folder.file("A.zarr"), a);
  lp::write_zarr(folder.file("B.zarr"), b);
  const Ended ended = folder.run("gemm A.zarr B.zarr -o C.zarr --tile 4 --backend sequential");
  INFO(ended.text);
  REQUIRE(ended.status == 0);
  const auto c = lp::read_zarr<double>(folder.file("C.zarr"));
  REQUIRE(c.rows() == 9);
  REQUIRE(c.cols() == 7);
  for (std::int64_t j = 0; j < 7; ++j)
    for (std::int64_t i = 0; i < 9; ++i) {
      double sum = 0;
      for (std::int64_t k = 0; k < 5; ++k) sum += a(i, k) * b(k, j);
      CHECK(std::abs(c(i, j) - sum) < 1e-13);
    }
}

TEST_CASE("lprun: wrong data is refused with status 1, and nothing is written") {
  const Folder folder;
  auto a = matrix<double>(11, 11, 5);
  a(6, 6) = -1;
  lp::write_npy(folder.file("A.npy"), a);
  lp::write_npy(folder.file("B.npy"), matrix<double>(5, 7, 3));
  std::filesystem::copy_file(folder.file("B.npy"), folder.file("short.npy"));
  std::filesystem::resize_file(folder.file("short.npy"), 200);

  const auto refused = [&](const std::string& arguments, const std::string& expected) {
    const Ended ended = folder.run(arguments + " -o out.npy --tile 4");
    CAPTURE(arguments);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.text, Contains(expected));
    CHECK_FALSE(folder.has("out.npy"));
  };
  refused("cholesky A.npy", "info of ?potrf: 7");
  refused("cholesky B.npy", "must be square");
  refused("cholesky none.npy", "none.npy");
  refused("cholesky none.zarr", "none.zarr");
  refused("cholesky short.npy", "short.npy");
  refused("gemm A.npy B.npy", "as many columns");
}

TEST_CASE("lprun: a wrong command is refused with status 2") {
  const Folder folder;
  lp::write_npy(folder.file("A.npy"), matrix<double>(3, 3, 5));
  const auto refused = [&](const std::string& arguments, const std::string& expected) {
    const Ended ended = folder.run(arguments);
    CAPTURE(arguments);
    CHECK(ended.status == 2);
    CHECK_THAT(ended.text, Contains(expected));
  };
  refused("", "algorithm is missing");
  refused("choleski A.npy -o L.npy", "no algorithm 'choleski'");
  refused("cholesky A.npy -o L.npy --backend cloud", "no backend 'cloud'");
  refused("cholesky A.npy -o L.npy --fast", "no option '--fast'");
  refused("cholesky A.npy -o L.npy --tile 0", "at least 1");
  refused("cholesky A.npy -o ./A.npy", "an input too");
  refused("cholesky A.npy", "-o FILE");
}

TEST_CASE("lprun: help and version") {
  const Folder folder;
  CHECK_THAT(folder.run("--help").text, Contains("cholesky") && Contains("--backend"));
  CHECK_THAT(folder.run("gemm --help").text, Contains("Example: lprun gemm"));
  CHECK(folder.run("--version").status == 0);
}
