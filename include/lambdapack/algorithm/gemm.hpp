// Products of matrices.
#pragma once

#include <algorithm>
#include <cstdint>

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/level3.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

namespace detail {

/// Tile (i, j) of op(A).
template <Scalar T>
auto tile_of(const In<T, 2>& A, Op op) {
  return [&A, op](Expr i, Expr j) { return op == Op::none ? A(i, j) : A(j, i); };
}

/// C := C + alpha op(A) op(B), from sums of `domain` products each that are made side by side.
template <Scalar T, class Tiles>
void add_in_parts(const In<T, 2>& A, const In<T, 2>& B, const Tiles& C, const kernel::Gemm<T>& how,
                  std::int64_t domain) {
  const auto start = make_kernel(
      "gemm", [how](out<T> c, in<T> x, in<T> y) { how.assign(c, x, y); }, "",
      kernel::operations::gemm);
  const auto next = make_kernel("gemm", how.added(), "", kernel::operations::gemm);
  const auto a = tile_of(A, how.a_op), b = tile_of(B, how.b_op);
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);
  const auto parts = (inner + (domain - 1)) / domain;
  auto sums = temp<T, 3>("sums");

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      for (auto d : range(parts)) {
        sums(i, j, d) = start(a(i, d * domain), b(d * domain, j));
        for (auto k : range(d * domain + 1, (d + 1) * domain))
          if (auto there = when(k < inner)) sums(i, j, d) += next(a(i, k), b(k, j));
      }
      for (auto d : range(parts)) C(i, j) += add(sums(i, j, d));
    }
}

/// Whether C has too few tiles for chains of so many products: by shape alone, so that equal calls
/// have equal results everywhere.
inline bool is_deep(std::int64_t m, std::int64_t n, std::int64_t k, std::int64_t domain) {
  constexpr std::int64_t few = 16;
  return m * n < few && k >= 4 * std::max(m * n, domain);
}

}  // namespace detail

/// C := alpha op(A) op(B) + beta C, each tile of C by a chain of products. Source: ?gemm.
template <Scalar T>
void gemm(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Gemm<T> how) {
  const auto start = make_kernel("gemm", how, "", kernel::operations::gemm);
  const auto next = make_kernel("gemm", how.added(), "", kernel::operations::gemm);
  const auto scale = make_kernel("scale", [how](inout<T> c) { how.scale(c); });
  const auto a = detail::tile_of(A, how.a_op), b = detail::tile_of(B, how.b_op);
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      if (auto empty = when(inner == 0)) C(i, j) = scale(C(i, j));
      if (auto first = when(inner > 0)) C(i, j) = start(C(i, j), a(i, 0), b(0, j));
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(k, j));
    }
}

/// C := alpha op(A) op(B), the same without a look at what C held: beta is not used. Source: ?gemm.
template <Scalar T>
void multiply(In<T, 2> A, In<T, 2> B, Out<T, 2> C, kernel::Gemm<T> how) {
  const auto start = make_kernel(
      "gemm", [how](out<T> c, in<T> x, in<T> y) { how.assign(c, x, y); }, "",
      kernel::operations::gemm);
  const auto next = make_kernel("gemm", how.added(), "", kernel::operations::gemm);
  const auto zero = make_kernel("zero", kernel::zero<T>);
  const auto a = detail::tile_of(A, how.a_op), b = detail::tile_of(B, how.b_op);
  const auto inner = A.extent(how.a_op == Op::none ? 1 : 0);

  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) {
      if (auto empty = when(inner == 0)) C(i, j) = zero();
      if (auto first = when(inner > 0)) C(i, j) = start(a(i, 0), b(0, j));
      for (auto k : range(1, inner)) C(i, j) += next(a(i, k), b(k, j));
    }
}

/// The same for an op(A) of many columns of tiles and a C of few tiles: sums of `domain` products
/// each, made side by side. lp::gemm adds them up by a tree.
template <Scalar T>
void gemm_in_parts(In<T, 2> A, In<T, 2> B, InOut<T, 2> C, kernel::Gemm<T> how,
                   std::int64_t domain) {
  const auto scale = make_kernel("scale", [how](inout<T> c) { how.scale(c); });
  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) C(i, j) = scale(C(i, j));
  detail::add_in_parts<T>(A, B, C, how, domain);
}

/// C := alpha op(A) op(B), as gemm_in_parts, without a look at what C held: beta is not used.
template <Scalar T>
void multiply_in_parts(In<T, 2> A, In<T, 2> B, Out<T, 2> C, kernel::Gemm<T> how,
                       std::int64_t domain) {
  const auto zero = make_kernel("zero", kernel::zero<T>);
  for (auto i : range(C.extent(0)))
    for (auto j : range(C.extent(1))) C(i, j) = zero();
  detail::add_in_parts<T>(A, B, C, how, domain);
}

/// A program in parts, its sums added up by a tree.
template <class Program>
auto in_parts_by_tree(Program program) {
  return reduce_by_tree(program, {.base = 4, .kernel = "add"});
}

}  // namespace algorithm

/// C := alpha op(A) op(B) + beta C: `lp::gemm(A, B, C, {.a_op = lp::Op::adjoint, .beta = 1})`;
/// without options C := A B. op(A) is m x k, op(B) k x n and C m x n, cut alike where they meet.
/// With beta = 0, C may be a file that the run makes. Where C has few tiles and op(A) many columns
/// of them, parts of each sum are made side by side and added up by a tree. Throws input_error if
/// the shapes do not fit. Source: ?gemm.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, algorithm::detail::Matrix MC,
          Executor E = threads>
exec::Report gemm(MA&& A, MB&& B, MC&& C, kernel::Gemm<algorithm::detail::scalar_of<MC>> how = {},
                  const E& executor = {}) {
  using namespace algorithm::detail;
  using T = element_of_t<MC>;
  constexpr std::int64_t domain = 8;
  const bool deep = detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B), c = operand("C", C);
    require_fit(a.cols(how.a_op).fits(b.rows(how.b_op)), "gemm", a, b,
                "op(A) must have as many columns as op(B) has rows");
    require_fit(a.rows(how.a_op).fits(c.rows()), "gemm", a, c, "C must have as many rows as op(A)");
    require_fit(b.cols(how.b_op).fits(c.cols()), "gemm", b, c,
                "C must have as many columns as op(B)");
    return is_deep(c.down.tiles(), c.across.tiles(), a.cols(how.a_op).tiles(), domain);
  });
  if (deep && how.alpha != T(0)) {
    if (how.beta == T(0))
      return run(executor, algorithm::in_parts_by_tree(algorithm::multiply_in_parts<T>), A, B, C,
                 how, domain);
    return run(executor, algorithm::in_parts_by_tree(algorithm::gemm_in_parts<T>), A, B, C, how,
               domain);
  }
  if (how.beta == T(0)) return run(executor, algorithm::multiply<T>, A, B, C, how);
  return run(executor, algorithm::gemm<T>, A, B, C, how);
}

}  // namespace lambdapack
