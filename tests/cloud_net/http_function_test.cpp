// Workers behind HTTP, from both sides.
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lambdapack/exec/cloud/function/http_front_end.hpp"
#include "lambdapack/exec/cloud/function/http_starter.hpp"
#include "lambdapack/exec/cloud/net/retry.hpp"
#include "server.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace http_function_test {

namespace cloud = lambdapack::exec::cloud;
namespace net = lambdapack::exec::cloud::net;
using namespace cloud_net_test;
using Catch::Matchers::Contains;
using test_support::said;

namespace {

constexpr char token[] = "hidden-token-hidden-token";

/// A worker that answers until the test is over.
struct Listening {
  explicit Listening(cloud::Handler h) : handler(std::move(h)) {}
  ~Listening() {
    front_end.stop();
    thread.join();
  }

  net::Request request(const std::string& path = "/invoke") const {
    net::Request request;
    request.method = "POST";
    request.origin = "http://127.0.0.1:" + std::to_string(front_end.port());
    request.path = path;
    request.headers = {{"Authorization", std::string("Bearer ") + token}};
    return request;
  }
  std::string url() const { return request().origin; }

  cloud::Handler handler;
  cloud::HttpFrontEnd front_end{0, token};
  std::thread thread{[this] { front_end.serve(handler); }};
};

/// What the server says to these bytes.
std::string raw(int port, const std::string& bytes) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  send(s, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  shutdown(s, SHUT_WR);
  std::string said;
  char some[4096];
  for (ssize_t n = 0; (n = recv(s, some, sizeof some, 0)) > 0;)
    said.append(some, static_cast<std::size_t>(n));
  close(s);
  return said;
}

/// Lets a handler wait until the test has seen it.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool entered = false, open = false;

  void pass() {
    std::unique_lock lock(mutex);
    entered = true;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
  }
  void await_entry() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return entered; });
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

}  // namespace

TEST_CASE("a call with the token is answered") {
  const Surroundings none;
  Listening worker([](const cloud::Invocation& i) {
    CHECK(i.id == "call-7");
    return cloud::Result{"{\"was\": \"" + i.body + "\"}"};
  });
  net::Http http;
  net::Request request = worker.request();
  request.headers.push_back({"X-Request-Id", "call-7"});
  request.body = "body";
  const net::Response answer = http.send(request);
  CHECK(answer.status == 200);
  CHECK(answer.body == "{\"was\": \"body\"}");
  CHECK(answer.header("Content-Type") == "application/json");
  request.method = "GET";
  request.path = "/";
  request.headers.clear();
  CHECK(http.send(request).status == 200);
}

TEST_CASE("a call without the token is refused") {
  const Surroundings none;
  Listening worker([](const cloud::Invocation&) -> cloud::Result { throw std::logic_error("no"); });
  net::Http http;
  for (const std::string authorization :
       {"", "Bearer", "Bearer hidden-token", "Basic hidden-token-hidden-token",
        "Bearer hidden-token-hidden-tokeX", "Bearer hidden-token-hidden-token1"}) {
    net::Request request = worker.request();
    request.headers = {{"Authorization", authorization}};
    const net::Response answer = http.send(request);
    CHECK(answer.status == 401);
    CHECK_THAT(answer.body, Contains("LAMBDAPACK_WORKER_TOKEN") && !Contains("hidden"));
  }
  CHECK(http.send(worker.request("/other")).status == 404);
  net::Request get = worker.request();
  get.method = "GET";
  CHECK(http.send(get).status == 405);
}

TEST_CASE("what goes wrong in a call is told to the caller") {
  const Surroundings none;
  Listening worker([](const cloud::Invocation& i) -> cloud::Result {
    if (i.body == "input") throw lp::input_error("lambdapack: not this");
    throw lp::run_error("lambdapack: not now");
  });
  net::Http http;
  net::Request request = worker.request();
  request.body = "input";
  CHECK(http.send(request).status == 400);
  CHECK(http.send(request).body == "lambdapack: not this");
  request.body = "run";
  CHECK(http.send(request).status == 500);
  CHECK(http.send(request).body == "lambdapack: not now");
}

TEST_CASE("a worker has one call at a time") {
  const Surroundings none;
  Gate gate;
  Listening worker([&](const cloud::Invocation&) {
    gate.pass();
    return cloud::Result{};
  });
  net::Http http;
  std::thread first([&] { CHECK(http.send(worker.request()).status == 200); });
  gate.await_entry();
  const net::Response second = http.send(worker.request());
  CHECK(second.status == 429);
  CHECK(second.header("Retry-After") == "1");
  gate.let_go();
  first.join();
}

TEST_CASE("a worker that is to end finishes its call, which is told") {
  const Surroundings none;
  Gate gate;
  std::atomic<bool> told = false;
  Listening worker([&](const cloud::Invocation& i) {
    CHECK(i.goes_on());
    gate.pass();
    told = !i.goes_on();
    return cloud::Result{"\"finished\""};
  });
  net::Http http;
  std::thread caller([&] { CHECK(http.send(worker.request()).body == "\"finished\""); });
  gate.await_entry();
  worker.front_end.stop();
  gate.let_go();
  caller.join();
  CHECK(told);
}

