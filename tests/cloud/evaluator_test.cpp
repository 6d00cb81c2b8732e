// Values that are lost are computed again, however many there are.
#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/exec/cloud/directory_objects.hpp>
#include <lambdapack/exec/cloud/evaluator.hpp>
#include <lambdapack/exec/cloud/publish.hpp>
#include <lambdapack/exec/outcome.hpp>
#include <lambdapack/lambdapack.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "support/folder.hpp"

namespace evaluator_test {

namespace {

namespace cloud = lp::exec::cloud;

const auto add =
    lp::make_kernel("add", [](lp::inout<double> a, lp::in<double> b) { a(0, 0) += b(0, 0); });

// B(t) waits for all before it in two ways, so that what is lost is asked for more than once.
void sums(lp::InOut<double, 1> A, lp::InOut<double, 0> total) {
  for (auto t : lp::range(1, A.extent(0))) {
    A(t) = add(A(t), A(t - 1));
    total() = add(total(), A(t));
  }
}

}  // namespace

TEST_CASE("a value whose whole past is lost is computed again") {
  constexpr std::int64_t n = 20000;
  lp::TiledMatrix<double> A(n, 1, 1), total(1, 1, 1);
  for (std::int64_t i = 0; i < n; ++i) A(i, 0) = static_cast<double>(i % 7);
  auto a = A, b = total;
  static const lp::Compiled compiled = lp::compile(sums);
  lp::sequential{}.start(compiled.job({a.store(1), b.store(0)}, {})).wait();

  const test_support::Folder folder;
  const lp::exec::Job job = compiled.job({A.store(1), total.store(0)}, {});
  lp::exec::begin_arrays(job);
  std::vector<std::optional<cloud::ArrayDescription>> arrays;
  for (std::size_t k = 0; k < job.arrays.size(); ++k)
    arrays.push_back(cloud::describe_array(job, k));
  cloud::Site site(job.program, job.kernels, job.graph, arrays, cloud::Keys("r"),
                   std::make_shared<cloud::MeteredObjects>(
                       std::make_shared<cloud::DirectoryObjects>(folder.file("store"))),
                   1 << 20);
  cloud::bring_inputs(
      job, site, [] { return false; }, 1);

  const lp::TileName name{1, {}};
  const std::optional<lp::Value> last = site.graph().writer(name);
  REQUIRE(last);
  cloud::Evaluator evaluator(site);
  const lp::tile::Tile tile = evaluator.compute(*last, name);
  CHECK(tile.get<lp::tile::Dense<double>>()(0, 0) == b(0, 0));
  CHECK(evaluator.recomputed() == job.graph.size());
  lp::exec::end_arrays(job, nullptr);
}

}  // namespace evaluator_test
