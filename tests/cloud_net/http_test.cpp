// The HTTP client, against a server that behaves and one that does not.
#include <catch2/catch.hpp>
#include <thread>

#include "lambdapack/exec/cloud/net/http.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"
#include "server.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace http_test {

namespace cloud = lambdapack::exec::cloud;
namespace net = lambdapack::exec::cloud::net;
using namespace cloud_net_test;
using Catch::Matchers::Contains;

namespace {

net::Request to(const Server& server, const std::string& path = "/",
                std::chrono::seconds stall = std::chrono::seconds(30)) {
  net::Request request;
  request.origin = server.url();
  request.path = path;
  request.timeouts = {std::chrono::seconds(30), stall};
  return request;
}

}  // namespace

TEST_CASE("a request arrives as it was meant") {
  const Surroundings none;
  Server server([](const Asked&) { return Answer{.status = 201, .headers = {{"X-A", "b"}}}; });
  net::Http http;
  net::Request request = to(server, "/a b/../c+");
  request.method = "PUT";
  request.query = {{"z", ""}, {"a", "1 2"}};
  request.headers = {{"X-One", "1"}};
  request.body = "body";
  const net::Response answer = http.send(request);
  CHECK(answer.status == 201);
  CHECK(answer.header("x-a") == "b");
  const Asked asked = server.asked().at(0);
  CHECK(asked.method == "PUT");
  CHECK(asked.target == "/a%20b/../c%2B?a=1%202&z=");
  CHECK(asked.body == "body");
  CHECK(asked.header("x-one") == "1");
  CHECK_FALSE(asked.headers.contains("expect"));
  CHECK_FALSE(asked.headers.contains("content-type"));
}

TEST_CASE("bodies of all sizes go there and come back") {
  const Surroundings none;
  Server server([](const Asked& asked) { return Answer{.body = asked.body}; });
  net::Http http;
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 3000000U}) {
    std::string body(size, '\0');
    for (std::size_t k = 0; k < size; ++k) body[k] = static_cast<char>(k * 31 >> 3);
    net::Request request = to(server);
    request.method = "POST";
    request.body = body;
    CHECK((http.send(request).body == body));
  }
}

TEST_CASE("connections are used again, by one thread at a time") {
  const Surroundings none;
  Server server([](const Asked&) { return Answer{}; });
  net::Http http;
  for (int k = 0; k < 10; ++k) http.send(to(server));
  CHECK(server.connections() == 1);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) http.send(to(server));
    });
  threads.clear();
  CHECK(server.asked().size() == 50);
  CHECK(server.connections() <= 4);
}

TEST_CASE("a connection that died while it was idle is replaced") {
  const Surroundings none;
  Server server([](const Asked& asked) { return Answer{.body = asked.body}; });
  net::Http http;
  for (const char* method : {"GET", "PUT", "POST"}) {
    net::Request request = to(server);
    request.method = method;
    if (std::string(method) != "GET") request.body = "again";
    http.send(request);
    server.close_connections();
    CHECK(http.send(request).body == request.body);
  }
}

TEST_CASE("no answer, and half of one, are told") {
  const Surroundings none;
  net::Http http;
  const auto said = [&](const Answer& answer) {
    Server server([&](const Asked&) { return answer; });
    const auto stall = std::chrono::seconds(answer.stall ? 1 : 30);
    return test_support::said<cloud::unavailable>([&] { http.send(to(server, "/key", stall)); });
  };
  CHECK_THAT(said({.body = "12345678", .cut_after = 4}),
             Contains("lambdapack: GET http://127.0.0.1:") && Contains("/key: no answer") &&
                 Contains("the connection was cut"));
  CHECK_THAT(said({.silent_close = true}), Contains("the connection was cut"));
  CHECK_THAT(said({.stall = true}), Contains("overloaded or stuck"));
}

TEST_CASE("a server that is not there is told") {
  const Surroundings none;
  net::Request request;
  {
    Server server([](const Asked&) { return Answer{}; });
    request = to(server);
  }
  net::Http http;
  CHECK_THAT(test_support::said<cloud::unavailable>([&] { http.send(request); }),
             Contains("check that the server runs"));
}

TEST_CASE("an answer that is too long is refused") {
  const Surroundings none;
  Server server([](const Asked&) { return Answer{.body = std::string(2000, 'x')}; });
  net::Http http;
  net::Request request = to(server);
  request.most_bytes = 1000;
  CHECK_THAT(test_support::said<lp::run_error>([&] { http.send(request); }),
             Contains("longer than 1000 bytes"));
}

TEST_CASE("redirections are not followed, nor other protocols spoken") {
  const Surroundings none;
  Server server([](const Asked&) {
    return Answer{.status = 307, .headers = {{"Location", "http://127.0.0.1:1/"}}};
  });
  net::Http http;
  CHECK(http.send(to(server)).status == 307);
  net::Request file;
  file.origin = "file://";
  file.path = "/etc/hostname";
  CHECK_THROWS_AS(http.send(file), lp::error);
}

TEST_CASE("attempts end") {
  net::Attempts attempts({.attempts = 3, .first_wait = std::chrono::milliseconds(1)});
  CHECK(attempts.again());
  CHECK(attempts.again());
  CHECK_FALSE(attempts.again());
  CHECK(attempts.made() == 3);
}

}  // namespace http_test
