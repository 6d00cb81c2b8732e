// How a kernel reports trouble with the numbers in a tile.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

#include "lambdapack/error.hpp"

namespace lambdapack {

/// Thrown by a kernel when the numbers in its (first) output tile make no sense from some row on.
/// The executor that runs the kernel adds the node, the tile and the row of the whole matrix.
class tile_fault : public run_error {
 public:
  /// `row` counts from 0 within the tile; `what` is a sentence without the place.
  tile_fault(std::int64_t row, const std::string& what) : run_error(what), row_(row) {}
  std::int64_t row() const { return row_; }

 private:
  std::int64_t row_;
};

/// Thrown by a Cholesky factorization at the first row whose pivot, what is left of the diagonal
/// element after the rows before it, is no positive number.
class not_positive_definite : public tile_fault {
 public:
  not_positive_definite(std::int64_t row, double pivot)
      : tile_fault(row, describe(pivot)), pivot_(pivot) {}

  /// Zero or negative where the matrix is not positive definite. NaN or infinite where the input
  /// is no matrix of numbers, or the arithmetic overflowed: no shift of the diagonal helps then.
  double pivot() const { return pivot_; }

 private:
  static std::string describe(double pivot) {
    char number[32];
    std::snprintf(number, sizeof number, "%.6g", pivot);
    if (std::isfinite(pivot))
      return std::string("the matrix is not positive definite: the pivot is ") + number +
             "; check that it should be (a Gram or covariance matrix may be singular), that it is "
             "symmetric or Hermitian and its lower triangle is filled in, or add a multiple of "
             "the identity";
    return std::string("the pivot is not a finite number but ") + number +
           ": this row of the input, up to the diagonal, holds a NaN or an infinity, or the "
           "arithmetic overflowed; check the input, or scale it down";
  }

  double pivot_;
};

/// Thrown by a factorization without pivoting at the first row of diagonal tile `block` whose pivot
/// is zero or no finite number.
class zero_pivot : public tile_fault {
 public:
  zero_pivot(std::int64_t row, std::int64_t block)
      : tile_fault(
            row,
            "the pivot is zero or not finite, and this factorization does not exchange rows; "
            "use one that does, such as lp::lu, or lp::solve_hermitian, which falls back to "
            "it"),
        block_(block) {}
  std::int64_t block() const { return block_; }

 private:
  std::int64_t block_;
};

/// Thrown where a system is to be solved and LU has found that its matrix is singular.
class singular_matrix : public run_error {
 public:
  /// `row` of the whole matrix, from 0, is the first whose pivot is exactly zero.
  explicit singular_matrix(std::int64_t row)
      : run_error("the matrix is exactly singular: U has a zero on its diagonal in row " +
                  std::to_string(row + 1) +
                  ", counted from 1; the system has no solution or many, of which a least squares "
                  "solver finds one"),
        row_(row) {}
  std::int64_t row() const { return row_; }

 private:
  std::int64_t row_;
};

}  // namespace lambdapack
