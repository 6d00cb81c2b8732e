// S3 that fails: the right answer after another attempt, or a sentence.
#include <atomic>
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/s3/s3_store.hpp"
#include "small_s3.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace s3_faults_test {

namespace cloud = lambdapack::exec::cloud;
using namespace cloud_net_test;
using Catch::Matchers::Contains;
using test_support::said;

namespace {

constexpr char secret[] = "hidden-secret", token[] = "hidden-token";

struct Access : Surroundings {
  Access() { credentials("KEY", secret, token); }
};

cloud::S3Options quick(std::chrono::seconds stall = std::chrono::seconds(30)) {
  return {.retry = {.attempts = 4,
                    .first_wait = std::chrono::milliseconds(1),
                    .longest_wait = std::chrono::milliseconds(4)},
          .timeouts = {std::chrono::seconds(30), stall},
          .piece_bytes = 1000};
}

std::string some_bytes(std::size_t n) {
  std::string bytes(n, '\0');
  for (std::size_t k = 0; k < n; ++k) bytes[k] = static_cast<char>(k * k >> 4);
  return bytes;
}

/// Answers the first `n` requests with `answer`.
SmallS3::Fault first(int n, Answer answer) {
  return [=](const Asked&, int k) { return k < n ? std::optional(answer) : std::nullopt; };
}

}  // namespace

TEST_CASE("what passes is tried again until it has passed") {
  const Access access;
  for (const Answer& fault :
       {SmallS3::error(500, "InternalError"), SmallS3::error(503, "SlowDown"),
        SmallS3::error(409, "OperationAborted"), SmallS3::error(429, "Throttling"),
        SmallS3::error(400, "RequestTimeout"), SmallS3::error(400, "BadDigest"),
        Answer{.status = 502, .body = "<html>no</html>"}, Answer{.silent_close = true},
        Answer{.body = "cut body", .cut_after = 3}}) {
    SmallS3 s3(first(2, fault));
    cloud::S3Store store(s3.url(), quick());
    store.put("a", "value");
    CHECK(s3.objects().at("run/a").bytes == "value");
    SmallS3 other(first(2, fault));
    other.put("run/a", {"value"});
    CHECK(cloud::S3Store(other.url(), quick()).get("a") == "value");
    CHECK(cloud::S3Store(other.url(), quick()).list("") == std::vector<std::string>{"a"});
  }
}

TEST_CASE("a server that stalls is given up and asked again") {
  const Access access;
  SmallS3 s3([](const Asked&, int n) {
    return n == 0 ? std::optional(Answer{.stall = true}) : std::nullopt;
  });
  s3.put("run/a", {"value"});
  CHECK(cloud::S3Store(s3.url(), quick(std::chrono::seconds(1))).get("a") == "value");
}

TEST_CASE("a slow server is waited for") {
  const Access access;
  SmallS3 s3({}, [](const Asked&, int, Answer& a) { a.delay = std::chrono::milliseconds(300); });
  s3.put("run/a", {"value"});
  CHECK(cloud::S3Store(s3.url(), quick()).get("a") == "value");
}

TEST_CASE("what does not pass ends in a sentence that counts the attempts") {
  const Access access;
  SmallS3 s3(first(1000, SmallS3::error(503, "SlowDown")));
  cloud::S3Store store(s3.url(), quick());
  CHECK_THAT(said<cloud::unavailable>([&] { store.get("a"); }),
             Contains("lambdapack: GET run/a in s3://tiles/run/ at http://127.0.0.1:") &&
                 Contains("the server answers 503 SlowDown (said the test)") &&
                 Contains("try later") && Contains("(tried 4 times)"));
  CHECK(s3.server().asked().size() == 4);
  SmallS3 silent(first(1000, {.silent_close = true}));
  CHECK_THAT(said<cloud::unavailable>([&] { cloud::S3Store(silent.url(), quick()).put("a", "b"); }),
             Contains("the connection was cut") && Contains("(tried 4 times)"));
}

