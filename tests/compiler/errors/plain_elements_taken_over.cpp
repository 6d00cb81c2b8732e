#include <lambdapack/lambdapack.hpp>
#include <utility>
#include <vector>

void halve(lp::inout<double> a) { a(0, 0) /= 2; }

int through_an_address() {
  std::vector<int> v{1, 2};
  const int* p = v.data();
  const std::vector<int> w = std::move(v);
  return p == w.data() ? 1 : 2;
}

int through_an_iterator() {
  std::vector<int> v{1, 2};
  const auto it = v.begin();
  const std::vector<int> w = std::move(v);
  v = {7, 8};
  return *it + w[0];
}

int compared() {
  std::vector<int> v{1, 2};
  const auto it = v.begin();
  const std::vector<int> w = std::move(v);
  return it == w.begin() ? 1 : 2;
}

int moved_to_itself() {
  std::vector<int> v{1, 2};
  std::vector<int>& w = v;
  v = std::move(w);
  return static_cast<int>(v.size());
}

void f(lp::Tiles<double, 1>& x) { halve(x(through_an_address())); }
void g(lp::Tiles<double, 1>& x) { halve(x(through_an_iterator())); }
void h(lp::Tiles<double, 1>& x) { halve(x(compared())); }
void k(lp::Tiles<double, 1>& x) { halve(x(moved_to_itself())); }

// clang-format off
// expect: plain_elements_taken_over.cpp:11:10: error: another object has taken over the elements that this address was taken of; take the address anew [lp-E115]
// expect:    11 |   return p == w.data() ? 1 : 2;
// expect:       |          ^~~~~~~~~~~~~
// expect: plain_elements_taken_over.cpp:36:43: note: in this call of 'through_an_address'
// expect:    36 | void f(lp::Tiles<double, 1>& x) { halve(x(through_an_address())); }
// expect:       |                                           ^~~~~~~~~~~~~~~~~~~~
// expect: plain_elements_taken_over.cpp:19:10: error: another object has taken over the elements that this address was taken of; take the address anew [lp-E115]
// expect:    19 |   return *it + w[0];
// expect:       |          ^~~
// expect: plain_elements_taken_over.cpp:37:43: note: in this call of 'through_an_iterator'
// expect:    37 | void g(lp::Tiles<double, 1>& x) { halve(x(through_an_iterator())); }
// expect:       |                                           ^~~~~~~~~~~~~~~~~~~~~
// expect: plain_elements_taken_over.cpp:26:10: error: these iterators are of two sequences, or another object has taken over the elements of one, so that lpc does not know whether they are equal; compare iterators of one sequence [lp-E115]
// expect:    26 |   return it == w.begin() ? 1 : 2;
// expect:       |          ^~~~~~~~~~~~~~~
// expect: plain_elements_taken_over.cpp:38:43: note: in this call of 'compared'
// expect:    38 | void h(lp::Tiles<double, 1>& x) { halve(x(compared())); }
// expect:       |                                           ^~~~~~~~~~
// expect: plain_elements_taken_over.cpp:32:3: error: this moves an object to itself, and C++ leaves open what it holds then; move it only where the two differ [lp-E115]
// expect:    32 |   v = std::move(w);
// expect:       |   ^~~~~~~~~~~~~~~~
// expect: plain_elements_taken_over.cpp:39:43: note: in this call of 'moved_to_itself'
// expect:    39 | void k(lp::Tiles<double, 1>& x) { halve(x(moved_to_itself())); }
// expect:       |                                           ^~~~~~~~~~~~~~~~~
// expect: 4 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 4 programs checked, 4 errors, 0 warnings
