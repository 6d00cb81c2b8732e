// A program is run on a std::vector.
// expect: lambdapack: this argument cannot stand for an array of the program; pass an lp::TiledMatrix, lp::TileArray, lp::map(eigen_matrix, tile), lp::npy<T> or lp::zarr<T>
#include "lambdapack/lambdapack.hpp"

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run(std::vector<double>& A) { return lp::run(lp::threads{2}, program, A); }
