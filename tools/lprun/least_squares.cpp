// The X that makes ||A X - B|| smallest.
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/least_squares.hpp>

#include "residual.hpp"

namespace lprun {
namespace {

struct LeastSquares {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0), B = run.read<T>(1);
    const auto m = static_cast<double>(A.rows()), n = static_cast<double>(A.cols());
    const double k = std::min(m, n), right = static_cast<double>(B.cols());
    const auto X =
        run.timed<T>(qr_operations(A.rows(), A.cols()) + (4 * std::max(m, n) * k - k * k) * right,
                     [&] { return lp::least_squares(A, B, {}, run.executor()); });
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto rest = difference(run, B, A, X);
    const double largest = std::max({m, n, right}), norm = one_norm(A);
    if (A.rows() < A.cols()) {
      run.say("max ||b - A x|| / (max(m, n) ||A|| ||x|| eps)",
              solve_ratio(rest, X, std::max(m, n) * norm));
      return;
    }
    lp::TiledMatrix<T> normal(A.cols(), B.cols(), run.tile());
    lp::gemm(A, rest, normal, {.a_op = lp::Op::adjoint}, run.aside());
    run.say("||A^H (B - A X)|| / (max(m, n, k) ||A|| ||B|| eps)",
            ratio(one_norm(normal), largest * norm * one_norm(B) * eps<T>()));
  }
};

}  // namespace

std::vector<Algorithm> least_squares_algorithms() {
  return {
      {"least_squares",
       "the X that makes ||A X - B|| smallest, A of full rank; the smallest such X if A has more "
       "columns than rows; writes X",
       "A B",
       "lprun least_squares tall.npy b.npy -o X.npy",
       "||A^H (B - A X)|| / (max(m, n, k) ||A|| ||B|| eps), k columns in B; if m < n, the "
       "largest ||b - A x|| / (max(m, n) ||A|| ||x|| eps) of the columns",
       {},
       with_elements<LeastSquares>}};
}

}  // namespace lprun
