// What the tests of the documents share.
#pragma once

#include <cctype>
#include <regex>
#include <string>

#include "lambdapack/lambdapack.hpp"

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

/// The sentence of the exception E that `f` throws; empty if it throws none.
template <class E, class F>
std::string said(F f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

}  // namespace docs_test
