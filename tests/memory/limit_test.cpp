// Files four times as large as the memory that the process may take while it works on them, as the
// system counts it.
#include <catch2/catch.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/qr_programs.hpp>
#include <lambdapack/lambdapack.hpp>
#include <lambdapack/tile/eigen.hpp>

#include "support/folder.hpp"

namespace limit_test {

namespace {

using test_support::Folder;

constexpr std::int64_t limit = std::int64_t{128} << 20;
constexpr std::int64_t n = 8192, tile = 256;
static_assert(n * n * 8 == 4 * limit);

/// The line of /proc/self/status that begins so, in bytes.
std::int64_t status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  std::string word;
  std::int64_t kilobytes = 0;
  while (file >> word)
    if (word == name + ":" && file >> kilobytes) return kilobytes << 10;
  return -1;
}

/// The most memory that the process has while run() runs.
template <class Run>
std::int64_t most_memory(const Run& run) {
  std::ofstream("/proc/self/clear_refs") << 5;
  run();
  return status("VmHWM");
}

const auto fill = lp::make_kernel(
    "fill", [](lp::out<double> x, std::int64_t i, std::int64_t j, std::int64_t symmetric) {
      for (std::int64_t q = 0; q < x.cols(); ++q)
        for (std::int64_t p = 0; p < x.rows(); ++p) {
          std::int64_t row = i * tile + p, col = j * tile + q;
          if (symmetric != 0 && row < col) std::swap(row, col);
          const auto hash =
              static_cast<std::uint64_t>(row * 92821 + col * 68917 + 11) * 6364136223846793005u;
          x(p, q) = static_cast<double>(hash >> 40) / static_cast<double>(1 << 23) - 1;
          if (symmetric != 0 && row == col) x(p, q) += 2.0 * n;
        }
    });

void make(lp::Out<double, 2> A, lp::Integer symmetric) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) A(i, j) = fill(i, j, symmetric);
}

/// A file of numbers without a pattern, or of a positive definite matrix.
auto made(const Folder& folder, const std::string& name, bool symmetric = false) {
  lp::run(lp::sequential{}, make, lp::zarr<double>(folder.file(name), n, n, tile),
          symmetric ? 1 : 0);
  return lp::zarr<double>(folder.file(name));
}

using Vector = std::vector<double>;

enum class Of { all, upper, lower, adjoint_of_lower };

/// y = op(M) x, a tile at a time.
Vector times(const Folder& folder, const std::string& name, const Vector& x, Of part = Of::all) {
  lp::tile::ZarrStore<double> store(folder.file(name), {}, 2);
  store.begin(lp::tile::Use::read);
  Vector y(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n / tile; ++i)
    for (std::int64_t j = 0; j < n / tile; ++j) {
      if (part == Of::upper ? i > j : part != Of::all && i < j) continue;
      const lp::tile::Tile loaded = store.load(std::vector<std::int64_t>{i, j});
      const auto& t = loaded.get<lp::tile::Dense<double>>();
      for (std::int64_t q = 0; q < tile; ++q)
        for (std::int64_t p = 0; p < tile; ++p) {
          const std::int64_t row = i * tile + p, col = j * tile + q;
          if (part == Of::upper ? row > col : part != Of::all && row < col) continue;
          const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(col);
          if (part == Of::adjoint_of_lower)
            y[c] += t(p, q) * x[r];
          else
            y[r] += t(p, q) * x[c];
        }
    }
  return y;
}

double norm(const Vector& x) {
  double sum = 0;
  for (const double v : x) sum += v * v;
  return std::sqrt(sum);
}

/// ||a - b|| / ||a||.
double distance(const Vector& a, const Vector& b) {
  Vector d = a;
  for (std::size_t i = 0; i < d.size(); ++i) d[i] -= b[i];
  return norm(d) / norm(a);
}

