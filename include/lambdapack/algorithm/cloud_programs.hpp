// The library's own algorithms for lp::cloud's workers. Not part of algorithm.hpp: it needs SQLite
// (CMake: lambdapack::cloud).
#pragma once

#include <utility>

#include "lambdapack/algorithm/algorithm.hpp"
#include "lambdapack/cloud.hpp"

namespace lambdapack {

/// All programs that the fronts of the library run on matrices of T, behind `all` that are given,
/// for `lp::cloud::work`:
///
///   if (lp::cloud::is_worker()) return lp::cloud::work(lp::cloud_programs<double>());
template <Scalar T>
exec::cloud::Programs cloud_programs(exec::cloud::Programs all = {}) {
  using namespace algorithm;
  const auto add = [&](auto... programs) { (all.push_back(cloud::program(programs)), ...); };
  add(algorithm::cholesky<T>, algorithm::cholesky_solve<T>, algorithm::gemm<T>, multiply<T>,
      algorithm::syrk<T>, algorithm::trsm<T>, algorithm::symm<T>, algorithm::syr2k<T>,
      algorithm::trmm<T>, algorithm::norm<T>);
  add(algorithm::triangular_inverse<T>, algorithm::cholesky_inverse<T>);
  add(algorithm::lu<T>, algorithm::calu<T>, algorithm::lu_solve<T>);
  add(algorithm::tsqr<T>, qr_flat<T>, qr_tree<T>, solve_r<T>, solve_r_adjoint<T>);
  add(apply_q_tsqr<T>, apply_q_adjoint_tsqr<T>, apply_q_right_tsqr<T>,
      apply_q_adjoint_right_tsqr<T>);
  add(apply_q_tree<T>, apply_q_adjoint_tree<T>, apply_q_right_tree<T>,
      apply_q_adjoint_right_tree<T>);
  add(apply_q_flat<T>, apply_q_adjoint_flat<T>, apply_q_right_flat<T>,
      apply_q_adjoint_right_flat<T>);
  add(band<T>, band_with_factors<T>, apply_p<T>, algorithm::chase<T>, algorithm::apply_chase<T>);
  return all;
}

}  // namespace lambdapack
