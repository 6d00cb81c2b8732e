// lprun on several ranks under mpirun, beside lprun on threads.
#include <filesystem>
#include <lambdapack/tile/detail/temporary_directory.hpp>
#include <optional>
#include <regex>
#include <string>

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
    // Without a residual each rank has its share only.
    for (const std::string to : {"spread.npy", "spread.zarr"}) {
      const Ended ended = run_on_ranks(folder, 3, command + " " + to + " --tile 5");
      INFO(ended.text);
      REQUIRE(ended.status == 0);
      CHECK(folder.get<double>(to) == folder.get<double>("threads.npy"));
    }
  }
  CHECK(folder.integers("p.npy").size() == 23);
  // Nothing is left of what the ranks have worked on.
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK_THAT(entry.path().filename().string(), !Contains("partial"));
}

TEST_CASE("arrays in other chunks, Q of a QR, and C of a product, on ranks") {
  const Folder folder;
  folder.put<double>("A.zarr", random<double>(31, 17));  // in chunks of 5 x 3
  folder.put<double>("B.npy", random<double>(17, 31));
  folder.put<double>("C.zarr", random<double>(17, 17));
  const auto same = [&](const std::string& command, const std::string& outputs) {
    INFO(command);
    for (const bool on_ranks : {false, true}) {
      std::string line = command;
      std::string name = on_ranks ? "ranks" : "threads";
      line += " -o " + name + "-o.zarr";
      if (!outputs.empty()) line += " " + outputs + " " + name + outputs + ".zarr";
      line += " --tile 5";
      const Ended ended = on_ranks ? run_on_ranks(folder, 3, line) : folder.run(line);
      INFO(ended.text);
      REQUIRE(ended.status == 0);
    }
    CHECK(folder.get<double>("ranks-o.zarr") == folder.get<double>("threads-o.zarr"));
    if (!outputs.empty())
      CHECK(folder.get<double>("ranks" + outputs + ".zarr") ==
            folder.get<double>("threads" + outputs + ".zarr"));
  };
  same("qr A.zarr", "-q");
  same("qr B.npy", "-q");
  same("gemm B.npy A.zarr C.zarr --alpha 2 --beta -1", "");
  same("gemm A.zarr B.npy --op-a transpose --op-b transpose", "");
  same("calu A.zarr", "");
}

TEST_CASE("a rank holds its share of matrices in files") {
  const Folder folder;
  const long n = 400;
  const auto A = random<double>(n, n);
  folder.put<double>("A.zarr", A);
  folder.put<double>("S.zarr", A * A.transpose() + n * Matrix<double>::Identity(n, n));
  const auto held = [&](int ranks, const std::string& command) {
    const Ended ended = run_on_ranks(folder, ranks, command + " -o R.zarr --tile 25 --workers 1");
    INFO(ended.text);
    REQUIRE(ended.status == 0);
    std::smatch found;
    REQUIRE(std::regex_search(ended.text, found, std::regex("([0-9]+) bytes of tiles at most")));
    return std::stod(found[1]);
  };
  for (const std::string command : {"cholesky S.zarr", "qr A.zarr", "gemm A.zarr A.zarr"}) {
    INFO(command);
    const double all = held(1, command);
    CHECK(all > 0);
    CHECK(held(4, command) < 0.7 * all);
  }
  // A column of tiles is one task's.
  CHECK(held(4, "lu A.zarr") < 0.9 * held(1, "lu A.zarr"));
}

TEST_CASE("what fails on ranks fails with the sentence of threads, and writes nothing") {
  const Folder folder;
  folder.put<double>("A.npy", -Matrix<double>::Identity(12, 12));
  const Ended ended = run_on_ranks(folder, 3, "cholesky A.npy -o L.npy --tile 5");
  CHECK(ended.status != 0);
  CHECK_THAT(ended.text, Contains("not positive definite"));
  CHECK(!std::filesystem::exists(folder.file("L.npy")));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK_THAT(entry.path().filename().string(), !Contains("partial"));
}

TEST_CASE("ranks write Q to another file system than R") {
  const Folder folder;
  folder.put<double>("A.npy", random<double>(17, 12));
  // The memory of the machine, where it is a file system that may be written; else beside R.
  std::optional<lp::tile::detail::TemporaryDirectory> memory;
  try {
    memory.emplace("/dev/shm");
  } catch (const lp::input_error&) {
  }
  const std::string elsewhere = memory ? memory->path() : folder.path();
  const Ended ended =
      run_on_ranks(folder, 3, "qr A.npy -o R.zarr -q '" + elsewhere + "/Q.zarr' --tile 5");
  INFO(ended.text);
  CHECK(ended.status == 0);
  CHECK(std::filesystem::exists(elsewhere + "/Q.zarr/.zarray"));
}
