#include <algorithm>
#include <type_traits>

#include <lambdapack/lambdapack.hpp>

void halve(lp::inout<double> a);
void add(lp::inout<double> to, lp::in<double> from);

int second() {
  int a[4] = {0, 0, 0, 0};
  int k = 0;
  a[k++] = 1;
  a[k++] += 2;
  return a[1];
}
int one() {
  int k = 0;
  const int least = std::max(k++, 0);
  return k + 0 * least;
}
constexpr int compiled() { return std::is_constant_evaluated() ? 3 : 4; }
constexpr int three = compiled();

struct Bits {
  unsigned k : 2;
};

int last_bits() {
  Bits bits{};
  bits.k = static_cast<unsigned>(4 + one());
  return static_cast<int>(bits.k);
}

int begin(lp::TempTiles<double, 1>& W) {
  zero(W(0));
  return 1;
}

// Each index would be negative, or a tile lost, if an expression were evaluated twice.
void f(lp::Tiles<double, 1>& x) {
  const int n = x.rows();
  if (n < 2) return;
  halve(x(second() - 2));
  halve(x(1 - one()));
  halve(x(3 - three));
  halve(x(1 - last_bits()));
  switch (three) {
    case 0:
      halve(x(-1));
    case 1 ... 3:
      halve(x(0));
  }
  lp::TempTiles<double, 1> W;
  for (int k = begin(W); k < n; ++k) add(x(k), W(0));
  lp::TempTiles<double, 1> V;
  int k = 0;
  const auto at = [&](int by) { return k + by; };
  for (k = 0; k < n; ++k) zero(V(at(0)));
  for (int i = 0; i < n; ++i) add(x(i), V(i));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
