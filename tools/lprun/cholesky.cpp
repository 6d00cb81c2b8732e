// A = L L^H, and systems and inverses with it.
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/inverse.hpp>

#include "residual.hpp"

namespace lprun {
namespace {

struct Cholesky {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    const auto n = static_cast<double>(A.rows());
    run.timed<T>(n * n * n / 3, [&] { return lp::cholesky(A, run.executor()); });
    const auto L = lower_part(A);
    run.write(L);
    if (!run.asks_for_residual()) return;
    const auto whole = filled(original, lp::Part::lower, true);
    run.say("||A - L L^H|| / (n ||A|| eps)",
            ratio(one_norm(difference(run, whole, L, L, lp::Op::none, lp::Op::adjoint)),
                  n * one_norm(whole) * eps<T>()));
  }
};

struct CholeskySolve {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto L = run.read<T>(0);
    auto X = run.read<T>(1);
    const auto B = run.kept(X);
    const auto n = static_cast<double>(L.rows()), k = static_cast<double>(X.cols());
    run.timed<T>(2 * n * n * k, [&] { return lp::cholesky_solve(L, X, run.executor()); });
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto lower = lower_part(L);
    lp::TiledMatrix<T> A(L.rows(), L.rows(), run.tile());
    lp::gemm(lower, lower, A, {.b_op = lp::Op::adjoint}, run.aside());
    run.say("max ||b - A x|| / (||A|| ||x|| eps)",
            solve_ratio(difference(run, B, A, X), X, one_norm(A)));
  }
};

struct Inverse {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto X = run.read<T>(0);
    const auto A = run.kept(X);
    const auto n = static_cast<double>(X.rows());
    run.timed<T>(n * n * n, [&] {
      lp::cholesky(X, run.executor());
      return lp::cholesky_inverse(X, run.executor());
    });
    X = filled(X, lp::Part::lower, true);
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto whole = filled(A, lp::Part::lower, true);
    const auto identity = made(A, A.rows(), A.rows(),
                               [](std::int64_t i, std::int64_t j) { return i == j ? T(1) : T(); });
    run.say("||I - A X|| / (n ||A|| ||X|| eps)",
            ratio(one_norm(difference(run, identity, whole, X)),
                  n * one_norm(whole) * one_norm(X) * eps<T>()));
  }
};

}  // namespace

std::vector<Algorithm> cholesky_algorithms() {
  return {{"cholesky",
           "A = L L^H with A Hermitian and positive definite, of which the lower triangle is read; "
           "writes L",
           "A",
           "lprun cholesky A.npy -o L.npy",
           "||A - L L^H|| / (n ||A|| eps)",
           {},
           with_elements<Cholesky>},
          {"cholesky_solve",
           "A X = B with A = L L^H; writes X",
           "L B",
           "lprun cholesky_solve L.npy B.npy -o X.npy",
           "the largest ||b - A x|| / (||A|| ||x|| eps) of the columns",
           {},
           with_elements<CholeskySolve>},
          {"inverse",
           "A^-1 with A Hermitian and positive definite, of which the lower triangle is read; "
           "writes all of it",
           "A",
           "lprun inverse A.npy -o X.npy",
           "||I - A X|| / (n ||A|| ||X|| eps)",
           {},
           with_elements<Inverse>}};
}

}  // namespace lprun
