// AWS Lambda, from both sides: a runtime that takes calls from the Runtime API, and a starter that
// makes them.
#include <catch2/catch.hpp>
#include <vector>

#include "lambdapack/exec/cloud/function/lambda_runtime.hpp"
#include "lambdapack/exec/cloud/function/lambda_starter.hpp"
#include "server.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace lambda_test {

namespace cloud = lambdapack::exec::cloud;
using namespace cloud_net_test;
using Catch::Matchers::Contains;
using test_support::said;

namespace {

constexpr char next[] = "/2018-06-01/runtime/invocation/next";

Answer call(const std::string& id, const std::string& body, const std::string& deadline) {
  return {.headers = {{"Lambda-Runtime-Aws-Request-Id", id},
                      {"Lambda-Runtime-Deadline-Ms", deadline},
                      {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:r:1:function:f"},
                      {"Lambda-Runtime-Trace-Id", "Root=" + id}},
          .body = body};
}

/// A Runtime API that hands out these calls, and is over then.
struct RuntimeApi {
  explicit RuntimeApi(std::vector<Answer> answers, int answer_status = 202)
      : calls(std::move(answers)), server([this, answer_status](const Asked& asked) {
          if (asked.target != next) return Answer{.status = answer_status};
          return at < calls.size() ? calls[at++] : Answer{.status = 500};
        }) {}

  /// What it says when it is over.
  std::string serve(const cloud::Handler& handler) {
    cloud::LambdaRuntime runtime("127.0.0.1:" + std::to_string(server.port()));
    return said<lp::run_error>([&] { runtime.serve(handler); });
  }
  /// What came in but for questions for calls.
  std::vector<Asked> answers() const {
    std::vector<Asked> found;
    for (const Asked& asked : server.asked())
      if (asked.target != next) found.push_back(asked);
    return found;
  }

  std::vector<Answer> calls;
  std::size_t at = 0;
  Server server;
};

std::string in_ms(long ms) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count() +
                        ms);
}

cloud::RetryPolicy quick() {
  return {.attempts = 3,
          .first_wait = std::chrono::milliseconds(1),
          .longest_wait = std::chrono::milliseconds(2)};
}

}  // namespace

TEST_CASE("calls are taken one after the other, and answered") {
  const Surroundings none;
  RuntimeApi api({call("one", "first", in_ms(60000)), call("two", "", "5000"),
                  call("three", "third", "soon")});
  std::vector<cloud::Invocation> seen;
  const std::string end = api.serve([&](const cloud::Invocation& i) {
    seen.push_back(i);
    CHECK(std::string(std::getenv("_X_AMZN_TRACE_ID")) == "Root=" + i.id);
    return cloud::Result{"[\"" + i.body + "\"]"};
  });
  CHECK_THAT(end, Contains("answers 500 and no call"));
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].deadline > std::chrono::system_clock::now());
  CHECK_FALSE(seen[1].deadline);
  CHECK_FALSE(seen[2].deadline);
  const std::vector<Asked> answers = api.answers();
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].method == "POST");
  CHECK(answers[0].target == "/2018-06-01/runtime/invocation/one/response");
  CHECK(answers[0].body == "[\"first\"]");
  CHECK(answers[1].body == "[\"\"]");
}

TEST_CASE("a call that fails is answered with what went wrong, and the next one is taken") {
  const Surroundings none;
  RuntimeApi api({call("bad", "", "0"), call("good", "", "0")});
  api.serve([](const cloud::Invocation& i) {
    if (i.id == "bad") throw lp::run_error("lambdapack: \"quoted\"\n\xff");
    return cloud::Result{};
  });
  const std::vector<Asked> answers = api.answers();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].target == "/2018-06-01/runtime/invocation/bad/error");
  CHECK(answers[0].header("lambda-runtime-function-error-type") == "lambdapack.Error");
  const auto body = cloud::net::read_json(answers[0].body);
  CHECK(cloud::net::text_of(body.get(), "errorMessage") == "lambdapack: \"quoted\"\n?");
  CHECK(json_is_array(json_object_get(body.get(), "stackTrace")));
  CHECK(answers[1].target == "/2018-06-01/runtime/invocation/good/response");
}

