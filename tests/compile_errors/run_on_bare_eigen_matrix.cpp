// A program is run on an Eigen matrix that is not cut into tiles.
// expect: lambdapack: this argument cannot stand for an array of the program; pass an lp::TiledMatrix, lp::TileArray, lp::map(eigen_matrix, tile), lp::npy<T> or lp::zarr<T>
#include "lambdapack/lambdapack.hpp"

#include <Eigen/Core>

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(Eigen::MatrixXd& A) { return lp::run(lp::threads{2}, program, A); }
