// The example `digits`: what it reads, what it refuses, and one whole run of the built program.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../../examples/digits/digits_csv.hpp"
#include "../../examples/digits/options.hpp"
#include "report/support.hpp"

namespace digits_test {

using namespace report_tests;

namespace {

/// Ten patterns, each seen many times through noise: a file like that of the digits.
std::string made_up_digits() {
  std::mt19937 random(1);
  std::vector<std::vector<int>> patterns(10, std::vector<int>(64));
  for (auto& pattern : patterns)
    for (int& pixel : pattern) pixel = static_cast<int>(random() % 13);
  std::string csv;
  for (std::size_t image = 0; image < digits::image_count; ++image) {
    const std::size_t digit = random() % 10;
    for (const int pixel : patterns[digit])
      csv += std::to_string(pixel + static_cast<int>(random() % 5)) + ',';
    csv += std::to_string(digit) + '\n';
  }
  return csv;
}

std::string with_line(std::string csv, std::size_t line, const std::string& content) {
  std::size_t at = 0;
  while (--line > 0) at = csv.find('\n', at) + 1;
  return csv.replace(at, csv.find('\n', at) - at, content);
}

void refuses(const std::string& content, const std::string& sentence) {
  const Folder folder;
  const std::string file = folder.path() + "/digits.csv";
  write(file, content);
  CHECK_THROWS_WITH(digits::read_csv(file), file + sentence);
}

digits::Options parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "digits");
  return digits::parse(static_cast<int>(arguments.size()), arguments.data());
}

/// The program next to this one, if the examples were built; else empty.
std::string program() {
  const auto tests = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto path = tests.parent_path() / "examples" / "digits";
  return std::filesystem::exists(path) ? path.string() : "";
}

}  // namespace

TEST_CASE("digits are read") {
  const Folder folder;
  write(folder.path() + "/digits.csv", made_up_digits());
  const auto images = digits::read_csv(folder.path() + "/digits.csv");
  REQUIRE(images.size() == 1797);
  for (const digits::Image& image : images)
    for (const double pixel : image.pixels) CHECK((pixel >= 0 && pixel <= 1));
}

TEST_CASE("digits that are not as they should be are refused") {
  const std::string good = made_up_digits();
  std::string zeros;
  for (int k = 0; k < 64; ++k) zeros += "0,";
  CHECK_THROWS_WITH(digits::read_csv("/nonexistent/digits.csv"),
                    "cannot open /nonexistent/digits.csv; tools/demo fetches the digits");
  CHECK_THROWS_AS(digits::read_csv("/"), std::runtime_error);
  refuses("", " has 0 images, but should have 1797; fetch it again with tools/demo");
  refuses(with_line(good, 3, "1,2"),
          ":3: the line has 2 columns, but should have 65: 64 pixels and the digit");
  refuses(with_line(good, 1797, ""),
          ":1797: the line has 1 columns, but should have 65: 64 pixels and the digit");
  refuses(with_line(good, 2, zeros + "7,"),
          ":2: the line has 66 columns, but should have 65: 64 pixels and the digit");
  refuses(with_line(good, 5, "x," + zeros.substr(2) + "7"),
          ":5: column 1 is 'x', but should be a number from 0 to 16");
  refuses(with_line(good, 5, "17," + zeros.substr(2) + "7"),
          ":5: column 1 is '17', but should be a number from 0 to 16");
  refuses(with_line(good, 5, "nan," + zeros.substr(2) + "7"),
          ":5: column 1 is 'nan', but should be a number from 0 to 16");
  refuses(with_line(good, 5, zeros + "10"),
          ":5: column 65 is '10', but should be a number from 0 to 9");
  refuses(with_line(good, 5, zeros + "1.5"),
          ":5: the digit is '1.5', but should be a whole number from 0 to 9");
  refuses(good.substr(0, good.find('\n', good.size() / 2) + 1),
          " has " +
              std::to_string(std::count(
                  good.begin(),
                  good.begin() + static_cast<long>(good.find('\n', good.size() / 2)) + 1, '\n')) +
              " images, but should have 1797; fetch it again with tools/demo");
}

