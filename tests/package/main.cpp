// A user's file: the Cholesky of the README, on data wherever it lives.
#include <lambdapack/lambdapack.hpp>

#include <Eigen/Dense>
#include <complex>
#include <cstdio>
#include <string>

// A = L Lᵀ: the lower triangle of A is overwritten by L.
template <class T>
void cholesky(lp::InOut<T, 2> A) {
  const auto n = A.extent(0);                         // in tiles; symbolic
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1))
        A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

template <class T>
lp::TiledMatrix<T> cut(const Matrix<T>& A, Eigen::Index tile) {
  return lp::TiledMatrix<T>::from(A.data(), A.rows(), A.cols(), A.rows(), tile);
}

template <class T>
Matrix<T> joined(const lp::TiledMatrix<T>& tiles) {
  Matrix<T> A(tiles.rows(), tiles.cols());
  tiles.copy_to(A.data(), A.rows());
  return A;
}

template <class T>
Matrix<T> factor_in_memory(const Matrix<T>& A, Eigen::Index tile) {
  lp::TiledMatrix<T> L = cut(A, tile);
  lp::run(lp::threads{2}, cholesky<T>, L);
  return joined(L);
}

template <class T>
Matrix<T> factor_in_eigen(const Matrix<T>& A, Eigen::Index tile) {
  Matrix<T> L = A;
  lp::run(lp::threads{2}, cholesky<T>, lp::map(L, tile));
  return L;
}

template <class T>
Matrix<T> factor_in_npy(const Matrix<T>& A, Eigen::Index tile) {
  lp::write_npy("A.npy", cut(A, tile));
  lp::run(lp::threads{2}, cholesky<T>, lp::npy<T>("A.npy", tile));
  return joined(lp::read_npy<T>("A.npy", tile));
}

template <class T>
Matrix<T> factor_in_zarr(const Matrix<T>& A, Eigen::Index tile) {
  lp::write_zarr("A.zarr", cut(A, tile));
  lp::run(lp::threads{2}, cholesky<T>, lp::zarr<T>("A.zarr"));
  return joined(lp::read_zarr<T>("A.zarr"));
}

/// Counts what was tried, and what went wrong.
struct Tally {
  int tried = 0;
  int wrong = 0;

  void expect(bool right, const std::string& what) {
    ++tried;
    if (right) return;
    ++wrong;
    std::fprintf(stderr, "wrong: %s\n", what.c_str());
  }
};

template <class T>
Matrix<T> positive_definite(Eigen::Index n) {
  const Matrix<T> B = Matrix<T>::Random(n, n);
  return B * B.adjoint() + Matrix<T>::Identity(n, n);
}

template <class T>
void check(Tally& tally, const char* type, Eigen::Index n, Eigen::Index tile) {
  const Matrix<T> A = positive_definite<T>(n);
  const auto bound = static_cast<lp::real_t<T>>(10 * n) * Eigen::NumTraits<T>::epsilon() * A.norm();
  const auto expect = [&](const char* home, const Matrix<T>& factored) {
    const Matrix<T> L = factored.template triangularView<Eigen::Lower>();
    tally.expect((A - L * L.adjoint()).norm() <= bound,
                 std::string("A - L L^H of ") + type + " in " + home + ", n = " +
                     std::to_string(n) + ", tile " + std::to_string(tile));
  };
  expect("memory", factor_in_memory(A, tile));
  expect("an Eigen matrix", factor_in_eigen(A, tile));
  expect("A.npy", factor_in_npy(A, tile));
  expect("A.zarr", factor_in_zarr(A, tile));
}

template <class T>
void check_type(Tally& tally, const char* type) {
  check<T>(tally, type, 96, 32);   // whole tiles
  check<T>(tally, type, 101, 32);  // ragged ones
  check<T>(tally, type, 33, 33);   // one
  check<T>(tally, type, 20, 64);   // a tile that is larger than the matrix
  check<T>(tally, type, 7, 1);     // tiles of one element
  check<T>(tally, type, 1, 1);
  check<T>(tally, type, 0, 8);     // nothing at all
}

void check_refusal(Tally& tally) {
  lp::TiledMatrix<double> A(100, 100, 32);
  for (int i = 0; i < 100; ++i) A(i, i) = i == 70 ? -1 : 1;
  std::string refusal;
  try {
    lp::run(lp::threads{2}, cholesky<double>, A);
  } catch (const lp::run_error& error) {
    refusal = error.what();
  }
  tally.expect(refusal.find("potrf[") != std::string::npos &&
                   refusal.find("global row 70") != std::string::npos,
               "the refusal of a matrix that is not positive definite: \"" + refusal + "\"");
}

int main() {
  Tally tally;
  check_type<float>(tally, "float");
  check_type<double>(tally, "double");
  check_type<std::complex<float>>(tally, "complex<float>");
  check_type<std::complex<double>>(tally, "complex<double>");
  check_refusal(tally);
  std::printf("%d checks, %d wrong\n", tally.tried, tally.wrong);
  return tally.wrong == 0 ? 0 : 1;
}
