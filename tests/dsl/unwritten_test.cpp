// What tiles hold that nothing has written.
#include <catch2/catch.hpp>

#include "dsl/support.hpp"

namespace unwritten_test {

using namespace dsl_test;  // NOLINT: the vocabulary of these tests

namespace unwritten_test {

const auto ones = lp::make_kernel("ones", [](lp::out<double>) {});

void rules(lp::In<double, 1> x, lp::Out<double, 1> y, lp::Out<double, 1> z) {
  y.unwritten(lp::zero);
  z.unwritten(ones);
  auto S = lp::temp<double, 1>("S", lp::zero);
  auto T = lp::temp<double, 2>("T", ones);
  auto U = lp::temp<float, 1>("U", lp::extents(x.extent(0)), lp::zero);
  for (auto i : lp::range(x.extent(0))) y(i) = combine(S(i - 1), T(i, i));
  U(0) = copy(U(1));
  y(0) = ones();
}

void contradiction(lp::Out<double, 1> y, bool same) {
  y.unwritten(lp::zero);
  if (same) y.unwritten(lp::zero);
  if (!same) y.unwritten(ones);
}

void made(lp::Out<double, 1> y) {
  y.unwritten(lp::zero);
  y(0) = update(y(0));
}

}  // namespace unwritten_test

using namespace unwritten_test;  // NOLINT: named, since clang hides unnamed ones

TEST_CASE("temporaries and outputs say what unwritten tiles hold") {
  const lp::Traced traced = lp::trace(rules);
  CHECK(text(traced) ==
        "rules(in x: float64[x.extent(0)], out y: float64[y.extent(0)] unwritten zero, out z: "
        "float64[z.extent(0)] unwritten ones)\n"
        "  temp S: float64[*] unwritten zero\n"
        "  temp T: float64[*, *] unwritten ones\n"
        "  temp U: float32[*] unwritten zero\n"
        "  for i in range(0, x.extent(0))\n"
        "    y(i) = combine(S(i - 1), T(i, i))\n"
        "  U(0) = copy(U(1))\n"
        "  y(0) = ones()\n");
  CHECK(traced.program.kernels.size() == 3);
  CHECK(traced.kernels[0].get() == &ones.function());
}

TEST_CASE("two rules for one array") {
  CHECK(refusal([] { lp::trace(contradiction, true); }).empty());
  CHECK(refusal([] { lp::trace(contradiction, false); }) ==
        "lambdapack: two rules for what unwritten tiles of A hold; give the array one "
        "[lp-E008]");
}

TEST_CASE("a rule in a called program counts for what is handed in") {
  const auto with_out = [](lp::Out<double, 1> result) { made(result); };
  CHECK(text(lp::trace(with_out)) ==
        "program(out result: float64[result.extent(0)] unwritten zero)\n"
        "  result(0) = update(result(0))\n");
  const auto with_temp = [](lp::Integer n) { made(lp::temp<double, 1>("S", lp::extents(n))); };
  CHECK(text(lp::trace(with_temp)) ==
        "program(int n)\n"
        "  temp S: float64[*] unwritten zero\n"
        "  S(0) = update(S(0))\n");
  const auto with_inout = [](lp::InOut<double, 1> x) { made(x); };
  CHECK(refusal([&] { lp::trace(with_inout); }) ==
        "lambdapack: unwritten(...) of A, which has initial contents, as an lp::In or lp::InOut of "
        "the calling program; leave it out, or hand in an lp::Out or a temporary "
        "[lp-E008]");
}

}  // namespace unwritten_test
