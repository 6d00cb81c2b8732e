// Names for people. A traced program cannot see what the author called a loop or an array, so the
// source file is asked, if it happens to be there: `for (auto k : lp::range(n))` names its loop k.
// Without the file the names are by position (i0, i1, ...; A, B, ...); nothing else changes.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lambdapack::detail {

/// The lines of source files, read once.
class SourceNames {
 public:
  /// The variable of a range-for whose `lp::range` stands on line `line` of `file`, near `column`.
  std::optional<std::string> loop(const std::string& file, int line, int column) {
    const std::vector<std::string>& text = lines(file);
    for (int back = 0; back < 3; ++back) {
      const int at = line - 1 - back;
      if (at < 0 || at >= static_cast<int>(text.size())) continue;
      const std::string& s = text[static_cast<std::size_t>(at)];
      const std::size_t head =
          last_for(s, back == 0 ? static_cast<std::size_t>(std::max(column, 0)) : s.size());
      const std::size_t colon = head == std::string::npos ? head : lone_colon(s, head);
      if (colon != std::string::npos) return identifier_before(s, colon);
    }
    return std::nullopt;
  }

  /// The names of the parameters of the function `name` (or, if empty, of a lambda) whose body
  /// holds line `line` of `file`.
  std::vector<std::string> parameters(const std::string& file, const std::string& name, int line) {
    const std::vector<std::string>& text = lines(file);
    const std::string head = (name.empty() ? std::string("]") : name) + "(";
    for (int at = line - 1; at >= 0; --at) {
      if (at >= static_cast<int>(text.size())) continue;
      std::string s = text[static_cast<std::size_t>(at)];
      std::size_t begin = s.find(head);
      while (begin != std::string::npos && begin > 0 && is_word(s[begin - 1]) && is_word(s[begin]))
        begin = s.find(head, begin + 1);
      if (begin == std::string::npos) continue;
      for (int next = at + 1; next < line && s.find('{', begin) == std::string::npos; ++next)
        s += " " + text[static_cast<std::size_t>(next)];
      return split(s, begin + head.size());
    }
    return {};
  }

 private:
  const std::vector<std::string>& lines(const std::string& file) {
    const auto [entry, fresh] = files_.try_emplace(file);
    if (!fresh) return entry->second;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "r"),
                                                             &std::fclose);
    if (!in) return entry->second;
    entry->second.emplace_back();
    for (int c = std::fgetc(in.get()); c != EOF; c = std::fgetc(in.get())) {
      if (c == '\n')
        entry->second.emplace_back();
      else
        entry->second.back() += static_cast<char>(c);
    }
    return entry->second;
  }

  static bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

  // The last `for` that begins before `end`.
  static std::size_t last_for(const std::string& s, std::size_t end) {
    for (std::size_t k = std::min(end, s.size()); k-- > 0;)
      if (s.compare(k, 3, "for") == 0 && (k == 0 || !is_word(s[k - 1])) &&
          (k + 3 == s.size() || !is_word(s[k + 3])))
        return k;
    return std::string::npos;
  }

  static std::size_t lone_colon(const std::string& s, std::size_t from) {
    for (std::size_t k = from + 1; k < s.size(); ++k) {
      const bool before = s[k - 1] == ':';
      const bool after = k + 1 < s.size() && s[k + 1] == ':';
      if (s[k] == ':' && !before && !after) return k;
    }
    return std::string::npos;
  }

  static std::optional<std::string> identifier_before(const std::string& s, std::size_t end) {
    while (end > 0 && s[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && is_word(s[begin - 1])) --begin;
    if (begin == end || std::isdigit(static_cast<unsigned char>(s[begin]))) return std::nullopt;
    return s.substr(begin, end - begin);
  }

  // The last word of each parameter of a list that begins at `at` and ends at its parenthesis.
  static std::vector<std::string> split(const std::string& s, std::size_t at) {
    std::vector<std::string> names;
    int depth = 0;
    for (; at < s.size(); ++at) {
      const char c = s[at];
      if (c == '(' || c == '<') ++depth;
      if (c == '>') --depth;
      const bool end = c == ')' && depth == 0;
      if (c == ')' && !end) --depth;
      if (end || (c == ',' && depth == 0)) {
        const auto name = identifier_before(s, at);
        if (!name) return {};
        names.push_back(*name);
      }
      if (end) return names;
    }
    return {};
  }

  std::map<std::string, std::vector<std::string>> files_;
};

/// The plain name of a function as std::source_location spells it; empty for a lambda.
inline std::string plain_function_name(const std::string& pretty) {
  if (pretty.find("<lambda(") != std::string::npos ||
      pretty.find("operator()") != std::string::npos)
    return "";
  static const std::string unnamed = "(anonymous namespace)";
  std::size_t end = pretty.find('(');
  while (end != std::string::npos && pretty.compare(end, unnamed.size(), unnamed) == 0)
    end = pretty.find('(', end + unnamed.size());
  if (end == std::string::npos) return "";
  std::size_t begin = end;
  while (begin > 0 &&
         (std::isalnum(static_cast<unsigned char>(pretty[begin - 1])) || pretty[begin - 1] == '_'))
    --begin;
  return pretty.substr(begin, end - begin);
}

}  // namespace lambdapack::detail
