// Triangular systems.
#include <lambdapack/algorithm/trsm.hpp>

#include "choices.hpp"
#include "residual.hpp"

namespace lprun {
namespace {

struct Trsm {
  template <lp::Scalar T>
  static void run(Run& run) {
    const Command& command = run.command();
    const auto side = static_cast<lp::Side>(command.choice("--side", {"left", "right"}));
    const auto diagonal =
        static_cast<lp::Diagonal>(command.choice("--diagonal", {"non_unit", "unit"}));
    const lp::kernel::Trsm<T> how{side, part_of(command), op_of(command, "--op"), diagonal,
                                  run.number<T>("--alpha")};
    const auto A = run.read<T>(0);
    auto X = run.read<T>(1);
    const auto B = run.kept(X);
    run.timed<T>(static_cast<double>(A.rows()) * static_cast<double>(X.rows()) *
                     static_cast<double>(X.cols()),
                 [&] { return lp::trsm(A, X, how, run.executor()); });
    run.write(X);
    if (run.asks_for_residual())
      run.say("max ||alpha b - op(A) x|| / (||op(A)|| ||x|| eps)", residual(run, A, X, B, how));
  }

  /// From the right, of the transposed equation.
  template <lp::Scalar T>
  static double residual(const Run& run, const lp::TiledMatrix<T>& A, const lp::TiledMatrix<T>& X,
                         const lp::TiledMatrix<T>& B, const lp::kernel::Trsm<T>& how) {
    const bool lower = how.part == lp::Part::lower, unit = how.diagonal == lp::Diagonal::unit;
    auto triangle = made(A, A.rows(), A.cols(), [&](std::int64_t i, std::int64_t j) {
      return i == j ? unit ? T(1) : A(i, j) : (i > j) == lower ? A(i, j) : T();
    });
    triangle = transposed(triangle, how.op);
    const lp::Op turned = how.side == lp::Side::left ? lp::Op::none : lp::Op::transpose;
    triangle = transposed(triangle, turned);
    const auto x = transposed(X, turned);
    auto b = transposed(B, turned);
    for (std::int64_t j = 0; j < b.cols(); ++j)
      for (std::int64_t i = 0; i < b.rows(); ++i) b(i, j) *= how.alpha;
    return solve_ratio(difference(run, b, triangle, x), x, one_norm(triangle));
  }
};

}  // namespace

std::vector<Algorithm> triangular_algorithms() {
  return {{"trsm",
           "op(A) X = alpha B, or X op(A) = alpha B, with a triangle of A; writes X",
           "A B",
           "lprun trsm L.npy B.npy -o X.npy --op adjoint",
           "the largest ||alpha b - op(A) x|| / (||op(A)|| ||x|| eps) of the columns; from the "
           "right, of the rows",
           {{"--side", Takes::word, "left|right", "left", "where A stands"},
            part_option,
            {"--op", Takes::word, all_ops, "none", "op of A"},
            {"--diagonal", Takes::word, "non_unit|unit", "non_unit",
             "unit: A has ones on its diagonal, which is not read"},
            alpha_option},
           with_elements<Trsm>}};
}

}  // namespace lprun
