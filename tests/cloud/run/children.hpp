// The processes that a test has started, to be killed by their numbers.
#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace test_cloud {

/// The children of this process that are there now.
inline std::vector<::pid_t> children() {
  std::vector<::pid_t> found;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", gone)) {
    std::ifstream list(task.path() / "children");
    for (::pid_t child = 0; list >> child;) found.push_back(child);
  }
  return found;
}

/// This program again, with a variable of its environment set.
inline ::pid_t start_self(const std::string& name, const std::string& value) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::setenv(name.c_str(), value.c_str(), 1);
    ::execl("/proc/self/exe", "test_cloud_run", nullptr);
    ::_exit(127);
  }
  return child;
}

/// Whether a process is there, and no zombie.
inline bool is_alive(::pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  std::string number, name;
  char state = 'X';
  status >> number >> name >> state;
  return state != 'X' && state != 'Z';
}

}  // namespace test_cloud
