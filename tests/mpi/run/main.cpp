// The main function of the tests that run under mpirun: all ranks run the same test cases, and all
// fail if one does. LAMBDAPACK_TEST_MPI_THREADS=funneled begins MPI with MPI_THREAD_FUNNELED, and
// serialized with MPI_THREAD_SERIALIZED.
#include <mpi.h>

#include <cstdlib>
#include <string>

#include "support/run_tests.hpp"

int main(int argc, char** argv) {
  const char* threads = std::getenv("LAMBDAPACK_TEST_MPI_THREADS");
  const std::string said = threads != nullptr ? threads : "";
  const int level = said == "funneled"     ? MPI_THREAD_FUNNELED
                    : said == "serialized" ? MPI_THREAD_SERIALIZED
                                           : MPI_THREAD_MULTIPLE;
  int provided = 0;
  MPI_Init_thread(&argc, &argv, level, &provided);
  int failed = run_tests(argc, argv), worst = failed;
  MPI_Allreduce(&failed, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return worst;
}
