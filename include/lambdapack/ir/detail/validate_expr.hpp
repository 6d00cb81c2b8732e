// The parts of validation that all others use: places, refusals, names, ids, index expressions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// Largest magnitude of a coefficient, a constant or a step: sums of products with loop indices
/// and extents of the same size stay far from the end of 64 bits.
inline constexpr std::int64_t max_magnitude = std::int64_t{1} << 31;

namespace detail {

/// A member of a program, as `statements[3].reads[0]`, and the source line that it is from.
class Place {
 public:
  Place(const Program& program, const char* member) : program_(&program), path_(member) {}

  /// The member `name` of this place.
  Place operator/(const char* name) const { return Place(*this, path_ + '.' + name); }
  /// The element `i` of this place.
  Place operator[](std::size_t i) const {
    return Place(*this, path_ + '[' + std::to_string(i) + ']');
  }
  /// This place, which `location` gave rise to.
  Place from(const Location& location) const {
    Place place = *this;
    place.location_ = &location;
    return place;
  }

  std::string to_string() const {
    std::string text = program_->name.empty() ? "" : program_->name + ": ";
    if (const std::string line = location_ ? where(*location_) : ""; !line.empty())
      text += line + ": ";
    return text + path_;
  }

 private:
  Place(const Place& outer, std::string path) : Place(outer) { path_ = std::move(path); }

  const Program* program_;
  const Location* location_ = nullptr;
  std::string path_;
};

/// Refuses a program for what was found at `place`.
[[noreturn]] inline void refuse(const Place& place, const std::string& found,
                                const std::string& expected,
                                const char* code = codes::ill_formed) {
  throw program_error("invalid program: " + place.to_string() + ": found " + found +
                          "; expected " + expected,
                      code);
}

[[noreturn]] inline void refuse(const Place& place, std::int64_t found,
                                const std::string& expected) {
  refuse(place, std::to_string(found), expected);
}

/// `1 extent`, `2 extents`.
inline std::string count(std::size_t n, const std::string& what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

inline void check_name(const std::string& name, const Place& place) {
  if (name.empty()) refuse(place, "an empty name", "a name");
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      refuse(place, "control character " + std::to_string(static_cast<int>(c)),
             "a name of printable characters");
}

inline void check_location(const Location& location, const Place& place) {
  if (location.line < 0) refuse(place / "line", location.line, "a line from 0, for unknown");
}

/// `id` must be one of `available`.
inline void check_id(int id, std::size_t available, const std::string& what, const Place& place) {
  if (id >= 0 && static_cast<std::size_t>(id) < available) return;
  refuse(place, id,
         available == 0 ? what + ", of which the program has none"
                        : what + " from 0 to " + std::to_string(available - 1));
}

inline void check_magnitude(std::int64_t value, const Place& place) {
  if (value < -max_magnitude || value > max_magnitude)
    refuse(place, value,
           "from -" + std::to_string(max_magnitude) + " to " + std::to_string(max_magnitude));
}

/// The function must be there, and the loops in its argument be among `loops`.
inline void check_function(const Program& program, int id, const std::vector<int>& loops,
                           const Place& place) {
  check_id(id, program.functions.size(), "a function", place);
  for (const Term& term : program.functions[static_cast<std::size_t>(id)].argument.terms) {
    if (term.symbol.kind == Symbol::Kind::function)
      check_function(program, term.symbol.id, loops, place);
    if (term.symbol.kind == Symbol::Kind::loop &&
        std::find(loops.begin(), loops.end(), term.symbol.id) == loops.end())
      refuse(place, "a function of loop " + std::to_string(term.symbol.id),
             "functions of parameters and of the loops around this expression");
  }
}

/// The symbol must be a parameter, one of `loops`, or a function of them.
inline void check_symbol(const Program& program, Symbol symbol, const std::vector<int>& loops,
                         const Place& place) {
  if (symbol.kind == Symbol::Kind::parameter)
    return check_id(symbol.id, program.parameters.size(), "a parameter", place / "id");
  if (symbol.kind == Symbol::Kind::function)
    return check_function(program, symbol.id, loops, place / "id");
  if (std::find(loops.begin(), loops.end(), symbol.id) != loops.end()) return;
  std::string around;
  for (const int loop : loops) around += (around.empty() ? "" : ", ") + std::to_string(loop);
  refuse(place / "id", "loop " + std::to_string(symbol.id),
         loops.empty() ? "a parameter: there is no loop around this expression"
                       : "one of the loops around this expression: " + around);
}

inline void check_expr(const Program& program, const Expr& expr, const std::vector<int>& loops,
                       const Place& place) {
  check_magnitude(expr.constant, place / "constant");
  for (std::size_t t = 0; t < expr.terms.size(); ++t) {
    const Term& term = expr.terms[t];
    const Place term_place = (place / "terms")[t];
    check_magnitude(term.coefficient, term_place / "coefficient");
    if (term.coefficient == 0)
      refuse(term_place / "coefficient", 0, "terms with coefficients other than 0");
    check_symbol(program, term.symbol, loops, term_place / "symbol");
    if (t > 0 && !(expr.terms[t - 1].symbol < term.symbol))
      refuse(term_place / "symbol", "a symbol that does not come after the one before",
             "each symbol once: parameters, then loops, then functions, by rising id");
  }
}

inline void check_step(const Program& program, const Expr& step, const std::vector<int>& loops,
                       const Place& place) {
  check_expr(program, step, loops, place);
  if (step.terms.empty()) {
    if (step.constant == 0) refuse(place, "0", "a step other than 0", codes::unbounded);
    return;
  }
  const Term& only = step.terms.front();
  const bool is_power =
      only.symbol.kind == Symbol::Kind::function &&
      program.functions[static_cast<std::size_t>(only.symbol.id)].kind == Function::Kind::power;
  if (!is_power || step.terms.size() > 1 || step.constant != 0 || only.coefficient < 0)
    refuse(place, "a step that is not a constant",
           "a constant, or a positive multiple of one power: pow2(level + 1)", codes::not_affine);
}

inline void check_condition(const Program& program, const Condition& condition,
                            const std::vector<int>& loops, const Place& place) {
  for (std::size_t i = 0; i < condition.any_of.size(); ++i)
    for (std::size_t j = 0; j < condition.any_of[i].size(); ++j) {
      const Place comparison_place = (place / "any_of")[i][j];
      const Comparison& comparison = condition.any_of[i][j];
      check_expr(program, comparison.left, loops, comparison_place / "left");
      check_expr(program, comparison.right, loops, comparison_place / "right");
    }
}

}  // namespace detail

}  // namespace lambdapack::ir
