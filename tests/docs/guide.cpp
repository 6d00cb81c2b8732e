// The code of docs/guide.md: programs, data, kernels and payloads.
#include <lambdapack/ir/print.hpp>
#include <lambdapack/lambdapack.hpp>

#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include "docs/support.hpp"

using docs_test::shown;

namespace guide_programs {

// clang-format off
// A = L Lᵀ: the lower triangle of A is overwritten by L.
template <class T>
void cholesky(lp::InOut<T, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

// y = L⁻¹ y, tile by tile.
void forward_substitution(lp::In<double, 2> L, lp::InOut<double, 1> y) {
  for (auto k : lp::range(y.extent(0))) {
    y(k) = trsm_left(L(k, k), y(k));
    for (auto i : lp::range(k + 1, y.extent(0)))
      y(i) = gemm_sub(y(i), L(i, k), y(k));
  }
}

const auto add_to_diagonal = lp::make_kernel("add_to_diagonal",
    [](lp::inout<double> a, double s) {
      for (std::int64_t i = 0; i < a.rows(); ++i) a(i, i) += s;
    });

void regularise(lp::InOut<double, 2> A, double s) {
  for (auto k : lp::range(A.extent(0)))
    A(k, k) = add_to_diagonal(A(k, k), s);
}

const auto sum_of_squares = lp::make_kernel("sum_of_squares",
    [](lp::out<double> sum, lp::in_list<double> tiles) {
      sum.resize(1, 1);
      sum(0, 0) = 0;
      for (std::size_t t = 0; t < tiles.size(); ++t)
        for (std::int64_t j = 0; j < tiles[t].cols(); ++j)
          for (std::int64_t i = 0; i < tiles[t].rows(); ++i)
            sum(0, 0) += tiles[t](i, j) * tiles[t](i, j);
    });

const auto root_of_sum = lp::make_kernel("root_of_sum",
    [](lp::out<double> root, lp::in_list<double> sums) {
      double total = 0;
      for (std::size_t t = 0; t < sums.size(); ++t) total += sums[t](0, 0);
      root.resize(1, 1);
      root(0, 0) = std::sqrt(total);
    });

// The Frobenius norm of A: each block column by itself, then all of them.
void norm(lp::In<double, 2> A, lp::Out<double, 0> result) {
  auto column = lp::temp<double, 1>("column");
  for (auto j : lp::range(A.extent(1)))
    column(j) = sum_of_squares(A(lp::range(A.extent(0)), j));
  result() = root_of_sum(column(lp::range(A.extent(1))));
}

const auto divide = lp::make_kernel("divide",
    [](lp::out<double> quotient, lp::inout<double> number, lp::in<double> divisor) {
      quotient.resize(1, 1);
      quotient(0, 0) = std::floor(number(0, 0) / divisor(0, 0));
      number(0, 0) -= quotient(0, 0) * divisor(0, 0);
    });

void divide_all(lp::InOut<double, 1> x, lp::In<double, 1> y, lp::Out<double, 1> q) {
  for (auto i : lp::range(x.extent(0)))
    lp::tie(q(i), x(i)) = divide(x(i), y(i));
}

const auto average = lp::make_kernel("average",
    [](lp::out<double> mean, lp::in<double> left, lp::in<double> here, lp::in<double> right) {
      mean.resize(here.rows(), here.cols());
      for (std::int64_t i = 0; i < here.rows(); ++i)
        mean(i, 0) = (left(i, 0) + here(i, 0) + right(i, 0)) / 3;
    });

// `steps` rounds of smoothing; U(t, i) is tile i after t rounds.
void smooth(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Integer steps) {
  const auto n = x.extent(0);
  auto U = lp::temp<double, 2>("U");
  for (auto i : lp::range(n)) U(0, i) = copy(x(i));
  for (auto t : lp::range(steps))
    for (auto i : lp::range(n)) {
      if (auto edge = lp::when(i == 0 || i == n - 1))
        U(t + 1, i) = copy(U(t, i));
      if (auto inside = lp::when(0 < i && i < n - 1))
        U(t + 1, i) = average(U(t, i - 1), U(t, i), U(t, i + 1));
    }
  for (auto i : lp::range(n)) y(i) = copy(U(steps, i));
}

// A payload: how often each word occurs.
struct Counts {
  std::map<std::string, std::int64_t> of;

  static std::string type_name() { return "word counts"; }
  std::size_t byte_size() const { return text().size(); }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), text().data(), out.size());
  }
  static Counts read_bytes(std::span<const std::byte> in) {
    std::istringstream text(std::string(reinterpret_cast<const char*>(in.data()), in.size()));
    Counts counts;
    for (std::string word; text >> word;)
      if (!(text >> counts.of[word])) throw lp::input_error("these bytes are not word counts");
    return counts;
  }

 private:
  std::string text() const {
    std::string all;
    for (const auto& [word, n] : of) all += word + " " + std::to_string(n) + "\n";
    return all;
  }
};

struct Page {
  std::string text;

