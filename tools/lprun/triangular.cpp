// Triangular matrices: systems, and products.
#include <lambdapack/algorithm/trmm.hpp>
#include <lambdapack/algorithm/trsm.hpp>

#include "choices.hpp"
#include "residual.hpp"

namespace lprun {
namespace {

/// The options of either as those of `How`.
template <lp::Scalar T, class How>
How options_of(const Run& run) {
  const Command& command = run.command();
  return {side_of(command), part_of(command), op_of(command, "--op"), diagonal_of(command),
          run.number<T>("--alpha")};
}

/// op(A), and zeros; on the right its transpose, since the residual is that of the transposes then.
template <lp::Scalar T, class How>
lp::TiledMatrix<T> triangle_of(const lp::TiledMatrix<T>& A, const How& how) {
  const bool lower = how.part == lp::Part::lower, unit = how.diagonal == lp::Diagonal::unit;
  const auto triangle = made(A, A.rows(), A.cols(), [&](std::int64_t i, std::int64_t j) {
    return i == j ? unit ? T(1) : A(i, j) : (i > j) == lower ? A(i, j) : T();
  });
  const auto turned = transposed(triangle, how.op);
  return how.side == lp::Side::left ? turned : transposed(turned, lp::Op::transpose);
}

/// alpha B, from the right transposed.
template <lp::Scalar T, class How>
lp::TiledMatrix<T> scaled(const lp::TiledMatrix<T>& B, const How& how) {
  auto b = how.side == lp::Side::left ? B : transposed(B, lp::Op::transpose);
  for (std::int64_t j = 0; j < b.cols(); ++j)
    for (std::int64_t i = 0; i < b.rows(); ++i) b(i, j) *= how.alpha;
  return b;
}

template <lp::Scalar T>
double operations(const lp::TiledMatrix<T>& A, const lp::TiledMatrix<T>& B) {
  return static_cast<double>(A.rows()) * static_cast<double>(B.rows()) *
         static_cast<double>(B.cols());
}

struct Trsm {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto how = options_of<T, lp::kernel::Trsm<T>>(run);
    const auto A = run.read<T>(0);
    auto X = run.read<T>(1);
    const auto B = run.kept(X);
    run.timed<T>(operations(A, X), [&] { return lp::trsm(A, X, how, run.executor()); });
    run.write(X);
    if (!run.asks_for_residual()) return;
    const auto triangle = triangle_of(A, how);
    const auto x = how.side == lp::Side::left ? X : transposed(X, lp::Op::transpose);
    run.say("max ||alpha b - op(A) x|| / (||op(A)|| ||x|| eps)",
            solve_ratio(difference(run, scaled(B, how), triangle, x), x, one_norm(triangle)));
  }
};

struct Trmm {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto how = options_of<T, lp::kernel::Trmm<T>>(run);
    const auto A = run.read<T>(0);
    auto C = run.read<T>(1);
    const auto B = run.kept(C);
    run.timed<T>(operations(A, C), [&] { return lp::trmm(A, C, how, run.executor()); });
    run.write(C);
    if (!run.asks_for_residual()) return;
    const auto triangle = triangle_of(A, how);
    const auto b = scaled(B, how);
    const auto c = how.side == lp::Side::left ? C : transposed(C, lp::Op::transpose);
    run.say("||C - alpha op(A) B|| / (n ||op(A)|| ||alpha B|| eps)",
            ratio(one_norm(difference(run, c, triangle, b)),
                  static_cast<double>(A.rows()) * one_norm(triangle) * one_norm(b) * eps<T>()));
  }
};

}  // namespace

std::vector<Algorithm> triangular_algorithms() {
  return {
      {"trsm",
       "op(A) X = alpha B, or X op(A) = alpha B, with a triangle of A; writes X",
       "A B",
       "lprun trsm L.npy B.npy -o X.npy --op adjoint",
       "the largest ||alpha b - op(A) x|| / (||op(A)|| ||x|| eps) of the columns; from the "
       "right, of the rows",
       {side_option,
        part_option,
        {"--op", Takes::word, all_ops, "none", "op of A"},
        diagonal_option,
        alpha_option},
       with_elements<Trsm>},
      {"trmm",
       "alpha op(A) B, or alpha B op(A), with a triangle of A; writes it",
       "A B",
       "lprun trmm L.npy B.npy -o C.npy --part lower",
       "||C - alpha op(A) B|| / (n ||op(A)|| ||alpha B|| eps); from the right, of the transposes",
       {side_option,
        part_option,
        {"--op", Takes::word, all_ops, "none", "op of A"},
        diagonal_option,
        alpha_option},
       with_elements<Trmm>}};
}

}  // namespace lprun
