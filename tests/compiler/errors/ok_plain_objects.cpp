#include <array>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

// lpc says that a tile beyond x(0) is no tile of x, unless an index is 0, as C++ has it.
void halve(lp::inout<double> a);

struct Options {
  int width = 1;
  int height = width + 1;
};
int usual_height() {
  Options options;
  return options.height;
}
int height_of_wide() {
  const Options wide{10, usual_height()};
  return wide.height;
}

struct Point {
  int x;
  int y;
};
int through_reference() {
  Point p{1, 2};
  int& x = p.x;
  p = Point{3, 4};
  return x;
}
int through_element() {
  std::array<int, 2> a{1, 2};
  int& first = a[0];
  a = std::array<int, 2>{3, 4};
  return first;
}
int swapped() {
  Point p{1, 2}, q{3, 4};
  const int& x = p.x;
  std::swap(p, q);
  return 10 * x + q.x;
}

int by_value(std::vector<int> all) {
  all.push_back(3);
  return static_cast<int>(all.size());
}
Point moved_right(Point p) {
  ++p.x;
  return p;
}
struct Late {
  int a;
  int b[2];
  explicit Late(int x) {
    a = x;
    b[1] = x + 1;
  }
};
int set_later() {
  Point p;
  p.x = 1;
  std::array<int, 2> a;
  a[1] = 2;
  int t[2];
  for (int& one : t) one = 3;
  return p.x + a[1] + t[1];
}
int assigned() {
  std::vector<int> v{1};
  v = {1, 2, 3};
  std::string s;
  s = "abcd";
  return static_cast<int>(v.size() + s.size());
}
int float_steps() {
  float f = 16777216.0F;
  ++f;
  return f > 16777216.0F ? 1 : 0;
}
int letters() { return static_cast<int>(std::string("ab\0cd").size()); }

struct Helper {
  static constexpr int width = 2;
  static int height() { return 3; }
};
Helper halved(lp::Tiles<double, 1>& x) {
  halve(x(0));
  return {};
}

struct Holder {
  lp::Tiles<double, 1>& x;
};
struct Sweep : Holder {
  void run() const {
    for (int i = 0; i < x.rows(); ++i)
      if (i % 2 == 0) halve(x(i));
  }
};

void f(lp::Tiles<double, 1>& x) {
  if (x.rows() != 1) return;
  halve(x(height_of_wide() - 2));
  halve(x(through_reference() - 3));
  halve(x(through_element() - 3));
  halve(x(swapped() - 31));
  halve(x(by_value({1, 2}) - 3));
  halve(x(moved_right({1, 2}).x - 2));
  halve(x(Late(1).a + Late(2).b[1] - 4));
  halve(x(set_later() - 6));
  halve(x(assigned() - 7));
  halve(x(float_steps()));
  halve(x(letters() - 2));
  halve(x(Point().y));
  halve(x(halved(x).width - 2));
  halve(x(halved(x).height() - 3));
  Sweep{{x}}.run();
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
