// The same task as in compile_cholesky.cpp, with Eigen.
#include <Eigen/Cholesky>

void factor(Eigen::MatrixXd& A) { const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factorization(A); }
