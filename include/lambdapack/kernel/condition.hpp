// The estimate of the 1-norm of a matrix that is known by its products only, on a vector in tiles.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "lambdapack/kernel/dense.hpp"
#include "lambdapack/kernel/norm.hpp"

namespace lambdapack::kernel {

/// Higham's estimate of ||M||_1 by M x and M^H x for a few x. `state` is a column: whether the
/// search is over, the estimate, and the tile and row of the largest element of the last M^H x.
/// Source: ?lacn2; Higham, "FORTRAN codes for estimating the one-norm of a real or complex matrix,
/// with applications to condition estimation", 1988.
template <Scalar T>
struct OneNormEstimate {
  using R = real_t<T>;

  void start(out<R> state) const { *state = tile::Dense<R>::zeros(4, 1); }

  /// A tile of the first x, all ones, beside a tile on the diagonal of M.
  void ones(out<T> x, in<T> a) const {
    x.resize(a.rows(), 1);
    for (std::int64_t i = 0; i < x.rows(); ++i) x(i, 0) = T(1);
  }

  /// After step t's M x: a larger estimate; or the search is over, as it is where the signs are
  /// those of the step before. The first x is n times too large.
  void grow(inout<R> state, in_list<T> x, in_list<T> signs, std::int64_t t) const {
    const R norm = sum(x) / (t == 0 ? rows(x) : R(1));
    state(0, 0) = t > 0 && (norm <= state(1, 0) || (is_real && same_signs(x, signs)));
    state(1, 0) = detail::larger(norm, state(1, 0));
  }

  /// x / |x|, element by element, and 1 for 0 and what is not finite.
  void sign(out<T> s, in<T> x) const {
    s.resize(x.rows(), 1);
    for (std::int64_t i = 0; i < x.rows(); ++i) s(i, 0) = sign_of(x(i, 0));
  }

  /// After step t's M^H x: where its largest element is; the search is over if it was as large
  /// where the last one was found.
  void choose(inout<R> state, in_list<T> x, std::int64_t t) const {
    R largest = -1, tile = 0, row = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
      for (std::int64_t i = 0; i < x[k].rows(); ++i)
        if (const R size = std::abs(x[k](i, 0)); size > largest) {
          largest = size;
          tile = static_cast<R>(k);
          row = static_cast<R>(i);
        }
    if (t > 0 && x.size() > 0) {
      const auto before = x[static_cast<std::size_t>(state(2, 0))];
      const auto before_row = static_cast<std::int64_t>(state(3, 0));
      if (std::abs(before(before_row, 0)) == largest) state(0, 0) = 1;
    }
    state(2, 0) = tile;
    state(3, 0) = row;
  }

  /// Tile k of the next x, which is zero but for a one where the largest element was.
  void unit(inout<T> x, in<R> state, std::int64_t k) const {
    for (std::int64_t i = 0; i < x.rows(); ++i)
      x(i, 0) = T(state(2, 0) == static_cast<R>(k) && state(3, 0) == static_cast<R>(i) ? 1 : 0);
  }

  /// Tile k of the last x, of growing elements with alternating signs, which finds what the search
  /// may have missed; `all` are tiles of its shape.
  void alternate(out<T> x, in_list<T> all, std::int64_t k) const {
    std::int64_t first = 0;
    for (std::int64_t q = 0; q < k; ++q) first += all[static_cast<std::size_t>(q)].rows();
    const R steps = std::max(rows(all) - 1, R(1));
    x.resize(all[static_cast<std::size_t>(k)].rows(), 1);
    for (std::int64_t i = 0; i < x.rows(); ++i) {
      const R size = 1 + static_cast<R>(first + i) / steps;
      x(i, 0) = T((first + i) % 2 == 0 ? size : -size);
    }
  }

  /// The estimate, when M has been applied to that.
  void finish(out<R> value, in<R> state, in_list<T> x) const {
    value.resize(1, 1);
    value(0, 0) = state(1, 0);
    if (x.size() > 0) value(0, 0) = detail::larger(2 * sum(x) / (3 * rows(x)), value(0, 0));
  }

 private:
  static constexpr bool is_real = std::is_floating_point_v<T>;

  static T sign_of(T x) {
    if constexpr (is_real) return x < 0 ? T(-1) : T(1);
    const R size = std::abs(x);
    return size > 0 && std::isfinite(size) ? x / size : T(1);
  }
  static R rows(in_list<T> x) {
    std::int64_t count = 0;
    for (std::size_t k = 0; k < x.size(); ++k) count += x[k].rows();
    return static_cast<R>(count);
  }
  static R sum(in_list<T> x) {
    R norm = 0;
    for (std::size_t k = 0; k < x.size(); ++k)
      for (std::int64_t i = 0; i < x[k].rows(); ++i) norm += std::abs(x[k](i, 0));
    return norm;
  }
  static bool same_signs(in_list<T> x, in_list<T> signs) {
    for (std::size_t k = 0; k < x.size(); ++k)
      for (std::int64_t i = 0; i < x[k].rows(); ++i)
        if (sign_of(x[k](i, 0)) != signs[k](i, 0)) return false;
    return true;
  }
};

}  // namespace lambdapack::kernel
