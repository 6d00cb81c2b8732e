#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

int left() {
  std::vector<int> v{1, 2, 3};
  const auto w = std::move(v);
  return static_cast<int>(v.size() + w.size());
}
int letters() { return static_cast<int>(std::string("abcde", 2).size()); }

void f(lp::Tiles<double, 1>& x) {
  halve(x(left()));
  halve(x(letters()));
}

// clang-format off

// clang-format off
// expect: plain_moved_from.cpp:17:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    17 |   halve(x(left()));
// expect:       |           ^~~~~~
// expect: plain_moved_from.cpp:14:41: error: what 'basic_string' does is not known while the program is read; use numbers, index expressions, arrays, and functions that are defined in this file [lp-E104]
// expect:    14 | int letters() { return static_cast<int>(std::string("abcde", 2).size()); }
// expect:       |                                         ^~~~~~~~~~~~~~~~~~~~~~~
// expect: 2 errors generated.
// expect: lpc: lp-E104 is explained in docs/diagnostics/lp-E104.md
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 2 errors, 0 warnings
