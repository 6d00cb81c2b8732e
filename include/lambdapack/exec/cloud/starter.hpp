// How workers come into being: as processes of this machine, or by what a component adds.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"
#include "lambdapack/text.hpp"

extern "C" char** environ;

namespace lambdapack::exec::cloud {

/// The environment variable that makes a process a worker: the URL of its run.
inline constexpr const char* worker_variable = "LAMBDAPACK_CLOUD_WORKER";

/// Whether this process has asked if it is a worker.
inline std::atomic<bool>& asked_for_worker() {
  static std::atomic<bool> asked{false};
  return asked;
}

/// Throws input_error unless this program, started again, would be a worker.
inline void require_worker_main() {
  if (std::getenv(worker_variable) != nullptr)
    throw input_error(
        "lambdapack: this process was started as a worker of lp::cloud, and begins a run itself; "
        "let main begin with: if (lp::cloud::is_worker()) return lp::cloud::work({...});");
  if (!asked_for_worker())
    throw input_error(
        "lambdapack: lp::cloud starts this program again as its workers, but its main does not ask "
        "whether it is one; let it begin with: if (lp::cloud::is_worker()) return "
        "lp::cloud::work({lp::cloud::program(f)});");
}

/// Starts workers. Not safe from several threads.
class Starter {
 public:
  virtual ~Starter() = default;
  /// Starts one for the run at this URL.
  virtual void start(const std::string& url) = 0;
  /// How many it has started that may still be there; what nobody can tell does not count.
  virtual int running() = 0;
  /// How many have ended as none should, and how the last of them did.
  virtual int failures() const = 0;
  virtual std::string last_failure() const = 0;
  /// Processes of this machine whose own fault was their end, since this was asked last.
  virtual std::vector<::pid_t> crashed() { return {}; }
  /// The run is over: what is left may go.
  virtual void end() = 0;
};

using StarterMaker = std::function<std::unique_ptr<Starter>(const std::string& url)>;

/// Starters beside processes, by the scheme of their URLs ("lambda", "http").
inline std::map<std::string, StarterMaker>& starters() {
  static std::map<std::string, StarterMaker> makers;
  return makers;
}

/// This program again, as a process of this machine.
class ProcessStarter final : public Starter {
 public:
  /// `apart`: in sessions of their own, which a key that ends this process does not reach.
  explicit ProcessStarter(bool apart) : apart_(apart) {}
  ~ProcessStarter() override { end(); }

  /// A system that has no room for another process is asked again after a second.
  void start(const std::string& url) override {
    require_worker_main();
    if (std::chrono::steady_clock::now() < pause_until_) return;
    std::vector<std::string> variables;
    const std::string variable = std::string(worker_variable) + "=";
    for (char** v = environ; *v != nullptr; ++v)
      if (std::strncmp(*v, variable.c_str(), variable.size()) != 0 &&
          std::strncmp(*v, "LAMBDAPACK_TRACE=", 17) != 0)
        variables.emplace_back(*v);
    variables.push_back(variable + url);
    std::vector<char*> environment;
    for (std::string& v : variables) environment.push_back(v.data());
    environment.push_back(nullptr);
    std::string name = program_invocation_name;
    char* const arguments[] = {name.data(), nullptr};
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    if (apart_) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    ::pid_t process = 0;
    const int code = posix_spawn(&process, "/proc/self/exe", nullptr, &attributes, arguments,
                                 environment.data());
    posix_spawnattr_destroy(&attributes);
    if (code != 0) {
      ++failures_;
      last_failure_ = text({"it cannot be started: ", std::generic_category().message(code),
                            "; ask for fewer workers, or free some memory"});
      pause_until_ = std::chrono::steady_clock::now() + std::chrono::seconds(1);
      return;
    }
    processes_.push_back(process);
  }

  int running() override {
    reap();
    return static_cast<int>(processes_.size());
  }
  int failures() const override { return failures_; }
  std::string last_failure() const override { return last_failure_; }
  std::vector<::pid_t> crashed() override { return std::exchange(crashed_, {}); }

  /// They see that the run is over and end by themselves; those that do not, soon, are killed,
  /// which nothing depends on.
  void end() override {
    const auto begin = std::chrono::steady_clock::now();
    while (running() > 0 && std::chrono::steady_clock::now() - begin < std::chrono::seconds(2))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    for (const ::pid_t process : processes_) {
      ::kill(process, SIGKILL);
      while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    processes_.clear();
  }

  const std::vector<::pid_t>& processes() const { return processes_; }

 private:
  void reap() {
    std::erase_if(processes_, [this](::pid_t process) {
      int status = 0;
      const ::pid_t found = ::waitpid(process, &status, WNOHANG);
      if (found == 0 || (found < 0 && errno == EINTR)) return false;
      if (found == process && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
        ++failures_;
        if (WIFSIGNALED(status) && is_own_fault(WTERMSIG(status))) crashed_.push_back(process);
        last_failure_ = WIFSIGNALED(status) ? text({"it was ended by signal ", WTERMSIG(status),
                                                    " (", ::strsignal(WTERMSIG(status)), ")"})
                                            : text({"it ended with code ", WEXITSTATUS(status)});
      }
      return true;
    });
  }

  // Signals that a process gets for what it does. One that a system without memory kills is not
  // among them: its tasks had better wait for a lease.
  static bool is_own_fault(int signal) {
    return signal == SIGABRT || signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE ||
           signal == SIGILL || signal == SIGTRAP || signal == SIGSYS;
  }

  const bool apart_;
  std::vector<::pid_t> processes_;
  std::vector<::pid_t> crashed_;
  int failures_ = 0;
  std::string last_failure_;
  std::chrono::steady_clock::time_point pause_until_{};
};

/// Somebody else starts workers.
class NoStarter final : public Starter {
 public:
  void start(const std::string&) override {}
  int running() override { return 0; }
  int failures() const override { return 0; }
  std::string last_failure() const override { return {}; }
  void end() override {}
};

/// Of "processes" (or nothing), "none", or the URL of another kind.
inline std::unique_ptr<Starter> open_starter(const std::string& url, bool apart) {
  if (url.empty() || url == "processes") return std::make_unique<ProcessStarter>(apart);
  if (url == "none") return std::make_unique<NoStarter>();
  const auto found = starters().find(url.substr(0, url.find(':')));
  if (found != starters().end()) return found->second(url);
  std::string known = "a number, processes, none";
  for (const auto& [scheme, maker] : starters()) known += ", " + scheme + ":...";
  throw input_error(text({"lambdapack: \"", net::detail::without_user(url),
                          "\" does not say what starts workers; expected ", known}));
}

}  // namespace lambdapack::exec::cloud
