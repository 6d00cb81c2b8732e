// Credentials: from each of the standard places, in AWS's order, renewed in time, and never shown.
#include <atomic>
#include <catch2/catch.hpp>
#include <ctime>

#include "lambdapack/exec/cloud/net/credentials.hpp"
#include "server.hpp"
#include "support/folder.hpp"
#include "support/said.hpp"
#include "surroundings.hpp"

namespace credentials_test {

namespace net = lambdapack::exec::cloud::net;
using namespace cloud_net_test;
using Catch::Matchers::Contains;

namespace {

net::CredentialSource source() { return net::CredentialSource(std::make_shared<net::Http>()); }

std::string in_seconds(long seconds) {
  return net::detail::utc(std::chrono::system_clock::now() + std::chrono::seconds(seconds),
                          "%Y-%m-%dT%H:%M:%SZ");
}

std::string role(const std::string& id, const std::string& expires) {
  return R"({"Code": "Success", "AccessKeyId": ")" + id +
         R"(", "SecretAccessKey": "hidden-secret", "Token": "hidden-token", "Expiration": ")" +
         expires + "\"}";
}

/// A metadata service that wants its token.
Answer instance(const Asked& asked) {
  if (asked.method == "PUT" && asked.target == "/latest/api/token" &&
      !asked.header("x-aws-ec2-metadata-token-ttl-seconds").empty())
    return {.body = "metadata-token"};
  if (asked.header("x-aws-ec2-metadata-token") != "metadata-token") return {.status = 401};
  const std::string roles = "/latest/meta-data/iam/security-credentials/";
  if (asked.target == roles) return {.body = "tile-role"};
  if (asked.target == roles + "tile-role") return {.body = role("INSTANCE", in_seconds(3600))};
  return {.status = 404};
}

}  // namespace

TEST_CASE("credentials of the environment come first") {
  const test_support::Folder folder;
  Surroundings s;
  s.set("AWS_SHARED_CREDENTIALS_FILE",
        folder.write("c", "[default]\naws_access_key_id=F\naws_secret_access_key=f\n"));
  s.credentials("ENV", "secret", "token");
  const net::Credentials found = source().get();
  CHECK(found.key.key_id == "ENV");
  CHECK(found.key.secret == "secret");
  CHECK(found.key.session_token == "token");
  CHECK_FALSE(found.expires);
}

TEST_CASE("credentials of a profile, from the credentials file before the configuration") {
  const test_support::Folder folder;
  Surroundings s;
  s.set("AWS_SHARED_CREDENTIALS_FILE",
        folder.write("credentials",
                     "# mine\n[default]\r\naws_access_key_id = DEFAULT\n aws_secret_access_key=no\n"
                     "aws_secret_access_key = with=equals\n\n[other]\naws_access_key_id=OTHER\n"
                     "aws_secret_access_key=o\naws_session_token=t\n"));
  s.set("AWS_CONFIG_FILE",
        folder.write("config",
                     "[profile other]\nregion = eu-north-1\ns3 =\n  region = nested\n"
                     "[profile third]\naws_access_key_id=THIRD\naws_secret_access_key=3\n"
                     "[profile role]\nrole_arn = arn:x\n"));
  CHECK(source().get().key.key_id == "DEFAULT");
  CHECK(source().get().key.secret == "with=equals");
  CHECK_FALSE(net::default_region());
  s.set("AWS_PROFILE", "other");
  CHECK(source().get().key.session_token == "t");
  CHECK(net::default_region() == "eu-north-1");
  s.set("AWS_PROFILE", "third");
  CHECK(source().get().key.key_id == "THIRD");
  s.set("AWS_PROFILE", "role");
  CHECK_THAT(test_support::said<lp::input_error>([] { source().get(); }),
             Contains("profile role gets its credentials by a role") &&
                 Contains("aws configure export-credentials"));
  s.set("AWS_PROFILE", "nobody");
  CHECK_THAT(test_support::said<lp::input_error>([] { source().get(); }),
             Contains("there is no profile nobody, which AWS_PROFILE names"));
}

TEST_CASE("credentials of a container, with its token from the environment or a file") {
  const test_support::Folder folder;
  Surroundings s;
  Server server([](const Asked& asked) {
    if (asked.target != "/creds?id=1") return Answer{.status = 404};
    return Answer{.body = role("BY " + asked.header("authorization"), in_seconds(3600))};
  });
  s.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/creds?id=1");
  s.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "variable");
  CHECK(source().get().key.key_id == "BY variable");
  s.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", folder.write("token", "file\n"));
  const net::Credentials found = source().get();
  CHECK(found.key.key_id == "BY file");
  CHECK(found.expires > std::chrono::system_clock::now());
  s.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://elsewhere.example/creds");
  CHECK_THAT(test_support::said<lp::input_error>([] { source().get(); }),
             Contains("names elsewhere.example, which is not of this machine"));
}

TEST_CASE("credentials of an instance, by the metadata service's second version") {
  Surroundings s;
  Server server(instance);
  s.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  CHECK_THAT(test_support::said<lp::input_error>([] { source().get(); }),
             Contains("there are no AWS credentials in the environment") &&
                 Contains("set AWS_ACCESS_KEY_ID"));
  s.set("AWS_EC2_METADATA_DISABLED", "");
  CHECK(source().get().key.key_id == "INSTANCE");
}

TEST_CASE("credentials are fetched once, and again before they expire") {
  Surroundings s;
  std::atomic<int> n = 0;
  std::atomic<long> lifetime = 3600;
  Server server([&](const Asked&) {
    if (lifetime < 0) return Answer{.status = 500};
    return Answer{.body = role("KEY" + std::to_string(++n), in_seconds(lifetime))};
  });
  s.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/");
  net::CredentialSource steady = source();
  CHECK(steady.get().key.key_id == "KEY1");
  CHECK(steady.get().key.key_id == "KEY1");
  steady.forget(steady.get());
  CHECK(steady.get().key.key_id == "KEY2");

  lifetime = 60;
  net::CredentialSource ending = source();
  CHECK(ending.get().key.key_id == "KEY3");
  CHECK(ending.get().key.key_id == "KEY4");
  lifetime = -1;
  CHECK(ending.get().key.key_id == "KEY4");
}

TEST_CASE("what a credentials endpoint says is not repeated") {
  Surroundings s;
  for (const char* body : {"hidden-secret", "{}", "[1", R"({"SecretAccessKey": "hidden-secret"})",
                           R"({"AccessKeyId": 7, "SecretAccessKey": "hidden-secret"})"}) {
    Server server([&](const Asked&) { return Answer{.body = body}; });
    s.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/");
    const std::string said = test_support::said<lp::run_error>([] { source().get(); });
    CHECK_THAT(said, Contains("answers 200 without credentials") && !Contains("hidden"));
  }
  s.set("AWS_ACCESS_KEY_ID", "");
  s.set("AWS_SECRET_ACCESS_KEY", "hidden-secret");
  CHECK_THAT(test_support::said<lp::input_error>([] { source().get(); }),
             Contains("set AWS_ACCESS_KEY_ID too") && !Contains("hidden"));
}

}  // namespace credentials_test
