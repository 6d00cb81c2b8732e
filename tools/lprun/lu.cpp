// P A = L U, and systems of equations and inverses by it or by Cholesky.
#include <lambdapack/algorithm/calu.hpp>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/inverse.hpp>
#include <lambdapack/algorithm/lu.hpp>
#include <lambdapack/algorithm/solve.hpp>
#include <lambdapack/algorithm/solve_hermitian.hpp>
#include <lambdapack/algorithm/solve_mixed.hpp>

#include <iostream>
#include <numeric>

#include "choices.hpp"
#include "residual.hpp"
#include "spread.hpp"

namespace lprun {
namespace {

enum class Pivoting { partial, tournament };

template <class M>
lp::Lu factor(Run& run, Pivoting pivoting, M& A) {
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

/// The permutation of an lp::Lu, which is written for --pivots; says that the matrix is singular.
std::vector<std::int64_t> say_pivots(const Run& run, std::int64_t rows, const lp::Lu& lu) {
  std::vector<std::int64_t> p = permutation(rows, lu);
  if (rank() > 0) return p;
  if (run.command().has("--pivots"))
    write_npy_array(run.command().text("--pivots"), "<i8", rows, std::as_bytes(std::span(p)));
  if (lu.info > 0)
    std::cerr << "lprun: U has a zero on its diagonal in row " << lu.info
              << ", counted from 1: A is singular\n";
  return p;
}

template <Pivoting pivoting>
struct Factors {
  template <lp::Scalar T>
  static void spread(Run& run) {
    const auto grid = grid_of_input<T>(run, 0);
    auto copy = shared_copy<T>(run, 0);
    auto A = lp::zarr<T>(copy->path());
    const lp::Lu lu =
        run.timed<T>(operations(grid.rows, grid.cols), [&] { return factor(run, pivoting, A); });
    write_shared<T>(run, "-o", std::move(copy));
    run.wrote(grid.rows, grid.cols, grid.tile_rows);
    say_pivots(run, grid.rows, lu);
  }

  template <lp::Scalar T>
  static void run(Run& run) {
    const Command& command = run.command();
    if (command.has("--pivots") && !is_npy(command.text("--pivots")))
      throw command_error("--pivots was given '" + command.text("--pivots") +
                          "'; expected a name that ends in .npy");
    if (is_spread(run)) return spread<T>(run);
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    const lp::Lu lu =
        run.timed<T>(operations(A.rows(), A.cols()), [&] { return factor(run, pivoting, A); });
    run.write(A);
    const std::vector<std::int64_t> p = say_pivots(run, A.rows(), lu);
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
  /// Throws command_error unless T is double or complex double.
  template <lp::Scalar T>
  static lp::exec::Report solve_mixed(Run& run, const lp::TiledMatrix<T>& A,
                                      lp::TiledMatrix<T>& X) {
    if constexpr (lp::DoubleScalar<T>) {
      const auto B = X;
      return lp::solve_mixed(A, B, X, run.executor()).report;
    }
    throw command_error("--by mixed refines in double precision, but A is of " + run.type() +
                        "; use --by lu");
  }

  template <lp::Scalar T>
  static void run(Run& run) {
    auto A = run.read<T>(0), X = run.read<T>(1);
    const auto original = run.kept(A), B = run.kept(X);
    const auto n = static_cast<double>(A.rows()), k = static_cast<double>(X.cols());
    const auto by = run.command().choice("--by", {"lu", "calu", "cholesky", "mixed", "hermitian"});
    run.timed<T>((by == 2 || by == 4 ? 1 : 2) * n * n * n / 3 + 2 * n * n * k, [&] {
      if (by == 0) return lp::solve(A, X, run.executor()).report;
      if (by == 2) return lp::solve_positive(A, X, run.executor());
      if (by == 3) return solve_mixed(run, A, X);
      if (by == 4) {
        const auto right = X;
        return lp::solve_hermitian(A, right, X, run.executor()).report;
      }
      const lp::Lu lu = lp::calu(A, run.executor());
      return lp::lu_solve(A, lu, X, lp::Op::none, run.executor());
    });
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto whole = by == 2 || by == 4 ? filled(original, lp::Part::lower, true) : original;
    run.say("max ||b - A x|| / (||A|| ||x|| eps)",
            solve_ratio(difference(run, B, whole, X), X, one_norm(whole)));
  }
};

struct Inverse {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto X = run.read<T>(0);
    const auto A = run.kept(X);
    const auto n = static_cast<double>(X.rows());
    const auto by = run.command().choice("--by", {"cholesky", "lu", "calu"});
    run.timed<T>((by == 0 ? 1 : 2) * n * n * n, [&] {
      if (by == 0) {
        lp::cholesky(X, run.executor());
        return lp::cholesky_inverse(X, run.executor());
      }
      const lp::Lu lu = factor(run, by == 1 ? Pivoting::partial : Pivoting::tournament, X);
      return lp::lu_inverse(X, lu, run.executor());
    });
    if (by == 0) X = filled(X, lp::Part::lower, true);
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto whole = by == 0 ? filled(A, lp::Part::lower, true) : A;
    const auto identity = made(A, A.rows(), A.rows(),
                               [](std::int64_t i, std::int64_t j) { return i == j ? T(1) : T(); });
    run.say("||I - A X|| / (n ||A|| ||X|| eps)",
            ratio(one_norm(difference(run, identity, whole, X)),
                  n * one_norm(whole) * one_norm(X) * eps<T>()));
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
           {{"--by", Takes::word, "lu|calu|cholesky|mixed|hermitian", "lu",
             "the factorization; cholesky and hermitian, which is for matrices that are not "
             "definite, read A's lower triangle, mixed is lu in single precision, refined"}},
           with_elements<Solve>},
          {"inverse",
           "A^-1; writes all of it",
           "A",
           "lprun inverse A.npy -o X.npy",
           "||I - A X|| / (n ||A|| ||X|| eps)",
           {{"--by", Takes::word, "cholesky|lu|calu", "cholesky",
             "the factorization; cholesky takes A for positive definite, and reads its lower "
             "triangle"}},
           with_elements<Inverse>}};
}

}  // namespace lprun
