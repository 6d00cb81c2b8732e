#include <array>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);

struct Sizes {
  std::vector<int> all;
};
struct Named : Sizes {};

int assigned() {
  Sizes one{{1, 2, 3}}, other;
  other = std::move(one);
  return static_cast<int>(one.all.size());
}
int vector_assigned() {
  std::vector<int> one{1, 2, 3}, other;
  other = std::move(one);
  return static_cast<int>(one.size());
}
int derived() {
  Named one{{{1, 2, 3}}};
  const Named other = std::move(one);
  return static_cast<int>(one.all.size());
}
int in_array() {
  std::array<std::vector<int>, 1> one{{{1, 2, 3}}};
  const auto other = std::move(one);
  return static_cast<int>(one[0].size());
}
int pushed() {
  std::vector<std::string> names;
  std::string name = "abc";
  names.push_back(std::move(name));
  return static_cast<int>(name.size());
}

void f(lp::Tiles<double, 1>& x) {
  halve(x(assigned()));
  halve(x(vector_assigned()));
  halve(x(derived()));
  halve(x(in_array()));
  halve(x(pushed()));
}

// clang-format off
// expect: plain_moved_away.cpp:43:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    43 |   halve(x(assigned()));
// expect:       |           ^~~~~~~~~~
// expect: plain_moved_away.cpp:44:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    44 |   halve(x(vector_assigned()));
// expect:       |           ^~~~~~~~~~~~~~~~~
// expect: plain_moved_away.cpp:45:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    45 |   halve(x(derived()));
// expect:       |           ^~~~~~~~~
// expect: plain_moved_away.cpp:46:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    46 |   halve(x(in_array()));
// expect:       |           ^~~~~~~~~~
// expect: plain_moved_away.cpp:47:11: error: another object has taken this one's contents over, by std::move; a program is read without being run: take a constant that stands in the source, or a parameter of the program [lp-E111]
// expect:    47 |   halve(x(pushed()));
// expect:       |           ^~~~~~~~
// expect: 5 errors generated.
// expect: lpc: lp-E111 is explained in docs/diagnostics/lp-E111.md
// expect: lpc: 1 program checked, 5 errors, 0 warnings
