// more_routines_PEER ROUTINE N: seconds of one potri (dpotrf, dpotri), getri (dgetrf, dgetri), lq
// (dgelqf), heev_values (dsyevd) or solve (dgesv) of the library that it is linked with. Threads
// are the library's own affair, by its environment variables.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "lapack.hpp"
#include "lapack_matrices.hpp"
#include "samples.hpp"

namespace {

using namespace bench;

double potri(int n) {
  Numbers a = positive(n);
  int info = 0;
  return bench::seconds([&] {
    dpotrf_("L", &n, a.data(), &n, &info, 1);
    require("dpotrf", info);
    dpotri_("L", &n, a.data(), &n, &info, 1);
    require("dpotri", info);
  });
}

double getri(int n) {
  Numbers a = general(n);
  std::vector<int> pivots(static_cast<std::size_t>(n));
  int info = 0;
  return bench::seconds([&] {
    dgetrf_(&n, &n, a.data(), &n, pivots.data(), &info);
    require("dgetrf", info);
    with_work([&](double* work, int size) {
      dgetri_(&n, a.data(), &n, pivots.data(), work, &size, &info);
      require("dgetri", info);
    });
  });
}

double lq(int n) {
  Numbers a = general(n), tau(static_cast<std::size_t>(n));
  int info = 0;
  return bench::seconds([&] {
    with_work([&](double* work, int size) {
      dgelqf_(&n, &n, a.data(), &n, tau.data(), work, &size, &info);
      require("dgelqf", info);
    });
  });
}

double heev_values(int n) {
  Numbers a = positive(n), w(static_cast<std::size_t>(n));
  int info = 0, one = 1, whole = 0;
  std::vector<int> integers(1);
  return bench::seconds([&] {
    with_work([&](double* work, int size) {
      dsyevd_("N", "L", &n, a.data(), &n, w.data(), work, &size, integers.data(),
              size < 0 ? &(whole = -1) : &one, &info, 1, 1);
      require("dsyevd", info);
    });
  });
}

double solve(int n) {
  Numbers a = general(n), b(static_cast<std::size_t>(n), 1.0);
  std::vector<int> pivots(static_cast<std::size_t>(n));
  int info = 0, one = 1;
  return bench::seconds([&] {
    dgesv_(&n, &one, a.data(), &n, pivots.data(), b.data(), &n, &info);
    require("dgesv", info);
  });
}

double run(const std::string& routine, int n) {
  if (routine == "potri") return potri(n);
  if (routine == "getri") return getri(n);
  if (routine == "lq") return lq(n);
  if (routine == "heev_values") return heev_values(n);
  if (routine == "solve") return solve(n);
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return EXIT_FAILURE;
  const int n = std::atoi(argv[2]);
  run(argv[1], std::min(n, 1024));
  // As ours: in memory that a solve has touched before.
  if (std::string(argv[1]) == "solve") run(argv[1], n);
  // What LAPACK computes is not the question here.
  bench::print_samples({run(argv[1], n)}, ", \"residual\": 0");
}