  static std::string type_name() { return "page"; }
  std::size_t byte_size() const { return text.size(); }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), text.data(), out.size());
  }
  static Page read_bytes(std::span<const std::byte> in) {
    return {std::string(reinterpret_cast<const char*>(in.data()), in.size())};
  }
};

const auto count = lp::make_kernel("count", [](lp::out<Counts> counts, lp::in<Page> page) {
  std::istringstream text(page->text);
  for (std::string word; text >> word;) ++counts->of[word];
});

const auto merge = lp::make_kernel("merge", [](lp::out<Counts> all, lp::in_list<Counts> parts) {
  for (std::size_t k = 0; k < parts.size(); ++k)
    for (const auto& [word, n] : parts[k]->of) all->of[word] += n;
});

void count_words(lp::In<Page, 1> pages, lp::Out<Counts, 0> total) {
  auto part = lp::temp<Counts, 1>("part");
  for (auto p : lp::range(pages.extent(0))) part(p) = count(pages(p));
  total() = merge(part(lp::range(pages.extent(0))));
}
// clang-format on

Eigen::MatrixXd positive_definite(int n) {
  const Eigen::MatrixXd B = Eigen::MatrixXd::Random(n, n);
  return B * B.transpose() + Eigen::MatrixXd::Identity(n, n);
}

/// An empty folder to work in, for as long as it lives.
class Scratch {
 public:
  Scratch() : back_(std::filesystem::current_path()) {
    std::string name = (std::filesystem::temp_directory_path() / "docs-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    std::filesystem::current_path(name);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(back_);
    std::filesystem::remove_all(here);
  }

 private:
  std::filesystem::path back_;
};

}  // namespace guide_programs

namespace guide_tests {

using namespace guide_programs;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("guide: a first program") {
  // clang-format off
  lp::TiledMatrix<double> A(500, 500, 128);             // rows, columns, tile size; zeros
  for (int i = 0; i < 500; ++i)
    for (int j = 0; j <= i; ++j) A(i, j) = i == j ? 500.0 : 1.0;

  lp::run(lp::threads{}, cholesky<double>, A);
  // clang-format on
  CHECK(A(0, 0) == Approx(std::sqrt(500.0)));
  CHECK(A(499, 0) == Approx(1 / std::sqrt(500.0)));
}

TEST_CASE("guide: what a program is") {
  std::ostringstream out;
  const auto print = [&] {
    // clang-format off
    out << to_string(lp::compile(cholesky<double>).program());
    // clang-format on
  };
  print();
  CHECK(shown(out.str()) == shown(R"(
cholesky(inout A: float64[A.extent(0), A.extent(1)])
  for k in range(0, A.extent(0))
    A(k, k) = potrf(A(k, k))                       # cholesky.cpp:9
    for i in range(k + 1, A.extent(0))
      A(i, k) = trsm(A(k, k), A(i, k))             # cholesky.cpp:11
      for j in range(k + 1, i + 1)
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k))  # cholesky.cpp:13
)"));
}

TEST_CASE("guide: an Eigen matrix") {
  const Eigen::MatrixXd original = positive_definite(300);
  Eigen::MatrixXd A = original;
  // clang-format off
  lp::run(lp::threads{}, cholesky<double>, lp::map(A, 64));     // A is overwritten
  // clang-format on
  const Eigen::MatrixXd L = A.triangularView<Eigen::Lower>();
  CHECK((L * L.transpose() - original).norm() < 1e-10);
}

TEST_CASE("guide: tiles as matrices of Eigen") {
  // clang-format off
  const auto halve = lp::make_kernel("halve", [](lp::inout<double> tile) {
    lp::map<Eigen::MatrixXd>(tile) *= 0.5;
  });
  lp::TiledMatrix<double> M(100, 100, 32);
  Eigen::MatrixXd all = lp::to_eigen<Eigen::MatrixXd>(M), corner = lp::map<Eigen::MatrixXd>(M.tile(0, 0));
  // clang-format on
  CHECK(all.rows() == 100);
  CHECK(corner.rows() == 32);
  M(40, 40) = 4;
  const auto halve_all = [&](lp::InOut<double, 2> A) {
    for (auto i : lp::range(A.extent(0)))
      for (auto j : lp::range(A.extent(1))) A(i, j) = halve(A(i, j));
  };
  lp::run(lp::threads{}, halve_all, M);
  CHECK(M(40, 40) == 2);
}

