// What the programs of LAPACK's routines share: matrices, and room to work in.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "general_matrix.hpp"
#include "spd_matrix.hpp"

namespace bench {

using Numbers = std::vector<double>;

/// The rows x cols, or n x n, matrix with the elements element(i, j), column-major.
template <class Element>
Numbers made(int rows, int cols, Element element) {
  Numbers a;
  a.reserve(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols));
  for (int j = 0; j < cols; ++j)
    for (int i = 0; i < rows; ++i) a.push_back(element(i, j));
  return a;
}
inline Numbers general(int rows, int cols, int which = 0) {
  return made(rows, cols, [&](int i, int j) { return general_element(which, i, j, rows); });
}
inline Numbers general(int n) { return general(n, n); }
inline Numbers positive(int n) {
  return made(n, n, [n](int i, int j) { return spd_element(i, j, n); });
}

inline void require(const char* routine, int info) {
  if (info == 0) return;
  std::fprintf(stderr, "%s: info = %d\n", routine, info);
  std::exit(EXIT_FAILURE);
}

/// call(work, lwork), first for the size that it wants.
template <class Call>
void with_work(Call call) {
  double best = 0;
  call(&best, -1);
  Numbers work(static_cast<std::size_t>(best) + 1);
  call(work.data(), static_cast<int>(best));
}

}  // namespace bench
