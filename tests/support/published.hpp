// The algorithms of "Serverless Linear Algebra" (SoCC 2020), statement by statement, and a tree QR
// in place.
//
// All but the last are of single assignment. A tile that nobody wrote reads as zeros, which is how
// the trees take numbers of tile rows that are not powers of their base.
#pragma once

#include <string>
#include <vector>

#include "support/program_builder.hpp"

namespace published {

using program_builder::Array;
using program_builder::Builder;
using program_builder::Expr;
namespace ir = lambdapack::ir;

/// Parameters: I.extent(0) = N, I.extent(1), O.extent(0), O.extent(1), t. The last t steps are
/// left out.
inline ir::Program cholesky() {
  Builder p("cholesky");
  const Array I = p.in("I", 2), O = p.out("O", 2), S = p.temp("S", 3);
  const Expr t = p.integer("t"), N = p.extent(I, 0);
  p.call("potrf", {O(0, 0)}, {I(0, 0)});
  p.loop("j", 1, N - t, [&](Expr j) {
    p.call("trsm", {O(j, 0)}, {O(0, 0), I(j, 0)});
    p.loop("k", 1, j + 1, [&](Expr k) {
      p.call("syrk", {S(1, j, k)}, {I(j, k), O(j, 0), O(k, 0)});
    });
  });
  p.loop("i", 1, N - t, [&](Expr i) {
    p.call("potrf", {O(i, i)}, {S(i, i, i)});
    p.loop("j", i + 1, N - t, [&](Expr j) {
      p.call("trsm", {O(j, i)}, {O(i, i), S(i, j, i)});
      p.loop("k", i + 1, j + 1, [&](Expr k) {
        p.call("syrk", {S(i + 1, j, k)}, {S(i, j, k), O(j, i), O(k, i)});
      });
    });
  });
  return p.done();
}

/// The matrix product with sums in a tree of base 4. Parameters: A.extent(0) = M, A.extent(1) = K,
/// B.extent(0), B.extent(1) = N, Out.extent(0), Out.extent(1).
inline ir::Program gemm_tree() {
  Builder p("gemm_tree");
  const Array A = p.in("A", 2), B = p.in("B", 2), Out = p.out("Out", 2), T = p.temp("T", 4);
  const Expr M = p.extent(A, 0), K = p.extent(A, 1), N = p.extent(B, 1), D = p.log_ceil(4, K);
  const auto for_each_tile = [&](auto body) {
    p.loop("i", 0, M, [&](Expr i) { p.loop("j", 0, N, [&](Expr j) { body(i, j); }); });
  };
  for_each_tile([&](Expr i, Expr j) {
    p.loop("k", 0, K, [&](Expr k) { p.call("gemm", {T(i, j, k, 0)}, {A(i, k), B(k, j)}); });
  });
  for_each_tile([&](Expr i, Expr j) {
    p.loop("l", 0, D, [&](Expr l) {
      p.loop("k", 0, K, p.power(4, l + 1), [&](Expr k) {
        const Expr next = p.power(4, l);
        p.call("add4", {T(i, j, k, l + 1)},
               {T(i, j, k, l), T(i, j, k + next, l), T(i, j, k + 2 * next, l),
                T(i, j, k + 3 * next, l)});
      });
    });
  });
  for_each_tile([&](Expr i, Expr j) { p.call("copy", {Out(i, j)}, {T(i, j, 0, D)}); });
  return p.done();
}

/// Parameters: A.extent(0) = N, A.extent(1); the factors V, T, R are temps.
inline ir::Program tsqr() {
  Builder p("tsqr");
  const Array A = p.in("A", 2), V = p.temp("V", 2), T = p.temp("T", 2), R = p.temp("R", 2);
  const Expr N = p.extent(A, 0);
  p.loop("j", 0, N, [&](Expr j) { p.call("qr", {V(0, j), T(0, j), R(0, j)}, {A(j, 0)}); });
  p.loop("l", 0, p.log2_ceil(N), [&](Expr l) {
    p.loop("j", 0, N, p.pow2(l + 1), [&](Expr j) {
      p.call("qr2", {V(l + 1, j), T(l + 1, j), R(l + 1, j)}, {R(l, j), R(l, j + p.pow2(l))});
    });
  });
  return p.done();
}

/// QR with a tree in each step. Parameters: I.extent(0) = N, I.extent(1); the factors are temps.
inline ir::Program qr() {
  Builder p("qr");
  const Array I = p.in("I", 2), V = p.temp("V", 3), T = p.temp("T", 3), R = p.temp("R", 3),
              S = p.temp("S", 4);
  const Expr N = p.extent(I, 0), D0 = p.log2_ceil(N);
  p.loop("j", 0, N, [&](Expr j) {
    p.call("qr", {V(j, 0, D0), T(j, 0, D0), R(j, 0, D0)}, {I(j, 0)});
  });
  p.loop("l", 0, D0, [&](Expr l) {
    p.loop("j", 0, N, p.pow2(l + 1), [&](Expr j) {
      const Expr up = D0 - l - 1;
      p.call("qr2", {V(j, 0, up), T(j, 0, up), R(j, 0, up)},
             {R(j, 0, D0 - l), R(j + p.pow2(l), 0, D0 - l)});
    });
  });
  p.loop("j", 0, N, [&](Expr j) {
    p.loop("k", 1, N, [&](Expr k) {
      p.call("unmqr", {S(j, k, 1, D0)}, {V(j, 0, D0), T(j, 0, D0), I(j, k)});
    });
  });
  p.loop("k", 1, N, [&](Expr k) {
    p.loop("l", 0, D0, [&](Expr l) {
      p.loop("j", 0, N, p.pow2(l + 1), [&](Expr j) {
        const Expr up = D0 - 1 - l, other = j + p.pow2(l);
        p.call("tpmqrt", {S(j, k, 1, up), S(other, k, 1, 0)},
               {V(j, 0, up), T(j, 0, up), S(j, k, 1, D0 - l), S(other, k, 1, D0 - l)});
      });
    });
  });
  p.loop("k", 1, N, [&](Expr k) { p.call("copy", {R(0, k, 0)}, {S(0, k, 1, 0)}); });
  p.loop("i", 1, N, [&](Expr i) {
    const Expr D = p.log2_ceil(N - i);
    p.loop("j", i, N, [&](Expr j) {
      p.call("qr", {V(j, i, D), T(j, i, D), R(j, i, D)}, {S(j, i, i, 0)});
    });
    p.loop("l", 0, D, [&](Expr l) {
      p.loop("j", i, N, p.pow2(l + 1), [&](Expr j) {
        const Expr up = D - l - 1;
        p.call("qr2", {V(j, i, up), T(j, i, up), R(j, i, up)},
               {R(j, i, D - l), R(j + p.pow2(l), i, D - l)});
      });
    });
    p.loop("j", i, N, [&](Expr j) {
      p.loop("k", i + 1, N, [&](Expr k) {
        p.call("unmqr", {S(j, k, i + 1, D)}, {V(j, i, D), T(j, i, D), S(j, k, i, 0)});
      });
    });
    p.loop("k", i + 1, N, [&](Expr k) {
      p.loop("l", 0, D, [&](Expr l) {
        p.loop("j", i, N, p.pow2(l + 1), [&](Expr j) {
          const Expr up = D - 1 - l, other = j + p.pow2(l);
          p.call("tpmqrt", {S(j, k, i + 1, up), S(other, k, i + 1, 0)},
                 {V(j, i, up), T(j, i, up), S(j, k, i + 1, D - l), S(other, k, i + 1, D - l)});
        });
      });
    });
    p.loop("k", i + 1, N, [&](Expr k) { p.call("copy", {R(i, k, 0)}, {S(i, k, i + 1, 0)}); });
  });
  return p.done();
}

namespace detail {

/// The names of one step of BDFAC: QR from the left to V, T, S, R, LQ from the right to V', T',
/// S', L.
struct BandStep {
  Builder& p;
  Expr N;
  Array V, T, S, R, VL, TL, SL, L;

