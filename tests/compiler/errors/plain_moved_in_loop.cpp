#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

struct Sizes {
  std::vector<int> all;
  int taken() {
    const auto own = std::move(all);
    return static_cast<int>(own.size());
  }
};
int count(std::vector<int> v) { return static_cast<int>(v.size()); }

void by_name(lp::Tiles<double, 1>& x) {
  std::vector<int> v{1, 2, 3};
  for (int i = 0; i < x.rows(); ++i) {
    const std::vector<int> w = std::move(v);
    scale_by(x(i), static_cast<double>(w.size()));
  }
}
void as_argument(lp::Tiles<double, 1>& x) {
  std::vector<int> v{1, 2, 3};
  for (int i = 0; i < x.rows(); ++i) scale_by(x(i), count(std::move(v)));
}
void by_member(lp::Tiles<double, 1>& x) {
  Sizes sizes{{1, 2}};
  for (int i = 0; i < x.rows(); ++i) scale_by(x(i), sizes.taken());
}
void captured(lp::Tiles<double, 1>& x) {
  std::vector<int> v{1, 2, 3};
  for (int i = 0; i < x.rows(); ++i) {
    const auto f = [w = std::move(v)] { return static_cast<int>(w.size()); };
    scale_by(x(i), f());
  }
}
void in_branch(lp::Tiles<double, 1>& x) {
  if (x.rows() < 1) return;
  std::vector<int> v{1, 2, 3};
  if (x.rows() > 2) {
    const auto w = std::move(v);
    scale_by(x(0), static_cast<double>(w.size()));
  } else {
    scale_by(x(0), static_cast<double>(v.size()));
  }
}

// clang-format off
// expect: plain_moved_in_loop.cpp:21:32: error: 'v' was made before a loop or a condition in which its contents are moved away here, so that they are there in some runs only; copy them, or make it where it is moved from [lp-E105]
// expect:    21 |     const std::vector<int> w = std::move(v);
// expect:       |                                ^~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:19:3: note: 'v' is declared here
// expect:    19 |   std::vector<int> v{1, 2, 3};
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:27:59: error: 'v' was made before a loop or a condition in which its contents are moved away here, so that they are there in some runs only; copy them, or make it where it is moved from [lp-E105]
// expect:    27 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), count(std::move(v)));
// expect:       |                                                           ^~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:26:3: note: 'v' is declared here
// expect:    26 |   std::vector<int> v{1, 2, 3};
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:31:53: error: an object was made before a loop or a condition in which its contents are moved away here, so that they are there in some runs only; copy them, or make it where it is moved from [lp-E105]
// expect:    31 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), sizes.taken());
// expect:       |                                                     ^~~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:31:53: note: in this call of 'taken'
// expect:    31 |   for (int i = 0; i < x.rows(); ++i) scale_by(x(i), sizes.taken());
// expect:       |                                                     ^~~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:36:25: error: 'v' was made before a loop or a condition in which its contents are moved away here, so that they are there in some runs only; copy them, or make it where it is moved from [lp-E105]
// expect:    36 |     const auto f = [w = std::move(v)] { return static_cast<int>(w.size()); };
// expect:       |                         ^~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:34:3: note: 'v' is declared here
// expect:    34 |   std::vector<int> v{1, 2, 3};
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:44:20: error: 'v' was made before a loop or a condition in which its contents are moved away here, so that they are there in some runs only; copy them, or make it where it is moved from [lp-E105]
// expect:    44 |     const auto w = std::move(v);
// expect:       |                    ^~~~~~~~~~~~
// expect: plain_moved_in_loop.cpp:42:3: note: 'v' is declared here
// expect:    42 |   std::vector<int> v{1, 2, 3};
// expect:       |   ^~~~~~~~~~~~~~~~~~~~~~~~~~~
// expect: 5 errors generated.
// expect: lpc: lp-E105 is explained in docs/diagnostics/lp-E105.md
// expect: lpc: 5 programs checked, 5 errors, 0 warnings