Vector signs() {
  Vector x(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (i * 7 + i / 3) % 5 < 2 ? 1 : -1;
  return x;
}

// Pseudo-random, so that nothing is won by compressing it.
const auto noise = lp::make_kernel("noise", [](lp::out<double> x, std::int64_t i, std::int64_t j) {
  std::uint64_t s = static_cast<std::uint64_t>(i * 1000 + j + 1);
  for (std::int64_t k = 0; k < x.rows() * x.cols(); ++k) {
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    x.data()[k] = static_cast<double>(s);
  }
});
void make_noise(lp::Out<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) A(i, j) = noise(i, j);
}

const auto add_first =
    lp::make_kernel("add_first", [](lp::inout<double> s, lp::in<double> a) { s(0, 0) += a(0, 0); });
void sum_both(lp::In<double, 2> A, lp::InOut<double, 2> S) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      S(i, j) = add_first(S(i, j), A(i, j));
      S(i, j) = add_first(S(i, j), A(j, i));
    }
}

const auto increment = lp::make_kernel("increment", [](lp::inout<double> a) {
  for (std::int64_t k = 0; k < a.rows() * a.cols(); ++k) a.data()[k] += 1;
});
void increment_all(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) A(i, j) = increment(A(i, j));
}

// Phases of temporaries, each of which is smaller than those of the phase before.
const auto square = lp::make_kernel("square", [](lp::out<double> a, std::int64_t n) {
  a.resize(n, n);
  for (std::int64_t k = 0; k < n * n; ++k) a.data()[k] = 1;
});
const auto smaller =
    lp::make_kernel("smaller", [](lp::out<double> to, lp::in<double> from, lp::in<double> all) {
      const std::int64_t n = from.rows() - 40;
      to.resize(n, n);
      for (std::int64_t k = 0; k < n * n; ++k) to.data()[k] = from(0, 0) + 0 * all(0, 0);
    });
const auto corner = lp::make_kernel("corner", [](lp::out<double> to, lp::in<double> from) {
  to.resize(1, 1);
  to(0, 0) = from(0, 0) + from(from.rows() - 1, from.cols() - 1);
});
const auto total = lp::make_kernel("total", [](lp::out<double> to, lp::in_list<double> all) {
  to.resize(1, 1);
  to(0, 0) = 0;
  for (std::size_t k = 0; k < all.size(); ++k) to(0, 0) += all[k](0, 0);
});
void shrink(lp::Out<double, 1> B, lp::Integer n) {
  const auto m = B.extent(0);
  auto T = lp::temp<double, 2>("T"), C = lp::temp<double, 2>("C");
  auto G = lp::temp<double, 1>("G");
  for (auto i : lp::range(m)) T(0, i) = square(n);
  for (auto phase : lp::range(4)) {
    for (auto i : lp::range(m)) C(phase, i) = corner(T(phase, i));
    G(phase) = total(C(phase, lp::range(m)));
    for (auto i : lp::range(m)) T(phase + 1, i) = smaller(T(phase, i), G(phase));
  }
  for (auto i : lp::range(m)) B(i) = corner(T(4, i));
}

const lp::threads limited{.workers = 2, .memory = limit};

}  // namespace

TEST_CASE("memory: Cholesky of a file four times as large") {
  const Folder folder;
  auto A = made(folder, "A", true);
  const Vector expected = times(folder, "A", signs());
  CHECK(most_memory([&] { lp::cholesky(A, limited); }) <= limit);
  const Vector found =
      times(folder, "A", times(folder, "A", signs(), Of::adjoint_of_lower), Of::lower);
  CHECK(distance(expected, found) < 1e-11);
}

TEST_CASE("memory: a product of files, each four times as large") {
  const Folder folder;
  auto A = made(folder, "A"), B = made(folder, "B");
  auto C = lp::zarr<double>(folder.file("C"), n, n, tile);
  CHECK(most_memory([&] { lp::gemm(A, B, C, {}, limited); }) <= limit);
  const Vector expected = times(folder, "A", times(folder, "B", signs()));
  CHECK(distance(expected, times(folder, "C", signs())) < 1e-11);
}

