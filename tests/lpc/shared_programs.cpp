// What lpc reads for same_shared_test.cpp: the programs that tests and examples share.
#include "../../examples/published/programs.hpp"
#include "support/algorithms.hpp"
#include "support/plain_forms_in_language.hpp"
#include "support/plain_in_language.hpp"
#include "support/programs.hpp"

template void test_algorithms::cholesky<double>(lp::InOut<double, 2>);
template void test_algorithms::gemm_chain<double>(lp::In<double, 2>, lp::In<double, 2>,
                                                  lp::InOut<double, 2>);
template void test_algorithms::solve<double>(lp::In<double, 2>, lp::InOut<double, 2>);
