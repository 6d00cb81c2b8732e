// What the library of the plain functions offers.
#pragma once

#include <lambdapack/lambdapack.hpp>

namespace plain {

/// A = L L^T: the lower triangle of A is overwritten by L.
void cholesky(lp::Tiles<double>& A);

/// Adds 1.5 to each element of the diagonal.
void shift_on_threads(lp::TiledMatrix<double>& A);

}  // namespace plain
