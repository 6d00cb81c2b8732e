// Learns to read handwritten digits by kernel ridge regression, in tiles and in parallel.
//
//   (K + lambda I) W = Y,   K(i, j) = exp(-gamma |x_i - x_j|^2)
//
// The rows of X are the images to learn from, the columns of Y say "it is a 0", "it is a 1" ... An
// image x is then read as the digit whose column of exp(-gamma |x - x_j|^2) W is the largest. Every
// fifth image is held out, to see how well that goes.
//
// Five small programs do all of it: the kernel matrix, its Cholesky factorisation, the solution of
// the triangular systems, the residual and the predictions.
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <lambdapack/lambdapack.hpp>
#include <lambdapack/report/report.hpp>

#include "digits_csv.hpp"
#include "options.hpp"

// Both are the best of a grid (gamma from 0.03 to 1, lambda from 1e-4 to 1) in a fivefold
// cross-validation among the images to learn from; the held-out ones had no say.
constexpr double rbf_gamma = 0.12;
constexpr double ridge_lambda = 0.01;

// K(i, j) = exp(-gamma |x_i - y_j|^2) for the rows of two tiles.
const auto rbf =
    lp::make_kernel("rbf", [](lp::out<double> K, lp::in<double> X, lp::in<double> Y, double gamma) {
      K.resize(X.rows(), Y.rows());
      for (std::int64_t j = 0; j < Y.rows(); ++j) {
        double* const column = K.data() + j * K.rows();
        std::fill_n(column, K.rows(), 0.0);
        for (std::int64_t p = 0; p < X.cols(); ++p) {
          const double* const x = X.data() + p * X.rows();
          const double y = Y(j, p);
          for (std::int64_t i = 0; i < X.rows(); ++i) column[i] += (x[i] - y) * (x[i] - y);
        }
        for (std::int64_t i = 0; i < X.rows(); ++i) column[i] = std::exp(-gamma * column[i]);
      }
    });

// K = K + lambda I, for a tile on the diagonal.
const auto shift = lp::make_kernel("shift", [](lp::inout<double> K, double lambda) {
  for (std::int64_t i = 0; i < K.rows(); ++i) K(i, i) += lambda;
});

void kernel_matrix(lp::In<double, 1> X, lp::Out<double, 2> K, double gamma, double lambda) {
  const auto n = X.extent(0);
  for (auto i : lp::range(n)) {
    for (auto j : lp::range(n)) K(i, j) = rbf(X(i), X(j), gamma);
    K(i, i) = shift(K(i, i), lambda);
  }
}

// A = L Lᵀ: the lower triangle of A is overwritten by L.
template <class T>
void cholesky(lp::InOut<T, 2> A) {
  const auto n = A.extent(0);                         // in tiles; symbolic
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

// L Lᵀ X = B: B is overwritten by X.
template <class T>
void solve(lp::In<T, 2> L, lp::InOut<T, 1> B) {
  const auto n = L.extent(0);
  for (auto k : lp::range(n)) {
    B(k) = trsm_left(L(k, k), B(k));
    for (auto i : lp::range(k + 1, n)) B(i) = gemm_sub(B(i), L(i, k), B(k));
  }
  for (auto k : lp::range(n - 1, -1, -1)) {
    B(k) = trsm_left_adjoint(L(k, k), B(k));
    for (auto i : lp::range(k)) B(i) = gemm_sub_adjoint(B(i), L(k, i), B(k));
  }
}

// R = R - A X.
template <class T>
void subtract_product(lp::In<T, 2> A, lp::In<T, 1> X, lp::InOut<T, 1> R) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) R(i) = gemm_sub(R(i), A(i, j), X(j));
}

// P = P + K W, K from the rows of Z and X. K exists only tile by tile.
void predict(lp::In<double, 1> Z, lp::In<double, 1> X, lp::In<double, 1> W, lp::InOut<double, 1> P,
             double gamma) {
  auto K = lp::temp<double, 2>("K");
  for (auto i : lp::range(Z.extent(0)))
    for (auto j : lp::range(X.extent(0))) {
      K(i, j) = rbf(Z(i), X(j), gamma);
      P(i) = gemm(P(i), K(i, j), W(j));
    }
}

using Matrix = lp::TiledMatrix<double>;

Matrix pixels(const std::vector<digits::Image>& images, std::int64_t tile) {
  const auto rows = static_cast<std::int64_t>(images.size());
  Matrix X(rows, digits::pixel_count, tile, digits::pixel_count);
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::size_t p = 0; p < digits::pixel_count; ++p)
      X(i, static_cast<std::int64_t>(p)) = images[static_cast<std::size_t>(i)].pixels[p];
  return X;
}

