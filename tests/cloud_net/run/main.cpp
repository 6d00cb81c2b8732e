// The main function of the tests whose workers are this program, as processes and as functions.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/cloud.hpp>

int main(int argc, char** argv) {
  if (lp::cloud::is_worker())
    return lp::cloud::work({lp::cloud::program(lp::algorithm::cholesky<double>)});
  return Catch::Session().run(argc, argv);
}
