// The choices of BLAS and LAPACK, by the words that their manuals use.
#pragma once

#include "lambdapack/kernel/blas.hpp"

namespace lambdapack {

/// What is done to an operand: op(A) is A, A^T or A^H. For real numbers the last two are one.
enum class Op { none, transpose, adjoint };

/// The triangle of a matrix that is read or written; the other one is left alone.
enum class Part { lower, upper };

/// The side on which a triangular matrix stands: op(A) X = B, or X op(A) = B.
enum class Side { left, right };

/// Whether a triangular matrix has ones on its diagonal, which are then not read.
enum class Diagonal { non_unit, unit };

namespace kernel::detail {

inline blas::Trans blas_word(Op op) {
  return op == Op::none        ? blas::Trans::none
         : op == Op::transpose ? blas::Trans::transpose
                               : blas::Trans::conj_transpose;
}
inline blas::Uplo blas_word(Part part) {
  return part == Part::lower ? blas::Uplo::lower : blas::Uplo::upper;
}
inline blas::Side blas_word(Side side) {
  return side == Side::left ? blas::Side::left : blas::Side::right;
}
inline blas::Diag blas_word(Diagonal diagonal) {
  return diagonal == Diagonal::unit ? blas::Diag::unit : blas::Diag::non_unit;
}

}  // namespace kernel::detail

}  // namespace lambdapack