// A row for each image: 1 in the column of its digit, else 0.
Matrix one_hot(const std::vector<digits::Image>& images, std::int64_t tile) {
  const auto rows = static_cast<std::int64_t>(images.size());
  Matrix Y(rows, 10, tile, 10);
  for (std::int64_t i = 0; i < rows; ++i) Y(i, images[static_cast<std::size_t>(i)].digit) = 1;
  return Y;
}

std::int64_t largest_column(const Matrix& P, std::int64_t row) {
  std::int64_t best = 0;
  for (std::int64_t j = 1; j < P.cols(); ++j)
    if (P(row, j) > P(row, best)) best = j;
  return best;
}

double frobenius_norm(const Matrix& A) {
  double sum = 0;
  for (std::int64_t j = 0; j < A.extents()[1]; ++j)
    for (std::int64_t i = 0; i < A.extents()[0]; ++i) {
      const auto& tile = A.tile(i, j);
      for (std::int64_t e = 0; e < tile.rows() * tile.cols(); ++e)
        sum += tile.data()[e] * tile.data()[e];
    }
  return std::sqrt(sum);
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  out << content << std::flush;
  if (!out)
    throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno) +
                             "; name a folder that exists and may be written");
}

void run(const digits::Options& options) {
  std::vector<digits::Image> known, held_out;
  for (const digits::Image& image : digits::read_csv(options.csv))
    ((known.size() + held_out.size()) % 5 == 4 ? held_out : known).push_back(image);

  const std::string graph_picture = options.directory + "/task-graph.svg";
  const lp::Compiled compiled = lp::compile(cholesky<double>);
  write_file(graph_picture, lp::graph_svg(compiled.program(), compiled.graph({5, 5})));

  const lp::threads executor{.workers = options.workers};
  const Matrix X = pixels(known, options.tile), Y = one_hot(known, options.tile);
  const std::int64_t n = X.rows();
  Matrix K(n, n, options.tile);
  lp::run(executor, kernel_matrix, X, K, rbf_gamma, ridge_lambda);

  // A first run touches memory and wakes the cores, so that the one that is shown is typical.
  Matrix L = K;
  lp::run(executor, cholesky<double>, L);
  L = K;
  const lp::threads recorder{.workers = options.workers, .record_events = true};
  const auto factorisation =
      lp::wait_with_progress(lp::start(recorder, cholesky<double>, L), "cholesky");

  Matrix W = Y;
  lp::run(executor, solve<double>, L, W);

  Matrix R = Y;
  lp::run(executor, subtract_product<double>, K, W, R);
  const double residual = frobenius_norm(R) / (frobenius_norm(K) * frobenius_norm(W));

  const Matrix Z = pixels(held_out, options.tile);
  Matrix P(Z.rows(), 10, options.tile, 10);
  lp::run(executor, predict, Z, X, W, P, rbf_gamma);
  int right = 0;
  for (std::int64_t i = 0; i < P.rows(); ++i)
    right += largest_column(P, i) == held_out[static_cast<std::size_t>(i)].digit ? 1 : 0;

  const std::string timeline = options.directory + "/timeline.svg";
  write_file(timeline, lp::gantt_svg(factorisation));
  const std::string page = options.directory + "/factorisation.html";
  write_file(page, lp::report_html(factorisation));

  const double gigaflops =
      static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n) / 3e9;
  const auto blis = lp::kernel::blis_configuration();
  std::printf("digits         %zu to learn from, %zu held out\n", known.size(), held_out.size());
  std::printf("model          kernel ridge regression, gamma = %g, lambda = %g\n", rbf_gamma,
              ridge_lambda);
  std::printf("accuracy       %.1f %% of the held-out digits (%d of %zu)\n",
              100.0 * right / static_cast<double>(held_out.size()), right, held_out.size());
  std::printf("residual       |(K + lambda I) W - Y| / (|K + lambda I| |W|) = %.1e\n", residual);
  std::printf("factorisation  %.1f ms on %d workers, %.1f GF/s in double precision\n",
              1e3 * factorisation.seconds, factorisation.workers,
              gigaflops / factorisation.seconds);
  std::printf("task graph     %lld tasks from %.1f KB of formulas, the same for any size\n",
              static_cast<long long>(factorisation.tasks),
              static_cast<double>(factorisation.formula_bytes) / 1000);
  std::printf("BLIS           %s, chosen by %s\n", blis.name.c_str(), blis.chosen_by.c_str());
  std::printf("pictures       %s\n               %s\n               %s\n", graph_picture.c_str(),
              timeline.c_str(), page.c_str());
}

int main(int argc, char** argv) {
  try {
    const digits::Options options = digits::parse(argc, argv);
    if (options.help)
      std::fputs(digits::usage, stdout);
    else
      run(options);
    return 0;
  } catch (const digits::usage_error& e) {
    std::fprintf(stderr, "digits: %s\n%s", e.what(), digits::usage);
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "digits: %s\n", e.what());
    return 1;
  }
}
