// Connections to a Redis server, and what it says on them.
#pragma once

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/time.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/digest.hpp"
#include "lambdapack/exec/cloud/net/printable.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/exec/cloud/redis/place.hpp"

namespace lambdapack::exec::cloud::redis {

/// What Redis answers: nothing, a number, a text or a list of such.
class Reply {
 public:
  explicit Reply(redisReply* reply) : reply_(reply, &free), at_(reply) {}

  bool is_error() const { return at_->type == REDIS_REPLY_ERROR; }
  bool is_nothing() const { return at_->type == REDIS_REPLY_NIL; }

  std::string_view text() const {
    if (at_->type != REDIS_REPLY_STRING && at_->type != REDIS_REPLY_STATUS &&
        at_->type != REDIS_REPLY_ERROR)
      unexpected();
    return {at_->str, static_cast<std::size_t>(at_->len)};
  }
  /// A number, also where it is written as a text.
  std::int64_t integer() const {
    if (at_->type == REDIS_REPLY_INTEGER) return at_->integer;
    const std::string_view digits = text();
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || rest != digits.data() + digits.size()) unexpected();
    return value;
  }
  std::size_t size() const {
    if (at_->type != REDIS_REPLY_ARRAY) unexpected();
    return at_->elements;
  }
  Reply operator[](std::size_t k) const {
    if (k >= size()) unexpected();
    return {reply_, at_->element[k]};
  }

 private:
  Reply(std::shared_ptr<redisReply> reply, const redisReply* at)
      : reply_(std::move(reply)), at_(at) {}

  [[noreturn]] static void unexpected() {
    throw run_error(
        "lambdapack: Redis answers something else than was asked for; check that no other program, "
        "and no other version of lambdapack, writes keys lambdapack:{...} there");
  }

  static void free(redisReply* reply) { freeReplyObject(reply); }

  std::shared_ptr<redisReply> reply_;
  const redisReply* at_;
};

/// When a server is given up.
struct Limits {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds answer{10000};
};

/// Whether an error is of the server's state, and not of the command. Redis 5 and 6 name the one
/// that a script has met within their own.
inline bool may_pass(std::string_view said) {
  for (const char* passing :
       {"LOADING", "BUSY ", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "TRYAGAIN", "OOM",
        "NOREPLICAS", "MISCONF", "ERR max number of clients"})
    if (said.starts_with(passing)) return true;
  if (!said.starts_with("ERR Error running script")) return false;
  for (const char* met : {" -OOM ", " -MISCONF ", " -READONLY ", " -NOREPLICAS "})
    if (said.find(met) != std::string_view::npos) return true;
  return false;
}

/// Connections to one server. Each is used by one caller at a time; one that fails is closed.
class Connections {
 public:
  explicit Connections(Place place, Limits limits = {})
      : place_(std::move(place)), limits_(limits) {}

  const Place& place() const { return place_; }

  /// The answer to a command, which may be an error that the server gives for this command alone.
  /// Throws `unavailable` if there is no answer or the server is not ready, and input_error if it
  /// lets nobody in.
  Reply command(const std::vector<std::string_view>& words) {
    Connection connection = take();
    std::optional<Reply> reply = send(connection.get(), words);
    if (!reply) throw gone(connection.get(), "sends no answer");
    judge(*reply);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
    return *reply;
  }

  /// "lambdapack: redis://host:port ...", with what to do.
  std::string sentence(std::string_view what) const {
    return lambdapack::text({"lambdapack: ", place_.describe(), " ", what});
  }

 private:
  struct Free {
    void operator()(redisContext* c) const { redisFree(c); }
  };
  using Connection = std::unique_ptr<redisContext, Free>;

  static timeval time(std::chrono::milliseconds ms) {
    return {static_cast<time_t>(ms.count() / 1000),
            static_cast<suseconds_t>(ms.count() % 1000 * 1000)};
  }

  Connection take() {
    {
      const std::lock_guard lock(mutex_);
      while (!idle_.empty()) {
        Connection connection = std::move(idle_.back());
        idle_.pop_back();
        if (is_alive(connection.get())) return connection;
      }
    }
    return connect();
  }

