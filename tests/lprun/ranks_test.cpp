// lprun on several ranks under mpirun, beside lprun on threads.
#include "lprun/support.hpp"

using namespace lprun_test;

namespace {

Ended run_on_ranks(const Folder& folder, int ranks, const std::string& arguments) {
  return folder.run(arguments + " --backend mpi", LPRUN_MPIRUN " -n " + std::to_string(ranks));
}

}  // namespace

TEST_CASE("several ranks write the files that threads write") {
  const Folder folder;
  const auto A = random<double>(23, 23);
  folder.put<double>("A.npy", A);
  folder.put<double>("S.npy", A * A.transpose() + 23 * Matrix<double>::Identity(23, 23));
  folder.put<double>("B.npy", random<double>(23, 9));

  // Results in files of one process each, and in a directory that all ranks write.
  for (const std::string command :
       {"cholesky S.npy -o", "gemm A.npy B.npy -o", "lu A.npy --pivots p.npy -o", "qr A.npy -o"}) {
    INFO(command);
    const Ended threads = folder.run(command + " threads.npy --tile 5");
    INFO(threads.text);
    REQUIRE(threads.status == 0);
    for (const int ranks : {1, 3}) {
      const Ended ended = run_on_ranks(folder, ranks, command + " ranks.npy --tile 5 --residual");
      INFO(ended.text);
      REQUIRE(ended.status == 0);
      for (const double residual : residuals(ended.text)) CHECK(residual < 30);
      CHECK(folder.read("ranks.npy") == folder.read("threads.npy"));
    }
    const Ended ended = run_on_ranks(folder, 3, command + " ranks.zarr --tile 5");
    INFO(ended.text);
    REQUIRE(ended.status == 0);
    CHECK(folder.get<double>("ranks.zarr") == folder.get<double>("threads.npy"));
  }
}

TEST_CASE("what fails on ranks fails with the sentence of threads, and writes nothing") {
  const Folder folder;
  folder.put<double>("A.npy", -Matrix<double>::Identity(12, 12));
  const Ended ended = run_on_ranks(folder, 3, "cholesky A.npy -o L.npy --tile 5");
  CHECK(ended.status != 0);
  CHECK_THAT(ended.text, Contains("not positive definite"));
  CHECK(!std::filesystem::exists(folder.file("L.npy")));
}
