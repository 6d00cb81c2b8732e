// Who watches over a run whose workers only die.
#include <catch2/catch.hpp>
#include <cstdint>
#include <lambdapack/exec/cloud/sqlite_ledger.hpp>
#include <lambdapack/exec/cloud/steward.hpp>
#include <lambdapack/lambdapack.hpp>
#include <string>
#include <vector>

namespace steward_test {

namespace {

namespace cloud = lp::exec::cloud;

/// Starts workers that die at once.
class Hopeless final : public cloud::Starter {
 public:
  void start(const std::string&) override { ++failures_; }
  int running() override { return 0; }
  int failures() const override { return failures_; }
  std::string last_failure() const override { return "it was ended by signal 9"; }
  void end() override {}

 private:
  int failures_ = 0;
};

/// Has a worker, process 7, that a signal ends.
class Crashing final : public cloud::Starter {
 public:
  void start(const std::string&) override {}
  int running() override { return 0; }
  int failures() const override { return failures_; }
  std::string last_failure() const override { return "it was ended by signal 6 (Aborted)"; }
  std::vector<::pid_t> crashed() override {
    ++failures_;
    return {7};
  }
  void end() override {}

 private:
  int failures_ = 0;
};

/// A run of so many tasks, of which the first is ready.
void begin(cloud::Ledger& ledger, std::int64_t tasks) {
  ledger.create(tasks);
  ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  ledger.seeded();
}

}  // namespace

TEST_CASE("tasks of workers that crash are free at once, and named when workers only crash") {
  cloud::SqliteLedger ledger(":memory:", true);
  begin(ledger, 1);
  Crashing starter;
  cloud::Steward steward(ledger, starter, {.most = 1}, "w", "cloud://");
  steward.names_tasks([](std::int64_t task) { return "potrf(" + std::to_string(task) + ")"; });
  int leases = 0;
  cloud::Status status;
  for (int looks = 0; looks < 100 && status.phase != cloud::Phase::failed; ++looks) {
    if (ledger.take({"w-7"}).lease) ++leases;
    status = steward.look();
  }
  CHECK(status.phase == cloud::Phase::failed);
  CHECK(leases > 10);
  CHECK_THAT(status.why, Catch::Contains("(Aborted), which had begun potrf(0); look at"));
}

TEST_CASE("workers that only die end the run of a client, and not a run that was resumed") {
  const bool spares = GENERATE(false, true);
  cloud::SqliteLedger ledger(":memory:", true);
  begin(ledger, 3);
  Hopeless starter;
  cloud::Steward steward(ledger, starter, {.most = 2}, "w", "cloud://");
  if (spares) steward.spares_run();
  std::string said;
  for (int looks = 0; looks < 100 && said.empty(); ++looks) try {
      if (steward.look().phase == cloud::Phase::failed) said = "failed";
    } catch (const lp::run_error& error) {
      said = error.what();
    }
  CHECK(starter.failures() > 10);
  CHECK(ledger.status().phase == (spares ? cloud::Phase::running : cloud::Phase::failed));
  CHECK_THAT(said, Catch::Contains(spares ? "it was ended by signal 9" : "failed"));
}

}  // namespace steward_test
