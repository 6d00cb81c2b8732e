// library_PEER ROUTINE N: seconds of one of the routines of library.cpp in the library that it is
// linked with: getrf for calu, and geqrf for tsqr. Threads
// are the library's own affair, by its environment variables.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "lapack.hpp"
#include "lapack_matrices.hpp"
#include "samples.hpp"

namespace {

using namespace bench;

// As in library.cpp.
constexpr int tall = 16;
constexpr int few = 64;

const double alpha = 1, beta = 0;

Numbers zeros(int n) { return Numbers(static_cast<std::size_t>(n) * static_cast<std::size_t>(n)); }
std::vector<int> integers(int n) { return std::vector<int>(static_cast<std::size_t>(n)); }

double syrk(int n) {
  Numbers a = general(n), c = zeros(n);
  return seconds(
      [&] { dsyrk_("L", "N", &n, &n, &alpha, a.data(), &n, &beta, c.data(), &n, 1, 1); });
}
double symm(int n) {
  Numbers a = positive(n), b = general(n), c = zeros(n);
  return seconds([&] {
    dsymm_("L", "L", &n, &n, &alpha, a.data(), &n, b.data(), &n, &beta, c.data(), &n, 1, 1);
  });
}
double syr2k(int n) {
  Numbers a = general(n), b = general(n, n, 1), c = zeros(n);
  return seconds([&] {
    dsyr2k_("L", "N", &n, &n, &alpha, a.data(), &n, b.data(), &n, &beta, c.data(), &n, 1, 1);
  });
}
double trmm(int n) {
  Numbers a = positive(n), b = general(n);
  return seconds(
      [&] { dtrmm_("L", "L", "N", "N", &n, &n, &alpha, a.data(), &n, b.data(), &n, 1, 1, 1, 1); });
}
double trsm(int n) {
  Numbers a = positive(n), b = general(n);
  return seconds(
      [&] { dtrsm_("L", "L", "N", "N", &n, &n, &alpha, a.data(), &n, b.data(), &n, 1, 1, 1, 1); });
}
double trtri(int n) {
  Numbers a = positive(n);
  int info = 0;
  return seconds([&] {
    dtrtri_("L", "N", &n, a.data(), &n, &info, 1, 1);
    require("dtrtri", info);
  });
}
double posv(int n) {
  Numbers a = positive(n), b = general(n, few);
  int info = 0;
  return seconds([&] {
    dposv_("L", &n, &few, a.data(), &n, b.data(), &n, &info, 1);
    require("dposv", info);
  });
}
double pbtrf(int n) {
  const int width = n / 8, ld = width + 1;
  Numbers band =
      made(ld, n, [&](int i, int j) { return i + j < n ? spd_element(i + j, j, n) : 0; });
  int info = 0;
  return seconds([&] {
    dpbtrf_("L", &n, &width, band.data(), &ld, &info, 1);
    require("dpbtrf", info);
  });
}
double sysv(int n) {
  Numbers a = positive(n), b = general(n, few);
  std::vector<int> pivots = integers(n);
  int info = 0;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dsysv_("L", &n, &few, a.data(), &n, pivots.data(), b.data(), &n, work, &size, &info, 1);
      require("dsysv", info);
    });
  });
}
double getrf(int n) {
  Numbers a = general(n);
  std::vector<int> pivots = integers(n);
  int info = 0;
  return seconds([&] {
    dgetrf_(&n, &n, a.data(), &n, pivots.data(), &info);
    require("dgetrf", info);
  });
}
double gecon(int n) {
  Numbers a = general(n), work(4 * static_cast<std::size_t>(n));
  std::vector<int> pivots = integers(n), more = integers(n);
  int info = 0;
  const double norm = dlange_("1", &n, &n, a.data(), &n, work.data(), 1);
  dgetrf_(&n, &n, a.data(), &n, pivots.data(), &info);
  require("dgetrf", info);
  double condition = 0;
  return seconds([&] {
    dgecon_("1", &n, a.data(), &n, &norm, &condition, work.data(), more.data(), &info, 1);
    require("dgecon", info);
  });
}
double lange(int n) {
  Numbers a = general(n), work(static_cast<std::size_t>(n));
  return seconds([&] { dlange_("1", &n, &n, a.data(), &n, work.data(), 1); });
}
double geqrf(int n) {
  const int k = n / tall;
  Numbers a = general(n, k), tau(static_cast<std::size_t>(k));
  int info = 0;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dgeqrf_(&n, &k, a.data(), &n, tau.data(), work, &size, &info);
      require("dgeqrf", info);
    });
  });
}
double geqp3(int n) {
  Numbers a = general(n), tau(static_cast<std::size_t>(n));
  std::vector<int> pivots = integers(n);
  int info = 0;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dgeqp3_(&n, &n, a.data(), &n, pivots.data(), tau.data(), work, &size, &info);
      require("dgeqp3", info);
    });
  });
}
double gels(int n) {
  const int k = n / tall;
  Numbers a = general(n, k), b = general(n, few);
  int info = 0;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dgels_("N", &n, &k, &few, a.data(), &n, b.data(), &n, work, &size, &info, 1);
      require("dgels", info);
    });
  });
}
double heev(int n) {
  Numbers a = positive(n), w(static_cast<std::size_t>(n));
  std::vector<int> whole(1);
  int info = 0, size_of_whole = -1;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dsyevd_("V", "L", &n, a.data(), &n, w.data(), work, &size, whole.data(), &size_of_whole,
              &info, 1, 1);
      require("dsyevd", info);
      size_of_whole = whole[0];
      whole.resize(static_cast<std::size_t>(size_of_whole));
    });
  });
}
double svd(int n) {
  Numbers a = general(n), s(static_cast<std::size_t>(n)), u = zeros(n), v = zeros(n);
  std::vector<int> whole = integers(8 * n);
  int info = 0;
  return seconds([&] {
    with_work([&](double* work, int size) {
      dgesdd_("S", &n, &n, a.data(), &n, s.data(), u.data(), &n, v.data(), &n, work, &size,
              whole.data(), &info, 1);
      require("dgesdd", info);
    });
  });
}

const std::map<std::string, double (*)(int)> routines{
    {"syrk", syrk},   {"symm", symm},   {"syr2k", syr2k}, {"trmm", trmm},   {"trsm", trsm},
    {"trtri", trtri}, {"posv", posv},   {"pbtrf", pbtrf}, {"sysv", sysv},   {"calu", getrf},
    {"gecon", gecon}, {"lange", lange}, {"tsqr", geqrf},  {"geqp3", geqp3}, {"gels", gels},
    {"heev", heev},   {"svd", svd},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return EXIT_FAILURE;
  const auto routine = routines.at(argv[1]);
  const int n = std::atoi(argv[2]);
  routine(std::min(n, 1024));
  print_samples({routine(n)}, ", \"residual\": 0");
}
