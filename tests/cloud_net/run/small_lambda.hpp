// AWS Lambda, as far as a run needs it: calls come in by the Invoke API, and go out by the Runtime
// API to instances of this program or of its package.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <set>
#include <string>

#include "child.hpp"
#include "server.hpp"

namespace cloud_net_test {

class SmallLambda {
 public:
  explicit SmallLambda(int instances, const std::string& program = "/proc/self/exe")
      : server_([this](const Asked& asked) { return answer(asked); }) {
    for (int k = 0; k < instances; ++k)
      instances_.emplace_back(
          std::map<std::string, std::string>{
              {"AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + std::to_string(server_.port())}},
          program);
  }
  ~SmallLambda() {
    instances_.clear();
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }

  std::string starter() const {
    return "lambda:tiles?region=test-1&endpoint=http://127.0.0.1:" + std::to_string(server_.port());
  }
  /// Calls that were answered well, and all that were made.
  int answered() const {
    const std::lock_guard lock(mutex_);
    return answered_;
  }
  /// What instances said when they could not do what was asked.
  std::string errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }

 private:
  Answer answer(const Asked& asked) {
    std::unique_lock lock(mutex_);
    if (asked.target == "/2015-03-31/functions/tiles/invocations") {
      waiting_.push_back(asked.body);
      changed_.notify_all();
      return {.status = 202};
    }
    if (asked.target != "/2018-06-01/runtime/invocation/next") {
      const bool good = asked.target.ends_with("/response");
      answered_ += good ? 1 : 0;
      if (!good) errors_ += asked.body + "\n";
      return {.status = 202};
    }
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return {.status = 500};
    const auto deadline = std::chrono::duration_cast<std::chrono::milliseconds>(
        (std::chrono::system_clock::now() + std::chrono::seconds(3)).time_since_epoch());
    Answer call{.headers = {{"Lambda-Runtime-Aws-Request-Id", "call-" + std::to_string(++calls_)},
                            {"Lambda-Runtime-Deadline-Ms", std::to_string(deadline.count())}},
                .body = waiting_.front()};
    waiting_.pop_front();
    return call;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  bool ending_ = false;
  int calls_ = 0;
  int answered_ = 0;
  std::string errors_;
  Server server_;
  std::list<Child> instances_;
};

}  // namespace cloud_net_test
