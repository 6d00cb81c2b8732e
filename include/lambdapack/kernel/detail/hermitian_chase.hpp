// A Hermitian band of width b to a tridiagonal matrix by Householder reflections that chase the
// bulge down the band, on its lower triangle: every step works on 2 b x b numbers, in the cache.
// Source: Haidar, Ltaief, Dongarra, "Parallel reduction to condensed forms for symmetric eigenvalue
// problems using aggregated fine-grained and memory-aware kernels", 2011.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "lambdapack/kernel/detail/bulge_chase.hpp"

namespace lambdapack::kernel::detail {

/// The lower triangle of a Hermitian band: the elements from the main diagonal to the one 2 width -
/// 1 below.
template <Scalar T>
class HermitianBand : public Diagonals<T> {
 public:
  static std::int64_t rows(std::int64_t width) { return 2 * width; }

  HermitianBand(std::int64_t order, std::int64_t width, std::int64_t origin, std::int64_t columns,
                std::array<T*, 3> tiles)
      : Diagonals<T>(order, width, 0, rows(width), origin, columns, tiles) {}
  /// All of it in one tile.
  HermitianBand(std::int64_t order, std::int64_t width, tile::Dense<T>& tile)
      : HermitianBand(order, width, 0, std::max<std::int64_t>(1, order),
                      {tile.data(), nullptr, nullptr}) {}
};

/// Columns of the triangle on the diagonal that are worked on at a time.
inline constexpr std::int64_t hermitian_columns = 4;

/// use(k, count, below) for groups of columns k to k + count - 1 of the rows and columns `first` to
/// `last` - 1, each within a tile; `below` is element (first + k + count, first + k), or null.
template <Scalar T, class Use>
void for_each_group(const HermitianBand<T>& b, std::int64_t first, std::int64_t last, Use use) {
  for (std::int64_t j = first; j < last;) {
    const std::int64_t next = b.end_of_run(j, std::min(last, j + hermitian_columns));
    use(j - first, next - j, next < last ? &b(next, j) : nullptr);
    j = next;
  }
}

/// x := D v for the Hermitian D on the diagonal of rows `first` to `last` - 1. Source: ?hemv.
template <Scalar T>
void hermitian_product(const HermitianBand<T>& b, std::int64_t first, std::int64_t last, const T* v,
                       T* x) {
  const std::int64_t length = last - first;
  std::fill_n(x, length, T{});
  for_each_group(b, first, last, [&](std::int64_t k, std::int64_t count, const T* below) {
    const std::int64_t end = k + count;
    for (std::int64_t j = k; j < end; ++j) {
      x[j] += std::real(b(first + j, first + j)) * v[j];
      for (std::int64_t i = j + 1; i < end; ++i) {
        const T element = b(first + i, first + j);
        x[i] += product(element, v[j]);
        x[j] += product(conjugate(element), v[i]);
      }
    }
    if (below == nullptr) return;
    T sums[hermitian_columns];
    dots(length - end, v + end, below, b.stride(), count, sums);
    for (std::int64_t j = 0; j < count; ++j) x[k + j] += conjugate(sums[j]);
    combine(length - end, below, b.stride(), v + k, count, x + end);
  });
}

/// D := D - v w^H - w v^H for the same D. Source: ?her2.
template <Scalar T>
void hermitian_rank_two(const HermitianBand<T>& b, std::int64_t first, std::int64_t last,
                        const T* v, const T* w) {
  const std::int64_t length = last - first;
  for_each_group(b, first, last, [&](std::int64_t k, std::int64_t count, T* below) {
    const std::int64_t end = k + count;
    T of_v[hermitian_columns], of_w[hermitian_columns];
    for (std::int64_t j = k; j < end; ++j) {
      const T v_j = of_v[j - k] = -conjugate(v[j]), w_j = of_w[j - k] = -conjugate(w[j]);
      T& diagonal = b(first + j, first + j);
      diagonal = T(std::real(diagonal + product(v[j], w_j) + product(w[j], v_j)));
      for (std::int64_t i = j + 1; i < end; ++i)
        b(first + i, first + j) += product(v[i], w_j) + product(w[i], v_j);
    }
    if (below == nullptr) return;
    rank_one(length - end, v + end, of_w, below, b.stride(), count);
    rank_one(length - end, w + end, of_v, below, b.stride(), count);
  });
}

/// A reflection v leaves one element of column `column` in the rows first to last - 1; it is
/// applied from the left to the columns behind that one, from both sides on the diagonal, and from
/// the right to the rows below. `work` has room for 2 widths.
template <Scalar T>
T chase_hermitian_step(const HermitianBand<T>& b, std::int64_t column, std::int64_t first,
                       std::int64_t last, T* v, T* work) {
  const std::int64_t length = last - first, stride = b.stride();
  T* c = &b(first, column);
  std::copy_n(c, length, v);
  const T tau = larfg(v[0], length - 1, v + 1);
  c[0] = v[0];
  v[0] = T(1);
  std::fill_n(c + 1, length - 1, T{});

  b.for_each_run(first, column + 1, first, [&](std::int64_t, std::int64_t count, T* block) {
    dots(length, v, block, stride, count, work);
    for (std::int64_t j = 0; j < count; ++j) work[j] = -product(conjugate(tau), work[j]);
    rank_one(length, v, work, block, stride, count);
  });

  hermitian_product(b, first, last, v, work);
  const T half = T(real_t<T>(-0.5)) * product(conjugate(tau), dot(length, work, v));
  for (std::int64_t j = 0; j < length; ++j) work[j] = product(tau, work[j] + product(half, v[j]));
  hermitian_rank_two(b, first, last, v, work);

  const std::int64_t rows = std::min(b.width(), b.order() - last);
  if (rows <= 0) return tau;
  T *w = work, *factors = work + rows;
  std::fill_n(w, rows, T{});
  for (std::int64_t j = 0; j < length; ++j) factors[j] = product(tau, v[j]);
  b.for_each_run(last, first, last, [&](std::int64_t k, std::int64_t count, const T* block) {
    combine(rows, block, stride, factors + k, count, w);
  });
  for (std::int64_t j = 0; j < length; ++j) factors[j] = -conjugate(v[j]);
  b.for_each_run(last, first, last, [&](std::int64_t k, std::int64_t count, T* block) {
    rank_one(rows, w, factors + k, block, stride, count);
  });
  return tau;
}

/// The steps of a sweep that begin at row `first` and every `width` rows after it, before row
/// `end`. The reflections are kept if asked for.
template <Scalar T>
void chase_sweep(const HermitianBand<T>& b, std::int64_t sweep, std::int64_t first,
                 std::int64_t end, Chase<T>* q = nullptr) {
  T* vector = scratch<T>(Scratch::vectors, 3 * b.width());
  T* work = vector + b.width();
  for (; first < std::min(end, b.order()); first += b.width()) {
    const std::int64_t column = std::max(sweep, first - b.width());
    const std::int64_t last = std::min(first + b.width(), b.order());
    const T tau = chase_hermitian_step(b, column, first, last, vector, work);
    if (q != nullptr) q->keep(sweep, first, last - first, vector, tau);
  }
}

/// The band becomes tridiagonal and real, Q^H B Q.
template <Scalar T>
void chase(const HermitianBand<T>& b, Chase<T>& q) {
  for (std::int64_t sweep = 0; sweep + 1 < b.order(); ++sweep)
    chase_sweep(b, sweep, sweep + 1, b.order(), &q);
}

}  // namespace lambdapack::kernel::detail
