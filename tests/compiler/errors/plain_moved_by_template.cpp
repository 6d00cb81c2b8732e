#include <utility>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Any {
  int v;
  Any(int a) : v(a) {}
  Any(const Any&) = default;
  template <class T>
  Any(T&& other) : v(other.v + 10) {}
};
struct Assigned {
  int v = 1;
  Assigned() = default;
  Assigned(const Assigned&) = default;
  Assigned& operator=(const Assigned&) = default;
  template <class T>
  Assigned& operator=(T&& other) {
    v = other.v + 10;
    return *this;
  }
};
struct Holder {
  Any part;
};
struct AssignedHolder {
  Assigned part;
};

int made() {
  Holder one{Any(1)};
  const Holder other = std::move(one);
  return other.part.v;
}
int assigned() {
  AssignedHolder one, other;
  other = std::move(one);
  return other.part.v;
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(made()));
  halve(x(assigned()));
}

// clang-format off
// expect: plain_moved_by_template.cpp:35:24: error: what is copied or moved here has parts of class Any, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    35 |   const Holder other = std::move(one);
// expect:       |                        ^~~~~~~~~~~~~~
// expect: plain_moved_by_template.cpp:13:3: note: the code is declared here
// expect:    13 |   Any(T&& other) : v(other.v + 10) {}
// expect:       |   ^~~
// expect: plain_moved_by_template.cpp:45:11: note: in this call of 'made'
// expect:    45 |   halve(x(made()));
// expect:       |           ^~~~~~
// expect: plain_moved_by_template.cpp:40:3: error: what is copied or moved here has parts of class Assigned, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    40 |   other = std::move(one);
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~
// expect: plain_moved_by_template.cpp:21:13: note: the code is declared here
// expect:    21 |   Assigned& operator=(T&& other) {
// expect:       |             ^~~~~~~~
// expect: plain_moved_by_template.cpp:46:11: note: in this call of 'assigned'
// expect:    46 |   halve(x(assigned()));
// expect:       |           ^~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
