// A = L L^H, and systems with it.
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/algorithm/gemm.hpp>

#include "residual.hpp"
#include "spread.hpp"
#include "streamed.hpp"

namespace lprun {
namespace {

/// Zeros above the diagonal.
template <lp::Scalar T>
void clear_above(lp::InOut<T, 2> A) {
  const auto zero = lp::make_kernel("zero", lp::kernel::zero<T>);
  const auto cut = lp::make_kernel("cut", [](lp::inout<T> a) {
    for (std::int64_t j = 1; j < a.cols(); ++j)
      for (std::int64_t i = 0; i < std::min(j, a.rows()); ++i) a(i, j) = T();
  });
  for (auto i : lp::range(A.extent(0))) {
    A(i, i) = cut(A(i, i));
    for (auto j : lp::range(i + 1, A.extent(1))) A(i, j) = zero();
  }
}

template <lp::Scalar T>
void cholesky_within_memory(Run& run) {
  const Chosen executor = executor_within_memory(run);
  const std::string from = streamed_input(run, 0), to = streamed_output(run);
  const lp::tile::detail::Grid grid = lp::tile::detail::open_zarr<T>(from).grid;
  const auto n = static_cast<double>(grid.rows);
  WorkingCopy copy(from, to);
  auto L = lp::zarr<T>(copy.path());
  run.timed<T>(n * n * n / 3, [&] {
    lp::cholesky(L, executor);
    return lp::run(executor, clear_above<T>, L);
  });
  copy.publish();
  run.wrote(grid.rows, grid.cols, grid.tile_rows);
}

template <lp::Scalar T>
void cholesky_spread(Run& run) {
  const auto grid = grid_of_input<T>(run, 0);
  const auto n = static_cast<double>(grid.rows);
  auto copy = shared_copy<T>(run, 0);
  auto L = lp::zarr<T>(copy->path());
  run.timed<T>(n * n * n / 3, [&] { return lp::cholesky(L, run.executor()); });
  lp::run(run.mover(), clear_above<T>, L);
  write_shared<T>(run, "-o", std::move(copy));
  run.wrote(grid.rows, grid.cols, grid.tile_rows);
}

struct Cholesky {
  template <lp::Scalar T>
  static void run(Run& run) {
    if (run.command().has("--memory")) return cholesky_within_memory<T>(run);
    if (is_spread(run)) return cholesky_spread<T>(run);
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

}  // namespace

std::vector<Algorithm> cholesky_algorithms() {
  return {{"cholesky",
           "A = L L^H with A Hermitian and positive definite, of which the lower triangle is read; "
           "writes L",
           "A",
           "lprun cholesky A.npy -o L.npy",
           "||A - L L^H|| / (n ||A|| eps)",
           {memory_option},
           with_elements<Cholesky>},
          {"cholesky_solve",
           "A X = B with A = L L^H; writes X",
           "L B",
           "lprun cholesky_solve L.npy B.npy -o X.npy",
           "the largest ||b - A x|| / (||A|| ||x|| eps) of the columns",
           {},
           with_elements<CholeskySolve>}};
}

}  // namespace lprun
