// Matrices for tests, with the singular values or eigenvalues that one asks for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/algorithm/detail/shape.hpp"
#include "lambdapack/kernel/generate.hpp"
#include "lambdapack/lambdapack.hpp"

namespace lambdapack {

/// How singular values or eigenvalues run from 1 down to 1 / condition. Source: ?latms, MODE 1
/// to 5.
enum class Spectrum {
  one_large,   ///< 1, and all others 1 / condition
  one_small,   ///< all 1, but for the last
  geometric,   ///< each a constant factor of the one before
  arithmetic,  ///< each a constant less than the one before
  random       ///< from 1 / condition to 1, their logarithms uniform, in descending order
};

/// Which matrix lp::random_matrix makes.
struct RandomMatrix {
  Spectrum spectrum = Spectrum::geometric;
  double condition = 10;   ///< at least 1
  double norm = 1;         ///< the largest singular value
  bool hermitian = false;  ///< Hermitian and positive definite; symmetric if it is real
  std::uint64_t seed = 1;
};

namespace algorithm {

/// A := D + X Y^H with D diagonal, of tiles that are rows x cols but for the last. Every element is
/// the same in any tiles.
template <Scalar T>
void diagonal_and_low_rank(In<T, 1> X, In<T, 1> Y, In<real_t<T>, 1> d, Out<T, 2> A,
                           std::int64_t rows, std::int64_t cols) {
  const auto element = make_kernel("element", kernel::diagonal_and_low_rank<T>);
  for (auto i : range(A.extent(0)))
    for (auto j : range(A.extent(1))) A(i, j) = element(X(i), Y(j), d(i), i * rows, j * cols);
}

/// The same where that is Hermitian.
template <Scalar T>
void hermitian_and_low_rank(In<T, 1> X, In<T, 1> Y, In<real_t<T>, 1> d, Out<T, 2> A,
                            std::int64_t size) {
  const auto element = make_kernel("element", kernel::hermitian_and_low_rank<T>);
  for (auto i : range(A.extent(0)))
    for (auto j : range(A.extent(1)))
      A(i, j) = element(X(i), Y(j), X(j), Y(i), d(i), i * size, j * size);
}

}  // namespace algorithm

namespace detail {

/// The singular values, in descending order. Throws input_error where there are none such.
inline std::vector<double> spectrum(std::int64_t count, const RandomMatrix& what) {
  if (!(what.condition >= 1) || !std::isfinite(what.condition) || !std::isfinite(what.norm) ||
      what.norm < 0)
    throw input_error(
        text({"lambdapack: random_matrix was given a condition of ", std::to_string(what.condition),
              " and a norm of ", std::to_string(what.norm),
              "; the condition is at least 1, the norm at least 0, and both finite"}));
  std::vector<double> values(static_cast<std::size_t>(count));
  const double least = 1 / what.condition;
  kernel::RandomNumbers numbers(what.seed, 0);
  for (std::int64_t k = 0; k < count; ++k) {
    const double part = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0;
    double& value = values[static_cast<std::size_t>(k)];
    switch (what.spectrum) {
      case Spectrum::one_large:
        value = k == 0 ? 1 : least;
        break;
      case Spectrum::one_small:
        value = k + 1 == count && count > 1 ? least : 1;
        break;
      case Spectrum::geometric:
        value = std::pow(least, part);
        break;
      case Spectrum::arithmetic:
        value = 1 - part * (1 - least);
        break;
      case Spectrum::random:
        value = std::pow(least, 0.5 * (numbers.next() + 1));
        break;
    }
  }
  std::sort(values.rbegin(), values.rend());
  for (double& value : values) value *= what.norm;
  return values;
}

/// The factors of H D G, with H and G products of a few random reflections: H D G = D + X Y^H.
template <Scalar T>
struct Reflected {
  std::int64_t rows, cols;
  std::vector<std::vector<T>> x, y;  // columns
  std::vector<double> d;

  /// Adds a term to X Y^H.
  void add(std::vector<T> left, std::vector<T> right) {
    x.push_back(std::move(left));
    y.push_back(std::move(right));
  }

  /// (D + X Y^H) v.
  std::vector<T> times(const std::vector<T>& v) const { return product(x, y, rows, v); }
  /// (D + X Y^H)^H v.
  std::vector<T> adjoint_times(const std::vector<T>& v) const { return product(y, x, cols, v); }

