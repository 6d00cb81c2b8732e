// The kernel behind lp::stop_if, and control tiles.
#include "lambdapack/kernel/stop.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "lambdapack/error.hpp"

namespace stop_test {

using lp::tile::Dense;
using lp::tile::Stop;

namespace {

static_assert(lp::tile::Payload<Stop>);
static_assert(!lp::StopFlag<std::complex<double>>);

/// Whether the loop has ended after a step with this flag.
template <class T>
bool ended(const lp::payload_of_t<T>& flag, bool before) {
  const Stop old{before};
  Stop now;
  lp::kernel::stop_if<T>(lp::in<T>(&flag), lp::in<Stop>(&old), lp::out<Stop>(&now));
  return now.value;
}

Dense<double> one(double x) {
  Dense<double> d(1, 1);
  d(0, 0) = x;
  return d;
}

struct Verdict {
  bool done = false;
  bool stop() const { return done; }
  static std::string type_name() { return "verdict"; }
  std::size_t byte_size() const { return 1; }
  void write_bytes(std::span<std::byte>) const {}
  static Verdict read_bytes(std::span<const std::byte>) { return {}; }
};

}  // namespace

TEST_CASE("a loop ends where its flag is not 0, and stays ended") {
  CHECK_FALSE(ended<double>(one(0), false));
  CHECK_FALSE(ended<double>(one(-0.0), false));
  CHECK(ended<double>(one(1e-300), false));
  CHECK(ended<double>(one(std::numeric_limits<double>::quiet_NaN()), false));
  CHECK(ended<double>(one(0), true));
  CHECK(ended<float>(Dense<float>(), true));
  CHECK_FALSE(ended<float>(Dense<float>(), false));
  CHECK(ended<Verdict>(Verdict{true}, false));
  CHECK_FALSE(ended<Verdict>(Verdict{false}, false));
}

TEST_CASE("a control tile comes back from its bytes") {
  for (const bool stopped : {false, true}) {
    const Stop tile{stopped};
    std::vector<std::byte> bytes(tile.byte_size());
    tile.write_bytes(bytes);
    CHECK(Stop::read_bytes(bytes).value == stopped);
  }
  CHECK_THROWS_AS(Stop::read_bytes({}), lp::input_error);
  CHECK_THROWS_AS(Stop::read_bytes(std::vector<std::byte>(2)), lp::input_error);
  CHECK_THROWS_AS(Stop::read_bytes(std::vector<std::byte>(1, std::byte{2})), lp::input_error);
}

}  // namespace stop_test
