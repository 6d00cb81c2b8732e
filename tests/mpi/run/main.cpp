// The main function of the tests that run under mpirun: all ranks run the same test cases, and all
// fail if one does. LAMBDAPACK_TEST_MPI_THREADS=funneled begins MPI with MPI_THREAD_FUNNELED.
#include <mpi.h>

#include <cstdlib>
#include <string>

#include "support/run_tests.hpp"

int main(int argc, char** argv) {
  const char* threads = std::getenv("LAMBDAPACK_TEST_MPI_THREADS");
  const bool funneled = threads != nullptr && std::string(threads) == "funneled";
  int provided = 0;
  MPI_Init_thread(&argc, &argv, funneled ? MPI_THREAD_FUNNELED : MPI_THREAD_MULTIPLE, &provided);
  int failed = run_tests(argc, argv), worst = failed;
  MPI_Allreduce(&failed, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return worst;
}
