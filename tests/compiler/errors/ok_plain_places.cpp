#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void scale_by(lp::inout<double> a, double factor);

// lpc says that a tile beyond x(0) is no tile of x, unless an index is 0, as C++ has it.
struct Counted {
  int v;
  explicit Counted(int n) : v(n) {}
  Counted(const Counted& other) : v(other.v + 10) {}
};
int copied_array() {
  const Counted all[2] = {Counted(1), Counted(2)};
  const auto [a, b] = all;
  const auto f = [all] { return all[1].v; };
  return a.v + f();
}
int copied_rows() {
  const int all[2][2] = {{1, 2}, {3, 4}};
  const auto [first, second] = all;
  return first[1] * 10 + second[0];
}

int found(const int* at, const int* end, int what) {
  for (; at != end; ++at)
    if (*at == what) return 1;
  return 0;
}
int searched() {
  const int a[3] = {1, 2, 3};
  return found(a, &a[2], 3) + 10 * found(a, &a[0] + 3, 3) + 100 * found(&a[1], a + 3, 1);
}
int same_addresses() {
  const int a[3] = {1, 2, 3};
  const std::vector<int> v{1, 2};
  const int* none = nullptr;
  return (&a[1] == a + 1) + 10 * (&v[0] == v.data()) + 100 * (&v.front() == &*v.begin()) +
         1000 * (a == &a[1]) + 10'000 * (none == a + 3);
}

int through_shorter() {
  std::vector<int> v{1, 2, 3};
  const std::vector<int> w{7, 8};
  const int& first = v[0];
  v = w;
  return first;
}
int through_moved() {
  std::vector<int> v{1, 2, 3};
  int& first = v[0];
  std::vector<int> w = std::move(v);
  w[0] = 9;
  std::vector<int> u;
  u = std::move(w);
  u[0] += 10;
  return first;
}
std::vector<int> grown(std::vector<int> v) {
  std::vector<int> w = std::move(v);
  w[0] = 4;
  w.push_back(5);
  return w;
}

struct Self {
  const Self* me;
  explicit Self(int) : me(this) {}
  Self() : Self(3) {}
  bool is_same() const { return me == this; }
};
struct Early {
  const int* at;
  int v;
  explicit Early(int a) : at(&v), v(a) {}
};
int own_addresses() {
  const Self self;
  const Early early(5);
  return self.is_same() + (early.at == &early.v) + *early.at;
}

int line(int at = __builtin_LINE()) { return at; }
int lines() {
  const int first = line();
  return line() - first;
}

struct Step {
  int k;
  int operator*() const { return k; }
  Step& operator++() {
    ++k;
    return *this;
  }
  bool operator!=(const Step& other) const { return k != other.k; }
};
struct Steps {
  int from, to;
  Step begin() const { return {from}; }
  Step end() const { return {to}; }
};

extern "C" double cbrt(double x) noexcept { return x; }

struct Base {
  int v = 3;
};
struct Derived : Base {};
int base_of_element() {
  Derived all[2] = {{}, {}};
  all[1].v = 4;
  const Base* last = &all[1];
  return last->v;
}
int least_changed(int n) {
  int i = n;
  return std::min(i, (i = 0));
}

void f(lp::Tiles<double, 1>& x) {
  if (x.rows() != 1) return;
  halve(x(copied_array() - 23));
  halve(x(copied_rows() - 23));
  halve(x(searched() - 10));
  halve(x(same_addresses() - 111));
  halve(x(through_shorter() - 7));
  halve(x(through_moved() - 19));
  std::vector<int> v{1, 2};
  halve(x(static_cast<int>(grown(std::move(v)).size()) - 3));
  std::vector<int> w{4};
  const std::vector<int> u = std::move(w);
  halve(x(u[0] - 4));
  halve(x(own_addresses() - 7));
  halve(x(lines() - 1));
  for (int k : Steps{0, 1}) halve(x(k));
  for (int k = 0; k < x.rows(); ++k) {
    std::vector<int> inner{k};
    const std::vector<int> taken = std::move(inner);
    halve(x(taken[0]));
  }
  halve(x(static_cast<int>(cbrt(27.0)) - 27));
  halve(x(std::abs(-3) - 3));
  halve(x(base_of_element() - 4));
  halve(x(least_changed(x.rows())));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
