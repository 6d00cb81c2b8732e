// The algorithms: each a program to read or call, and a front that runs it in one call.
#pragma once

#include "lambdapack/algorithm/calu.hpp"      // lp::calu: LU with tournament pivoting
#include "lambdapack/algorithm/cholesky.hpp"  // lp::cholesky, lp::cholesky_solve
#include "lambdapack/algorithm/failure.hpp"   // factorization_error
#include "lambdapack/algorithm/gemm.hpp"      // lp::gemm
#include "lambdapack/algorithm/lu.hpp"        // lp::lu, lp::lu_solve
#include "lambdapack/algorithm/syrk.hpp"      // lp::syrk, lp::herk
#include "lambdapack/algorithm/trsm.hpp"      // lp::trsm
