// Each construct that a function over lp::Tiles may contain, in small.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lambdapack/lambdapack.hpp>

namespace plain_forms {

// Kernels whose results tell what they read, and in which order.

inline double number_of(lp::in<double> tile) { return tile.rows() > 0 ? tile(0, 0) : 0.25; }

inline void touch(lp::inout<double> tile) { tile(0, 0) = 1.5 * tile(0, 0) + 1; }
inline void make(lp::out<double> tile) {
  if (tile.rows() == 0) tile.resize(1, 1);
  tile(0, 0) = 0.125;
}
inline void use(lp::inout<double> to, lp::in<double> from) {
  if (to.rows() == 0) *to = lp::tile::Dense<double>::zeros(1, 1);
  to(0, 0) = 0.75 * to(0, 0) + number_of(from);
}
inline void gather(lp::inout<double> to, lp::in_list<double> tiles) {
  for (std::size_t k = 0; k < tiles.size(); ++k) use(to, tiles[k]);
}
inline void mark(lp::inout<double> tile, std::int64_t index, double factor) {
  tile(0, 0) += factor * static_cast<double>(index);
}
inline void swap(lp::inout<double> a, lp::inout<double> b) { std::swap(a(0, 0), b(0, 0)); }

inline const auto word = lp::make_kernel(
    "word", [](lp::inout<double> to, lp::in<double> from) { to(0, 0) -= number_of(from); });
inline const auto closure = [](lp::inout<double> tile) { tile(0, 0) *= 0.5; };

// Loops.

inline void counters(lp::Tiles<double, 1>& x) {
  const int n = x.rows();
  for (int k = 0; k < n; ++k) touch(x(k));
  for (auto k = 1; k <= n - 2; k++) use(x(k), x(k - 1));
  for (std::size_t k = 1; k < static_cast<std::size_t>(x.rows()); k += 2) use(x(k), x(k - 1));
  for (std::int64_t k = n - 1; k >= 0; --k) touch(x(k));
  for (int k = n - 1; k > 0; k -= 3) use(x(k), x(0));
  for (int k = 0; n > k; k = k + 2) touch(x(k));
  for (int k = 0; k != n; ++k) use(x(k), x(n - 1 - k));
  for (long k = n; k; k--) touch(x(k - 1));
  for (int k = 0; 2 * k < n; ++k) use(x(k), x(2 * k));
  for (int k = n - 1; 3 * k >= n; --k) use(x(k), x(0));
  for (int k = 0, last = n - 1; k < last; ++k) use(x(k), x(last));
}

inline void old_counters(lp::Tiles<double>& A) {
  int i, j, k;
  int n = A.rows();
  for (k = 0; k < n; k++) {
    touch(A(k, k));
    for (i = k + 1; i < n; i++)
      for (j = k + 1; j <= i; j++) use(A(i, j), A(i, k));
  }
  for (i = 0; i < n; i++) touch(A(i, 0));
}

inline void band(lp::Tiles<double>& A, int width) {
  for (int i = 0; i < A.rows(); ++i) {
    for (int j = std::max(0, i - width); j < std::min(A.cols(), i + width + 1); ++j)
      use(A(i, j), A(i, i));
    const int last = std::min(i + width, A.cols() - 1);
    for (int j = last; j >= std::max(i, 1); --j) touch(A(i, j));
  }
}

// Conditions.

inline void choices(lp::Tiles<double>& A) {
  for (int i = 0; i < A.rows(); ++i)
    for (int j = 0; j < A.cols(); ++j) {
      if (i == j)
        touch(A(i, j));
      else if (i > j && j != 0)
        use(A(i, j), A(j, j));
      else if (!(i < 2 || j >= 3))
        use(A(i, j), A(i, i));
      else
        make(A(i, j));
      if ((i + j) % 2) touch(A(i, j));
      if (const int half = i / 2; half == j) use(A(i, j), A(half, half));
    }
}

inline void jumps(lp::Tiles<double>& A) {
  const int n = A.rows();
  if (A.cols() < n) return;
  for (int i = 0; i < n; ++i) {
    if (i == 1) continue;
    touch(A(i, i));
    for (int j = 0; j < n; ++j) {
      if (j > i) {
        touch(A(i, j));
        continue;
      }
      use(A(i, j), A(i, i));
    }
  }
  if (n > 3) {
    touch(A(0, 0));
    return;
  }
  make(A(0, 0));
}

// Indices.

inline int doubled(int i) { return 2 * i; }
constexpr int stride = 3;

inline void indices(lp::Tiles<double, 1>& x, const lp::Tiles<double, 1>& y) {
  const int n = x.rows();
  const int half = (n + 1) / 2;
  for (int i = 0; i < half; ++i) {
    const int other = n - 1 - i;
    use(x(i), y(i % stride));
    use(x(other), y(i / stride));
    if (doubled(i) < n) use(x(doubled(i)), y(0));
    mark(x(i), 3 * i - 1, 0.5);
    mark(x(i), n, i + 1);
  }
}

// Calls.

inline void column(lp::Tiles<double>& A, int k, int from) {
  for (int i = from; i < A.rows(); ++i) use(A(i, k), A(k, k));
}
inline void read_only(lp::Tiles<double, 1>& x, const lp::Tiles<double>& A) {
  for (int i = 0; i < x.rows(); ++i) use(x(i), A(i, i));
}

inline void calls(lp::Tiles<double>& A, lp::Tiles<double, 1>& x) {
  const auto below = [&](int k) { column(A, k, k + 1); };
  for (int k = 0; k < A.cols() && k < A.rows(); ++k) {
    touch(A(k, k));
    below(k);
  }
  if (x.rows() <= A.rows() && x.rows() <= A.cols()) read_only(x, A);
}

template <class T>
void kernels(lp::Tiles<T, 1>& x) {
  for (int i = 0; i + 1 < x.rows(); ++i) {
    word(x(i), x(i + 1));
    closure(x(i));
    swap(x(i), x(i + 1));
    lp::kernel::scale(x(i), 0.25);
  }
}

// Arrays.

inline void outputs(const lp::Tiles<double, 1>& x, lp::OutTiles<double, 1>& y) {
  for (int i = 0; i < y.rows(); ++i) {
    make(y(i));
    if (i < x.rows()) use(y(i), x(i));
  }
}

inline void fill(lp::OutTiles<double, 1>& y) {
  for (int i = 0; i < y.rows(); ++i) make(y(i));
}

inline void temporaries(lp::Tiles<double, 1>& x) {
  const int n = x.rows();
  lp::TempTiles<double, 1> sized(lp::extents(n));
  lp::TempTiles<double> zeros(lp::zero);
  fill(sized);
  for (int i = 0; i < n; ++i) {
    use(zeros(i, -1), sized(i));
    use(x(i), zeros(i, -1));
    use(x(i), zeros(i, 1));
    use(zeros(i, 1), x(i));
  }
}

inline void shift_by(lp::Tiles<double, 1>& x, int i, int by) {
  lp::TempTiles<double, 0> sum(lp::zero);
  use(sum(), x(i));
  use(x(by), sum());
}

inline void rounds(lp::Tiles<double, 1>& x) {
  const int n = x.rows();
  if (n < 2) return;
  lp::TempTiles<double, 1> sized(lp::extents(n));
  fill(sized);
  for (int i = 0; i < n; ++i) {
    lp::TempTiles<double, 1> own(lp::zero);
    use(own(0), x(i));
    for (int j = i; j < n; ++j) {
      lp::TempTiles<double, 1> inner;
      make(inner(j));
      use(inner(j), own(j - i));
      use(x(j), inner(j));
    }
    if (i > 1) shift_by(x, i, 0);
    use(x(i), sized(i));
  }
}

inline void runs(lp::Tiles<double>& A) {
  const int n = A.rows();
  for (int k = 0; k < n; ++k) gather(A(k, k), A(lp::range(k + 1, n), k));
  gather(A(0, 0), A(lp::range(0, n, 2), lp::range(A.cols() - 1, 0, -1)));
}

}  // namespace plain_forms