TEST_CASE("an answer that is too long becomes an error") {
  const Surroundings none;
  RuntimeApi api({call("long", "", "0")}, 413);
  api.serve([](const cloud::Invocation&) { return cloud::Result{}; });
  REQUIRE(api.answers().size() == 2);
  CHECK_THAT(api.answers()[1].body, Contains("longer than Lambda takes"));
}

TEST_CASE("a machine that stood still finds its connections dead, and goes on") {
  const Surroundings none;
  RuntimeApi api({call("one", "", "0"), call("two", "", "0"), call("three", "", "0")});
  int n = 0;
  api.serve([&](const cloud::Invocation&) {
    api.server.close_connections();
    ++n;
    return cloud::Result{};
  });
  CHECK(n == 3);
  CHECK(api.answers().size() == 3);
}

TEST_CASE("a Runtime API that makes no sense, or is not there, ends the process") {
  const Surroundings none;
  const auto never = [](const cloud::Invocation&) -> cloud::Result { throw std::logic_error(""); };
  CHECK_THAT(RuntimeApi(std::vector{Answer{.body = "no name"}}).serve(never), Contains("no call"));
  CHECK_THAT(RuntimeApi(std::vector{Answer{.status = 403}}).serve(never), Contains("answers 403"));
  CHECK_THAT(said<cloud::unavailable>([&] { cloud::LambdaRuntime("127.0.0.1:1").serve(never); }),
             Contains("check that the server runs"));
  CHECK_THROWS_AS(cloud::LambdaRuntime("127.0.0.1:port"), lp::input_error);
}

TEST_CASE("what keeps a process from taking calls is told") {
  const Surroundings none;
  RuntimeApi api(std::vector<Answer>{});
  cloud::LambdaRuntime("127.0.0.1:" + std::to_string(api.server.port())).fail_init("no tiles");
  CHECK(api.answers().at(0).target == "/2018-06-01/runtime/init/error");
  CHECK_THAT(api.answers().at(0).body, Contains("no tiles"));
}

