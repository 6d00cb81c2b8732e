// Random butterflies: orthogonal up to small factors, and as cheap to apply as a few additions for
// each element.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/detail/cholesky.hpp"

namespace lambdapack::kernel {

namespace detail {

/// A row of which few elements are not zero.
template <class R>
struct ShortRow {
  struct Term {
    std::int64_t column;
    R factor;
  };
  std::array<Term, 4> terms;
  std::size_t count = 0;

  void add(std::int64_t column, R factor) { terms[count++] = {column, factor}; }
};

/// The rows of W = diag(B1, B2) B of order n, and of W^T; B is a butterfly of order n, B1 and B2 of
/// its halves. A butterfly pairs rows i and i + h, h half of its order; the middle row of an odd
/// order is only scaled. Its random diagonals are exp(u / 10) for u from -1/2 to 1/2.
template <class R>
class ButterflyRows {
 public:
  explicit ButterflyRows(std::int64_t n) : n_(n) {}

  ShortRow<R> row(std::int64_t i) const {
    ShortRow<R> all;
    for (const auto& [k, outer] : terms(inner(i), i, false))
      for (const auto& [j, factor] : terms({0, n_, 0}, k, false)) all.add(j, outer * factor);
    return all;
  }
  ShortRow<R> transposed_row(std::int64_t i) const {
    ShortRow<R> all;
    for (const auto& [k, outer] : terms({0, n_, 0}, i, true))
      for (const auto& [j, factor] : terms(inner(k), k, true)) all.add(j, outer * factor);
    return all;
  }

 private:
  struct Block {
    std::int64_t first, order;
    std::uint64_t level;
    std::int64_t half() const { return (order + 1) / 2; }
  };
  struct Terms {
    std::array<typename ShortRow<R>::Term, 2> all;
    std::size_t count;
    auto begin() const { return all.begin(); }
    auto end() const { return all.begin() + count; }
  };

  Block inner(std::int64_t i) const {
    const std::int64_t half = (n_ + 1) / 2;
    return i < half ? Block{0, half, 1} : Block{half, n_ - half, 1};
  }

  /// Row i of the butterfly of a block, or of its transpose.
  Terms terms(const Block& block, std::int64_t i, bool transposed) const {
    const std::int64_t place = i - block.first, half = block.half();
    if (place < half && place + half >= block.order)
      return {{{{i, random(block.level, i)}, {}}}, 1};
    const bool upper = place < half;
    const std::int64_t low = upper ? i : i - half, high = low + half;
    const R root = R(1) / std::sqrt(R(2));
    const R of_low = root * random(block.level, transposed ? i : low);
    const R of_high = root * random(block.level, transposed ? i : high);
    return {{{{low, of_low}, {high, upper ? of_high : -of_high}}}, 2};
  }

  /// Always the same for the same place. Source: Steele, Lea and Flood, "Fast splittable
  /// pseudorandom number generators", 2014.
  static R random(std::uint64_t level, std::int64_t i) {
    std::uint64_t x = 2 * static_cast<std::uint64_t>(i) + level + 1;
    x *= 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
    const double uniform = static_cast<double>(x >> 11) * 0x1p-53 - 0.5;
    return static_cast<R>(std::exp(uniform / 10));
  }

  std::int64_t n_;
};

}  // namespace detail

/// The kernels of products with a random butterfly W of depth 2, of the order that the tiles of a
/// run add up to. Source: Becker, Baboulin and Dongarra, "Reducing the amount of pivoting in
/// symmetric indefinite systems", 2011, which fills odd orders up with ones on the diagonal.
template <Scalar T>
struct Butterfly {
  using R = real_t<T>;

  /// Tile t of W^T C, or of W C, from a column of tiles.
  void transposed(out<T> tile, in_list<T> column, std::int64_t t) const {
    left(tile, column, t, true);
  }
  void plain(out<T> tile, in_list<T> column, std::int64_t t) const { left(tile, column, t, false); }

  /// Tile t of C W, from a row of tiles.
  void from_right(out<T> tile, in_list<T> row, std::int64_t t) const {
    std::vector<const T*> columns;
    std::int64_t first = 0;
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (static_cast<std::int64_t>(k) < t) first += row[k].cols();
      for (std::int64_t j = 0; j < row[k].cols(); ++j)
        columns.push_back(row[k].data() + j * row[k].rows());
    }
    const in<T> like = row[static_cast<std::size_t>(t)];
    const detail::ButterflyRows<R> w(static_cast<std::int64_t>(columns.size()));
    *tile = tile::Dense<T>::zeros(like.rows(), like.cols());
    for (std::int64_t j = 0; j < tile.cols(); ++j) {
      const auto terms = w.transposed_row(first + j);
      for (std::size_t k = 0; k < terms.count; ++k) {
        const T* const from = columns[static_cast<std::size_t>(terms.terms[k].column)];
        for (std::int64_t i = 0; i < tile.rows(); ++i)
          tile(i, j) += terms.terms[k].factor * from[i];
      }
    }
  }

 private:
  void left(out<T> tile, in_list<T> column, std::int64_t t, bool transposed) const {
    std::vector<std::pair<const T*, std::int64_t>> rows;
    std::int64_t first = 0;
    for (std::size_t k = 0; k < column.size(); ++k) {
      if (static_cast<std::int64_t>(k) < t) first += column[k].rows();
      for (std::int64_t i = 0; i < column[k].rows(); ++i)
        rows.emplace_back(column[k].data() + i, column[k].rows());
    }
    const in<T> like = column[static_cast<std::size_t>(t)];
    const detail::ButterflyRows<R> w(static_cast<std::int64_t>(rows.size()));
    std::vector<detail::ShortRow<R>> mixed;
    for (std::int64_t i = 0; i < like.rows(); ++i)
      mixed.push_back(transposed ? w.transposed_row(first + i) : w.row(first + i));
    tile.resize(like.rows(), like.cols());
    for (std::int64_t j = 0; j < tile.cols(); ++j)
      for (std::int64_t i = 0; i < tile.rows(); ++i) {
        const detail::ShortRow<R>& terms = mixed[static_cast<std::size_t>(i)];
        T sum = T(0);
        for (std::size_t k = 0; k < terms.count; ++k) {
          const auto& [from, stride] = rows[static_cast<std::size_t>(terms.terms[k].column)];
          sum += terms.terms[k].factor * from[j * stride];
        }
        tile(i, j) = sum;
      }
  }
};

/// B := A^H, the tile across the diagonal of a Hermitian matrix.
template <Scalar T>
void adjoint(out<T> b, in<T> a) {
  b.resize(a.cols(), a.rows());
  for (std::int64_t j = 0; j < a.cols(); ++j)
    for (std::int64_t i = 0; i < a.rows(); ++i) b(j, i) = detail::conjugate(a(i, j));
}

/// B := all of a Hermitian A whose lower triangle is given; its diagonal is taken as real.
template <Scalar T>
void fill_hermitian(out<T> b, in<T> a) {
  b.resize(a.rows(), a.cols());
  for (std::int64_t j = 0; j < a.cols(); ++j) {
    b(j, j) = T(std::real(a(j, j)));
    for (std::int64_t i = j + 1; i < a.rows(); ++i) {
      b(i, j) = a(i, j);
      b(j, i) = detail::conjugate(a(i, j));
    }
  }
}

}  // namespace lambdapack::kernel