TEST_CASE("a truncated or changed object is found, read again, and named if it stays so") {
  const Access access;
  const std::string bytes = some_bytes(700);
  for (const int times : {2, 1000}) {
    std::atomic<int> wrong = times;
    SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
      if (asked.method != "GET" || wrong-- <= 0) return;
      a.body[300] ^= 1;
    });
    cloud::S3Store store(s3.url(), quick());
    store.put("tile", bytes);
    if (times == 2)
      CHECK((store.get("tile") == bytes));
    else
      CHECK_THAT(said<cloud::damaged_object>([&] { store.get("tile"); }),
                 Contains("the object run/tile in s3://tiles/run/") && Contains("is corrupt") &&
                     Contains("CRC-32C") && Contains("(read 4 times)"));
  }
  SmallS3 short_body({}, [](const Asked& asked, int, Answer& a) {
    if (asked.method == "GET") a.body.resize(10);
  });
  cloud::S3Store store(short_body.url(), quick());
  store.put("tile", bytes);
  CHECK_THAT(said<lp::run_error>([&] { store.get("tile"); }),
             Contains("comes in part (tried 4 times)"));
}

TEST_CASE("a part that comes short is asked for again") {
  const Access access;
  const std::string bytes = some_bytes(700);
  for (const int times : {2, 1000}) {
    std::atomic<int> wrong = times;
    SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
      if (asked.method == "GET" && wrong-- > 0) a.body.pop_back();
    });
    cloud::S3Store store(s3.url(), quick());
    store.put("tile", bytes);
    if (times == 2) {
      CHECK((store.get("tile") == bytes));
      wrong = 2;
      CHECK((store.get("tile", 100, 300) == bytes.substr(100, 300)));
    } else {
      CHECK_THAT(said<cloud::unavailable>([&] { store.get("tile", 100, 300); }),
                 Contains("299 bytes of run/tile") && Contains("(tried 4 times)"));
    }
  }
}

TEST_CASE("an object of somebody else is checked by its MD5, if its ETag is one") {
  const Access access;
  std::atomic<int> wrong = 1;
  SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
    if (asked.method == "GET" && asked.path() == "/tiles/run/md5" && wrong-- > 0) a.body[0] ^= 1;
  });
  s3.put("run/md5", {"value", {}, "\"2063c1608d6e0baf80249c42e2be5804\""});
  s3.put("run/other", {"value", {}, "\"0123456789abcdef0123456789abcdef\""});
  s3.put("run/none", {"value"});
  cloud::S3Store store(s3.url(), quick());
  CHECK(store.get("md5") == "value");
  CHECK(wrong < 0);
  CHECK(store.get("other") == "value");
  CHECK(store.get("none") == "value");
}

TEST_CASE("large objects move in pieces, and each piece is tried again") {
  const Access access;
  const std::string bytes = some_bytes(7300);
  SmallS3 s3([](const Asked&, int n) {
    return n % 3 == 0 ? std::optional(SmallS3::error(500, "InternalError")) : std::nullopt;
  });
  cloud::S3Options options = quick();
  options.retry.attempts = 12;
  cloud::S3Store store(s3.url(), options);
  store.put("large", bytes);
  CHECK((s3.objects().at("run/large").bytes == bytes));
  CHECK((store.get("large") == bytes));
  CHECK((store.get("large", 950, 100) == bytes.substr(950, 100)));
  CHECK((store.get("large", 7250, 100) == bytes.substr(7250)));
  CHECK(store.get("large", 7300, 1) == "");
}

TEST_CASE("an object that is replaced while its pieces are read is read again") {
  const Access access;
  const std::string before = some_bytes(3000), after(3000, 'x');
  SmallS3* here = nullptr;
  bool done = false;
  SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
    if (done || asked.header("range").find("1000-1999") == std::string::npos) return;
    done = true;
    std::replace(a.headers.begin(), a.headers.end(),
                 std::pair<std::string, std::string>("ETag", "\"1\""),
                 std::pair<std::string, std::string>("ETag", "\"2\""));
  });
  here = &s3;
  here->put("run/a", {before, {}, "\"1\""});
  CHECK((cloud::S3Store(s3.url(), quick()).get("a") == before));
  CHECK(s3.server().asked().size() == 6);
}

