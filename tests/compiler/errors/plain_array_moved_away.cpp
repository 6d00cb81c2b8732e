#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

int left() {
  std::vector<int> both[2] = {{1, 2}, {3}};
  const auto [a, b] = std::move(both);
  return static_cast<int>(both[0].size() + a.size() + b.size());
}

void f(lp::Tiles<double, 1>& x) { halve(x(left())); }

// clang-format off
// expect: plain_array_moved_away.cpp:15:43: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    15 | void f(lp::Tiles<double, 1>& x) { halve(x(left())); }
// expect:       |                                           ^~~~~~
// expect: 1 error generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 1 error, 0 warnings
