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
      algorithm::trmm<T>, algorithm::norm<T>, algorithm::hermitian_norm<T>,
      diagonal_and_low_rank<T>, hermitian_and_low_rank<T>, algorithm::transpose<T>,
      algorithm::retile<T, T>);
  add(in_parts_by_tree(gemm_in_parts<T>), in_parts_by_tree(multiply_in_parts<T>));
  add(algorithm::triangular_inverse<T>, algorithm::cholesky_inverse<T>, algorithm::lu_inverse<T>);
  add(algorithm::lu<T>, algorithm::calu<T>, algorithm::lu_solve<T>);
  add(algorithm::band_cholesky<T>, algorithm::band_cholesky_solve<T>);
  add(algorithm::solve<T>, algorithm::solve_positive<T>);
  add(algorithm::ldl<T>, algorithm::ldl_solve<T>, algorithm::solve_hermitian<T>,
      solve_hermitian_by_lu<T>);
  add(lu_inverse_norm<T>, cholesky_inverse_norm<T>);
  if constexpr (DoubleScalar<T>)
    add(algorithm::solve_mixed<T>, algorithm::solve_positive_mixed<T>, solve_apart<T>,
        solve_positive_apart<T>, algorithm::convert<T, single_of_t<T>>,
        algorithm::convert<single_of_t<T>, T>);
  add(algorithm::tsqr<T>, qr_flat<T>, qr_tree<T>, algorithm::qr_pivoted<T>, solve_r<T>,
      solve_r_adjoint<T>);
  add(lq_flat<T>, apply_lq<T>, apply_lq_adjoint<T>, apply_lq_right<T>, apply_lq_adjoint_right<T>,
      algorithm::solve_l<T>);
  add(apply_q_tsqr<T>, apply_q_adjoint_tsqr<T>, apply_q_right_tsqr<T>,
      apply_q_adjoint_right_tsqr<T>);
  add(apply_q_tree<T>, apply_q_adjoint_tree<T>, apply_q_right_tree<T>,
      apply_q_adjoint_right_tree<T>);
  add(apply_q_flat<T>, apply_q_adjoint_flat<T>, apply_q_right_flat<T>,
      apply_q_adjoint_right_flat<T>);
  add(band<T>, band_with_factors<T>, apply_p<T>, algorithm::chase<T>, algorithm::apply_chase<T>);
  add(cholesky_qr<T>, cholesky_qr_r<T>);
  add(algorithm::range_of<T>);
  add(qdwh_by_qr<T>, qdwh_by_cholesky<T>);
  add(he2hb<T>, he2hb_with_factors<T>, algorithm::chase_hermitian<T>, apply_he2hb<T>);
  return all;
}

}  // namespace lambdapack
