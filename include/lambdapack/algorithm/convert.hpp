// Copies of matrices in another scalar type.
#pragma once

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/convert.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

namespace algorithm {

/// B := A in other numbers, tile by tile. Source: ?lag2?.
template <Scalar S, Scalar T>
void convert(In<S, 2> A, Out<T, 2> B) {
  const auto convert = make_kernel("lag2", kernel::convert<S, T>);
  for (auto i : range(A.extent(0)))
    for (auto j : range(A.extent(1))) B(i, j) = convert(A(i, j));
}

}  // namespace algorithm

/// B := A, in the numbers of B: `lp::convert(in_double, in_float)`, or from real to complex ones. B
/// has the shape of A, in the same tiles. What is too large for B's numbers becomes infinite.
/// Throws input_error if the shapes do not fit. Source: ?lag2?.
template <algorithm::detail::Matrix MA, algorithm::detail::Matrix MB, Executor E = threads>
exec::Report convert(MA&& A, MB&& B, const E& executor = {}) {
  using namespace algorithm::detail;
  using S = element_of_t<MA>;
  using T = element_of_t<MB>;
  static_assert(ConvertibleScalar<S, T>,
                "lambdapack: complex numbers are not converted to real ones; make B complex, or "
                "take the real parts with a kernel of your own");
  detail::before_run(executor, [&] {
    const Operand a = operand("A", A), b = operand("B", B);
    require_fit(a.rows().fits(b.rows()) && a.cols().fits(b.cols()), "convert", a, b,
                "they must have one shape");
  });
  return run(executor, algorithm::convert<S, T>, A, B);
}

}  // namespace lambdapack
