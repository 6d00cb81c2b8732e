// Signatures: the test suite that AWS publishes for Signature V4, and the examples of S3's manual.
#include <catch2/catch.hpp>

#include "lambdapack/exec/cloud/net/sign.hpp"

namespace sign_test {

namespace net = lambdapack::exec::cloud::net;

namespace {

const net::SigningKey suite_key{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const net::SigningKey manual_key{"AKIAIOSFODNN7EXAMPLE",
                                 "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const auto suite_time = std::chrono::system_clock::from_time_t(1440938160);
const auto manual_time = std::chrono::system_clock::from_time_t(1369353600);

std::string sha(std::string_view body) { return net::hex(net::sha256(body)); }

/// The signature of a request, as the suite signs: its paths are as they are sent.
std::string suite(net::Request request, net::SigningKey key = suite_key) {
  request.origin = "https://example.amazonaws.com";
  net::sign(request, key, {"us-east-1", "service", false}, suite_time, sha(request.body));
  return request.headers.back().value;
}

std::string manual(net::Request request) {
  request.origin = "https://examplebucket.s3.amazonaws.com";
  request.headers.push_back({"x-amz-content-sha256", sha(request.body)});
  net::sign(request, manual_key, {"us-east-1", "s3", false}, manual_time, sha(request.body));
  return request.headers.back().value;
}

using Catch::Matchers::EndsWith;

}  // namespace

TEST_CASE("the whole header of AWS's get-vanilla") {
  CHECK(suite({}) ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST_CASE("paths and queries of AWS's test suite") {
  CHECK_THAT(suite({.path = "/ሴ"}),
             EndsWith("8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"));
  CHECK_THAT(suite({.path = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}),
             EndsWith("07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"));
  CHECK_THAT(suite({.query = {{"Param2", "value2"}, {"Param1", "value1"}}}),
             EndsWith("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
  CHECK_THAT(suite({.query = {{"Param1", "value2"}, {"Param1", "value1"}}}),
             EndsWith("5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"));
  CHECK_THAT(suite({.query = {{"ሴ", "bar"}}}),
             EndsWith("2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"));
}

TEST_CASE("headers and bodies of AWS's test suite") {
  CHECK_THAT(suite({.headers = {{"My-Header1", "value4"},
                                {"My-Header1", "value1"},
                                {"My-Header1", "value3"},
                                {"My-Header1", "value2"}}}),
             EndsWith("08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"));
  CHECK_THAT(suite({.headers = {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}}),
             EndsWith("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"));
  CHECK_THAT(suite({.method = "POST"}),
             EndsWith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"));
  CHECK_THAT(suite({.method = "POST",
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = "Param1=value1"}),
             EndsWith("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"));
}

TEST_CASE("a session token is signed") {
  net::SigningKey key = suite_key;
  key.session_token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  CHECK_THAT(
      suite({}, key),
      EndsWith("SignedHeaders=host;x-amz-date;x-amz-security-token, "
               "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"));
}

TEST_CASE("the examples of S3's manual") {
  CHECK_THAT(manual({.path = "/test.txt", .headers = {{"Range", "bytes=0-9"}}}),
             EndsWith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
  CHECK_THAT(manual({.method = "PUT",
                     .path = "/test$file.text",
                     .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                     .body = "Welcome to Amazon S3."}),
             EndsWith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  CHECK_THAT(manual({.query = {{"lifecycle", ""}}}),
             EndsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  CHECK_THAT(manual({.query = {{"max-keys", "2"}, {"prefix", "J"}}}),
             EndsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST_CASE("services but S3 sign a path that is encoded twice") {
  net::Request once{.origin = "https://h", .path = "/functions/a:b/invocations"};
  net::Request twice{.origin = "https://h", .path = "/functions/a%3Ab/invocations"};
  net::sign(once, suite_key, {"r", "lambda", true}, suite_time, sha(""));
  net::sign(twice, suite_key, {"r", "lambda", false}, suite_time, sha(""));
  CHECK(once.headers.back().value == twice.headers.back().value);
}

TEST_CASE("CRC-32C is the same by table and by processor") {
  CHECK(net::crc32c("123456789") == 0xe3069283U);
  CHECK(net::crc32c("") == 0U);
  std::string bytes;
  for (int k = 0; k < 1000; ++k) bytes += static_cast<char>(k * 7);
  CHECK(net::crc32c(bytes) == ~net::detail::crc32c_by_table(~0U, bytes));
}

}  // namespace sign_test
