// What the name of a function, as std::source_location spells it, says of its parameters.
#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::detail {

/// What the text of a parameter's type names.
enum class ParameterWord { in, out, inout, integer, expr, other };

inline ParameterWord word_for(ir::ArrayRole role) {
  return role == ir::ArrayRole::in    ? ParameterWord::in
         : role == ir::ArrayRole::out ? ParameterWord::out
                                      : ParameterWord::inout;
}

/// Whether `word` stands in `type` with no letter, digit or _ before or behind it.
inline bool has_word(std::string_view type, std::string_view word) {
  const auto in_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  for (std::size_t at = type.find(word); at != std::string_view::npos;
       at = type.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !in_word(type[at - 1])) && (end == type.size() || !in_word(type[end])))
      return true;
  }
  return false;
}

inline ParameterWord word_of(std::string_view type) {
  if (has_word(type, "InOut")) return ParameterWord::inout;
  if (has_word(type, "Out")) return ParameterWord::out;
  if (has_word(type, "In")) return ParameterWord::in;
  if (has_word(type, "Integer")) return ParameterWord::integer;
  return has_word(type, "Expr") ? ParameterWord::expr : ParameterWord::other;
}

/// The text between the parentheses of a function's parameters.
inline std::string_view parameter_list_of(std::string_view pretty) {
  // `void f(A, B) [with T = double]`, `auto g()::(anonymous class)::operator()(A) const`,
  // `g()::<lambda(A)>`.
  if (!pretty.empty() && pretty.back() == ']') {
    int depth = 0;
    std::size_t at = pretty.size();
    do {
      --at;
      depth += pretty[at] == ']' ? 1 : pretty[at] == '[' ? -1 : 0;
    } while (at > 0 && depth > 0);
    pretty = pretty.substr(0, at);
  }
  const std::size_t end = pretty.rfind(')');
  if (end == std::string_view::npos) return {};
  std::size_t at = end;
  int depth = 1;
  while (at > 0 && depth > 0) {
    --at;
    depth += pretty[at] == ')' ? 1 : pretty[at] == '(' ? -1 : 0;
  }
  return pretty.substr(at + 1, end - at - 1);
}

/// The types of a function's parameters, as they are spelled.
inline std::vector<std::string_view> parameter_types_of(std::string_view pretty) {
  const std::string_view list = parameter_list_of(pretty);
  std::vector<std::string_view> types;
  if (list.empty() || list == "void") return types;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    const char c = at < list.size() ? list[at] : ',';
    depth += c == '<' || c == '(' || c == '[' || c == '{' ? 1 : 0;
    depth -= c == '>' || c == ')' || c == ']' || c == '}' ? 1 : 0;
    if (c != ',' || (depth != 0 && at < list.size())) continue;
    types.push_back(list.substr(begin, at - begin));
    begin = at + 1;
  }
  return types;
}

/// Whether a function of this name may have these parameters. A type that names none of the
/// library's, an alias of one perhaps, fits anything.
inline bool signature_fits(std::string_view pretty, const std::vector<ParameterWord>& parameters) {
  const std::vector<std::string_view> types = parameter_types_of(pretty);
  if (types.size() != parameters.size()) return false;
  for (std::size_t k = 0; k < types.size(); ++k) {
    const ParameterWord found = word_of(types[k]);
    if (found != parameters[k] && found != ParameterWord::other &&
        parameters[k] != ParameterWord::other)
      return false;
  }
  return true;
}

}  // namespace lambdapack::detail
