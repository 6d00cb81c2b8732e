// Names that isl's own parser takes, all different where they must be.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Words of isl's notation and of its calculator.
inline bool is_isl_word(std::string_view name) {
  static constexpr std::array<std::string_view, 22> words = {
      "and",  "or",       "not",  "implies", "exists", "mod",   "floor", "floord",
      "ceil", "ceild",    "min",  "max",     "rat",    "true",  "false", "infty",
      "NaN",  "infinity", "card", "codegen", "lexmin", "lexmax"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

/// Whether a lifted relation calls a function so: `f2`, or `q2` for one of sizes alone.
inline bool is_function_name(std::string_view name) {
  return name.size() > 1 && (name[0] == 'f' || name[0] == 'q') &&
         name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

/// Letters, digits and underscores, with a letter first: `A.extent(0)` is `A_extent_0`.
inline std::string isl_name(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter || is_digit)
      safe += c;
    else if (!safe.empty() && safe.back() != '_')
      safe += '_';
  }
  while (!safe.empty() && safe.back() == '_') safe.pop_back();
  if (safe.empty() || (safe[0] >= '0' && safe[0] <= '9')) safe = 'x' + safe;
  return is_isl_word(safe) || is_function_name(safe) ? safe + '_' : safe;
}

/// The name, or the name with a number behind it, that is not among `taken`; it is afterwards.
inline std::string unique_name(const std::string& name, std::vector<std::string>& taken) {
  std::string unique = name;
  for (int k = 2; std::find(taken.begin(), taken.end(), unique) != taken.end(); ++k)
    unique = text({name, "_", k});
  taken.push_back(unique);
  return unique;
}

}  // namespace detail

LAMBDAPACK_API RelationNames RelationNames::by_position(const ir::Program& program) {
  RelationNames names;
  for (std::size_t p = 0; p < program.parameters.size(); ++p)
    names.parameters.push_back(text({"p", p}));
  for (std::size_t a = 0; a < program.arrays.size(); ++a) names.arrays.push_back(text({"T", a}));
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    names.statements.push_back(text({"S", l}));
    names.loops.emplace_back();
    for (std::size_t d = ir::loops_around(program, program.statements[l].scope).size(); d > 0; --d)
      names.loops[l].insert(names.loops[l].begin(), text({"i", d - 1}));
  }
  return names;
}

LAMBDAPACK_API RelationNames RelationNames::by_name(const ir::Program& program) {
  RelationNames names;
  for (const ir::Parameter& p : program.parameters)
    detail::unique_name(detail::isl_name(p.name), names.parameters);
  std::vector<std::string> tuples;
  for (const ir::Array& a : program.arrays)
    names.arrays.push_back(detail::unique_name(detail::isl_name(a.name), tuples));
  const auto kernel = [&](const ir::Statement& s) -> const std::string& {
    return program.kernels[static_cast<std::size_t>(s.kernel)].name;
  };
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    const bool is_only =
        std::count_if(program.statements.begin(), program.statements.end(),
                      [&](const ir::Statement& t) { return kernel(t) == kernel(s); }) == 1;
    const std::string name = detail::isl_name(kernel(s));
    names.statements.push_back(detail::unique_name(is_only ? name : text({name, "_", l}), tuples));
    std::vector<std::string> taken = names.parameters;
    names.loops.emplace_back();
    for (const int loop : ir::loops_around(program, s.scope)) {
      const auto& what = program.scopes[static_cast<std::size_t>(loop)].what;
      names.loops[l].push_back(
          detail::unique_name(detail::isl_name(std::get<ir::Loop>(what).index), taken));
    }
  }
  return names;
}

}  // namespace lambdapack::analysis
