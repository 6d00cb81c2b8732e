// P A = L U, and systems of equations by it or by Cholesky.
#include <lambdapack/algorithm/calu.hpp>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/lu.hpp>

#include <iostream>
#include <numeric>

#include "choices.hpp"
#include "residual.hpp"

namespace lprun {
namespace {

enum class Pivoting { partial, tournament };

template <lp::Scalar T>
lp::Lu factor(Run& run, Pivoting pivoting, lp::TiledMatrix<T>& A) {
  return pivoting == Pivoting::partial ? lp::lu(A, run.executor()) : lp::calu(A, run.executor());
}

/// Which row of A is row i of P A, from 0.
std::vector<std::int64_t> permutation(std::int64_t rows, const lp::Lu& lu) {
  std::vector<std::int64_t> p(static_cast<std::size_t>(rows));
  std::iota(p.begin(), p.end(), 0);
  for (std::size_t s = 0; s < lu.pivots.size(); ++s)
    std::swap(p[s], p[static_cast<std::size_t>(lu.pivots[s] - 1)]);
  return p;
}

/// Multiplications and additions in the factorization of an m x n matrix.
double operations(std::int64_t rows, std::int64_t cols) {
  const auto m = static_cast<double>(std::max(rows, cols));
  const auto n = static_cast<double>(std::min(rows, cols));
  return m * n * n - n * n * n / 3;
}

template <Pivoting pivoting>
struct Factors {
  template <lp::Scalar T>
  static void run(Run& run) {
    const Command& command = run.command();
    if (command.has("--pivots") && !is_npy(command.text("--pivots")))
      throw command_error("--pivots was given '" + command.text("--pivots") +
                          "'; expected a name that ends in .npy");
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    const lp::Lu lu =
        run.timed<T>(operations(A.rows(), A.cols()), [&] { return factor(run, pivoting, A); });
    const std::vector<std::int64_t> p = permutation(A.rows(), lu);
    run.write(A);
    if (command.has("--pivots"))
      write_npy_array(command.text("--pivots"), "<i8", A.rows(), std::as_bytes(std::span(p)));
    if (lu.info > 0)
      std::cerr << "lprun: U has a zero on its diagonal in row " << lu.info
                << ", counted from 1: A is singular\n";
    if (!run.asks_for_residual()) return;
    const auto permuted = made(A, A.rows(), A.cols(), [&](std::int64_t i, std::int64_t j) {
      return original(p[static_cast<std::size_t>(i)], j);
    });
    run.say("||P A - L U|| / (n ||A|| eps)",
            ratio(one_norm(difference(run, permuted, lower_part(A, true), upper_part(A))),
                  static_cast<double>(A.cols()) * one_norm(original) * eps<T>()));
  }
};

struct Solve {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto A = run.read<T>(0), X = run.read<T>(1);
    const auto original = run.kept(A), B = run.kept(X);
    const auto n = static_cast<double>(A.rows()), k = static_cast<double>(X.cols());
    const auto by = run.command().choice("--by", {"lu", "calu", "cholesky"});
    run.timed<T>((by == 2 ? 1 : 2) * n * n * n / 3 + 2 * n * n * k, [&] {
      if (by == 2) {
        lp::cholesky(A, run.executor());
        return lp::cholesky_solve(A, X, run.executor());
      }
      const lp::Lu lu = factor(run, by == 0 ? Pivoting::partial : Pivoting::tournament, A);
      return lp::lu_solve(A, lu, X, lp::Op::none, run.executor());
    });
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto whole = by == 2 ? filled(original, lp::Part::lower, true) : original;
    run.say("max ||b - A x|| / (||A|| ||x|| eps)",
            solve_ratio(difference(run, B, whole, X), X, one_norm(whole)));
  }
};

}  // namespace

std::vector<Algorithm> lu_algorithms() {
  const Option pivots{"--pivots", Takes::output, "FILE", "",
                      "write the permutation p, int64, .npy: A[p] = L U in NumPy"};
  constexpr const char* formula = "||P A - L U|| / (n ||A|| eps)";
  return {{"lu",
           "P A = L U by partial pivoting; writes L, below the diagonal, and U",
           "A",
           "lprun lu A.npy -o LU.npy --pivots p.npy",
           formula,
           {pivots},
           with_elements<Factors<Pivoting::partial>>},
          {"calu",
           "P A = L U by tournament pivoting; writes L, below the diagonal, and U",
           "A",
           "lprun calu A.npy -o LU.npy --pivots p.npy",
           formula,
           {pivots},
           with_elements<Factors<Pivoting::tournament>>},
          {"solve",
           "A X = B; writes X",
           "A B",
           "lprun solve A.npy B.npy -o X.npy",
           "the largest ||b - A x|| / (||A|| ||x|| eps) of the columns",
           {{"--by", Takes::word, "lu|calu|cholesky", "lu",
             "the factorization; cholesky reads A's lower triangle"}},
           with_elements<Solve>}};
}

}  // namespace lprun
