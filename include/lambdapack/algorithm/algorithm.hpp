// The algorithms: each a program to read or call, and a front that runs it in one call.
#pragma once

#include "lambdapack/algorithm/band_cholesky.hpp"    // lp::band_cholesky, lp::band_cholesky_solve
#include "lambdapack/algorithm/calu.hpp"             // lp::calu: LU with tournament pivoting
#include "lambdapack/algorithm/cholesky.hpp"         // lp::cholesky, lp::cholesky_solve
#include "lambdapack/algorithm/cholesky_qr2.hpp"     // lp::cholesky_qr2
#include "lambdapack/algorithm/condition.hpp"        // lp::lu_rcond, lp::cholesky_rcond
#include "lambdapack/algorithm/convert.hpp"          // lp::convert
#include "lambdapack/algorithm/failure.hpp"          // factorization_error
#include "lambdapack/algorithm/gemm.hpp"             // lp::gemm
#include "lambdapack/algorithm/generate.hpp"         // lp::random_matrix
#include "lambdapack/algorithm/heev.hpp"             // lp::heev, lp::heev_values
#include "lambdapack/algorithm/inverse.hpp"          // lp::triangular_inverse, lp::lu_inverse ...
#include "lambdapack/algorithm/ldl.hpp"              // lp::ldl, lp::ldl_solve
#include "lambdapack/algorithm/least_squares.hpp"    // lp::least_squares
#include "lambdapack/algorithm/lq.hpp"               // lp::lq, lp::form_q
#include "lambdapack/algorithm/lu.hpp"               // lp::lu, lp::lu_solve
#include "lambdapack/algorithm/norm.hpp"             // lp::norm, lp::hermitian_norm
#include "lambdapack/algorithm/polar.hpp"            // lp::polar
#include "lambdapack/algorithm/qr.hpp"               // lp::qr, lp::form_q
#include "lambdapack/algorithm/qr_pivoted.hpp"       // lp::qr_pivoted
#include "lambdapack/algorithm/randomized_svd.hpp"   // lp::randomized_svd
#include "lambdapack/algorithm/retile.hpp"           // lp::retile, lp::transpose
#include "lambdapack/algorithm/rq.hpp"               // lp::rq, lp::form_q
#include "lambdapack/algorithm/solve.hpp"            // lp::solve, lp::solve_positive
#include "lambdapack/algorithm/solve_hermitian.hpp"  // lp::solve_hermitian
#include "lambdapack/algorithm/solve_mixed.hpp"      // lp::solve_mixed, lp::solve_positive_mixed
#include "lambdapack/algorithm/svd.hpp"              // lp::svd, lp::singular_values
#include "lambdapack/algorithm/symm.hpp"             // lp::symm, lp::hemm
#include "lambdapack/algorithm/syr2k.hpp"            // lp::syr2k, lp::her2k
#include "lambdapack/algorithm/syrk.hpp"             // lp::syrk, lp::herk
#include "lambdapack/algorithm/trmm.hpp"             // lp::trmm
#include "lambdapack/algorithm/trsm.hpp"             // lp::trsm
#include "lambdapack/algorithm/tsqr.hpp"             // lp::tsqr
