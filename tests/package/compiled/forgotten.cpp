// A program whose source lambdapack_compile does not get: it prints why it is refused.
#include <lambdapack/lambdapack.hpp>

#include <cstdio>

namespace {

void identity(lp::In<double, 1> x, lp::Out<double, 1> y) {
  static const auto copy =
      lp::make_kernel("copy", [](lp::out<double> b, lp::in<double> a) { *b = *a; });
  for (auto i : lp::range(x.extent(0))) y(i) = copy(x(i));
}

}  // namespace

int main() {
  lp::TileArray<double> x({3}), y({3});
  try {
    lp::run(lp::sequential{}, identity, x, y);
  } catch (const lp::program_error& e) {
    std::puts(e.what());
    return 0;
  }
  return 1;
}
