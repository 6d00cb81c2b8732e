// A program is run on an Eigen matrix that is gone before the run begins.
// expect: lambdapack: lp::map takes a matrix that outlives the run, and this one is a temporary; give it a name first
#include "lambdapack/lambdapack.hpp"

#include <Eigen/Core>

void program(lp::InOut<double, 2> A) { A(0, 0) = potrf(A(0, 0)); }

lp::exec::Report run() {
  return lp::run(lp::threads{2}, program, lp::map(Eigen::MatrixXd(4, 4), 2));
}