TEST_CASE("the end of an upload whose answer is lost, or is an error in a good answer") {
  const Access access;
  const std::string bytes = some_bytes(2500);
  const auto is_end = [](const Asked& asked) {
    return asked.method == "POST" && asked.target.find("uploadId") != std::string::npos;
  };
  std::atomic<int> ends = 0;
  SmallS3 lost({}, [&](const Asked& asked, int, Answer& a) {
    if (is_end(asked) && ends++ == 0) a = {.silent_close = true};
  });
  cloud::S3Store(lost.url(), quick()).put("a", bytes);
  CHECK(ends == 2);
  CHECK((lost.objects().at("run/a").bytes == bytes));

  ends = 0;
  SmallS3 in_200([&](const Asked& asked, int) -> std::optional<Answer> {
    if (!is_end(asked) || ends++ > 0) return std::nullopt;
    Answer a = SmallS3::error(200, "InternalError");
    return a;
  });
  cloud::S3Store(in_200.url(), quick()).put("a", bytes);
  CHECK((in_200.objects().at("run/a").bytes == bytes));
}

TEST_CASE("an upload that fails is taken back") {
  const Access access;
  SmallS3 s3([](const Asked& asked, int) -> std::optional<Answer> {
    if (asked.target.find("partNumber=2") == std::string::npos) return std::nullopt;
    return SmallS3::error(403, "AccessDenied");
  });
  CHECK_THROWS_AS(cloud::S3Store(s3.url(), quick()).put("a", some_bytes(2500)), lp::input_error);
  CHECK(s3.server().asked().back().method == "DELETE");
  CHECK(s3.objects().empty());
}

TEST_CASE("who stored a new object first is told, even if the answer was lost") {
  const Access access;
  bool lose = false;
  SmallS3 s3({}, [&](const Asked& asked, int, Answer& a) {
    if (asked.method == "PUT" && asked.path() == "/tiles/run/new" && std::exchange(lose, false))
      a = {.silent_close = true};
  });
  cloud::S3Store store(s3.url(), quick());
  lose = true;
  CHECK(store.put_if_absent("new", "mine"));
  CHECK_FALSE(store.put_if_absent("new", "theirs"));
  CHECK(s3.objects().at("run/new").bytes == "mine");
  lose = true;
  CHECK_FALSE(store.put_if_absent("new", "mine"));
  CHECK(s3.objects().size() == 1);
}

TEST_CASE("a conflict of two conditional writers is decided by another attempt") {
  const Access access;
  std::atomic<int> conflicts = 2;
  SmallS3 s3([&](const Asked& asked, int) -> std::optional<Answer> {
    if (asked.method != "PUT" || asked.path() != "/tiles/run/new" || conflicts-- <= 0)
      return std::nullopt;
    return SmallS3::error(409, "ConditionalRequestConflict");
  });
  CHECK(cloud::S3Store(s3.url(), quick()).put_if_absent("new", "a"));
}

TEST_CASE("a server without conditional PUT is noticed once, and said") {
  const Access access;
  for (const bool refuses : {true, false}) {
    SmallS3 s3([&](const Asked& asked, int) -> std::optional<Answer> {
      if (!refuses || asked.header("if-none-match").empty()) return std::nullopt;
      return SmallS3::error(501, "NotImplemented");
    });
    s3.heeds_if_none_match = false;
    std::vector<std::string> notices;
    cloud::S3Options options = quick();
    options.on_notice = [&](const std::string& notice) { notices.push_back(notice); };
    cloud::S3Store store(s3.url(), options);
    CHECK(store.put_if_absent("a", "1"));
    CHECK_FALSE(store.put_if_absent("a", "2"));
    CHECK(store.put_if_absent("b", ""));
    CHECK_FALSE(store.put_if_absent("b", "2"));
    CHECK(s3.objects().at("run/a").bytes == "1");
    CHECK(s3.objects().size() == 2);
    REQUIRE(notices.size() == 1);
    CHECK_THAT(notices[0], Contains("has no conditional PUT (If-None-Match)"));
  }
}

