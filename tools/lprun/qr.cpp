// A = Q R.
#include <lambdapack/algorithm/tsqr.hpp>

#include "residual.hpp"

namespace lprun {
namespace {

/// Writes R and Q, and says how exact they are.
template <lp::Scalar T>
void finish(Run& run, const lp::Qr<T>& f, const lp::TiledMatrix<T>& original) {
  const lp::TiledMatrix<T> R = f.r();
  run.write(R);
  if (!run.command().has("-q") && !run.asks_for_residual()) return;
  const lp::TiledMatrix<T> Q = lp::form_q(f, run.aside());
  run.write("-q", Q);
  if (!run.asks_for_residual()) return;
  auto rest = original;
  f.apply_q_adjoint(rest, lp::Side::left, run.aside());
  for (std::int64_t j = 0; j < R.cols(); ++j)
    for (std::int64_t i = 0; i < R.rows(); ++i) rest(i, j) -= R(i, j);
  const auto m = static_cast<double>(f.rows());
  run.say("||R - Q^H A|| / (m ||A|| eps)",
          ratio(one_norm(rest), m * one_norm(original) * eps<T>()));
  run.say("||I - Q^H Q|| / (m eps)", orthogonality(run, Q, m));
}

struct Qr {
  template <lp::Scalar T>
  static void run(Run& run) {
    const lp::QrOptions options{static_cast<lp::QrTree>(run.command().choice(
                                    "--tree", {"automatic", "flat", "binary", "flat_trees"})),
                                run.command().integer("--domain")};
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    finish(run,
           run.timed<T>(qr_operations(A.rows(), A.cols()),
                        [&] { return lp::qr(std::move(A), options, run.executor()); }),
           original);
  }
};

struct Tsqr {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto A = run.read<T>(0);
    const std::int64_t width = std::max<std::int64_t>(1, A.cols());
    A = lp::detail::orthogonal::retiled(std::move(A), std::max(run.tile(), width), width);
    const auto original = run.kept(A);
    const lp::QrOptions options{.domain = run.command().integer("--domain")};
    finish(run,
           run.timed<T>(qr_operations(A.rows(), A.cols()),
                        [&] { return lp::tsqr(std::move(A), options, run.executor()); }),
           original);
  }
};

}  // namespace

std::vector<Algorithm> qr_algorithms() {
  const Option q{"-q", Takes::output, "FILE", "", "write the first min(m, n) columns of Q"};
  const Option domain{"--domain", Takes::integer, "N", "4", "tiles in each flat tree", 1};
  constexpr const char* formula = "||R - Q^H A|| / (m ||A|| eps) and ||I - Q^H Q|| / (m eps)";
  return {{"qr",
           "A = Q R; writes R",
           "A",
           "lprun qr A.npy -o R.npy -q Q.npy",
           formula,
           {q,
            {"--tree", Takes::word, "automatic|flat|binary|flat_trees", "automatic",
             "the order in which tiles are eliminated"},
            domain},
           with_elements<Qr>},
          {"tsqr",
           "A = Q R of a tall A by a tree over tiles as wide as A, and at least as high; writes R",
           "A",
           "lprun tsqr tall.npy -o R.npy -q Q.npy",
           formula,
           {q, domain},
           with_elements<Tsqr>}};
}

}  // namespace lprun
