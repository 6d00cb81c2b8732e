// The algorithms: each a program to read or call, and a front that runs it in one call.
#pragma once

#include "lambdapack/algorithm/calu.hpp"           // lp::calu: LU with tournament pivoting
#include "lambdapack/algorithm/cholesky.hpp"       // lp::cholesky, lp::cholesky_solve
#include "lambdapack/algorithm/failure.hpp"        // factorization_error
#include "lambdapack/algorithm/gemm.hpp"           // lp::gemm
#include "lambdapack/algorithm/inverse.hpp"        // lp::triangular_inverse, lp::cholesky_inverse
#include "lambdapack/algorithm/least_squares.hpp"  // lp::least_squares
#include "lambdapack/algorithm/lu.hpp"             // lp::lu, lp::lu_solve
#include "lambdapack/algorithm/norm.hpp"           // lp::norm
#include "lambdapack/algorithm/qr.hpp"             // lp::qr, lp::form_q
#include "lambdapack/algorithm/svd.hpp"            // lp::svd, lp::singular_values
#include "lambdapack/algorithm/symm.hpp"           // lp::symm, lp::hemm
#include "lambdapack/algorithm/syr2k.hpp"          // lp::syr2k, lp::her2k
#include "lambdapack/algorithm/syrk.hpp"           // lp::syrk, lp::herk
#include "lambdapack/algorithm/trmm.hpp"           // lp::trmm
#include "lambdapack/algorithm/trsm.hpp"           // lp::trsm
#include "lambdapack/algorithm/tsqr.hpp"           // lp::tsqr
