// Products: of any two matrices, of those of which one is symmetric, and symmetric ones.
#include <lambdapack/algorithm/gemm.hpp>
#include <lambdapack/algorithm/symm.hpp>
#include <lambdapack/algorithm/syr2k.hpp>
#include <lambdapack/algorithm/syrk.hpp>

#include "choices.hpp"
#include "residual.hpp"
#include "spread.hpp"
#include "streamed.hpp"

namespace lprun {
namespace {

/// Whether C is an input, which is `k` then.
bool reads_addend(const Run& run, std::size_t k) {
  const bool reads = run.command().number("--beta") != 0.0;
  if (reads != (run.command().inputs().size() > k))
    throw command_error(reads ? "with --beta, C is an input too; name it after the others"
                              : "C is read only with --beta, a number that is not 0; leave C out, "
                                "or add --beta 1");
  return reads;
}

/// The input C, which is `k`; or zeros of this shape where beta is 0.
template <lp::Scalar T>
lp::TiledMatrix<T> addend(const Run& run, std::size_t k, std::int64_t rows, std::int64_t cols) {
  return reads_addend(run, k) ? run.read<T>(k) : lp::TiledMatrix<T>(rows, cols, run.tile());
}

/// op(A) x.
template <lp::Scalar T>
std::vector<T> product(const lp::TiledMatrix<T>& a, lp::Op op, const std::vector<T>& x) {
  const bool plain = op == lp::Op::none;
  std::vector<T> y(static_cast<std::size_t>(plain ? a.rows() : a.cols()));
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) {
      const auto to = static_cast<std::size_t>(plain ? i : j);
      const auto from = static_cast<std::size_t>(plain ? j : i);
      y[to] += (op == lp::Op::adjoint ? conjugate(a(i, j)) : a(i, j)) * x[from];
    }
  return y;
}

/// ||C x - (alpha op(A) (op(B) x) + beta C0 x)|| / (n s eps) for an x of ones and minus ones, with
/// s = |alpha| ||op(A)|| ||op(B)|| + |beta| ||C0||, times ||x||, and n the largest dimension.
template <lp::Scalar T>
double product_ratio(const lp::TiledMatrix<T>& a, const lp::TiledMatrix<T>& b,
                     const lp::TiledMatrix<T>& c0, const lp::TiledMatrix<T>& c,
                     const lp::kernel::Gemm<T>& how) {
  std::vector<T> x(static_cast<std::size_t>(c.cols()));
  std::uint32_t bits = 1;
  for (T& one : x) one = T((bits = bits * 1664525U + 1013904223U) >> 31 ? 1 : -1);
  const std::vector<T> y = product(a, how.a_op, product(b, how.b_op, x));
  const std::vector<T> z0 = product(c0, lp::Op::none, x), z = product(c, lp::Op::none, x);
  double error = 0;
  for (std::size_t i = 0; i < z.size(); ++i)
    error += std::abs(z[i] - (how.alpha * y[i] + how.beta * z0[i]));
  const double scale =
      std::abs(how.alpha) * one_norm(transposed(a, how.a_op)) * one_norm(transposed(b, how.b_op)) +
      std::abs(how.beta) * one_norm(c0);
  const auto n = std::max({a.rows(), a.cols(), c.rows(), c.cols()});
  return ratio(error, static_cast<double>(n) * static_cast<double>(x.size()) * scale * eps<T>());
}

constexpr const char* formula =
    "||C x - (alpha op(A) (op(B) x) + beta C0 x)|| / (n s ||x|| eps), x of ones and minus ones, "
    "s = |alpha| ||op(A)|| ||op(B)|| + |beta| ||C0||, n the largest dimension";

template <lp::Scalar T>
void gemm_within_memory(Run& run, const lp::kernel::Gemm<T>& how) {
  const Chosen executor = executor_within_memory(run);
  const std::string a = streamed_input(run, 0), b = streamed_input(run, 1);
  const std::string to = streamed_output(run);
  const bool reads = reads_addend(run, 2);
  const auto shape = [](const std::string& path, lp::Op op) {
    const lp::tile::detail::Grid g = lp::tile::detail::open_zarr<T>(path).grid;
    return op == lp::Op::none ? g
                              : lp::tile::detail::Grid{g.cols, g.rows, g.tile_cols, g.tile_rows};
  };
  const auto left = shape(a, how.a_op), right = shape(b, how.b_op);
  const auto A = lp::zarr<T>(a), B = lp::zarr<T>(b);
  const auto multiply = [&](auto C) {
    run.timed<T>(2.0 * static_cast<double>(left.rows) * static_cast<double>(left.cols) *
                     static_cast<double>(right.cols),
                 [&] { return lp::gemm(A, B, C, how, executor); });
  };
  if (reads) {
    WorkingCopy copy(streamed_input(run, 2), to);
    multiply(lp::zarr<T>(copy.path()));
    copy.publish();
  } else {
    multiply(lp::zarr<T>(to, left.rows, right.cols, left.tile_rows, right.tile_cols));
  }
  run.wrote(left.rows, right.cols, left.tile_rows);
}

template <lp::Scalar T>
void gemm_spread(Run& run, const lp::kernel::Gemm<T>& how) {
  const bool reads = reads_addend(run, 2);
  const auto left = grid_of_input<T>(run, 0), right = grid_of_input<T>(run, 1);
  const auto rows = how.a_op == lp::Op::none ? left.rows : left.cols;
  const auto cols = how.b_op == lp::Op::none ? right.cols : right.rows;
  const SharedInput<T> A(run, 0), B(run, 1);
  auto C = reads ? shared_copy<T>(run, 2) : std::make_unique<SharedArray>(run);
  run.timed<T>(2.0 * static_cast<double>(left.rows) * static_cast<double>(left.cols) *
                   static_cast<double>(cols),
               [&] {
                 auto result = reads ? lp::zarr<T>(C->path())
                                     : lp::zarr<T>(C->path(), rows, cols, run.tile());
                 return lp::gemm(A.matrix(), B.matrix(), result, how, run.executor());
               });
  write_shared<T>(run, "-o", std::move(C));
  run.wrote(rows, cols, run.tile());
}

struct Gemm {
  template <lp::Scalar T>
  static void run(Run& run) {
    const lp::Op a_op = op_of(run.command(), "--op-a"), b_op = op_of(run.command(), "--op-b");
    const lp::kernel::Gemm<T> how{a_op, b_op, run.number<T>("--alpha"), run.number<T>("--beta")};
    if (run.command().has("--memory")) return gemm_within_memory<T>(run, how);
    if (is_spread(run)) return gemm_spread<T>(run, how);
    const auto A = run.read<T>(0), B = run.read<T>(1);
    const auto rows = a_op == lp::Op::none ? A.rows() : A.cols();
    const auto cols = b_op == lp::Op::none ? B.cols() : B.rows();
    auto C = addend<T>(run, 2, rows, cols);
    const auto before = run.kept(C);
    run.timed<T>(2.0 * static_cast<double>(A.rows()) * static_cast<double>(A.cols()) *
                     static_cast<double>(cols),
                 [&] { return lp::gemm(A, B, C, how, run.executor()); });
    run.write(C);
    if (run.asks_for_residual()) run.say("residual", product_ratio(A, B, before, C, how));
  }
};

/// Both of syrk and herk.
template <bool hermitian>
struct Syrk {
  template <lp::Scalar T>
  static void run(Run& run) {
    using Factor = std::conditional_t<hermitian, lp::real_t<T>, T>;
    const lp::Op op = op_of(run.command(), "--op");
    const lp::Part part = part_of(run.command());
    const auto alpha = run.number<Factor>("--alpha"), beta = run.number<Factor>("--beta");
    const auto A = run.read<T>(0);
    const auto n = op == lp::Op::none ? A.rows() : A.cols();
    auto C = addend<T>(run, 1, n, n);
    const auto before = run.kept(C);
    run.timed<T>(
        static_cast<double>(A.rows()) * static_cast<double>(A.cols()) * static_cast<double>(n),
        [&] {
          if constexpr (hermitian)
            return lp::herk(A, C, {part, op, alpha, beta}, run.executor());
          else
            return lp::syrk(A, C, {part, op, alpha, beta}, run.executor());
        });
    run.write(C);
    if (!run.asks_for_residual()) return;
    const lp::Op turned = hermitian ? lp::Op::adjoint : lp::Op::transpose;
    const lp::kernel::Gemm<T> same{op, op == lp::Op::none ? turned : lp::Op::none, T(alpha),
                                   T(beta)};
    run.say("residual",
            product_ratio(A, A, filled(before, part, hermitian), filled(C, part, hermitian), same));
  }
};

/// Both of symm and hemm.
template <bool hermitian>
struct Symm {
  template <lp::Scalar T>
  static void run(Run& run) {
    const lp::kernel::Symm<T> how{side_of(run.command()), part_of(run.command()),
                                  run.number<T>("--alpha"), run.number<T>("--beta")};
    const bool left = how.side == lp::Side::left;
    const auto A = run.read<T>(0), B = run.read<T>(1);
    auto C = addend<T>(run, 2, B.rows(), B.cols());
    const auto before = run.kept(C);
    run.timed<T>(2.0 * static_cast<double>(A.rows()) * static_cast<double>(B.rows()) *
                     static_cast<double>(B.cols()),
                 [&] {
                   if constexpr (hermitian)
                     return lp::hemm(A, B, C, how, run.executor());
                   else
                     return lp::symm(A, B, C, how, run.executor());
                 });
    run.write(C);
    if (!run.asks_for_residual()) return;
    const auto all = filled(A, how.part, hermitian);
    const lp::kernel::Gemm<T> same{lp::Op::none, lp::Op::none, how.alpha, how.beta};
    run.say("residual", product_ratio(left ? all : B, left ? B : all, before, C, same));
  }
};

/// Both of syr2k and her2k.
template <bool hermitian>
struct Syr2k {
  template <lp::Scalar T>
  static void run(Run& run) {
    using Factor = std::conditional_t<hermitian, lp::real_t<T>, T>;
    const lp::Op op = op_of(run.command(), "--op");
    const lp::Part part = part_of(run.command());
    const T alpha = run.number<T>("--alpha");
    const auto beta = run.number<Factor>("--beta");
    const auto A = run.read<T>(0), B = run.read<T>(1);
    const auto n = op == lp::Op::none ? A.rows() : A.cols();
    auto C = addend<T>(run, 2, n, n);
    const auto before = run.kept(C);
    run.timed<T>(2.0 * static_cast<double>(A.rows()) * static_cast<double>(A.cols()) *
                     static_cast<double>(n),
                 [&] {
                   if constexpr (hermitian)
                     return lp::her2k(A, B, C, {part, op, alpha, beta}, run.executor());
                   else
                     return lp::syr2k(A, B, C, {part, op, alpha, beta}, run.executor());
                 });
    run.write(C);
    if (!run.asks_for_residual()) return;
    // Both products are one, of [A B] and [B A].
    const lp::Op turned = hermitian ? lp::Op::adjoint : lp::Op::transpose;
    const auto beside = [&](const lp::TiledMatrix<T>& first, const lp::TiledMatrix<T>& second,
                            T of_first, T of_second) {
      const auto x = transposed(first, op), y = transposed(second, op);
      return made(x, n, 2 * x.cols(), [&](std::int64_t i, std::int64_t j) {
        return j < x.cols() ? of_first * x(i, j) : of_second * y(i, j - x.cols());
      });
    };
    const T other = hermitian ? conjugate(alpha) : alpha;
    const lp::kernel::Gemm<T> same{lp::Op::none, turned, T(1), T(beta)};
    run.say("residual",
            product_ratio(beside(A, B, alpha, other), beside(B, A, T(1), T(1)),
                          filled(before, part, hermitian), filled(C, part, hermitian), same));
  }
};

}  // namespace

