// This program again, or one made of it, as a process that ends with the test.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <string>

namespace cloud_net_test {

/// Runs a program with some variables more in its environment.
class Child {
 public:
  /// What it says on its standard error goes to the file `errors`, if there is to be one.
  explicit Child(const std::map<std::string, std::string>& variables,
                 const std::string& program = "/proc/self/exe", const std::string& errors = "")
      : pid_(fork()) {
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!errors.empty()) dup2(open(errors.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600), 2);
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
    execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(SIGKILL); }

  bool is_alive() {
    if (pid_ >= 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ >= 0;
  }
  /// Its status, after this signal.
  int end(int signal) {
    if (pid_ < 0) return -1;
    int status = 0;
    kill(pid_, signal);
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

}  // namespace cloud_net_test
