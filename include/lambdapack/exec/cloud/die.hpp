// Sudden death at a chosen step, for tests of what has to go on without this process.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace lambdapack::exec::cloud {

/// LAMBDAPACK_CLOUD_DIE=STEP:COUNT:FILE kills the process with SIGKILL when it comes to the step
/// for the COUNTth time (slot.hpp has the steps), if it is the one that can make the file: so only
/// one process of a run dies of it.
class Death {
 public:
  Death() {
    const char* text = std::getenv("LAMBDAPACK_CLOUD_DIE");
    if (text == nullptr) return;
    const std::string all = text;
    const std::size_t first = all.find(':'), second = all.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) return;
    step_ = all.substr(0, first);
    left_ = std::atoi(all.c_str() + first + 1);
    file_ = all.substr(second + 1);
  }

  void at(const char* step) {
    if (step_ != step || --left_ != 0) return;
    const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) ::kill(::getpid(), SIGKILL);
  }

 private:
  std::string step_;
  std::atomic<int> left_{0};
  std::string file_;
};

}  // namespace lambdapack::exec::cloud