 private:
  std::vector<T> product(const std::vector<std::vector<T>>& out,
                         const std::vector<std::vector<T>>& in, std::int64_t size,
                         const std::vector<T>& v) const {
    std::vector<T> result(static_cast<std::size_t>(size));
    for (std::size_t k = 0; k < std::min(d.size(), v.size()); ++k)
      result[k] = static_cast<real_t<T>>(d[k]) * v[k];
    for (std::size_t p = 0; p < out.size(); ++p) {
      T sum{};
      for (std::size_t k = 0; k < v.size(); ++k) sum += kernel::detail::conjugate(in[p][k]) * v[k];
      for (std::size_t k = 0; k < result.size(); ++k) result[k] += out[p][k] * sum;
    }
    return result;
  }
};

/// A random vector u of length sqrt(2), so that I - u u^H is a reflection.
template <Scalar T>
std::vector<T> reflection(std::int64_t size, std::uint64_t seed, std::uint64_t stream) {
  kernel::RandomNumbers numbers(seed, stream);
  std::vector<T> u(static_cast<std::size_t>(size));
  double squares = 0;
  for (T& x : u) {
    const double re = numbers.next();
    if constexpr (std::same_as<T, real_t<T>>)
      x = static_cast<T>(re);
    else
      x = T(static_cast<real_t<T>>(re), static_cast<real_t<T>>(numbers.next()));
    squares += std::norm(x);
  }
  const auto scale = static_cast<real_t<T>>(squares > 0 ? std::sqrt(2 / squares) : 0);
  for (T& x : u) x *= scale;
  return u;
}

template <Scalar T>
Reflected<T> reflected(std::int64_t rows, std::int64_t cols, const RandomMatrix& what) {
  constexpr std::uint64_t reflections = 3;
  Reflected<T> a{rows, cols, {}, {}, spectrum(std::min(rows, cols), what)};
  for (std::uint64_t r = 1; r <= reflections; ++r) {
    // From the left, A := A - u (A^H u)^H; from the right, A := A - (A v) v^H.
    const auto negated = [](std::vector<T> v) {
      for (T& x : v) x = -x;
      return v;
    };
    const std::vector<T> u = reflection<T>(rows, what.seed, 2 * r);
    a.add(negated(u), a.adjoint_times(u));
    const std::vector<T> v = what.hermitian ? u : reflection<T>(cols, what.seed, 2 * r + 1);
    a.add(negated(a.times(v)), v);
  }
  return a;
}

/// Columns of numbers as a matrix of one column of tiles.
template <Scalar T>
TiledMatrix<T> in_tiles(const std::vector<std::vector<T>>& columns, std::int64_t rows,
                        std::int64_t tile_rows) {
  const auto count = static_cast<std::int64_t>(columns.size());
  TiledMatrix<T> all(rows, count, tile_rows, count);
  for (std::int64_t q = 0; q < count; ++q)
    for (std::int64_t p = 0; p < rows; ++p)
      all(p, q) = columns[static_cast<std::size_t>(q)][static_cast<std::size_t>(p)];
  return all;
}

}  // namespace detail

/// Fills A with a dense random matrix that has these singular values (eigenvalues, if it is to be
/// Hermitian), to rounding: `lp::random_matrix(A, {.condition = 1e6, .seed = 7})`. Its elements do
/// not depend on A's tiles, nor on the executor. Throws input_error if the condition is below 1,
/// if the norm is so large that sums may overflow, and if a Hermitian matrix is not square. Source:
/// ?latms, with a few reflections from either side instead of n.
template <algorithm::detail::Matrix MA, Executor E = threads>
exec::Report random_matrix(MA&& A, const RandomMatrix& what = {}, const E& executor = {}) {
  using namespace algorithm::detail;
  using T = element_of_t<MA>;
  const Operand a = detail::before_run(executor, [&] {
    Operand found = operand("A", A);
    if (what.norm > std::numeric_limits<real_t<T>>::max() / 16)
      throw input_error(
          text({"lambdapack: random_matrix was given a norm of ", std::to_string(what.norm),
                ", which sums in A's numbers may go beyond; pass a smaller one"}));
    if (what.hermitian) require_square("random_matrix", found);
    const Cut& rows = found.rows();
    if (!rows.is_known() || rows.size() < 0 || !rows.is_even() || !found.cols().is_even())
      throw input_error(text({"lambdapack: random_matrix: A is ", found.text,
                              ", but its tiles must be of one size but for the last; pass a "
                              "TiledMatrix or a file"}));
    return found;
  });
  const std::int64_t m = a.rows().size(), n = a.cols().size();
  const auto all = detail::reflected<T>(m, n, what);
  std::vector<real_t<T>> diagonal(all.d.begin(), all.d.end());
  diagonal.resize(static_cast<std::size_t>(m));
  const auto first = [](const tile::detail::Cut& cut) { return cut.tiles() > 0 ? cut[0] : 1; };
  const std::int64_t down = first(a.rows()), across = first(a.cols());
  const auto x = detail::in_tiles(all.x, m, down), y = detail::in_tiles(all.y, n, across);
  const auto d = detail::in_tiles<real_t<T>>({std::move(diagonal)}, m, down);
  if (what.hermitian) return run(executor, algorithm::hermitian_and_low_rank<T>, x, y, d, A, down);
  return run(executor, algorithm::diagonal_and_low_rank<T>, x, y, d, A, down, across);
}

}  // namespace lambdapack
