// The main function of the tests whose workers are this program.
#include <cstdlib>

#include "programs.hpp"
#include "support/run_tests.hpp"

int main(int argc, char** argv) {
  if (lp::cloud::is_worker()) return lp::cloud::work(test_cloud::programs());
  if (const char* store = std::getenv("LAMBDAPACK_TEST_CLIENT")) return test_cloud::client(store);
  return run_tests(argc, argv);
}
