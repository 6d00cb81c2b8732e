#include "residual.hpp"

#include <complex>
#include <lambdapack/algorithm/gemm.hpp>

namespace lprun {

template <lp::Scalar T>
lp::TiledMatrix<T> difference(const Run& run, lp::TiledMatrix<T> c, const lp::TiledMatrix<T>& a,
                              const lp::TiledMatrix<T>& b, lp::Op a_op, lp::Op b_op) {
  lp::gemm(a, b, c, {a_op, b_op, T(-1), T(1)}, run.aside());
  return c;
}

#define INSTANTIATE(T)                                                                         \
  template lp::TiledMatrix<T> difference(const Run&, lp::TiledMatrix<T>,                       \
                                         const lp::TiledMatrix<T>&, const lp::TiledMatrix<T>&, \
                                         lp::Op, lp::Op);
INSTANTIATE(float)
INSTANTIATE(double)
INSTANTIATE(std::complex<float>)
INSTANTIATE(std::complex<double>)
#undef INSTANTIATE

}  // namespace lprun
