// Sequential functions over tiles, as a library: they run as they stand, and as task graphs.
#include "../plain.hpp"

namespace plain {

void cholesky(lp::Tiles<double>& A) {
  const int n = A.rows();
  for (int k = 0; k < n; ++k) {
    potrf(A(k, k));
    for (int i = k + 1; i < n; ++i) trsm(A(k, k), A(i, k));
    for (int i = k + 1; i < n; ++i)
      for (int j = k + 1; j <= i; ++j) syrk(A(i, j), A(i, k), A(j, k));
  }
}

}  // namespace plain

namespace {

void shift(lp::inout<double> x, double by) {
  for (std::int64_t k = 0; k < x.rows(); ++k) x(k, k) += by;
}

// Not visible elsewhere: what is generated for it must stand in this file.
void shift_diagonal(lp::Tiles<double>& A) {
  for (int k = 0; k < A.rows(); ++k) shift(A(k, k), 1.5);
}

}  // namespace

void plain::shift_on_threads(lp::TiledMatrix<double>& A) {
  lp::run(lp::threads{2}, shift_diagonal, A);
}
