// The manual page, and what lpc --help says, are about the same options.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "lpc/options.hpp"
#include "lpc/outputs.hpp"
#include "lpc/run_lpc.hpp"

namespace manual_test {

namespace {

using Words = std::set<std::string>;

/// The page without the marks of its language.
std::string manual() {
  std::ifstream in(LAMBDAPACK_SOURCE_DIR "/compiler/lpc/lpc.1");
  REQUIRE(in);
  const std::string page(std::istreambuf_iterator<char>(in), {});
  return std::regex_replace(page, std::regex("\\\\-"), "-");
}

Words words(const std::string& text, const std::string& pattern) {
  Words found;
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

}  // namespace

TEST_CASE("the manual page and --help have the same options") {
  const std::string help = lambdapack::lpc::help(), page = manual();
  const Words of_help = words(help, "(--[a-z][a-z-]*)");
  CHECK(of_help.size() > 12);
  CHECK(words(page, "(--[a-z][a-z-]*)") == of_help);
  CHECK(words(page, "\"(-[a-z]) \"") == words(help, "\n  (-[a-z]) "));
}

TEST_CASE("the manual page has all that --emit writes") {
  const std::string page = manual();
  const std::string names = lambdapack::lpc::output_names();
  const Words outputs = words(names, "([a-z]+)");
  CHECK(outputs.size() == 8);
  for (const std::string& name : outputs) {
    INFO(name);
    CHECK(page.find("\n.B " + name + "\n") != std::string::npos);
  }
}

TEST_CASE("options that the help shows are understood") {
  for (const std::string& option : words(lambdapack::lpc::help(), "(--[a-z][a-z-]*)")) {
    const lpc_test::Ended answer = lpc_test::run_lpc({option + "=@", "no_file.cpp"});
    INFO(option << ": " << answer.err);
    CHECK(answer.err.find("there is no option") == std::string::npos);
  }
  CHECK(lpc_test::run_lpc({"--help"}).out == lambdapack::lpc::help());
}

}  // namespace manual_test