TEST_CASE("requests that are none are refused, whatever they are") {
  const Surroundings none;
  Listening worker([](const cloud::Invocation&) { return cloud::Result{}; });
  const auto status = [&](const std::string& bytes) {
    const std::string said = raw(worker.front_end.port(), bytes);
    return said.size() < 12 ? said : said.substr(9, 3);
  };
  CHECK(status("") == "408");
  CHECK(status("\r\n\r\n") == "400");
  CHECK(status("GET / HTTP/1.1\r\nno header\r\n\r\n") == "400");
  CHECK(status("GET / SMTP\r\n\r\n") == "400");
  CHECK(status("POST /invoke HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == "400");
  CHECK(status("POST /invoke HTTP/1.1\r\nContent-Length: 7\r\n\r\nabc") == "400");
  CHECK(status("POST /invoke HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n") ==
        "413");
  CHECK(status("POST /invoke HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == "411");
  CHECK(status("GET /" + std::string(20000, 'x')) == "431");
  CHECK(status("GET / HTTP/1.1\r\n\r\n") == "200");
}

TEST_CASE("a worker without a token, or without a port, does not listen") {
  Surroundings s;
  CHECK_THAT(
      said<lp::input_error>([] { cloud::HttpFrontEnd front_end(0, "short"); }),
      Contains("LAMBDAPACK_WORKER_TOKEN is to have 16 characters or more") && !Contains("short "));
  const cloud::HttpFrontEnd there(0, token);
  CHECK_THAT(said<lp::input_error>([&] { cloud::HttpFrontEnd second(there.port(), token); }),
             Contains("cannot be listened on") && Contains("set PORT"));
  const cloud::FrontEnd front_end = cloud::http_front_end();
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  s.set("PORT", "");
  CHECK_FALSE(front_end.is_wanted());
  s.set("PORT", "many");
  CHECK(front_end.is_wanted());
  CHECK(front_end.serve([](const cloud::Invocation&) { return cloud::Result{}; }) == 1);
}

TEST_CASE("SIGTERM ends a worker in good order") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  s.set("PORT", "0");
  std::atomic<int> ended = -1;
  std::jthread worker([&] {
    ended = cloud::http_front_end().serve([](const cloud::Invocation&) { return cloud::Result{}; });
  });
  while (ended < 0 && cloud::function::serving() == nullptr)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE(ended < 0);
  net::Http http;
  net::Request request;
  request.origin = "http://127.0.0.1:" + std::to_string(cloud::function::serving().load()->port());
  CHECK(http.send(request).status == 200);
  raise(SIGTERM);
  worker.join();
  CHECK(ended == 0);
}

TEST_CASE("a call for each worker, as long as it works") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  Gate gate;
  std::string body;
  Listening worker([&](const cloud::Invocation& i) {
    body = i.body;
    gate.pass();
    return cloud::Result{};
  });
  cloud::HttpStarter starter(worker.url());
  starter.start("cloud://?name=client-1&run=r&store=s3://b");
  gate.await_entry();
  CHECK(starter.running() == 1);
  CHECK(cloud::Url(cloud::called_url(body)).get("run") == "r");
  CHECK_THAT(cloud::Url(cloud::called_url(body)).get("name"),
             Catch::Matchers::StartsWith("client-1-"));
  gate.let_go();
  while (starter.running() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  CHECK(starter.failures() == 0);
}

TEST_CASE("calls that come to nothing are counted and said") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  const auto failed = [](const std::string& url) {
    cloud::HttpStarter starter(url);
    starter.start("cloud://?run=r");
    while (starter.running() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(starter.failures() == 1);
    CHECK_THAT(starter.last_failure(), !Contains("hidden"));
    return starter.last_failure();
  };
  Listening worker([](const cloud::Invocation&) -> cloud::Result {
    throw lp::input_error("lambdapack: another program");
  });
  CHECK_THAT(failed(worker.url()), Contains("answers 400 (lambdapack: another program)"));
  CHECK_THAT(failed("http://127.0.0.1:1"), Contains("check that the server runs"));
  s.set("LAMBDAPACK_WORKER_TOKEN", "hidden-other-token");
  CHECK_THAT(failed(worker.url()),
             Contains("answers 401") && Contains("LAMBDAPACK_WORKER_TOKEN is the same"));
}

TEST_CASE("a platform that has no machine left gets time, and no worker has died of it") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  for (const int status : {429, 503}) {
    Server full([&](const Asked&) { return Answer{.status = status}; });
    cloud::HttpStarter starter(full.url());
    starter.start("cloud://?run=r");
    while (starter.running() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(starter.failures() == 0);
    CHECK_THAT(starter.last_failure(), Contains("answers " + std::to_string(status)));
  }
}

TEST_CASE("a starter that ends does not wait for workers that do not") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  Server stuck([](const Asked&) { return Answer{.stall = true}; });
  cloud::HttpStarter starter(stuck.url() + "/function/tiles?x=1");
  starter.start("cloud://?run=r");
  while (stuck.asked().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  starter.end();
  CHECK(starter.running() == 0);
  CHECK(starter.failures() == 0);
  CHECK(stuck.asked()[0].target == "/function/tiles?x=1");
}

TEST_CASE("what names no worker is refused") {
  Surroundings s;
  s.set("LAMBDAPACK_WORKER_TOKEN", "");
  CHECK_THAT(said<lp::input_error>([] { cloud::HttpStarter starter("http://h"); }),
             Contains("LAMBDAPACK_WORKER_TOKEN is not set"));
  s.set("LAMBDAPACK_WORKER_TOKEN", token);
  CHECK_THAT(said<lp::input_error>([] { cloud::HttpStarter starter("http://u:hidden@h"); }),
             Contains("with the token in LAMBDAPACK_WORKER_TOKEN") && !Contains("hidden"));
}

}  // namespace http_function_test