TEST_CASE("the command line of digits is read") {
  const digits::Options plain = parse({"a.csv"});
  CHECK(plain.csv == "a.csv");
  CHECK(plain.directory == ".");
  CHECK(plain.tile == 128);
  CHECK(plain.workers == 0);
  const digits::Options full = parse({"--tile", "64", "a.csv", "out", "--workers=3"});
  CHECK(full.csv == "a.csv");
  CHECK(full.directory == "out");
  CHECK(full.tile == 64);
  CHECK(full.workers == 3);
  CHECK(parse({"--help"}).help);
}

TEST_CASE("a command line of digits that makes no sense is refused") {
  CHECK_THROWS_WITH(parse({}), "the file with the digits is missing");
  CHECK_THROWS_WITH(parse({"a", "b", "c"}), "there is one argument too many: 'c'");
  CHECK_THROWS_WITH(parse({"a", "--tiles=3"}), "there is no option '--tiles'");
  CHECK_THROWS_WITH(parse({"a", "-x"}), "there is no option '-x'");
  CHECK_THROWS_WITH(parse({"a", "--tile"}), "--tile lacks its number");
  CHECK_THROWS_WITH(parse({"a", "--tile=8"}), "--tile takes a whole number from 32 on, not '8'");
  CHECK_THROWS_WITH(parse({"a", "--tile="}), "--tile takes a whole number from 32 on, not ''");
  CHECK_THROWS_WITH(parse({"a", "--workers=2x"}),
                    "--workers takes a whole number from 1 on, not '2x'");
  CHECK_THROWS_WITH(parse({"a", "--workers", "99999999999"}),
                    "--workers takes a whole number from 1 on, not '99999999999'");
}

TEST_CASE("the program digits runs, and ends with a sentence where it cannot") {
  if (program().empty()) {
    WARN("not run: the examples are not built here");
    return;
  }
  const Folder folder;
  const std::string csv = folder.path() + "/digits.csv", out = folder.path() + "/out";
  write(csv, made_up_digits());
  std::filesystem::create_directory(out);

  for (const char* options : {" --workers=2", " --tile=100 --workers=1", " --tile=5000"}) {
    CAPTURE(options);
    const auto [status, output] = shell(program() + ' ' + csv + ' ' + out + options + " 2>&1");
    CAPTURE(output);
    REQUIRE(status == 0);
    CHECK_THAT(output, Catch::Contains("1438 to learn from, 359 held out"));
    CHECK_THAT(output, Catch::Contains("100.0 % of the held-out digits"));
    CHECK(elements(read(out + "/task-graph.svg"))[std::pair("g", "n")] == 35);
    CHECK(elements(read(out + "/timeline.svg"))[std::pair("rect", "t")] >= 1);
    CHECK(elements(read(out + "/factorisation.html"))[std::pair("canvas", "-")] == 1);
  }

  const auto fails = [](const std::string& arguments, int status, const std::string& sentence) {
    CAPTURE(arguments);
    const auto [actual, output] = shell(program() + ' ' + arguments + " 2>&1 >/dev/null");
    CHECK(actual == status);
    CHECK_THAT(output, Catch::StartsWith("digits: " + sentence));
  };
  fails("", 2, "the file with the digits is missing\nusage: digits DIGITS.CSV");
  fails("--frobnicate", 2, "there is no option '--frobnicate'");
  fails("/nonexistent", 1, "cannot open /nonexistent; tools/demo fetches the digits\n");
  fails(csv + " /nonexistent", 1,
        "cannot write /nonexistent/task-graph.svg: No such file or directory; name a folder that "
        "exists and may be written\n");
  fails(csv + ' ' + csv, 1, "cannot write " + csv + "/task-graph.svg: Not a directory");
  fails(out + ' ' + out, 1, "");
}

}  // namespace digits_test
