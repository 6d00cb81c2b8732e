// A = Q R, A = L Q and A = R Q.
#include <lambdapack/algorithm/cholesky_qr2.hpp>
#include <lambdapack/algorithm/qr_pivoted.hpp>
#include <lambdapack/algorithm/rq.hpp>
#include <lambdapack/algorithm/tsqr.hpp>

#include <cstdint>
#include <iostream>
#include <limits>
#include <span>
#include <vector>

#include "files.hpp"
#include "residual.hpp"
#include "spread.hpp"

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

/// R of the A that algorithm::qr_flat leaves, in min(m, n) rows.
template <lp::Scalar T>
void upper_of(lp::In<T, 2> A, lp::Out<T, 2> R) {
  R.unwritten(lp::zero);
  const auto put = [](lp::inout<T>& r, lp::in<T>& a, bool diagonal) {
    for (std::int64_t j = 0; j < r.cols(); ++j)
      for (std::int64_t i = 0; i < (diagonal ? std::min(j + 1, r.rows()) : r.rows()); ++i)
        r(i, j) = a(i, j);
  };
  const auto all =
      lp::make_kernel("copy", [put](lp::inout<T> r, lp::in<T> a) { put(r, a, false); });
  const auto upper =
      lp::make_kernel("copy_upper", [put](lp::inout<T> r, lp::in<T> a) { put(r, a, true); });
  for (auto i : lp::range(R.extent(0))) {
    R(i, i) = upper(R(i, i), A(i, i));
    for (auto j : lp::range(i + 1, R.extent(1))) R(i, j) = all(R(i, j), A(i, j));
  }
}

/// The first columns of the identity.
template <lp::Scalar T>
void identity(lp::Out<T, 2> Q) {
  Q.unwritten(lp::zero);
  const auto ones = lp::make_kernel("ones", [](lp::inout<T> q) {
    for (std::int64_t i = 0; i < std::min(q.rows(), q.cols()); ++i) q(i, i) = T(1);
  });
  for (auto i : lp::range(Q.extent(1))) Q(i, i) = ones(Q(i, i));
}

template <lp::Scalar T>
void qr_spread(Run& run) {
  const auto grid = grid_of_input<T>(run, 0);
  const std::int64_t tile = run.tile(), k = std::min(grid.rows, grid.cols);
  auto copy = shared_copy<T>(run, 0), r = std::make_unique<SharedArray>(run);
  const SharedArray factors(run);
  auto A = lp::zarr<T>(copy->path());
  const std::int64_t high = lp::kernel::inner_block(tile) + 1;
  run.timed<T>(qr_operations(grid.rows, grid.cols), [&] {
    return lp::run(run.executor(), lp::algorithm::qr_flat<T>, A,
                   lp::zarr<T>(factors.path(), grid.tiles_down() * high, grid.cols, high, tile));
  });
  lp::run(run.mover(), upper_of<T>, A, lp::zarr<T>(r->path(), k, grid.cols, tile));
  write_shared<T>(run, "-o", std::move(r));
  run.wrote(k, grid.cols, tile);
  if (!run.command().has("-q")) return;
  auto q = std::make_unique<SharedArray>(run, "-q");
  lp::run(run.mover(), identity<T>, lp::zarr<T>(q->path(), grid.rows, k, tile));
  lp::run(run.mover(), lp::algorithm::apply_q_flat<T>, A, lp::zarr<T>(factors.path()),
          lp::zarr<T>(q->path()), true);
  write_shared<T>(run, "-q", std::move(q));
}

struct Qr {
  template <lp::Scalar T>
  static void run(Run& run) {
    const lp::QrOptions options{static_cast<lp::QrTree>(run.command().choice(
                                    "--tree", {"automatic", "flat", "binary", "flat_trees"})),
                                run.command().integer("--domain")};
    if (is_spread(run)) {
      const auto grid = grid_of_input<T>(run, 0);
      const auto m = grid.tiles_down(), n = grid.tiles_across();
      // One column of tiles, and trees, are left to lp::qr, as is nothing.
      if (m > 0 && n > 1 && !lp::detail::orthogonal::by_trees(m, n, options))
        return qr_spread<T>(run);
    }
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    finish(run,
           run.timed<T>(qr_operations(A.rows(), A.cols()),
                        [&] { return lp::qr(std::move(A), options, run.executor()); }),
           original);
  }
};

