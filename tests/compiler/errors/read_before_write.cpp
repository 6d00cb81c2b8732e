#include <lambdapack/lambdapack.hpp>

void running_sum(lp::In<double, 1> x, lp::Out<double, 1> y) {
  auto S = lp::temp<double, 1>("S");
  for (auto i : lp::range(y.extent(0))) {
    S(i + 1) = add(S(i), x(i));
    y(i) = copy(S(i + 1));
  }
}

// clang-format off
// expect: read_before_write.cpp:6:20: error: S(i) at read_before_write.cpp:6 is read before it is written when y.extent(0) > 0: for x.extent(0) = 1, y.extent(0) = 1 the node add[i=0] reads S(0), which nothing has written by then; write the tile first, or guard the read with lp::when [lp-E001]
// expect:     6 |     S(i + 1) = add(S(i), x(i));
// expect:       |                    ^~~~
// expect: read_before_write.cpp:6:20: remark: the tasks of S(i + 1) = add(S(i), x(i)) at read_before_write.cpp:6 form one chain when y.extent(0) >= 2: each reads what the one before it writes, for x.extent(0) = 2, y.extent(0) = 2 add[i=1] what add[i=0] writes, so no two of them run at once; give independent iterations tiles of their own [lp-R001]
// expect:     6 |     S(i + 1) = add(S(i), x(i));
// expect:       |                    ^~~~
// expect: read_before_write.cpp:6:5: note: what it reads is written here
// expect:     6 |     S(i + 1) = add(S(i), x(i));
// expect:       |     ^~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E001 is explained in docs/diagnostics/lp-E001.md
// expect: lpc: lp-R001 is explained in docs/diagnostics/lp-R001.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