  // Nothing is due on an idle connection: what can be read is its end.
  static bool is_alive(redisContext* c) {
    pollfd there{c->fd, POLLIN, 0};
    return poll(&there, 1, 0) == 0;
  }

  Connection connect() const {
    Connection c(redisConnectWithTimeout(place_.host.c_str(), place_.port, time(limits_.connect)));
    if (!c) throw std::bad_alloc();
    if (c->err != 0) throw gone(c.get(), "cannot be reached");
    redisSetTimeout(c.get(), time(limits_.answer));
    if (!place_.password.empty()) {
      std::vector<std::string_view> words{"AUTH", place_.password};
      if (!place_.user.empty()) words.insert(words.begin() + 1, place_.user);
      let_in(c.get(), words);
    }
    if (place_.database != 0) let_in(c.get(), {"SELECT", std::to_string(place_.database)});
    return c;
  }

  void let_in(redisContext* c, const std::vector<std::string_view>& words) const {
    const std::optional<Reply> reply = send(c, words);
    if (!reply) throw gone(c, "sends no answer");
    judge(*reply);
    if (reply->is_error())
      throw input_error(
          sentence(lambdapack::text({"refuses ", words[0], " (", net::printable(reply->text(), 80),
                                     "); check user, password (REDISCLI_AUTH) and database"})));
  }

  static std::optional<Reply> send(redisContext* c, const std::vector<std::string_view>& words) {
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    for (const std::string_view w : words) {
      starts.push_back(w.data());
      sizes.push_back(w.size());
    }
    void* reply = redisCommandArgv(c, static_cast<int>(words.size()), starts.data(), sizes.data());
    if (reply == nullptr) return std::nullopt;
    return Reply(static_cast<redisReply*>(reply));
  }

  unavailable gone(const redisContext* c, std::string_view what) const {
    return unavailable(sentence(
        lambdapack::text({what, " (", net::printable(c->errstr, 100),
                          "); check that the server runs and that host and port are right"})));
  }

  // Errors that have nothing to do with the command.
  void judge(const Reply& reply) const {
    if (!reply.is_error()) return;
    const std::string_view said = reply.text();
    if (may_pass(said))
      throw unavailable(sentence(
          lambdapack::text({"is not ready (", net::printable(said, 200), "); see its log"})));
    for (const char* locked : {"NOAUTH", "WRONGPASS", "NOPERM"})
      if (said.starts_with(locked))
        throw input_error(sentence(lambdapack::text(
            {"lets nobody in so (", net::printable(said, 80),
             "); say redis://user@host and put the password into REDISCLI_AUTH"})));
    if (said.starts_with("MOVED") || said.starts_with("ASK"))
      throw input_error(
          sentence(lambdapack::text({"is a node of a cluster that does not hold this run (",
                                     net::printable(said, 80), "); name the node that it says"})));
  }

  Place place_;
  Limits limits_;
  std::mutex mutex_;
  std::vector<Connection> idle_;
};

/// A script that runs in the server, all of it or nothing.
class Script {
 public:
  explicit Script(std::string source) : source_(std::move(source)) {}

  /// What it returns. A server that has forgotten it, or never knew, is given it again.
  Reply run(Connections& connections, const std::string& key,
            const std::vector<std::string>& arguments) const {
    std::vector<std::string_view> words{"EVALSHA", digest_, "1", key};
    words.insert(words.end(), arguments.begin(), arguments.end());
    Reply reply = connections.command(words);
    if (reply.is_error() && reply.text().starts_with("NOSCRIPT")) {
      words[0] = "EVAL";
      words[1] = source_;
      reply = connections.command(words);
    }
    if (reply.is_error())
      throw run_error(connections.sentence(lambdapack::text(
          {"fails a script of lambdapack (", net::printable(reply.text(), 200),
           "); Redis 5 or newer is expected, and keys lambdapack:{...} that nobody else writes"})));
    return reply;
  }

 private:
  std::string source_;
  std::string digest_ = net::hex(net::sha1(source_));
};

}  // namespace lambdapack::exec::cloud::redis
