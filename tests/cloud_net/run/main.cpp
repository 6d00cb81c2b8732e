// The main function of the tests whose workers are this program, as processes and as functions.
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/cloud.hpp>

#include "support/run_tests.hpp"

int main(int argc, char** argv) {
  if (lp::cloud::is_worker())
    return lp::cloud::work({lp::cloud::program(lp::algorithm::cholesky<double>)});
  return run_tests(argc, argv);
}
