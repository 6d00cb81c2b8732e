// Copies of matrices: transposed, and in other tiles.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/retile.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// B := A^T, or A^H, tile by tile.
template <Scalar T>
void transpose(In<T, 2> A, Out<T, 2> B, Op op) {
  const auto turn = make_kernel("turn", [op](out<T> b, in<T> a) { kernel::turn<T>(b, a, op); });
  for (auto i : range(B.extent(0)))
    for (auto j : range(B.extent(1))) B(i, j) = turn(A(j, i));
}

/// B := A, cut into other tiles, in B's numbers.
template <Scalar S, Scalar T>
void retile(In<S, 2> A, Out<T, 2> B, kernel::Retile<S, T> how) {
  B.unwritten(zero);
  const auto put =
      make_kernel("put", [how](inout<T> b, in<S> a, std::int64_t i, std::int64_t j, std::int64_t r,
                               std::int64_t c) { how.put(b, a, i, j, r, c); });
  // The tiles of A that tile i of B has a part of.
  const auto parts = [](const Expr& i, const kernel::TwoCuts& cuts) {
    return range(i * cuts.to_units() / cuts.from_units(),
                 ((i + 1) * cuts.to_units() - 1) / cuts.from_units() + 1);
  };

  for (auto i : range(B.extent(0)))
    for (auto j : range(B.extent(1)))
      for (auto r : parts(i, how.down))
        for (auto c : parts(j, how.across))
          if (auto inside = when(r < A.extent(0) && c < A.extent(1)))
            B(i, j) = put(B(i, j), A(r, c), i, j, r, c);
}

}  // namespace algorithm

/// B := A^T, or A^H with lp::Op::adjoint. B's rows are cut as A's columns are, and its columns as
/// A's rows. Throws input_error if the shapes do not fit.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report transpose(MA&& A, MB&& B, Op op = Op::transpose, const E& executor = {}) {
  using namespace algorithm::detail;
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    if (op == Op::none)
      throw input_error(
          "lambdapack: transpose was given lp::Op::none; give it lp::Op::transpose or "
          "lp::Op::adjoint, or copy with lp::retile");
    require_fit(a.rows().fits(b.cols()) && a.cols().fits(b.rows()), "transpose", a, b,
                "one must have the transposed shape of the other");
  });
  return run(executor, algorithm::transpose<element_of_t<MB>>, A, B, op);
}

/// B := A, of one shape, where each may be cut as it likes, in the numbers of B: from a file in
/// chunks of 1,000 x 1,000 to one in chunks of 512 x 256, from double to float. What is too large
/// for B's numbers becomes infinite. Throws input_error if the shapes differ or a matrix has tiles
/// of several sizes.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report retile(MA&& A, MB&& B, const E& executor = {}) {
  using namespace algorithm::detail;
  using S = element_of_t<MA>;
  using T = element_of_t<MB>;
  static_assert(ConvertibleScalar<S, T>,
                "lambdapack: complex numbers are not converted to real ones; make B complex, or "
                "take the real parts with a kernel of your own");
  const kernel::Retile<S, T> how = detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    const auto cuts = [&](const Cut& from, const Cut& to) {
      const bool known = from.is_known() && to.is_known() && from.size() >= 0 && to.size() >= 0;
      if (!known || !from.is_even() || !to.is_even() || from.size() != to.size())
        throw input_error(
            text({"lambdapack: retile: A is ", a.text, " and B is ", b.text,
                  ", but they must have one shape, and each tiles of one size but for "
                  "the last; check the shapes"}),
            codes::shape_mismatch);
      return from.tiles() == 0 ? kernel::TwoCuts{} : kernel::TwoCuts{from[0], to[0]};
    };
    return kernel::Retile<S, T>{cuts(a.rows(), b.rows()), cuts(a.cols(), b.cols())};
  });
  return run(executor, algorithm::retile<S, T>, A, B, how);
}

}  // namespace lambdapack
