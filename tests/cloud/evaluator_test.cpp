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

// Every second value is split off from one that has another reader.
const auto split = lp::make_kernel("split", [](lp::inout<double> a, lp::out<double> b) {
  b.resize(1, 1);
  b(0, 0) = a(0, 0);
  a(0, 0) += 1;
});
const auto twice = lp::make_kernel("twice", [](lp::inout<double> a) { a(0, 0) *= 2; });
const auto mean = lp::make_kernel(
    "mean", [](lp::inout<double> a, lp::in<double> b) { a(0, 0) = (a(0, 0) + b(0, 0)) / 2; });
void splits(lp::InOut<double, 0> A, lp::In<double, 1> steps) {
  auto B = lp::temp<double, 0>("B");
  for ([[maybe_unused]] auto t : lp::range(steps.extent(0))) {
    tie(A(), B()) = split(A());
    B() = twice(B());
    A() = mean(A(), B());
  }
}

/// Computes the last value of an array whose values are all lost: its first number, in tasks.
std::int64_t recomputed(const lp::exec::Job& job, const lp::TileName& name, double& number) {
  const test_support::Folder folder;
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
  const std::optional<lp::Value> last = site.graph().writer(name);
  REQUIRE(last);
  cloud::Evaluator evaluator(site);
  number = evaluator.compute(*last, name).get<lp::tile::Dense<double>>()(0, 0);
  lp::exec::end_arrays(job, nullptr);
  return evaluator.recomputed();
}

}  // namespace

TEST_CASE("a value whose whole past is lost is computed again") {
  constexpr std::int64_t n = 20000;
  lp::TiledMatrix<double> A(n, 1, 1), total(1, 1, 1);
  for (std::int64_t i = 0; i < n; ++i) A(i, 0) = static_cast<double>(i % 7);
  auto a = A, b = total;
  static const lp::Compiled compiled = lp::compile(sums);
  lp::sequential{}.start(compiled.job({a.store(1), b.store(0)}, {})).wait();

  const lp::exec::Job job = compiled.job({A.store(1), total.store(0)}, {});
  double number = 0;
  CHECK(recomputed(job, {1, {}}, number) == job.graph.size());
  CHECK(number == b(0, 0));
}

TEST_CASE("no task is run twice for a value whose past is lost, whatever it is split from") {
  constexpr std::int64_t steps = 300;
  lp::TiledMatrix<double> A(1, 1, 1), each(steps, 1, 1);
  A(0, 0) = 3;
  auto a = A;
  lp::run(lp::sequential{}, splits, a, each);
  static const lp::Compiled compiled = lp::compile(splits);
  double number = 0;
  CHECK(recomputed(compiled.job({A.store(0), each.store(1)}, {}), {0, {}}, number) == 3 * steps);
  CHECK(number == a(0, 0));
}

}  // namespace evaluator_test
