#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Place {
  virtual int at() const { return 0; }
};
struct Second : Place {
  int at() const override { return 1; }
};

int where(const Place& place) { return place.at(); }
void halve_second(lp::Tiles<double, 1>& x) {
  if (x.rows() > 1) halve(x(where(Second{})));
}

// clang-format off
// expect: plain_virtual.cpp:12:40: error: which function this calls depends on the object, which may be of a class derived from Place; name the function, as in object.Place::at(), or make it not virtual [lp-E104]
// expect:    12 | int where(const Place& place) { return place.at(); }
// expect:       |                                        ^~~~~~~~~~
// expect: plain_virtual.cpp:6:15: note: 'at' is declared here
// expect:     6 |   virtual int at() const { return 0; }
// expect:       |               ^~
// expect: plain_virtual.cpp:14:29: note: in this call of 'where'
// expect:    14 |   if (x.rows() > 1) halve(x(where(Second{})));
// expect:       |                             ^~~~~~~~~~~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E104 is explained in docs/diagnostics/lp-E104.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
