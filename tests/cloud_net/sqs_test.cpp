// What is special about a queue that is apart: it may lose step with the state, and be refused.
#include <catch2/catch.hpp>

#include "ledgers.hpp"
#include "server.hpp"
#include "support/said.hpp"

namespace sqs_test {

using namespace cloud_net_test;
using Catch::Matchers::Contains;
using test_support::said;

TEST_CASE("URLs that name no queue of SQS with its state are refused") {
  const Surroundings none;
  const auto refused = [](const std::string& url) {
    return said<lp::input_error>([&] { cloud::SqsLedger ledger(url, "run"); });
  };
  CHECK_THAT(refused("sqs://tiles?region=r"), Contains("expected is sqs://PREFIX?state=redis://"));
  CHECK_THAT(refused("sqs://?state=redis://h&region=r"), Contains("expected is sqs://PREFIX"));
  CHECK_THAT(refused("sqs://tiles?state=redis://h"), Contains("add region=... to its URL"));
  CHECK_THAT(refused("sqs://tiles?state=http://h&region=r"), Contains("it is not redis://"));
}

TEST_CASE("a queue of SQS that refuses, or is overloaded, is said") {
  Surroundings s;
  s.credentials("KEY", "hidden-secret");
  int status = 503;
  Server server([&](const Asked&) {
    return Answer{.status = status,
                  .body = R"({"__type": "com.amazonaws.sqs#AccessDenied", "message": "no"})"};
  });
  const cloud::net::AwsPlace place{"sqs", "r", server.url()};
  cloud::sqs::Queue queue(place, "tiles-run",
                          {.attempts = 2, .first_wait = std::chrono::milliseconds(1)});
  CHECK_THAT(said<cloud::unavailable>([&] { queue.create(); }),
             Contains("sqs answers 503 AccessDenied (no); the service is overloaded"));
  CHECK(server.asked().size() == 2);
  CHECK(server.asked()[0].header("x-amz-target") == "AmazonSQS.CreateQueue");
  status = 403;
  CHECK_THAT(
      said<cloud::net::aws_refusal>([&] { queue.create(); }),
      Contains("sqs answers 403 AccessDenied (no); check the credentials") && !Contains("hidden"));
}

#ifdef LAMBDAPACK_TEST_NODE

TEST_CASE("tasks whose worker died before it put them into the queue are put there by others",
          "[servers]") {
  if (!has_node_servers()) return;
  const auto ledger = std::make_shared<cloud::SqsLedger>(sqs_url(), "died");
  ledger->create(2);
  cloud::RedisLedger state(redis_url(), "died");
  state.seed(std::vector<cloud::Ready>{{0, 0}});
  state.seeded();
  const cloud::Lease first = *ledger->take(taker()).lease;
  CHECK(first.task == 0);
  state.complete(completion(first, {{1, 1, 0}}));
  const cloud::Lease second = *ledger->take(taker()).lease;
  CHECK(second.task == 1);
  CHECK(ledger->complete(completion(second)).last);
  CHECK(ledger->status().ready == 0);
}

TEST_CASE("a task that is in the queue twice is run once more at most, and counted once",
          "[servers]") {
  if (!has_node_servers()) return;
  const auto ledger = std::make_shared<cloud::SqsLedger>(sqs_url(), "twice");
  ledger->create(2);
  ledger->seed(std::vector<cloud::Ready>{{0, 0}});
  ledger->seed(std::vector<cloud::Ready>{{0, 0}});
  ledger->seeded();
  CHECK(ledger->status().ready == 2);
  CHECK(ledger->complete(completion(*ledger->take(taker()).lease)).counted);
  const cloud::Taken again = ledger->take(taker());
  CHECK_FALSE(again.lease);
  CHECK(again.phase == cloud::Phase::running);
  CHECK(ledger->status().ready == 0);
  CHECK(ledger->status().leased == 0);
}

TEST_CASE("runs whose names SQS does not take have queues of their own", "[servers]") {
  if (!has_node_servers()) return;
  const std::string a = "a.b", b = "a-b", c(200, 'c');
  for (const std::string& run : {a, b, c}) {
    cloud::SqsLedger ledger(sqs_url(), run);
    ledger.create(1);
    ledger.seed(std::vector<cloud::Ready>{{0, 0}});
  }
  cloud::SqsLedger(sqs_url(), a).remove();
  CHECK(cloud::SqsLedger(sqs_url(), b).take(taker()).lease);
  CHECK(cloud::SqsLedger(sqs_url(), c).take(taker()).lease);
  CHECK(cloud::SqsLedger(sqs_url(), a).take(taker()).phase == cloud::Phase::missing);
}

TEST_CASE("a message that is no task is refused with a sentence", "[servers]") {
  if (!has_node_servers()) return;
  cloud::SqsLedger ledger(sqs_url(), "strange");
  ledger.create(1);
  cloud::sqs::Queue queue(
      cloud::net::find_aws_place("sqs", cloud::net::parse_url(sqs_url()), "AWS_ENDPOINT_URL_SQS"),
      "tiles-strange");
  queue.send({"seven\n"});
  CHECK_THAT(said<lp::run_error>([&] { ledger.take(taker()); }),
             Contains("the message \"seven \" in sqs://tiles-strange") &&
                 Contains("is no number of a task"));
}

#endif

}  // namespace sqs_test
