#include <lambdapack/lambdapack.hpp>
#include <vector>

void halve(lp::inout<double> a) { a(0, 0) /= 2; }

struct Part {
  int value;
  Part(int v, std::vector<Part*>& all) : value(v) { all.push_back(this); }
};
struct Whole {
  Part first, second;
  explicit Whole(std::vector<Part*>& all) : first(1, all), second(2, all) {}
};

int told() {
  std::vector<Part*> all;
  Whole whole(all);
  for (Part* part : all) part->value += 10;
  return whole.first.value * 100 + whole.second.value;
}

// 1112 tiles are asked for only if the addresses are those of the parts.
void f(lp::Tiles<double, 1>& x) {
  if (x.rows() <= 1112) return;
  if (told() == 1112) halve(x(1112));
  if (told() != 1112) halve(x(x.rows()));
}

// clang-format off
// expect: lpc: 1 program checked, 0 errors, 0 warnings
