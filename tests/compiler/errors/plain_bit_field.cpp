#include <lambdapack/lambdapack.hpp>

struct Place {
  unsigned k : 2;
};

void f(lp::Tiles<double, 1>& x) {
  for (unsigned i = 0; i < static_cast<unsigned>(x.rows()); ++i) {
    const Place place{i};
    scale(x(place.k), 0.5);
  }
}

// clang-format off
// expect: plain_bit_field.cpp:9:23: error: 'k' is a bit-field, which keeps some bits of an index only; make it an int [lp-E115]
// expect:     9 |     const Place place{i};
// expect:       |                       ^
// expect: plain_bit_field.cpp:4:3: note: 'k' is declared here
// expect:     4 |   unsigned k : 2;
// expect:       |   ^~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
