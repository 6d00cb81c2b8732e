// Runs lpc in the process of a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lpc/command.hpp"

namespace lpc_test {

struct Ended {
  int status = 0;
  std::string out, err;
};

inline Ended run_lpc(const std::vector<std::string>& arguments) {
  std::ostringstream out, err;
  const int status = lambdapack::lpc::run(arguments, out, err);
  return {status, out.str(), err.str()};
}

/// A folder of its own, with a blank in its name, that is removed with its files.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "lpc test XXXXXX") {
    std::string name = path_.string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name)) << text;
    return file(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(file(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline const std::string cholesky = R"(#include <lambdapack/lambdapack.hpp>

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

inline const std::string two_programs = R"(#include <lambdapack/lambdapack.hpp>

namespace some {
void halve(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = scale(x(i), 0.5);
}
}

void sum(lp::InOut<double, 1> x, lp::Integer steps) {
  for (auto t : lp::range(steps))
    for (auto i : lp::range(1, x.extent(0))) x(i) = add(x(i), x(i - 1));
}
)";

inline const std::string wrong_program = R"(#include <lambdapack/lambdapack.hpp>

void shift(lp::InOut<double, 1> x) {
  for (auto i : lp::range(x.extent(0))) x(i) = copy(x(i + 1));
}
)";

}  // namespace lpc_test
