// A folder in which lprun runs, and Eigen's matrices in its files.
#pragma once

#include <sys/wait.h>

#include <Eigen/Dense>
#include <algorithm>
#include <catch2/catch.hpp>
#include <complex>
#include <cstdlib>
#include <lambdapack/lambdapack.hpp>
#include <regex>
#include <string>
#include <vector>

#include "support/folder.hpp"

namespace lprun_test {

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

struct Ended {
  int status;
  std::string text;
};

struct Folder : test_support::Folder {
  /// Runs lprun, with `launcher` in front of it.
  Ended run(const std::string& arguments, const std::string& launcher = "") const {
    const std::string line = "cd '" + path() + "' && " + launcher + " '" LPRUN_COMMAND "' " +
                             arguments + " > said.txt 2>&1";
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), read("said.txt")};
  }

  template <class T>
  void put(const std::string& name, const Matrix<T>& m) const {
    const auto tiles =
        lp::TiledMatrix<T>::from(m.data(), m.rows(), m.cols(), std::max<long>(m.rows(), 1), 5, 3);
    if (name.ends_with(".npy"))
      lp::write_npy(file(name), tiles);
    else
      lp::write_zarr(file(name), tiles, {.zstd = 3});
  }

  template <class T>
  Matrix<T> get(const std::string& name) const {
    const auto tiles =
        name.ends_with(".npy") ? lp::read_npy<T>(file(name), 64) : lp::read_zarr<T>(file(name));
    Matrix<T> m(tiles.rows(), tiles.cols());
    tiles.copy_to(m.data(), m.rows());
    return m;
  }

  /// The int64 elements of a .npy file of one dimension.
  std::vector<std::int64_t> integers(const std::string& name) const {
    const std::string bytes = read(name);
    REQUIRE(bytes.find("'<i8'") != std::string::npos);
    const auto begin = bytes.find('\n') + 1;
    std::vector<std::int64_t> found((bytes.size() - begin) / sizeof(std::int64_t));
    std::copy_n(bytes.data() + begin, found.size() * sizeof(std::int64_t),
                reinterpret_cast<char*>(found.data()));
    return found;
  }
};

template <class T>
Matrix<T> random(long rows, long cols) {
  return Matrix<T>::Random(rows, cols);
}

/// The numbers behind " = " at the ends of lines: residuals.
inline std::vector<double> residuals(const std::string& text) {
  std::vector<double> found;
  const std::regex line(" = ([-+.0-9a-z]+)\n");
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    found.push_back(std::stod((*at)[1]));
  return found;
}

using Catch::Matchers::Contains;

}  // namespace lprun_test