TEST_CASE("memory: QR of a file four times as large") {
  const Folder folder;
  auto A = made(folder, "A");
  const double before = norm(times(folder, "A", signs()));
  // The factors of the reflections in inner blocks of 48 columns.
  auto F = lp::zarr<double>(folder.file("F"), n / tile * 49, n, 49, tile);
  CHECK(most_memory([&] { lp::run(limited, lp::algorithm::qr_flat<double>, A, F); }) <= limit);
  // Q does not change lengths.
  CHECK(std::abs(norm(times(folder, "A", signs(), Of::upper)) - before) < 1e-11 * before);
}

TEST_CASE("memory: a matrix in memory that is changed in place is not there twice") {
  lp::TiledMatrix<double> A(3072, 4096, tile);  // 96 MiB
  lp::run(lp::sequential{}, make_noise, A);
  const double before = std::as_const(A)(3000, 4000);
  constexpr std::int64_t more = std::int64_t{176} << 20;
  const lp::threads some{.workers = 2, .memory = more};
  CHECK(most_memory([&] { lp::run(some, increment_all, A); }) <= more);
  CHECK(std::as_const(A)(3000, 4000) == before + 1);
}

TEST_CASE("memory: temporaries of one size after those of another") {
  lp::TiledMatrix<double> B(22, 1, 1, 1);
  CHECK(most_memory([&] { lp::run(limited, shrink, B, 600); }) <= limit);
  CHECK(std::as_const(B)(21, 0) == 2);
}

TEST_CASE("memory: large compressed chunks whose elements lie by rows") {
  const Folder folder;
  constexpr std::int64_t large = 1448, grid = 4;  // 16 MiB each
  lp::run(lp::sequential{}, make_noise,
          lp::zarr<double>(folder.file("A"), grid * large, grid * large, large));
  {
    std::stringstream text;
    text << std::ifstream(folder.file("A") + "/.zarray").rdbuf();
    std::string metadata = text.str();
    metadata.replace(metadata.find("\"F\""), 3, "\"C\"");
    std::ofstream(folder.file("A") + "/.zarray") << metadata;
  }
  auto A = lp::zarr<double>(folder.file("A"));
  lp::TiledMatrix<double> S(grid, grid, 1);
  constexpr std::int64_t more = std::int64_t{224} << 20;
  const lp::threads some{.workers = 2, .memory = more};
  CHECK(most_memory([&] { lp::run(some, sum_both, A, S); }) <= more);
}

TEST_CASE("memory: three runs of one process, one after the other") {
  const Folder folder;
  auto A = lp::zarr<double>(folder.file("A"), n / 2, n / 2, tile);
  lp::run(lp::sequential{}, make_noise, A);
  std::int64_t first = 0;
  for (int k = 0; k < 3; ++k) {
    CAPTURE(k);
    lp::TiledMatrix<double> S(n / 2 / tile, n / 2 / tile, 1);
    lp::exec::Report report;
    CHECK(most_memory([&] { report = lp::run(limited, sum_both, A, S); }) <= limit);
    if (k == 0) first = report.loaded_bytes;
    // As many tiles fit as before, if not to the last one.
    CHECK(report.loaded_bytes <= first + first / 4);
  }
}

TEST_CASE("memory: results that stay beside an Eigen matrix leave no room for tiles") {
  Eigen::MatrixXd A = Eigen::MatrixXd::Zero(2048, 2048);  // 32 MiB, and as much for its results
  CHECK_THROWS_WITH(lp::run(lp::threads{.workers = 2, .memory = std::int64_t{110} << 20},
                            increment_all, lp::map(A, tile)),
                    Catch::Contains("for results that stay in memory"));
  CHECK(A(2047, 2047) == 0);
  CHECK(most_memory([&] {
          lp::run(lp::threads{.workers = 2, .memory = std::int64_t{150} << 20}, increment_all,
                  lp::map(A, tile));
        }) <= std::int64_t{150} << 20);
  CHECK(A(2047, 2047) == 1);
}

}  // namespace limit_test
