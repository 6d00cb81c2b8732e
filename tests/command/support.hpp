// Runs lpc on source files that a test makes.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "lpc/command.hpp"

namespace command_test {

/// What lpc printed, and how it ended.
struct Answer {
  int status = 0;
  std::string out;
  std::string err;
};

inline Answer lpc(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int status = lambdapack::lpc::run(arguments, out, err);
  return {status, out.str(), err.str()};
}

/// A folder with a blank in its name, for as long as this lives.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() / ("lpc test " + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& contents) const {
    std::ofstream(file(name)) << contents;
    return file(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(file(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path path_;
};

inline const char* const cholesky = R"(#include <lambdapack/lambdapack.hpp>

void cholesky(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}
)";

}  // namespace command_test
