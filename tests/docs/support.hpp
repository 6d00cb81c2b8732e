// What the tests of the documents share.
#pragma once

#include <cctype>
#include <iostream>
#include <regex>
#include <sstream>
#include <string>

#include "lambdapack/lambdapack.hpp"
#include "support/said.hpp"

namespace docs_test {

/// The text with each run of white space as one blank.
inline std::string normalised(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

/// What a program printed or said, without the places in the source that it names.
inline std::string shown(const std::string& text) {
  return normalised(std::regex_replace(text, std::regex("[a-z_]+\\.cpp:[0-9]+"), "FILE:LINE"));
}

using test_support::said;

/// What is printed to a stream while this lives.
class Printed {
 public:
  explicit Printed(std::ostream& stream = std::cout)
      : stream_(stream), old_(stream.rdbuf(text_.rdbuf())) {}
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;
  ~Printed() { stream_.rdbuf(old_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostream& stream_;
  std::ostringstream text_;
  std::streambuf* old_;
};

}  // namespace docs_test
