// Names of a program as identifiers of C++.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "emit/form_source.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// Keywords, macros of the standard library that are all too short, and what generated functions
/// use themselves.
constexpr std::string_view reserved[] = {"alignas",
                                         "alignof",
                                         "and",
                                         "and_eq",
                                         "asm",
                                         "auto",
                                         "bitand",
                                         "bitor",
                                         "bool",
                                         "break",
                                         "case",
                                         "catch",
                                         "char",
                                         "char8_t",
                                         "char16_t",
                                         "char32_t",
                                         "class",
                                         "compl",
                                         "concept",
                                         "const",
                                         "consteval",
                                         "constexpr",
                                         "constinit",
                                         "const_cast",
                                         "continue",
                                         "co_await",
                                         "co_return",
                                         "co_yield",
                                         "decltype",
                                         "default",
                                         "delete",
                                         "do",
                                         "double",
                                         "dynamic_cast",
                                         "else",
                                         "enum",
                                         "explicit",
                                         "export",
                                         "extern",
                                         "false",
                                         "float",
                                         "for",
                                         "friend",
                                         "goto",
                                         "if",
                                         "inline",
                                         "int",
                                         "long",
                                         "mutable",
                                         "namespace",
                                         "new",
                                         "noexcept",
                                         "not",
                                         "not_eq",
                                         "nullptr",
                                         "operator",
                                         "or",
                                         "or_eq",
                                         "private",
                                         "protected",
                                         "public",
                                         "register",
                                         "reinterpret_cast",
                                         "requires",
                                         "return",
                                         "short",
                                         "signed",
                                         "sizeof",
                                         "static",
                                         "static_assert",
                                         "static_cast",
                                         "struct",
                                         "switch",
                                         "template",
                                         "this",
                                         "thread_local",
                                         "throw",
                                         "true",
                                         "try",
                                         "typedef",
                                         "typeid",
                                         "typename",
                                         "union",
                                         "unsigned",
                                         "using",
                                         "virtual",
                                         "void",
                                         "volatile",
                                         "wchar_t",
                                         "while",
                                         "xor",
                                         "xor_eq",
                                         "linux",
                                         "unix",
                                         "errno",
                                         "F",
                                         "f",
                                         "p",
                                         "x",
                                         "to",
                                         "count",
                                         "std",
                                         "form",
                                         "ir",
                                         "lambdapack",
                                         "plain",
                                         "Traced",
                                         "I"};

bool is_reserved(const std::string& name) {
  return std::find(std::begin(reserved), std::end(reserved), name) != std::end(reserved);
}

}  // namespace

std::string plain(const std::string& name) {
  std::string result;
  for (const char c : name) {
    const bool fits = std::isalnum(static_cast<unsigned char>(c)) && (c & 0x80) == 0;
    if (fits)
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty()) return "v";
  return std::isdigit(static_cast<unsigned char>(result.front())) ? "v" + result : result;
}

std::string identifier(const std::string& name, std::set<std::string>& taken) {
  const std::string wanted = plain(name);
  std::string result = wanted;
  for (int k = 2; is_reserved(result) || taken.contains(result); ++k)
    result = text({wanted, "_", k});
  taken.insert(result);
  return result;
}

}  // namespace lambdapack::lpc
