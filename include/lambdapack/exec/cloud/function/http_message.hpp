// One HTTP request from a socket, with limits on everything, and one answer to it.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "lambdapack/exec/cloud/net/profile_file.hpp"
#include "lambdapack/exec/cloud/net/request.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud::function {

/// A request, or the status that refuses it.
struct Incoming {
  std::string method{};
  std::string path{};
  std::string authorization{};
  std::string id{};
  std::string body{};
  int refused = 0;
  std::string why{};
};

namespace detail {

inline constexpr std::size_t most_head = 16384, most_body = 1 << 20;

/// Reads what there is; false at the end of the stream, or when `until` has come.
inline bool read_some(int s, std::string& buffer, std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
  pollfd there{s, POLLIN, 0};
  if (left.count() <= 0 || poll(&there, 1, static_cast<int>(left.count())) <= 0) return false;
  char bytes[8192];
  const ssize_t n = recv(s, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  buffer.append(bytes, static_cast<std::size_t>(n));
  return true;
}

inline Incoming refuse(int status, std::string why) {
  Incoming call;
  call.refused = status;
  call.why = std::move(why);
  return call;
}

struct Head {
  Incoming call{};
  std::size_t length = 0;
  bool chunked = false;
  bool good = false;
  bool waits = false;  ///< for "100 Continue"
};

inline void take_header(std::string_view name, std::string_view value, Head& head) {
  if (net::same_name(name, "Authorization")) head.call.authorization = value;
  if (net::same_name(name, "X-Request-Id")) head.call.id = value;
  if (net::same_name(name, "Transfer-Encoding")) head.chunked = true;
  if (net::same_name(name, "Expect")) head.waits = true;
  if (!net::same_name(name, "Content-Length")) return;
  head.length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') head.good = false;
    if (head.length <= most_body)
      head.length = head.length * 10 + static_cast<std::size_t>(c - '0');
  }
}

inline Head read_head(std::string_view lines) {
  Head head;
  const std::string_view first = lines.substr(0, lines.find("\r\n"));
  const std::size_t blank = first.find(' '), last = first.rfind(' ');
  if (blank == std::string_view::npos || last <= blank ||
      !first.substr(last + 1).starts_with("HTTP/1."))
    return head;
  head.good = true;
  head.call.method = first.substr(0, blank);
  const std::string_view target = first.substr(blank + 1, last - blank - 1);
  head.call.path = target.substr(0, target.find('?'));
  lines.remove_prefix(std::min(first.size() + 2, lines.size()));
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      head.good = false;
      return head;
    }
    take_header(line.substr(0, colon), net::detail::stripped(line.substr(colon + 1)), head);
  }
  return head;
}

inline void send_all(int s, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = send(s, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace detail

/// Reads a request, for `time` at most.
inline Incoming receive(int s, std::chrono::milliseconds time = std::chrono::seconds(10)) {
  const auto until = std::chrono::steady_clock::now() + time;
  std::string buffer;
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
    if (buffer.size() > detail::most_head) return detail::refuse(431, "the head is too long");
    if (!detail::read_some(s, buffer, until)) return detail::refuse(408, "no request has come");
  }
  detail::Head head = detail::read_head(std::string_view(buffer).substr(0, end + 2));
  if (!head.good) return detail::refuse(400, "this is no HTTP/1.1");
  if (head.chunked) return detail::refuse(411, "expected is a body with Content-Length");
  if (head.length > detail::most_body) return detail::refuse(413, "the body is too long");
  if (head.waits) detail::send_all(s, "HTTP/1.1 100 Continue\r\n\r\n");
  head.call.body = buffer.substr(end + 4);
  while (head.call.body.size() < head.length)
    if (!detail::read_some(s, head.call.body, until))
      return detail::refuse(400, "the body ends early");
  head.call.body.resize(head.length);
  return head.call;
}

/// Answers, and says that nothing more comes.
inline void respond(int s, int status, std::string_view body,
                    std::string_view type = "text/plain; charset=utf-8") {
  const std::string_view more = status == 429 ? "Retry-After: 1\r\n" : "";
  detail::send_all(s, text({"HTTP/1.1 ", status, status < 300 ? " OK" : " No",
                            "\r\nContent-Type: ", type, "\r\nContent-Length: ", body.size(), "\r\n",
                            more, "Connection: close\r\n\r\n", body}));
  shutdown(s, SHUT_WR);
  // What the caller still says is read: else it would not get to read the answer.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  for (std::string rest; rest.size() < 65536 && detail::read_some(s, rest, until);) {
  }
}

}  // namespace lambdapack::exec::cloud::function
