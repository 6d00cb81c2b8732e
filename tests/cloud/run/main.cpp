// The main function of the tests whose workers are this program.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "programs.hpp"

int main(int argc, char** argv) {
  if (lp::cloud::is_worker()) return lp::cloud::work(test_cloud::programs());
  return Catch::Session().run(argc, argv);
}
