// How the results of factorisations that are spread over processes are checked: each process goes
// through its own elements, and products with a vector are summed over all.
#pragma once

#include <mpi.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "general_matrix.hpp"
#include "samples.hpp"
#include "spd_matrix.hpp"

namespace bench {

inline int mpi_rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

/// The sum over all processes, on all.
inline Vector summed(Vector mine) {
  MPI_Allreduce(MPI_IN_PLACE, mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, MPI_SUM,
                MPI_COMM_WORLD);
  return mine;
}

/// M x, where for_each(f) calls f(i, j, element) for the elements of M that this process has and
/// that count; M^T x if `transposed`.
template <class ForEach>
Vector product(const ForEach& for_each, const Vector& x, bool transposed = false) {
  Vector y(x.size());
  for_each([&](std::int64_t i, std::int64_t j, double a) {
    const auto to = static_cast<std::size_t>(transposed ? j : i);
    y[to] += a * x[static_cast<std::size_t>(transposed ? i : j)];
  });
  return summed(std::move(y));
}

inline double norm(const Vector& x) { return distance(x, Vector(x.size())); }

/// What went wrong with (A - L L^T) x, relative to n ||A x|| eps; for_each as above, of L alone.
template <class ForEach>
double mpi_cholesky_residual(std::int64_t n, const ForEach& for_each) {
  const Vector x = random_signs(n);
  const Vector found = product(for_each, product(for_each, x, true));
  Vector expected(x.size());
  for (std::int64_t i = mpi_rank() == 0 ? 0 : n; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j)
      expected[static_cast<std::size_t>(i)] +=
          spd_element(i, j, n) * x[static_cast<std::size_t>(j)];
  expected = summed(std::move(expected));
  return distance(found, expected) / (static_cast<double>(n) * norm(expected) * rounding);
}

/// The same of (C - A B) x.
template <class ForEach>
double mpi_gemm_residual(std::int64_t n, const ForEach& for_each) {
  const Vector x = random_signs(n);
  const Vector expected = general_product(0, n, general_product(1, n, x).first).first;
  return distance(product(for_each, x), expected) /
         (static_cast<double>(n) * norm(expected) * rounding);
}

/// How far ||R x|| is from ||A x||, which are equal as Q has orthonormal columns.
template <class ForEach>
double mpi_qr_residual(std::int64_t n, const ForEach& for_each) {
  const Vector x = random_signs(n);
  const double expected = norm(general_product(0, n, x).first);
  return std::abs(norm(product(for_each, x)) - expected) /
         (static_cast<double>(n) * expected * rounding);
}

/// Prints the samples of rank 0, with the residual.
inline void mpi_print(const std::vector<double>& samples, double residual,
                      const std::string& more = "") {
  if (mpi_rank() == 0) print_samples(samples, ", \"residual\": " + std::to_string(residual) + more);
}

/// Seconds that f() takes until the last process is through with it.
template <class F>
double mpi_seconds(F&& f) {
  MPI_Barrier(MPI_COMM_WORLD);
  return seconds([&] {
    f();
    MPI_Barrier(MPI_COMM_WORLD);
  });
}

}  // namespace bench
