// Singular values, with and without vectors.
#include <lambdapack/algorithm/randomized_svd.hpp>
#include <lambdapack/algorithm/svd.hpp>

#include <cmath>

#include "residual.hpp"

namespace lprun {
namespace {

/// LAPACK's ulp, which the tests of singular values use for eps.
template <lp::Scalar T>
double ulp() {
  return 2 * eps<T>();
}

struct SingularValues {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto m = static_cast<double>(A.rows()), n = static_cast<double>(A.cols());
    const auto s = run.timed<T>(2 * qr_operations(A.rows(), A.cols()),
                                [&] { return lp::singular_values(A, run.executor()); });
    run.write(s);
    if (!run.asks_for_residual()) return;
    double of_a = 0, of_s = 0;
    for (std::int64_t j = 0; j < A.cols(); ++j)
      for (std::int64_t i = 0; i < A.rows(); ++i) of_a = std::hypot(of_a, std::abs(A(i, j)));
    for (const auto value : s) of_s = std::hypot(of_s, static_cast<double>(value));
    run.say("| ||A||_F - ||S||_F | / (max(m, n) ||A||_F ulp)",
            ratio(std::abs(of_a - of_s), std::max(m, n) * of_a * ulp<T>()));
  }
};

struct Svd {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto [U, S, V, reports] = run.timed<T>(0, [&] { return lp::svd(A, run.executor()); });
    run.write(S);
    run.write("--u", U);
    if (run.command().has("--vt")) run.write("--vt", transposed(V, lp::Op::adjoint));
    if (!run.asks_for_residual()) return;
    auto scaled = U;
    for (std::int64_t j = 0; j < U.cols(); ++j)
      for (std::int64_t i = 0; i < U.rows(); ++i) scaled(i, j) *= S[static_cast<std::size_t>(j)];
    const auto m = static_cast<double>(A.rows()), n = static_cast<double>(A.cols());
    run.say("||A - U diag(S) V^H|| / (max(m, n) ||A|| ulp)",
            ratio(one_norm(difference(run, A, scaled, V, lp::Op::none, lp::Op::adjoint)),
                  std::max(m, n) * one_norm(A) * ulp<T>()));
    run.say("||I - U^H U|| / (m ulp)", orthogonality(run, U, 2 * m));
    run.say("||I - V^H V|| / (n ulp)", orthogonality(run, V, 2 * n));
  }
};

struct RandomizedSvd {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto& command = run.command();
    const lp::RandomizedSvdOptions options{command.integer("--oversampling"),
                                           command.integer("--iterations"),
                                           static_cast<std::uint64_t>(command.integer("--seed"))};
    const auto k = command.integer("--rank");
    const auto [U, S, V, reports] =
        run.timed<T>(0, [&] { return lp::randomized_svd(A, k, options, run.executor()); });
    run.write(S);
    run.write("--u", U);
    if (command.has("--vt")) run.write("--vt", transposed(V, lp::Op::adjoint));
    if (!run.asks_for_residual()) return;
    auto scaled = U;
    for (std::int64_t j = 0; j < U.cols(); ++j)
      for (std::int64_t i = 0; i < U.rows(); ++i) scaled(i, j) *= S[static_cast<std::size_t>(j)];
    const auto m = static_cast<double>(A.rows()), n = static_cast<double>(A.cols());
    lp::TiledMatrix<T> image(A.rows(), V.cols(), A.tile_rows(), V.tile_cols());
    image = difference(run, std::move(image), A, V);
    for (std::int64_t j = 0; j < V.cols(); ++j)
      for (std::int64_t i = 0; i < A.rows(); ++i) image(i, j) += scaled(i, j);
    run.say("||U^H (A V - U diag(S))|| / (max(m, n) ||A|| ulp)",
            ratio(one_norm(difference(
                      run, lp::TiledMatrix<T>(U.cols(), V.cols(), U.tile_cols(), V.tile_cols()), U,
                      image, lp::Op::adjoint)),
                  std::max(m, n) * one_norm(A) * ulp<T>()));
    run.say("||I - U^H U|| / (m ulp)", orthogonality(run, U, 2 * m));
    run.say("||I - V^H V|| / (n ulp)", orthogonality(run, V, 2 * n));
  }
};

}  // namespace

std::vector<Algorithm> svd_algorithms() {
  return {{"svd",
           "A = U diag(S) V^H; writes the singular values S, real and in descending order",
           "A",
           "lprun svd A.npy -o S.npy --u U.npy --vt Vt.npy",
           "||A - U diag(S) V^H|| / (max(m, n) ||A|| ulp), ||I - U^H U|| / (m ulp) and "
           "||I - V^H V|| / (n ulp), ulp = 2 eps",
           {{"--u", Takes::output, "FILE", "", "write U, m x min(m, n)"},
            {"--vt", Takes::output, "FILE", "", "write V^H, min(m, n) x n"}},
           with_elements<Svd>},
          {"singular_values",
           "the singular values of A, real and in descending order; writes them",
           "A",
           "lprun singular_values A.npy -o S.npy",
           "| ||A||_F - ||S||_F | / (max(m, n) ||A||_F ulp), Frobenius norms, ulp = 2 eps",
           {},
           with_elements<SingularValues>},
          {"randomized_svd",
           "the K largest singular values of A, real and in descending order, by random samples; "
           "writes them",
           "A",
           "lprun randomized_svd A.npy -o S.npy --rank 3 --u U.npy --vt Vt.npy",
           "||U^H (A V - U diag(S))|| / (max(m, n) ||A|| ulp), ||I - U^H U|| / (m ulp) and "
           "||I - V^H V|| / (n ulp), ulp = 2 eps",
           {{"--rank", Takes::integer, "K", "10", "how many singular values", 0},
            {"--oversampling", Takes::integer, "N", "10", "samples more than that", 0},
            {"--iterations", Takes::integer, "N", "2",
             "how often the samples go through A^H and A again", 0},
            {"--seed", Takes::integer, "N", "0", "what the random numbers begin with", 0},
            {"--u", Takes::output, "FILE", "", "write U, m x K"},
            {"--vt", Takes::output, "FILE", "", "write V^H, K x n"}},
           with_elements<RandomizedSvd>}};
}

}  // namespace lprun