TEST_CASE("what the user has to put right is said at once") {
  const Access access;
  const auto get = [](const Answer& answer) {
    SmallS3 s3(first(1000, answer));
    const std::string sentence =
        said<lp::input_error>([&] { cloud::S3Store(s3.url(), quick()).get("a"); });
    CHECK(s3.server().asked().size() == 1);
    return sentence;
  };
  CHECK_THAT(get(SmallS3::error(403, "AccessDenied")),
             Contains("403 AccessDenied") &&
                 Contains("the credentials from the environment (AWS_ACCESS_KEY_ID) may not"));
  CHECK_THAT(get(SmallS3::error(403, "SignatureDoesNotMatch")),
             Contains("the secret key does not belong to the access key"));
  CHECK_THAT(get(SmallS3::error(403, "InvalidAccessKeyId")),
             Contains("does not know the access key"));
  CHECK_THAT(get(SmallS3::error(404, "NoSuchBucket")), Contains("there is no bucket tiles"));
  CHECK_THAT(get({.status = 301, .headers = {{"x-amz-bucket-region", "eu-north-1"}}}),
             Contains("in the region eu-north-1 and not in test-1; say region=eu-north-1"));
  CHECK_THAT(get(SmallS3::error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>")),
             Contains("say region=eu-west-3"));
  CHECK_THAT(get({.status = 405, .body = "<html>a web server</html>"}),
             Contains("check that the endpoint speaks S3"));
}

TEST_CASE("a clock that is wrong is corrected by the server's") {
  const Access access;
  SmallS3 s3([](const Asked& asked, int) -> std::optional<Answer> {
    if (asked.header("x-amz-date").starts_with("2031")) return std::nullopt;
    Answer a = SmallS3::error(403, "RequestTimeTooSkewed");
    a.headers.emplace_back("Date", "Wed, 01 Jan 2031 12:00:00 GMT");
    return a;
  });
  s3.put("run/a", {"value"});
  cloud::S3Store store(s3.url(), quick());
  CHECK(store.get("a") == "value");
  CHECK(store.get("a") == "value");
  CHECK(s3.server().asked().size() == 3);
  SmallS3 hopeless(first(1000, SmallS3::error(403, "RequestTimeTooSkewed")));
  CHECK_THAT(said<lp::input_error>([&] { cloud::S3Store(hopeless.url(), quick()).get("a"); }),
             Contains("clocks"));
}

TEST_CASE("credentials that have expired are fetched again, once") {
  Access access;
  SmallS3 s3([](const Asked& asked, int) -> std::optional<Answer> {
    if (asked.header("x-amz-security-token") == "new") return std::nullopt;
    return SmallS3::error(400, "ExpiredToken");
  });
  s3.put("run/a", {"value"});
  cloud::S3Store store(s3.url(), quick());
  CHECK_THAT(said<lp::input_error>([&] { store.get("a"); }), Contains("or no longer"));
  access.credentials("KEY", secret, "new");
  CHECK(store.get("a") == "value");
}

TEST_CASE("listings that are none are refused") {
  const Access access;
  const auto list = [](const std::string& body) {
    SmallS3 s3(first(1000, {.body = body}));
    return said<lp::run_error>([&] { cloud::S3Store(s3.url(), quick()).list(""); });
  };
  CHECK_THAT(list("<html>"), Contains("is not what S3 answers"));
  CHECK_THAT(list(""), Contains("is not what S3 answers"));
  CHECK_THAT(list("<!DOCTYPE a [<!ENTITY b 'c'>]><ListBucketResult>&b;</ListBucketResult>"),
             Contains("is not what S3 answers"));
  CHECK_THAT(list("<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"),
             Contains("does not say how it goes on"));
  CHECK_THAT(list("<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t"
                  "</NextContinuationToken></ListBucketResult>"),
             Contains("does not say how it goes on"));
  CHECK_THAT(list("<ListBucketResult><Contents><Key>other/run</Key></Contents>"
                  "</ListBucketResult>"),
             Contains("a key that was not asked for"));
}

TEST_CASE("secrets are in no message") {
  const Access access;
  const std::string repeated =
      "<CanonicalRequest>x-amz-security-token:hidden-token</CanonicalRequest>"
      "<StringToSign>hidden-secret</StringToSign>";
  for (const Answer& answer :
       {SmallS3::error(403, "SignatureDoesNotMatch", repeated), SmallS3::error(500, "E", repeated),
        Answer{.status = 418, .body = "hidden-token"}, Answer{.silent_close = true}}) {
    SmallS3 s3(first(1000, answer));
    const std::string sentence =
        said<lp::error>([&] { cloud::S3Store(s3.url(), quick()).put("a", "b"); });
    CHECK_THAT(sentence, Contains("lambdapack: PUT") && !Contains("hidden"));
  }
}

}  // namespace s3_faults_test