struct QrPivoted {
  template <lp::Scalar T>
  static void run(Run& run) {
    const Command& command = run.command();
    if (command.has("--columns") && !is_npy(command.text("--columns")))
      throw command_error("--columns was given '" + command.text("--columns") +
                          "'; expected a name that ends in .npy");
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    const auto f = run.timed<T>(qr_operations(A.rows(), A.cols()),
                                [&] { return lp::qr_pivoted(std::move(A), run.executor()); });
    const std::vector<std::int64_t>& columns = f.columns();
    if (rank() == 0) {
      std::cout << "rank " << f.rank() << " to working precision\n";
      if (command.has("--columns"))
        write_npy_array(command.text("--columns"), "<i8", f.cols(),
                        std::as_bytes(std::span(columns)));
    }
    finish(run, f,
           made(original, original.rows(), original.cols(), [&](std::int64_t i, std::int64_t j) {
             return original(i, columns[static_cast<std::size_t>(j)]);
           }));
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

struct CholeskyQr2 {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto m = static_cast<double>(A.rows()), n = static_cast<double>(A.cols());
    const auto [Q, R, reports] = run.timed<T>(4 * m * n * n + n * n * n,
                                              [&] { return lp::cholesky_qr2(A, run.executor()); });
    run.write(R);
    run.write("-q", Q);
    if (!run.asks_for_residual()) return;
    run.say("||A - Q R|| / (m ||A|| eps)",
            ratio(one_norm(difference(run, A, Q, R)), m * one_norm(A) * eps<T>()));
    run.say("||I - Q^H Q|| / (m eps)", orthogonality(run, Q, m));
  }
};

/// Writes a triangle T and Q of A = T Q, and says how exact they are. Q's rows are the last ones of
/// all if T ends in the last column.
template <lp::Scalar T, class Factored>
void finish_rows(Run& run, const Factored& f, const lp::TiledMatrix<T>& triangle, bool at_end,
                 const lp::TiledMatrix<T>& original, const char* name) {
  run.write(triangle);
  if (!run.command().has("-q") && !run.asks_for_residual()) return;
  const lp::TiledMatrix<T> Q = lp::form_q(f, run.aside());
  run.write("-q", Q);
  if (!run.asks_for_residual()) return;
  auto rest = original;
  f.apply_q_adjoint(rest, lp::Side::right, run.aside());
  const std::int64_t first = at_end ? f.cols() - triangle.cols() : 0;
  for (std::int64_t j = 0; j < triangle.cols(); ++j)
    for (std::int64_t i = 0; i < f.rows(); ++i) rest(i, first + j) -= triangle(i, j);
  const auto n = static_cast<double>(f.cols());
  run.say(name, ratio(one_norm(rest), n * one_norm(original) * eps<T>()));
  run.say("||I - Q Q^H|| / (n eps)", orthogonality(run, transposed(Q, lp::Op::adjoint), n));
}

struct Lq {
  template <lp::Scalar T>
  static void run(Run& run) {
    auto A = run.read<T>(0);
    const auto original = run.kept(A);
    const auto f = run.timed<T>(qr_operations(A.rows(), A.cols()),
                                [&] { return lp::lq(std::move(A), run.executor()); });
    finish_rows(run, f, f.l(), false, original, "||L - A Q^H|| / (n ||A|| eps)");
  }
};

struct Rq {
  template <lp::Scalar T>
  static void run(Run& run) {
    const auto A = run.read<T>(0);
    const auto f =
        run.timed<T>(qr_operations(A.rows(), A.cols()), [&] { return lp::rq(A, run.executor()); });
    finish_rows(run, f, f.r(), true, A, "||R - A Q^H|| / (n ||A|| eps)");
  }
};

}  // namespace

std::vector<Algorithm> qr_algorithms() {
  const Option q{"-q", Takes::output, "FILE", "", "write the first min(m, n) columns of Q"};
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const Option domain{"--domain", Takes::integer, "N", "4", "tiles in each flat tree", 1, most};
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
          {"qr_pivoted",
           "A P = Q R with the columns in an order in which R shows the rank of A; writes R",
           "A",
           "lprun qr_pivoted A.npy -o R.npy --columns p.npy",
           "||R - Q^H A P|| / (m ||A|| eps) and ||I - Q^H Q|| / (m eps)",
           {q,
            {"--columns", Takes::output, "FILE", "",
             "write the permutation p, int64, .npy: A[:, p] = Q R in NumPy"}},
           with_elements<QrPivoted>},
          {"tsqr",
           "A = Q R of a tall A by a tree over tiles as wide as A, and at least as high; writes R",
           "A",
           "lprun tsqr tall.npy -o R.npy -q Q.npy",
           formula,
           {q, domain},
           with_elements<Tsqr>},
          {"cholesky_qr2",
           "A = Q R of a tall A of small condition by products and Cholesky factorizations; writes "
           "R, whose diagonal is positive",
           "A",
           "lprun cholesky_qr2 tall.npy -o R.npy -q Q.npy",
           "||A - Q R|| / (m ||A|| eps) and ||I - Q^H Q|| / (m eps)",
           {{"-q", Takes::output, "FILE", "", "write Q"}},
           with_elements<CholeskyQr2>},
          {"lq",
           "A = L Q; writes L",
           "A",
           "lprun lq A.npy -o L.npy -q Q.npy",
           "||L - A Q^H|| / (n ||A|| eps) and ||I - Q Q^H|| / (n eps)",
           {{"-q", Takes::output, "FILE", "", "write the first min(m, n) rows of Q"}},
           with_elements<Lq>},
          {"rq",
           "A = R Q; writes R",
           "A",
           "lprun rq A.npy -o R.npy -q Q.npy",
           "||R - A Q^H|| / (n ||A|| eps) and ||I - Q Q^H|| / (n eps)",
           {{"-q", Takes::output, "FILE", "", "write the last min(m, n) rows of Q"}},
           with_elements<Rq>}};
}

}  // namespace lprun
