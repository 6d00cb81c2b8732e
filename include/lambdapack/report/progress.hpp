// Waiting for a run in front of a terminal.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/report/detail/svg.hpp"

namespace lambdapack {

namespace report::detail {

/// "cholesky  120/364 tasks, 33 %, 1.2 s, 2.4 s to go"; without a total "cholesky  120 tasks, 1.2
/// s".
inline std::string progress_text(const char* what, const exec::Progress& progress, double seconds) {
  if (progress.total <= 0)
    return text({what, "  ", counted(progress.done, "task"), ", ", duration(seconds)});
  const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
  std::string s = text({what, "  ", grouped(progress.done), "/", grouped(progress.total),
                        " tasks, ", static_cast<int>(100 * share), " %, ", duration(seconds)});
  if (progress.done > 0 && progress.done < progress.total)
    s += text({", ", duration(seconds / share - seconds), " to go"});
  return s;
}

/// One line of a terminal, rewritten in place; it is gone when the object is.
class TerminalLine {
 public:
  TerminalLine() = default;
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;
  ~TerminalLine() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }

  void show(std::string line) {
    std::size_t end = 0, room = columns();
    while (end < line.size() && room-- > 0)
      end += std::max<std::size_t>(1, utf8_length(line.substr(end)));
    line.resize(std::min(end, line.size()));
    std::fputs(text({"\r", line, "\x1b[K"}).c_str(), stderr);
    shown_ = true;
  }

 private:
  // One less than there are: a full line wraps on some terminals.
  static std::size_t columns() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u
                                                                             : 79u;
  }

  bool shown_ = false;
};

}  // namespace report::detail

/// `handle.wait()`, with a line on stderr meanwhile that tells how far the run is, if stderr is a
/// terminal. `what` is what the line calls the run.
inline exec::Report wait_with_progress(exec::Handle& handle, const char* what) {
  using namespace std::chrono;
  if (::isatty(STDERR_FILENO) == 1) {
    report::detail::TerminalLine line;
    const auto begin = steady_clock::now();
    while (!handle.wait_for(milliseconds(150)))
      line.show(report::detail::progress_text(
          what, handle.progress(), duration<double>(steady_clock::now() - begin).count()));
  }
  return handle.wait();
}

/// The same: `wait_with_progress(lp::start(lp::threads{2}, cholesky<double>, A), "cholesky")`.
inline exec::Report wait_with_progress(exec::Handle&& handle, const char* what) {
  return wait_with_progress(handle, what);
}

}  // namespace lambdapack
