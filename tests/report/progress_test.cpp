// Waiting in front of a terminal, and of none.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "lambdapack/error.hpp"
#include "lambdapack/report/progress.hpp"
#include "report/support.hpp"

namespace progress_test {

using namespace report_tests;
namespace lp = lambdapack;
using lp::report::detail::progress_text;

namespace {

/// A run that takes 0.4 s, or fails after that.
class SlowRun final : public lp::exec::Run {
 public:
  explicit SlowRun(bool fails) : fails_(fails) {}
  lp::exec::Report wait() override {
    wait_for(std::chrono::milliseconds(1000));
    if (fails_) throw lp::run_error("it failed");
    lp::exec::Report report;
    report.tasks = 8;
    return report;
  }
  bool wait_for(std::chrono::milliseconds time) override {
    const auto left = end_ - std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(time, left));
    return std::chrono::steady_clock::now() >= end_;
  }
  lp::exec::Progress progress() const override { return {2, 8}; }
  void cancel() override {}

 private:
  bool fails_;
  std::chrono::steady_clock::time_point end_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(400);
};

lp::exec::Handle slow(bool fails = false) {
  return lp::exec::Handle(std::make_unique<SlowRun>(fails));
}

/// stderr is `file` as long as the object lives.
class Stderr {
 public:
  explicit Stderr(int file) : old_(::dup(STDERR_FILENO)) {
    std::fflush(stderr);
    ::dup2(file, STDERR_FILENO);
  }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;
  ~Stderr() {
    std::fflush(stderr);
    ::dup2(old_, STDERR_FILENO);
    ::close(old_);
  }

 private:
  int old_;
};

/// A terminal of the test's own; `seen` is what was written to it.
class Terminal {
 public:
  Terminal() : us_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(us_ >= 0);
    REQUIRE(::grantpt(us_) == 0);
    REQUIRE(::unlockpt(us_) == 0);
    them_ = ::open(::ptsname(us_), O_RDWR | O_NOCTTY);
    REQUIRE(them_ >= 0);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(us_);
    ::close(them_);
  }
  int file() const { return them_; }
  void resize(unsigned short columns) {
    const winsize size{24, columns, 0, 0};
    REQUIRE(::ioctl(them_, TIOCSWINSZ, &size) == 0);
  }
  std::string seen() const {
    ::fcntl(us_, F_SETFL, O_NONBLOCK);
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = ::read(us_, buffer, sizeof buffer)) > 0;)
      all.append(buffer, static_cast<std::size_t>(n));
    return all;
  }

 private:
  int us_;
  int them_;
};

}  // namespace

TEST_CASE("progress prints nothing where stderr is no terminal") {
  const Folder folder;
  const std::string path = folder.path() + "/stderr";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  REQUIRE(file >= 0);
  {
    const Stderr redirected(file);
    CHECK(lp::wait_with_progress(slow(), "cholesky").tasks == 8);
  }
  ::close(file);
  CHECK(read(path).empty());
}

TEST_CASE("progress is one line of a terminal, erased at the end") {
  const Terminal terminal;
  {
    const Stderr redirected(terminal.file());
    auto handle = slow();
    CHECK(lp::wait_with_progress(handle, "cholesky").tasks == 8);
  }
  const std::string seen = terminal.seen();
  CHECK_THAT(seen, Catch::StartsWith("\rcholesky  2/8 tasks, 25 %, "));
  CHECK_THAT(seen, Catch::Contains(" to go\x1b[K\r"));
  CHECK_THAT(seen, Catch::EndsWith("\r\x1b[K"));
  CHECK(seen.find('\n') == std::string::npos);
}

TEST_CASE("a run that fails leaves no line behind") {
  const Terminal terminal;
  {
    const Stderr redirected(terminal.file());
    CHECK_THROWS_AS(lp::wait_with_progress(slow(true), "cholesky"), lp::run_error);
  }
  CHECK_THAT(terminal.seen(), Catch::EndsWith("\r\x1b[K"));
}

TEST_CASE("a narrow terminal cuts the line") {
  Terminal terminal;
  terminal.resize(12);
  {
    const Stderr redirected(terminal.file());
    lp::wait_with_progress(slow(), "chölesky");
  }
  CHECK_THAT(terminal.seen(), Catch::StartsWith("\rchölesky  2\x1b[K\r"));
}

TEST_CASE("the progress line tells what is known") {
  CHECK(progress_text("qr", {120, 364}, 1.2) == "qr  120/364 tasks, 32 %, 1.2 s, 2.44 s to go");
  CHECK(progress_text("qr", {0, 1364}, 0.5) == "qr  0/1,364 tasks, 0 %, 500 ms");
  CHECK(progress_text("qr", {364, 364}, 2) == "qr  364/364 tasks, 100 %, 2 s");
  CHECK(progress_text("qr", {1, -1}, 2) == "qr  1 task, 2 s");
  CHECK(progress_text("qr", {0, 0}, 2) == "qr  0 tasks, 2 s");
}

}  // namespace progress_test