  template <class Source>
  void operator()(Expr i, Source source) const {
    const Expr D = p.log2_ceil(N - i), E = p.log2_ceil(N - i - 1);
    p.loop("j", i, N, [&](Expr j) {
      p.call("qr", {V(i, 0, j), T(i, 0, j), R(i, 0, j)}, {source(j, i)});
      p.loop("k", i + 1, N, [&](Expr k) {
        p.call("unmqr", {S(i, 0, j, k)}, {V(i, 0, j), T(i, 0, j), source(j, k)});
      });
    });
    p.loop("l", 1, D + 1, [&](Expr l) {
      p.loop("j", i, N, p.pow2(l), [&](Expr j) {
        const Expr other = j + p.pow2(l - 1);
        p.call("qr2", {V(i, l, j), T(i, l, j), R(i, l, j)}, {R(i, l - 1, j), R(i, l - 1, other)});
        p.loop("k", i + 1, N, [&](Expr k) {
          p.call("tpmqrt", {S(i, l, j, k), S(i, D, other, k)},
                 {V(i, l, j), T(i, l, j), S(i, l - 1, j, k), S(i, l - 1, other, k)});
        });
      });
    });
    p.loop("k", i + 1, N, [&](Expr k) {
      p.call("lq", {VL(i, 0, k), TL(i, 0, k), L(i, 0, k)}, {S(i, D, i, k)});
      p.loop("j", i + 1, N, [&](Expr j) {
        p.call("unmlq", {SL(i, 0, j, k)}, {VL(i, 0, k), TL(i, 0, k), S(i, D, j, k)});
      });
    });
    p.loop("l", 1, E + 1, [&](Expr l) {
      p.loop("k", i + 1, N, p.pow2(l), [&](Expr k) {
        const Expr other = k + p.pow2(l - 1);
        p.call("lq2", {VL(i, l, k), TL(i, l, k), L(i, l, k)}, {L(i, l - 1, k), L(i, l - 1, other)});
        p.loop("j", i + 1, N, [&](Expr j) {
          p.call("tpmlqt", {SL(i, l, j, k), SL(i, E, j, other)},
                 {VL(i, l, k), TL(i, l, k), SL(i, l - 1, j, k), SL(i, l - 1, j, other)});
        });
      });
    });
  }
};

}  // namespace detail

/// Two-sided reduction to a band. Parameters: I.extent(0) = N, I.extent(1), t; the factors are
/// temps. The last t steps are left out.
inline ir::Program bdfac() {
  Builder p("bdfac");
  const Array I = p.in("I", 2), V = p.temp("V", 3), T = p.temp("T", 3), S = p.temp("S", 4),
              R = p.temp("R", 3), VL = p.temp("V'", 3), TL = p.temp("T'", 3), SL = p.temp("S'", 4),
              L = p.temp("L", 3);
  const Expr t = p.integer("t"), N = p.extent(I, 0);
  const detail::BandStep step{p, N, V, T, S, R, VL, TL, SL, L};
  step(0, [&](Expr j, Expr k) { return I(j, k); });
  p.loop("i", 1, N - 1 - t, [&](Expr i) {
    const Expr D = p.log2_ceil(N - i);
    step(i, [&](Expr j, Expr k) { return SL(i - 1, D, j, k); });
  });
  p.call("qr", {V(N - 1, 0, N - 1), T(N - 1, 0, N - 1), R(N - 1, 0, N - 1)},
         {SL(N - 2, 0, N - 1, N - 1)});
  return p.done();
}

/// QR with a tree in each step, in place: R and the reflectors stay in A. Parameters: A.extent(0),
/// A.extent(1).
inline ir::Program qr_in_place() {
  Builder p("qr_in_place");
  const Array A = p.inout("A", 2), T = p.temp("T", 2);
  const Expr n = p.extent(A, 0);
  p.loop("i", 0, n, [&](Expr i) {
    p.loop("j", i, n, [&](Expr j) {
      p.update("geqrt", {}, {A(j, i)}, {T(j, i)});
      p.loop("k", i + 1, n, [&](Expr k) { p.update("unmqr", {A(j, i), T(j, i)}, {A(j, k)}); });
    });
    p.loop("l", 0, p.log2_ceil(n - i), [&](Expr l) {
      p.loop("j", i, n, p.pow2(l + 1), [&](Expr j) {
        const Expr other = j + p.pow2(l);
        p.when_less(other, n, [&] {
          p.update("tpqrt", {}, {A(j, i), A(other, i)}, {T(other, i)});
          p.loop("k", i + 1, n, [&](Expr k) {
            p.update("tpmqrt", {A(other, i), T(other, i)}, {A(j, k), A(other, k)});
          });
        });
      });
    });
  });
  return p.done();
}

}  // namespace published
