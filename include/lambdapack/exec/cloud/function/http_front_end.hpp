// Workers behind HTTP: a small server that a container platform calls.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "lambdapack/exec/cloud/function/http_message.hpp"
#include "lambdapack/exec/cloud/function/http_starter.hpp"
#include "lambdapack/exec/cloud/function/invocation.hpp"

namespace lambdapack::exec::cloud {

/// Answers `POST /invoke` of those who show the token, one call at a time: another one meanwhile is
/// answered 429, so that the platform gives it another machine. `GET /` says that it is there.
class HttpFrontEnd {
 public:
  /// Listens on all addresses; port 0 is any that is free. Throws input_error if the token is too
  /// short to be one, or the port cannot be had.
  HttpFrontEnd(int port, std::string token) : token_(std::move(token)) {
    if (token_.size() < 16)
      throw input_error(text({"lambdapack: ", token_variable,
                              " is to have 16 characters or more, such as openssl rand -hex 16 "
                              "prints"}));
    listen_on(port);
  }
  HttpFrontEnd(const HttpFrontEnd&) = delete;
  HttpFrontEnd& operator=(const HttpFrontEnd&) = delete;
  ~HttpFrontEnd() { close(listener_); }

  int port() const { return port_; }

  /// Until `stop`; a call that is under way is finished.
  void serve(const Handler& handler) {
    std::list<Connection> connections;
    while (!stopping_) {
      pollfd there{listener_, POLLIN, 0};
      if (poll(&there, 1, 100) > 0) {
        const int s = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const bool is_taken =
            s >= 0 && connections.size() < most_connections && begin(connections, s, handler);
        if (s >= 0 && !is_taken) close(s);
      }
      std::erase_if(connections, [](Connection& c) {
        if (!c.over) return false;
        c.thread.join();
        return true;
      });
    }
    for (Connection& c : connections) c.thread.join();
  }

  /// Takes no more calls. May be called by a signal's handler.
  void stop() { stopping_ = true; }

 private:
  static constexpr std::size_t most_connections = 64;

  struct Connection {
    std::thread thread;
    std::atomic<bool> over = false;
  };

  // False where the system has no more threads: the caller tries again.
  bool begin(std::list<Connection>& connections, int s, const Handler& handler) {
    Connection& c = connections.emplace_back();
    try {
      c.thread = std::thread([this, s, &c, &handler] {
        answer(s, handler);
        close(s);
        c.over = true;
      });
      return true;
    } catch (const std::system_error&) {
      connections.pop_back();
      return false;
    }
  }

  void listen_on(int port) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t size = sizeof address;
    auto* const a = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || bind(listener_, a, size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, a, &size) != 0) {
      const std::string why = std::strerror(errno);
      if (listener_ >= 0) close(listener_);
      throw input_error(text({"lambdapack: port ", port, " cannot be listened on: ", why,
                              "; set PORT to one that is free"}));
    }
    port_ = ntohs(address.sin_port);
  }

  void answer(int s, const Handler& handler) {
    const function::Incoming call = function::receive(s);
    if (call.refused != 0) return function::respond(s, call.refused, call.why);
    if (call.method == "GET" && call.path == "/") return function::respond(s, 200, "lambdapack");
    if (call.path != "/invoke")
      return function::respond(s, 404, "there is only POST /invoke, and GET / to see if it lives");
    if (call.method != "POST") return function::respond(s, 405, "expected is POST /invoke");
    if (!is_token(call.authorization))
      return function::respond(
          s, 401, text({"expected is Authorization: Bearer, with the token of ", token_variable}));
    std::unique_lock busy(busy_, std::try_to_lock);
    if (!busy.owns_lock() || stopping_)
      return function::respond(s, 429, "this worker has a call already");
    // Who has an answer may call again at once: it is given when the next call can be taken.
    const auto respond = [&](int status, const std::string& body, const char* type) {
      busy.unlock();
      function::respond(s, status, body, type);
    };
    Result result;
    try {
      result = handler({call.id, call.body, std::nullopt, [this] { return !stopping_; }});
    } catch (const input_error& e) {
      return respond(400, e.what(), "text/plain; charset=utf-8");
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      return respond(500, e.what(), "text/plain; charset=utf-8");
    }
    respond(200, result.body, "application/json");
  }

  // In a time that does not tell how much of it was right.
  bool is_token(std::string_view authorization) const {
    constexpr std::string_view scheme = "Bearer ";
    if (!authorization.starts_with(scheme)) return false;
    authorization.remove_prefix(scheme.size());
    return authorization.size() == token_.size() &&
           CRYPTO_memcmp(authorization.data(), token_.data(), token_.size()) == 0;
  }

  std::string token_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex busy_;
};

namespace function {

/// The one of this process, while it serves.
inline std::atomic<HttpFrontEnd*>& serving() {
  static std::atomic<HttpFrontEnd*> front_end = nullptr;
  return front_end;
}

/// SIGTERM ends a front end as long as this lives.
class Serving {
 public:
  explicit Serving(HttpFrontEnd& front_end) {
    struct sigaction on_end {};
    on_end.sa_handler = [](int) {
      if (HttpFrontEnd* const there = serving()) there->stop();
    };
    sigaction(SIGTERM, &on_end, &before_);
    serving() = &front_end;
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving() {
    serving() = nullptr;
    sigaction(SIGTERM, &before_, nullptr);
  }

 private:
  struct sigaction before_ {};
};

inline int serve_http(const Handler& handler) {
  try {
    const std::string port = net::environment("PORT").value_or("8080");
    HttpFrontEnd front_end(port == "0" ? 0 : net::detail::read_port("PORT=" + port, port),
                           net::environment(token_variable).value());
    const Serving ending(front_end);
    std::fprintf(stderr, "lambdapack: worker listens on port %d\n", front_end.port());
    front_end.serve(handler);
    return EXIT_SUCCESS;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return EXIT_FAILURE;
  }
}

}  // namespace function

/// HTTP as a front end: wanted where LAMBDAPACK_WORKER_TOKEN and PORT are set.
inline FrontEnd http_front_end() {
  return {[] { return net::environment(token_variable) && net::environment("PORT"); },
          function::serve_http};
}

}  // namespace lambdapack::exec::cloud
