// The kernel room: how kernels are written, how they report trouble, and the library's own.
#pragma once

#include "lambdapack/kernel/argument.hpp"  // in, out, inout, in_list
#include "lambdapack/kernel/blis.hpp"      // blis_configuration
#include "lambdapack/kernel/dense.hpp"     // potrf, trsm, syrk, gemm ... on dense tiles
#include "lambdapack/kernel/fault.hpp"     // tile_fault, not_positive_definite
#include "lambdapack/kernel/function.hpp"  // make_function
