// Eigenvalues of Hermitian matrices, and the polar decomposition.
#include <lambdapack/algorithm/heev.hpp>
#include <lambdapack/algorithm/polar.hpp>

#include <cmath>

#include "choices.hpp"
#include "residual.hpp"

namespace lprun {
namespace {

struct HeevValues {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto n = static_cast<double>(A.rows());
    const lp::HeevOptions options{part_of(run.command())};
    const auto w = run.timed<T>(4 * n * n * n / 3,
                                [&] { return lp::heev_values(A, options, run.executor()); });
    run.write(w);
    if (!run.asks_for_residual()) return;
    const auto S = filled(A, options.part, true);
    double of_a = 0, of_w = 0;
    for (std::int64_t j = 0; j < S.cols(); ++j)
      for (std::int64_t i = 0; i < S.rows(); ++i) of_a = std::hypot(of_a, std::abs(S(i, j)));
    for (const auto value : w) of_w = std::hypot(of_w, static_cast<double>(value));
    run.say("| ||A||_F - ||W||_F | / (n ||A||_F ulp)",
            ratio(std::abs(of_a - of_w), n * of_a * 2 * eps<T>()));
  }
};

struct Heev {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const lp::HeevOptions options{part_of(run.command())};
    const auto [W, V, reports] =
        run.timed<T>(0, [&] { return lp::heev(A, options, run.executor()); });
    run.write(W);
    run.write("--vectors", V);
    if (!run.asks_for_residual()) return;
    const auto S = filled(A, options.part, true);
    auto scaled = V;
    for (std::int64_t j = 0; j < V.cols(); ++j)
      for (std::int64_t i = 0; i < V.rows(); ++i) scaled(i, j) *= W[static_cast<std::size_t>(j)];
    const auto n = static_cast<double>(A.rows());
    run.say("||A - V diag(W) V^H|| / (n ||A|| ulp)",
            ratio(one_norm(difference(run, S, scaled, V, lp::Op::none, lp::Op::adjoint)),
                  n * one_norm(S) * 2 * eps<T>()));
    run.say("||I - V^H V|| / (n ulp)", orthogonality(run, V, 2 * n));
  }
};

struct Polar {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto [U, H, reports] = run.timed<T>(0, [&] { return lp::polar(A, run.executor()); });
    run.write(U);
    run.write("--factor", H);
    if (!run.asks_for_residual()) return;
    const auto m = static_cast<double>(A.rows());
    const auto u = lp::detail::orthogonal::retiled(U, run.tile(), run.tile());
    run.say("||A - U H|| / (m ||A|| eps)",
            ratio(one_norm(difference(run, A, u, H)), m * one_norm(A) * eps<T>()));
    run.say("||I - U^H U|| / (m eps)", orthogonality(run, u, m));
  }
};

}  // namespace

std::vector<Algorithm> heev_algorithms() {
  return {{"heev",
           "A = V diag(W) V^H, A Hermitian by one triangle; writes the eigenvalues W, real and in "
           "ascending order",
           "A",
           "lprun heev A.npy -o W.npy --vectors V.npy",
           "||A - V diag(W) V^H|| / (n ||A|| ulp) and ||I - V^H V|| / (n ulp), ulp = 2 eps",
           {part_option, {"--vectors", Takes::output, "FILE", "", "write V, n x n"}},
           with_elements<Heev>},
          {"heev_values",
           "the eigenvalues of A, Hermitian by one triangle, real and in ascending order; writes "
           "them",
           "A",
           "lprun heev_values A.npy -o W.npy",
           "| ||A||_F - ||W||_F | / (n ||A||_F ulp), Frobenius norms, ulp = 2 eps",
           {part_option},
           with_elements<HeevValues>},
          {"polar",
           "A = U H, U with orthonormal columns, H Hermitian and positive semidefinite; writes U",
           "A",
           "lprun polar tall.npy -o U.npy --factor H.npy",
           "||A - U H|| / (m ||A|| eps) and ||I - U^H U|| / (m eps)",
           {{"--factor", Takes::output, "FILE", "", "write H, n x n"}},
           with_elements<Polar>}};
}

}  // namespace lprun
