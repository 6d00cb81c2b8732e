// Servers of others, which a script in services/ starts and ends.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace cloud_net_test {

/// A script that starts a server, says `ready WORDS...` on its standard output when the server can
/// be used, and ends it when its standard input ends: so the server ends with the test, even if the
/// test is killed.
class Service {
 public:
  explicit Service(const std::string& script, std::vector<std::string> arguments = {})
      : name_(script) {
    arguments.insert(arguments.begin(),
                     LAMBDAPACK_SOURCE_DIR "/tests/cloud_net/services/" + script);
    // Somebody else may have taken the port that was free: then another is tried.
    for (int attempt = 1;; ++attempt) try {
        start(arguments);
        return;
      } catch (const std::runtime_error& e) {
        const bool in_use = std::string(e.what()).find("in use") != std::string::npos;
        if (!in_use || attempt == 3) throw;
      }
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() { end(); }

  /// A word that the script said behind `ready`.
  const std::string& word(std::size_t k) const { return words_.at(k); }
  /// Says a line to the script, and waits for the next `ready`.
  void tell(const std::string& line) {
    if (write(keep_, (line + "\n").data(), line.size() + 1) < 0)
      throw std::runtime_error(name_ + " is gone");
    read_ready();
  }

 private:
  void start(std::vector<std::string>& arguments) {
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe for " + name_);
    std::vector<char*> argv;
    for (std::string& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    keep_ = in[1];
    out_ = out[0];
    read_ready();
  }

  void read_ready() {
    std::string said;
    while (said.find("ready") == std::string::npos || said.back() != '\n') {
      char c = 0;
      if (read(out_, &c, 1) != 1) {
        end();
        throw std::runtime_error("the service " + name_ + " does not start: " + said);
      }
      said += c;
    }
    std::istringstream words(said.substr(said.find("ready") + 5));
    words_.clear();
    for (std::string w; words >> w;) words_.push_back(w);
  }

  void end() {
    if (keep_ < 0) return;
    close(keep_);
    close(out_);
    keep_ = -1;
    waitpid(pid_, nullptr, 0);
  }

  std::string name_;
  pid_t pid_ = -1;
  int keep_ = -1;
  int out_ = -1;
  std::vector<std::string> words_;
};

}  // namespace cloud_net_test
