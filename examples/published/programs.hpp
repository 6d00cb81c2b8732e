// The five published programs of "Serverless Linear Algebra" (SoCC 2020), in the language.
//
// All are of single assignment: every tile is written once, so what a step changes goes to a
// temporary with one more index, the step or the level of a tree. A tile that nothing wrote holds
// zeros, which is how the trees take any number of tiles.
//
// The kernels do nothing: it is the task graphs that are of interest here.
#pragma once

#include <lambdapack/lambdapack.hpp>

namespace programs {

using in = lp::in<double>;
using out = lp::out<double>;

inline const auto potrf = lp::make_kernel("potrf", [](out, in) {});
inline const auto trsm = lp::make_kernel("trsm", [](out, in, in) {});
inline const auto syrk = lp::make_kernel("syrk", [](out, in, in, in) {});
inline const auto gemm = lp::make_kernel("gemm", [](out, in, in) {});
inline const auto add4 = lp::make_kernel("add4", [](out, in, in, in, in) {});
inline const auto copy = lp::make_kernel("copy", [](out, in) {});

// V, T, R of a tile, and of two triangles R one above the other; Q^T applied to one tile, and to
// two. Beneath them the same from the right, for LQ.
inline const auto geqrt = lp::make_kernel("geqrt", [](out, out, out, in) {});
inline const auto tpqrt = lp::make_kernel("tpqrt", [](out, out, out, in, in) {});
inline const auto unmqr = lp::make_kernel("unmqr", [](out, in, in, in) {});
inline const auto tpmqrt = lp::make_kernel("tpmqrt", [](out, out, in, in, in, in) {});
inline const auto gelqt = lp::make_kernel("gelqt", [](out, out, out, in) {});
inline const auto tplqt = lp::make_kernel("tplqt", [](out, out, out, in, in) {});
inline const auto unmlq = lp::make_kernel("unmlq", [](out, in, in, in) {});
inline const auto tpmlqt = lp::make_kernel("tpmlqt", [](out, out, in, in, in, in) {});

/// O = the Cholesky factor of I, without the last t steps.
inline void cholesky(lp::In<double, 2> I, lp::Out<double, 2> O, lp::Integer t) {
  O.unwritten(lp::zero);
  auto S = lp::temp<double, 3>("S", lp::zero);
  const auto N = I.extent(0);
  O(0, 0) = potrf(I(0, 0));
  for (auto j : lp::range(1, N - t)) {
    O(j, 0) = trsm(O(0, 0), I(j, 0));
    for (auto k : lp::range(1, j + 1)) S(1, j, k) = syrk(I(j, k), O(j, 0), O(k, 0));
  }
  for (auto i : lp::range(1, N - t)) {
    O(i, i) = potrf(S(i, i, i));
    for (auto j : lp::range(i + 1, N - t)) {
      O(j, i) = trsm(O(i, i), S(i, j, i));
      for (auto k : lp::range(i + 1, j + 1)) S(i + 1, j, k) = syrk(S(i, j, k), O(j, i), O(k, i));
    }
  }
}

/// Out = A B, the products of a tile added four at a time.
inline void gemm_tree(lp::In<double, 2> A, lp::In<double, 2> B, lp::Out<double, 2> Out) {
  Out.unwritten(lp::zero);
  auto T = lp::temp<double, 4>("T", lp::zero);
  const auto M = A.extent(0), K = A.extent(1), N = B.extent(1), D = lp::log_ceil(4, K);
  for (auto i : lp::range(M))
    for (auto j : lp::range(N))
      for (auto k : lp::range(K)) T(i, j, k, 0) = gemm(A(i, k), B(k, j));
  for (auto i : lp::range(M))
    for (auto j : lp::range(N))
      for (auto l : lp::range(D))
        for (auto k : lp::range(0, K, lp::pow(4, l + 1))) {
          const auto next = lp::pow(4, l);
          T(i, j, k, l + 1) = add4(T(i, j, k, l), T(i, j, k + next, l), T(i, j, k + 2 * next, l),
                                   T(i, j, k + 3 * next, l));
        }
  for (auto i : lp::range(M))
    for (auto j : lp::range(N)) Out(i, j) = copy(T(i, j, 0, D));
}

/// QR of one column of tiles, by a tree.
inline void tsqr(lp::In<double, 2> A) {
  auto V = lp::temp<double, 2>("V", lp::zero), T = lp::temp<double, 2>("T", lp::zero),
       R = lp::temp<double, 2>("R", lp::zero);
  const auto N = A.extent(0);
  for (auto j : lp::range(N)) lp::tie(V(0, j), T(0, j), R(0, j)) = geqrt(A(j, 0));
  for (auto l : lp::range(lp::log2_ceil(N)))
    for (auto j : lp::range(0, N, lp::pow2(l + 1)))
      lp::tie(V(l + 1, j), T(l + 1, j), R(l + 1, j)) = tpqrt(R(l, j), R(l, j + lp::pow2(l)));
}

/// QR with a tree in each step; levels count down to 0.
inline void qr(lp::In<double, 2> I) {
  auto V = lp::temp<double, 3>("V", lp::zero), T = lp::temp<double, 3>("T", lp::zero),
       R = lp::temp<double, 3>("R", lp::zero);
  auto S = lp::temp<double, 4>("S", lp::zero);
  const auto N = I.extent(0), D0 = lp::log2_ceil(N);
  for (auto j : lp::range(N)) lp::tie(V(j, 0, D0), T(j, 0, D0), R(j, 0, D0)) = geqrt(I(j, 0));
  for (auto l : lp::range(D0))
    for (auto j : lp::range(0, N, lp::pow2(l + 1))) {
      const auto up = D0 - l - 1, other = j + lp::pow2(l);
      lp::tie(V(j, 0, up), T(j, 0, up), R(j, 0, up)) = tpqrt(R(j, 0, D0 - l), R(other, 0, D0 - l));
    }
  for (auto j : lp::range(N))
    for (auto k : lp::range(1, N)) S(j, k, 1, D0) = unmqr(V(j, 0, D0), T(j, 0, D0), I(j, k));
  for (auto k : lp::range(1, N))
    for (auto l : lp::range(D0))
      for (auto j : lp::range(0, N, lp::pow2(l + 1))) {
        const auto up = D0 - 1 - l, other = j + lp::pow2(l);
        lp::tie(S(j, k, 1, up), S(other, k, 1, 0)) =
            tpmqrt(V(j, 0, up), T(j, 0, up), S(j, k, 1, D0 - l), S(other, k, 1, D0 - l));
      }
  for (auto k : lp::range(1, N)) R(0, k, 0) = copy(S(0, k, 1, 0));
  for (auto i : lp::range(1, N)) {
    const auto D = lp::log2_ceil(N - i);
    for (auto j : lp::range(i, N))
      lp::tie(V(j, i, D), T(j, i, D), R(j, i, D)) = geqrt(S(j, i, i, 0));
    for (auto l : lp::range(D))
      for (auto j : lp::range(i, N, lp::pow2(l + 1))) {
        const auto up = D - l - 1, other = j + lp::pow2(l);
        lp::tie(V(j, i, up), T(j, i, up), R(j, i, up)) = tpqrt(R(j, i, D - l), R(other, i, D - l));
      }
    for (auto j : lp::range(i, N))
      for (auto k : lp::range(i + 1, N))
        S(j, k, i + 1, D) = unmqr(V(j, i, D), T(j, i, D), S(j, k, i, 0));
    for (auto k : lp::range(i + 1, N))
      for (auto l : lp::range(D))
        for (auto j : lp::range(i, N, lp::pow2(l + 1))) {
          const auto up = D - 1 - l, other = j + lp::pow2(l);
          lp::tie(S(j, k, i + 1, up), S(other, k, i + 1, 0)) =
              tpmqrt(V(j, i, up), T(j, i, up), S(j, k, i + 1, D - l), S(other, k, i + 1, D - l));
        }
    for (auto k : lp::range(i + 1, N)) R(i, k, 0) = copy(S(i, k, i + 1, 0));
  }
}

/// What the steps of BDFAC write: QR from the left to V, T, S, R, LQ from the right to V', T', S',
/// L.
struct BandStep {
  lp::Expr N;
  lp::Temp<double, 3> V, T, R, VL, TL, L;
  lp::Temp<double, 4> S, SL;

