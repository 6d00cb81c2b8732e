// A small HTTP server in the test's own process, which answers as a test tells it to, and worse.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cloud_net_test {

/// What has come in. Names of headers are in small letters.
struct Asked {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;

  std::string path() const { return target.substr(0, target.find('?')); }
  std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? "" : at->second;
  }
};

/// What to answer, and what to do wrong with it.
struct Answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::optional<std::size_t> cut_after{};  ///< sends that much of the body, and closes
  bool silent_close = false;               ///< closes without a word
  bool close_after = false;                ///< closes when all has been said
  bool no_body = false;                    ///< as HEAD is answered
  std::chrono::milliseconds delay{0};      ///< before the first byte
  bool stall = false;                      ///< not a word until the server ends
};

/// Listens on a free port of the loopback until it is destroyed.
class Server {
 public:
  using Handler = std::function<Answer(const Asked&)>;

  explicit Server(Handler handler) : handler_(std::move(handler)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("the test's server cannot listen");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close(listener_);
    close_connections();
    for (std::thread& t : threads_) t.join();
  }

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// All that has been asked so far.
  std::vector<Asked> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int connections() const { return connections_; }
  /// Closes every connection that is open, as a server does that has been idle for long.
  void close_connections() {
    const std::lock_guard lock(mutex_);
    for (const int s : open_) shutdown(s, SHUT_RDWR);
  }

 private:
  void accept_all() {
    while (true) {
      const int s = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (s < 0) return;
      const int one = 1;
      setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      ++connections_;
      const std::lock_guard lock(mutex_);
      open_.push_back(s);
      threads_.emplace_back([this, s] { serve(s); });
    }
  }

  void serve(int s) {
    std::string buffer;
    while (std::optional<Asked> asked = read(s, buffer)) {
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(*asked);
      }
      if (!answer(s, handler_(*asked))) break;
    }
    const std::lock_guard lock(mutex_);
    open_.remove(s);
    close(s);
  }

  static bool fill(int s, std::string& buffer) {
    char bytes[65536];
    const ssize_t n = recv(s, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(n));
    return true;
  }

  static std::optional<Asked> read(int s, std::string& buffer) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
      if (!fill(s, buffer)) return std::nullopt;
    Asked asked;
    std::size_t at = buffer.find("\r\n");
    const std::string first = buffer.substr(0, at);
    asked.method = first.substr(0, first.find(' '));
    asked.target = first.substr(asked.method.size() + 1, first.rfind(' ') - first.find(' ') - 1);
    while (at < end) {
      const std::size_t begin = at + 2;
      at = buffer.find("\r\n", begin);
      const std::string line = buffer.substr(begin, at - begin);
      std::string name = line.substr(0, line.find(':'));
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
      asked.headers[name] = value == std::string::npos ? "" : line.substr(value);
    }
    const std::string length = asked.header("content-length");
    const std::size_t size = length.empty() ? 0 : std::stoull(length);
    buffer.erase(0, end + 4);
    while (buffer.size() < size)
      if (!fill(s, buffer)) return std::nullopt;
    asked.body = buffer.substr(0, size);
    buffer.erase(0, size);
    return asked;
  }

  void wait(std::chrono::milliseconds time) const {
    for (auto left = time; left.count() > 0 && !ending_; left -= std::chrono::milliseconds(10))
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }

  bool answer(int s, const Answer& a) const {
    if (a.stall) wait(std::chrono::hours(1));
    wait(a.delay);
    if (a.silent_close || a.stall) {
      shutdown(s, SHUT_RDWR);
      return false;
    }
    std::string head = "HTTP/1.1 " + std::to_string(a.status) + " so\r\n";
    bool has_length = false;
    for (const auto& [name, value] : a.headers) {
      head += name + ": " + value + "\r\n";
      has_length = has_length || name == "Content-Length";
    }
    if (!has_length && a.status != 204)
      head += "Content-Length: " + std::to_string(a.body.size()) + "\r\n";
    const std::string all =
        head + "\r\n" + (a.no_body ? "" : a.body.substr(0, a.cut_after.value_or(a.body.size())));
    for (std::size_t sent = 0; sent < all.size();) {
      const ssize_t n = send(s, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    if (!a.cut_after && !a.close_after) return true;
    shutdown(s, SHUT_RDWR);
    return false;
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::thread acceptor_;
  std::atomic<bool> ending_ = false;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::list<int> open_;
  std::list<std::thread> threads_;
};

}  // namespace cloud_net_test