std::vector<Algorithm> product_algorithms() {
  const Option a_op{"--op-a", Takes::word, all_ops, "none", "op of A"};
  const Option b_op{"--op-b", Takes::word, all_ops, "none", "op of B"};
  const Option transpose{"--op", Takes::word, "none|transpose", "none", "op of A"};
  const Option adjoint{"--op", Takes::word, "none|adjoint", "none", "op of A"};
  return {{"gemm",
           "C := alpha op(A) op(B) + beta C; writes C",
           "A B [C]",
           "lprun gemm A.zarr B.zarr -o C.zarr",
           formula,
           {a_op, b_op, alpha_option, beta_option, memory_option},
           with_elements<Gemm>},
          {"syrk",
           "one triangle of C := alpha op(A) op(A)^T + beta C; writes C, the other triangle as it "
           "was, or zero",
           "A [C]",
           "lprun syrk A.npy -o C.npy --op transpose",
           formula,
           {part_option, transpose, alpha_option, beta_option},
           with_elements<Syrk<false>>},
          {"herk",
           "one triangle of C := alpha op(A) op(A)^H + beta C, alpha and beta real; writes C as "
           "syrk does",
           "A [C]",
           "lprun herk A.npy C.npy -o D.npy --beta 1",
           formula,
           {part_option, adjoint, alpha_option, beta_option},
           with_elements<Syrk<true>>},
          {"symm",
           "C := alpha A B + beta C, or alpha B A + beta C, A symmetric by one triangle; writes C",
           "A B [C]",
           "lprun symm A.npy B.npy -o C.npy --part upper",
           formula,
           {side_option, part_option, alpha_option, beta_option},
           with_elements<Symm<false>>},
          {"hemm",
           "the same for a Hermitian A, whose diagonal is taken as real",
           "A B [C]",
           "lprun hemm A.npy B.npy -o C.npy",
           formula,
           {side_option, part_option, alpha_option, beta_option},
           with_elements<Symm<true>>},
          {"syr2k",
           "one triangle of C := alpha op(A) op(B)^T + alpha op(B) op(A)^T + beta C; writes C as "
           "syrk does",
           "A B [C]",
           "lprun syr2k A.npy C.npy -o D.npy",
           formula,
           {part_option, transpose, alpha_option, beta_option},
           with_elements<Syr2k<false>>},
          {"her2k",
           "one triangle of C := alpha op(A) op(B)^H + conj(alpha) op(B) op(A)^H + beta C, beta "
           "real; writes C as syrk does",
           "A B [C]",
           "lprun her2k A.npy C.npy -o D.npy --op adjoint",
           formula,
           {part_option, adjoint, alpha_option, beta_option},
           with_elements<Syr2k<true>>}};
}

}  // namespace lprun
