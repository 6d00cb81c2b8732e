#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Copied {
  int times = 0;
  Copied() = default;
  Copied(const Copied& other) : times(other.times + 1) {}
  Copied& operator=(const Copied& other) {
    times = other.times + 1;
    return *this;
  }
};
struct Holder {
  Copied part;
};

int copied() {
  const Copied one;
  const Copied other = one;
  return other.times;
}
int as_part() {
  const Holder one;
  const Holder other = one;
  return other.part.times;
}
int assigned() {
  Holder one;
  one = Holder();
  return one.part.times;
}
int captured() {
  const auto closure = [one = Copied()] { return one.times; };
  const auto other = closure;
  return other();
}
int in_list() {
  std::vector<Copied> all;
  all.push_back(Copied());
  return all[0].times;
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(copied()));
  halve(x(as_part()));
  halve(x(assigned()));
  halve(x(captured()));
  halve(x(in_list()));
}

// clang-format off
// expect: plain_copied_by_code.cpp:28:24: error: what is copied or moved here has parts of class Copied, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    28 |   const Holder other = one;
// expect:       |                        ^~~
// expect: plain_copied_by_code.cpp:11:3: note: the code is declared here
// expect:    11 |   Copied(const Copied& other) : times(other.times + 1) {}
// expect:       |   ^~~~~~
// expect: plain_copied_by_code.cpp:49:11: note: in this call of 'as_part'
// expect:    49 |   halve(x(as_part()));
// expect:       |           ^~~~~~~~~
// expect: plain_copied_by_code.cpp:33:3: error: what is copied or moved here has parts of class Copied, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    33 |   one = Holder();
// expect:       |   ^~~~~~~~~~~~~~
// expect: plain_copied_by_code.cpp:11:3: note: the code is declared here
// expect:    11 |   Copied(const Copied& other) : times(other.times + 1) {}
// expect:       |   ^~~~~~
// expect: plain_copied_by_code.cpp:50:11: note: in this call of 'assigned'
// expect:    50 |   halve(x(assigned()));
// expect:       |           ^~~~~~~~~~
// expect: plain_copied_by_code.cpp:38:22: error: what is copied or moved here has parts of class Copied, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    38 |   const auto other = closure;
// expect:       |                      ^~~~~~~
// expect: plain_copied_by_code.cpp:11:3: note: the code is declared here
// expect:    11 |   Copied(const Copied& other) : times(other.times + 1) {}
// expect:       |   ^~~~~~
// expect: plain_copied_by_code.cpp:51:11: note: in this call of 'captured'
// expect:    51 |   halve(x(captured()));
// expect:       |           ^~~~~~~~~~
// expect: plain_copied_by_code.cpp:43:17: error: what is copied or moved here has parts of class Copied, which does so by code of its own, and lpc does not follow that here; leave that code out, or copy the parts by themselves [lp-E115]
// expect:    43 |   all.push_back(Copied());
// expect:       |                 ^~~~~~~~
// expect: plain_copied_by_code.cpp:11:3: note: the code is declared here
// expect:    11 |   Copied(const Copied& other) : times(other.times + 1) {}
// expect:       |   ^~~~~~
// expect: plain_copied_by_code.cpp:52:11: note: in this call of 'in_list'
// expect:    52 |   halve(x(in_list()));
// expect:       |           ^~~~~~~~~
// expect: 4 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 4 errors, 0 warnings