TEST_CASE("guide: .npy and Zarr") {
  const Scratch scratch;
  const Eigen::MatrixXd original = positive_definite(200);
  lp::TiledMatrix<double> M = lp::TiledMatrix<double>::from(original.data(), 200, 200, 200, 64);
  // clang-format off
  lp::write_npy("A.npy", M);
  lp::run(lp::threads{}, cholesky<double>, lp::npy<double>("A.npy", 64));
  lp::TiledMatrix<double> L = lp::read_npy<double>("A.npy", 64);

  lp::write_zarr("A.zarr", M, {.zstd = 3});
  lp::run(lp::threads{}, cholesky<double>, lp::zarr<double>("A.zarr"));
  // clang-format on
  const auto Z = lp::read_zarr<double>("A.zarr");
  for (int i = 0; i < 200; ++i)
    for (int j = 0; j <= i; ++j) REQUIRE(L(i, j) == Z(i, j));

  lp::run(lp::threads{}, cholesky<double>, M);
  for (int i = 0; i < 200; ++i)
    for (int j = 0; j <= i; ++j) REQUIRE(L(i, j) == M(i, j));
}

TEST_CASE("guide: a matrix larger than memory") {
  const Scratch scratch;
  const Eigen::MatrixXd original = positive_definite(200);
  auto M = lp::TiledMatrix<double>::from(original.data(), 200, 200, 200, 64);
  lp::write_zarr("A.zarr", M);
  // clang-format off
  const lp::threads limited{.memory = std::int64_t{2} << 30};  // 2 GiB
  lp::run(limited, cholesky<double>, lp::zarr<double>("A.zarr"));
  // clang-format on
  lp::run(lp::threads{}, cholesky<double>, M);
  const auto Z = lp::read_zarr<double>("A.zarr");
  for (int i = 0; i < 200; ++i)
    for (int j = 0; j <= i; ++j) REQUIRE(Z(i, j) == std::as_const(M)(i, j));
}

TEST_CASE("guide: several arrays, and a vector") {
  const Scratch scratch;
  Eigen::MatrixXd A = positive_definite(100);
  const Eigen::VectorXd b = Eigen::VectorXd::Ones(100);
  Eigen::VectorXd y = b;
  // clang-format off
  lp::run(lp::threads{}, cholesky<double>, lp::map(A, 32));
  lp::run(lp::threads{}, forward_substitution, lp::map(A, 32), lp::map(y, 32, 1));
  // clang-format on
  const Eigen::MatrixXd L = A.triangularView<Eigen::Lower>();
  CHECK((L * y - b).norm() < 1e-10);
}

TEST_CASE("guide: a new file") {
  const Scratch scratch;
  // clang-format off
  const auto copy_all = [](lp::In<double, 2> from, lp::Out<double, 2> to) {
    for (auto i : lp::range(to.extent(0)))
      for (auto j : lp::range(to.extent(1))) to(i, j) = copy(from(i, j));
  };
  lp::TiledMatrix<double> A(100, 70, 32);
  lp::run(lp::threads{}, copy_all, A, lp::npy<double>("B.npy", 100, 70, 32));
  lp::run(lp::threads{}, copy_all, A, lp::zarr<double>("B.zarr", 100, 70, 32));
  // clang-format on
  CHECK(lp::read_npy<double>("B.npy", 32).cols() == 70);
  CHECK(lp::read_zarr<double>("B.zarr").rows() == 100);
}

TEST_CASE("guide: kernels of your own") {
  lp::TiledMatrix<double> A(5, 5, 2);
  // clang-format off
  lp::run(lp::threads{}, regularise, A, 0.5);
  // clang-format on
  CHECK(A(4, 4) == 0.5);
  CHECK(A(4, 3) == 0);

  lp::TiledMatrix<double> result(1, 1, 1);
  lp::run(lp::threads{}, norm, A, result);
  CHECK(result(0, 0) == Approx(std::sqrt(5 * 0.25)));

  lp::TiledMatrix<double> x(3, 1, 1), y(3, 1, 1), q(3, 1, 1);
  x(0, 0) = x(1, 0) = x(2, 0) = 17;
  y(0, 0) = y(1, 0) = y(2, 0) = 5;
  lp::run(lp::threads{}, divide_all, x, y, q);
  CHECK(q(1, 0) == 3);
  CHECK(x(1, 0) == 2);
}

TEST_CASE("guide: guards, temporaries, integers") {
  lp::TiledMatrix<double> x(12, 1, 2, 1), y(12, 1, 2, 1);
  for (int i = 0; i < 12; ++i) x(i, 0) = i;
  // clang-format off
  lp::run(lp::threads{}, smooth, x, y, 10);
  // clang-format on
  for (int i = 0; i < 12; ++i) CHECK(y(i, 0) == Approx(x(i, 0)));
}

TEST_CASE("guide: a payload of your own") {
  // clang-format off
  lp::TileArray<Page> pages({3});
  pages(0).text = "to be or not to be";
  pages(1).text = "that is the question";
  pages(2).text = "to sleep";
  lp::TileArray<Counts> total;                          // rank 0: one tile
  lp::run(lp::threads{}, count_words, pages, total);
  const std::int64_t n = total().of["to"];              // 3
  // clang-format on
  CHECK(n == 3);
  CHECK(total().of["sleep"] == 1);

  std::vector<std::byte> bytes(total().byte_size());
  total().write_bytes(bytes);
  CHECK(Counts::read_bytes(bytes).of == total().of);
}

}  // namespace guide_tests