TEST_CASE("Lambda is wanted where its variable is set") {
  Surroundings s;
  s.set("AWS_LAMBDA_RUNTIME_API", "");
  const cloud::FrontEnd front_end = cloud::lambda_front_end();
  CHECK_FALSE(front_end.is_wanted());
  RuntimeApi api({call("one", "", "0")});
  s.set("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + std::to_string(api.server.port()));
  CHECK(front_end.is_wanted());
  CHECK(front_end.serve([](const cloud::Invocation&) { return cloud::Result{}; }) == 1);
  CHECK(api.answers().size() == 1);
}

TEST_CASE("workers are started by asynchronous calls of a function") {
  Surroundings s;
  s.credentials("KEY", "hidden-secret", "hidden-token");
  Server server([](const Asked&) { return Answer{.status = 202}; });
  cloud::LambdaStarter starter("lambda:tiles:live?region=eu-north-1&endpoint=" + server.url(),
                               quick(), [now = cloud::LambdaStarter::Clock::now()] { return now; });
  const std::string url = "cloud://?name=client-1&queue=redis://h&run=r&store=s3://b";
  starter.start(url);
  starter.start(url);
  CHECK(starter.running() == 2);
  CHECK(starter.failures() == 0);
  const Asked asked = server.asked().at(0);
  CHECK(asked.method == "POST");
  CHECK(asked.target == "/2015-03-31/functions/tiles%3Alive/invocations");
  CHECK(asked.header("x-amz-invocation-type") == "Event");
  CHECK(asked.header("x-amz-security-token") == "hidden-token");
  CHECK_THAT(asked.header("authorization"), Contains("/eu-north-1/lambda/aws4_request"));
  const cloud::Url called(cloud::called_url(asked.body));
  CHECK(called.get("run") == "r");
  CHECK(called.get("store") == "s3://b");
  CHECK_THAT(called.get("name"), Catch::Matchers::StartsWith("lambda-client-1-"));
  CHECK(called.get("name") != cloud::Url(cloud::called_url(server.asked().at(1).body)).get("name"));
}

TEST_CASE("a starter that is told of too many calls waits, and says so") {
  Surroundings s;
  s.credentials("KEY", "secret");
  int refusals = 2;
  Server server([&](const Asked&) {
    return refusals-- > 0 ? Answer{.status = 429,
                                   .headers = {{"x-amzn-ErrorType", "TooManyRequestsException:"}},
                                   .body = "{\"Message\": \"Rate exceeded\"}"}
                          : Answer{.status = 202};
  });
  const std::string at = "lambda:tiles?region=r&endpoint=" + server.url();
  auto now = cloud::LambdaStarter::Clock::now();
  cloud::LambdaStarter starter(at, quick(), [&] { return now; });
  starter.start("cloud://?run=r");
  CHECK(starter.running() == 1);
  CHECK(server.asked().size() == 3);

  refusals = 1000;
  starter.start("cloud://?run=r");
  starter.start("cloud://?run=r");
  CHECK(starter.running() == 1);
  CHECK(server.asked().size() == 6);
  CHECK(starter.failures() == 0);
  CHECK_THAT(starter.last_failure(),
             Contains("lambda answers 429 TooManyRequestsException (Rate exceeded)") &&
                 Contains("raise the limit, or ask for less"));

  refusals = 0;
  now += std::chrono::seconds(2);
  starter.start("cloud://?run=r");
  CHECK(starter.running() == 2);
  now += std::chrono::minutes(1);
  CHECK(starter.running() == 0);
}

TEST_CASE("a service that breaks down is a failure of the starter") {
  Surroundings s;
  s.credentials("KEY", "secret");
  Server server([](const Asked&) { return Answer{.status = 500}; });
  cloud::LambdaStarter starter("lambda:tiles?region=r&endpoint=" + server.url(), quick());
  starter.start("cloud://?run=r");
  CHECK(starter.failures() == 1);
  CHECK_THAT(starter.last_failure(), Contains("lambda answers 500"));
}

TEST_CASE("a function that cannot be called is said at once, without secrets") {
  Surroundings s;
  s.credentials("KEY", "hidden-secret", "hidden-token");
  const auto refused = [&](int status, const std::string& type) {
    Server server([&](const Asked&) {
      return Answer{.status = status,
                    .headers = {{"x-amzn-ErrorType", type}},
                    .body = R"({"message": "said the test", "secret": "hidden-token"})"};
    });
    cloud::LambdaStarter starter("lambda:tiles?region=r&endpoint=" + server.url(), quick());
    const std::string sentence = said<lp::input_error>([&] { starter.start("cloud://?run=r"); });
    CHECK(server.asked().size() == 1);
    CHECK_THAT(sentence, !Contains("hidden"));
    return sentence;
  };
  CHECK_THAT(refused(404, "ResourceNotFoundException"),
             Contains("404 ResourceNotFoundException (said the test); check its name and the "
                      "region, r"));
  CHECK_THAT(refused(403, "AccessDeniedException"), Contains("check the credentials, from the"));
  CHECK_THAT(refused(400, "InvalidRequestContentException"), Contains("check the URL"));
}

TEST_CASE("what names no function is refused") {
  const Surroundings none;
  const auto refused = [](const std::string& url) {
    return said<lp::input_error>([&] { cloud::LambdaStarter starter(url); });
  };
  CHECK_THAT(refused("lambda:"), Contains("expected is lambda:NAME?region=..."));
  CHECK_THAT(refused("lambda:a/../b"), Contains("expected is lambda:NAME"));
  CHECK_THAT(refused("lambda:tiles"), Contains("add region=... to its URL, or set AWS_REGION"));
}

TEST_CASE("messages to functions are read with care") {
  const auto refused = [](const std::string& message) {
    return said<lp::input_error>([&] { cloud::called_url(message); });
  };
  for (const char* message : {"", "[]", "{", "{}", R"({"lambdapack": 1})", R"("lambdapack")"})
    CHECK_THAT(refused(message), Contains("a call does not say what to work on"));
  CHECK_THAT(refused(R"({"lambdapack": "http://h"})"), Contains("does not begin with cloud://"));
  CHECK_THAT(refused(R"({"lambdapack": "cloud://?owner=7"})"), Contains("temporary directory"));
}

}  // namespace lambda_test
