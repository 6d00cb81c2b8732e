// Damaged JSON documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace lambdapack::test {

/// Damages JSON texts, the same way for the same seed.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string damaged(std::string text, const std::string& other) {
    for (std::size_t n = 1 + below(3); n > 0; --n) damage(text, other);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  std::string some_of(const std::string& text) {
    const std::size_t from = below(text.size());
    return text.substr(from, below(60));
  }

  void damage(std::string& text, const std::string& other) {
    if (text.empty()) return;
    const std::size_t at = below(text.size());
    switch (below(9)) {
      case 0:
        text.resize(at);
        return;
      case 1:
        text[at] = static_cast<char>(random_());
        return;
      case 2:
        text.erase(at, 1 + below(20));
        return;
      case 3:
        text.insert(at, some_of(text));
        return;
      case 4:
        text.insert(at, some_of(other));
        return;
      default:
        replace_token(text, at);
    }
  }

  /// Replaces the next number, string or bracket by a token that JSON or the format knows.
  void replace_token(std::string& text, std::size_t at) {
    static const std::vector<std::string> tokens{
        "0",           "-1",           "1",
        "2147483648",  "2147483649",   "-9223372036854775808",
        "1e308",       "1e999",        "-0.0",
        "null",        "true",         "\"\"",
        "\"loop\"",    "\"temp\"",     "\"in_list\"",
        "{}",          "[]",           "[[]]",
        "\"\\u0000\"", "\"\\ud800\"",  "\"<\"",
        "\"at\":0,",   "\"when\":[],", "\"location\":[0,1],",
        "\"power\"",   "\"zero\"",     "\"reduction\":true,"};
    const std::size_t begin = text.find_first_of("0123456789-\"[{", at);
    if (begin == std::string::npos) return;
    std::size_t end = begin + 1;
    if (text[begin] == '"') {
      end = text.find('"', end);
      end = end == std::string::npos ? text.size() : end + 1;
    }
    text.replace(begin, end - begin, tokens[below(tokens.size())]);
  }

  std::mt19937_64 random_;
};

}  // namespace lambdapack::test