  /// Step i of the tiles source(j, k), j and k from i on.
  template <class Source>
  void operator()(lp::Expr i, Source source) const {
    const auto D = lp::log2_ceil(N - i), E = lp::log2_ceil(N - i - 1);
    for (auto j : lp::range(i, N)) {
      lp::tie(V(i, 0, j), T(i, 0, j), R(i, 0, j)) = geqrt(source(j, i));
      for (auto k : lp::range(i + 1, N))
        S(i, 0, j, k) = unmqr(V(i, 0, j), T(i, 0, j), source(j, k));
    }
    for (auto l : lp::range(1, D + 1))
      for (auto j : lp::range(i, N, lp::pow2(l))) {
        const auto other = j + lp::pow2(l - 1);
        lp::tie(V(i, l, j), T(i, l, j), R(i, l, j)) = tpqrt(R(i, l - 1, j), R(i, l - 1, other));
        for (auto k : lp::range(i + 1, N))
          lp::tie(S(i, l, j, k), S(i, D, other, k)) =
              tpmqrt(V(i, l, j), T(i, l, j), S(i, l - 1, j, k), S(i, l - 1, other, k));
      }
    for (auto k : lp::range(i + 1, N)) {
      lp::tie(VL(i, 0, k), TL(i, 0, k), L(i, 0, k)) = gelqt(S(i, D, i, k));
      for (auto j : lp::range(i + 1, N))
        SL(i, 0, j, k) = unmlq(VL(i, 0, k), TL(i, 0, k), S(i, D, j, k));
    }
    for (auto l : lp::range(1, E + 1))
      for (auto k : lp::range(i + 1, N, lp::pow2(l))) {
        const auto other = k + lp::pow2(l - 1);
        lp::tie(VL(i, l, k), TL(i, l, k), L(i, l, k)) = tplqt(L(i, l - 1, k), L(i, l - 1, other));
        for (auto j : lp::range(i + 1, N))
          lp::tie(SL(i, l, j, k), SL(i, E, j, other)) =
              tpmlqt(VL(i, l, k), TL(i, l, k), SL(i, l - 1, j, k), SL(i, l - 1, j, other));
      }
  }
};

/// Two-sided reduction to a band, by trees from the left and from the right, without the last t
/// steps.
inline void bdfac(lp::In<double, 2> I, lp::Integer t) {
  auto V = lp::temp<double, 3>("V", lp::zero), T = lp::temp<double, 3>("T", lp::zero),
       R = lp::temp<double, 3>("R", lp::zero), VL = lp::temp<double, 3>("V'", lp::zero),
       TL = lp::temp<double, 3>("T'", lp::zero), L = lp::temp<double, 3>("L", lp::zero);
  auto S = lp::temp<double, 4>("S", lp::zero), SL = lp::temp<double, 4>("S'", lp::zero);
  const auto N = I.extent(0);
  const BandStep step{N, V, T, R, VL, TL, L, S, SL};
  step(0, I);
  for (auto i : lp::range(1, N - 1 - t)) {
    const auto D = lp::log2_ceil(N - i);
    step(i, [&](const lp::Expr& j, const lp::Expr& k) { return SL(i - 1, D, j, k); });
  }
  lp::tie(V(N - 1, 0, N - 1), T(N - 1, 0, N - 1), R(N - 1, 0, N - 1)) =
      geqrt(SL(N - 2, 0, N - 1, N - 1));
}

}  // namespace programs
