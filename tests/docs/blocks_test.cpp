// What the documents show is what the tests of this folder compile, run and compare: each block of
// code or output of the documents stands, white space aside, in a source file here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "docs/support.hpp"

namespace blocks_test {

namespace {

namespace fs = std::filesystem;

const fs::path root = LAMBDAPACK_SOURCE_DIR;

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The files of a folder of tests, with white space normalised.
std::vector<std::string> sources(const std::string& folder) {
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(root / "tests" / folder))
    if (entry.path().extension() == ".cpp")
      texts.push_back(docs_test::normalised(contents(entry.path())));
  return texts;
}

bool is_in_one_of(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

/// The programs of the library, which docs/algorithms.md shows.
std::vector<std::string> library_programs() {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(root / "include/lambdapack/algorithm"))
    if (entry.is_regular_file()) texts.push_back(docs_test::normalised(contents(entry.path())));
  return texts;
}

/// The fenced blocks of a document whose fence opens with ``` and `kind`.
std::vector<std::string> blocks(const std::string& document, const std::string& kind) {
  std::vector<std::string> found;
  const std::string open = "\n```" + kind + "\n";
  for (std::size_t at = document.find(open); at != std::string::npos;) {
    const std::size_t begin = at + open.size();
    const std::size_t end = document.find("\n```", begin);
    REQUIRE(end != std::string::npos);
    found.push_back(document.substr(begin, end - begin));
    at = document.find(open, end);
  }
  return found;
}

/// The sentences in a document that stand in backquotes and begin with `lambdapack: `.
std::vector<std::string> sentences(const std::string& document) {
  std::vector<std::string> found;
  const std::string open = "`lambdapack: ";
  for (std::size_t at = document.find(open); at != std::string::npos;) {
    const std::size_t end = document.find('`', at + 1);
    REQUIRE(end != std::string::npos);
    found.push_back(document.substr(at + 1, end - at - 1));
    at = document.find(open, end);
  }
  return found;
}

/// What lpc says of the files that it refuses: the lines `// expect: LINE` at their ends.
std::vector<std::string> said_by_lpc() {
  const std::string mark = "// expect: ";
  std::vector<std::string> texts;
  for (const auto& entry : fs::directory_iterator(root / "tests/compiler/errors")) {
    std::ifstream in(entry.path());
    std::string said;
    for (std::string line; std::getline(in, line);)
      if (line.starts_with(mark)) said += line.substr(mark.size()) + "\n";
    texts.push_back(docs_test::normalised(said));
  }
  return texts;
}

/// The documents whose code and messages are checked, but for plain.md, whose code lpc compiles.
std::vector<std::string> documents() {
  std::vector<std::string> all{"README.md",          "docs/guide.md",
                               "docs/language.md",   "docs/lint.md",
                               "docs/algorithms.md", "docs/algorithms-orthogonal.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs/diagnostics"))
    all.push_back("docs/diagnostics/" + entry.path().filename().string());
  return all;
}

}  // namespace

TEST_CASE("every block of code and output in the documents is in a test") {
  std::vector<std::string> tests = sources("docs");
  for (std::string& text : said_by_lpc()) tests.push_back(std::move(text));
  for (std::string& text : sources("compiler/errors")) tests.push_back(std::move(text));
  for (std::string& text : library_programs()) tests.push_back(std::move(text));
  for (const std::string& document : documents()) {
    const std::string text = contents(root / document);
    const std::size_t code = blocks(text, "cpp").size();
    CHECK(code + blocks(text, "text").size() > 0);
    for (const char* kind : {"cpp", "text"})
      for (const std::string& block : blocks(text, kind)) {
        INFO(document << " shows what no file of tests/docs contains:\n" << block);
        CHECK(is_in_one_of(tests, docs_test::normalised(block)));
      }
  }
}

TEST_CASE("every block of code of the page on MPI is in a test") {
  const std::vector<std::string> tests = sources("mpi/run");
  const std::vector<std::string> code = blocks(contents(root / "docs/mpi.md"), "cpp");
  CHECK(code.size() > 3);
  for (const std::string& block : code) {
    INFO("docs/mpi.md shows what no file of tests/mpi/run contains:\n" << block);
    CHECK(is_in_one_of(tests, docs_test::normalised(block)));
  }
}

TEST_CASE("every block of code of the page on the cloud is in a test") {
  const std::vector<std::string> tests = sources("cloud/run");
  const std::vector<std::string> code = blocks(contents(root / "docs/cloud.md"), "cpp");
  CHECK(code.size() >= 3);
  for (const std::string& block : code) {
    INFO("docs/cloud.md shows what no file of tests/cloud/run contains:\n" << block);
    CHECK(is_in_one_of(tests, docs_test::normalised(block)));
  }
}

TEST_CASE("every block of code of the page on plain functions is compiled by lpc in a test") {
  const std::vector<std::string> tests = sources("plain_lpc");
  const std::vector<std::string> code = blocks(contents(root / "docs/plain.md"), "cpp");
  CHECK(code.size() > 3);
  for (const std::string& block : code) {
    INFO("docs/plain.md shows what no file of tests/plain_lpc contains:\n" << block);
    CHECK(is_in_one_of(tests, docs_test::normalised(block)));
  }
}

TEST_CASE("every number of both codes.hpp has a page, and each page a number") {
  const std::string codes = contents(root / "include/lambdapack/codes.hpp") +
                            contents(root / "compiler/source/codes.hpp");
  const std::string index = contents(root / "docs/diagnostics/README.md");
  std::vector<std::string> pages;
  for (const std::string& document : documents())
    if (document.find("/lp-") != std::string::npos) pages.push_back(fs::path(document).stem());
  for (const std::string& page : pages) {
    INFO(page);
    CHECK(codes.find('"' + page + '"') != std::string::npos);
    CHECK(index.find("[" + page + "](" + page + ".md)") != std::string::npos);
    CHECK(contents(root / "docs/diagnostics" / (page + ".md")).starts_with("# " + page + ": "));
  }
  std::size_t numbers = 0;
  for (std::size_t at = 0; (at = codes.find("\"lp-", at)) != std::string::npos; ++at) ++numbers;
  CHECK(numbers == pages.size());
}

TEST_CASE("every sentence of the compiler in the documents is in a test") {
  const std::vector<std::string> tests = sources("compile_errors");
  std::vector<std::string> quoted = sentences(contents(root / "docs/language.md"));
  CHECK(quoted.size() > 20);
  for (const std::string& sentence : sentences(contents(root / "docs/diagnostics/lp-E006.md")))
    quoted.push_back(sentence);
  for (const std::string& sentence : quoted) {
    INFO("the documents quote what no file of tests/compile_errors expects:\n" << sentence);
    CHECK(is_in_one_of(tests, "// expect: " + docs_test::normalised(sentence)));
  }
}

}  // namespace blocks_test
