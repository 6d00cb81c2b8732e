// Affine expressions and conditions as people write them: `n - k - 1`, `k < i && !(i % 2 == 0)`.
//
// The grammar and the arithmetic are C's, as far as they are affine: `/` and `%` by a positive
// constant, rounding to zero. What C would take and people misread (`a < b < c`, `a & b`) is
// refused. A quotient becomes a variable of its own, with the constraints that define it; so does,
// where sizes are given, a power or a logarithm of a constant base: `pow2(k)`, `log_ceil(3, n)`.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/analysis/affine_tokens.hpp"
#include "lambdapack/analysis/function_levels.hpp"
#include "lambdapack/ir/detail/validate_expr.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// constant + sum of coefficient * variable, the variables by their names in isl's notation.
struct LinearForm {
  std::int64_t constant = 0;
  std::map<std::string, std::int64_t> terms;

  bool is_constant() const { return terms.empty(); }

  /// The form in isl's notation, in parentheses.
  std::string text() const {
    std::string all = lambdapack::text({"(", constant});
    for (const auto& [name, coefficient] : terms)
      all += lambdapack::text({" + ", coefficient, "*", name});
    return all + ")";
  }
};

/// The quotients, and the powers and logarithms, that the texts of one family use: variables q0,
/// q1,
/// ... and their definitions.
struct Quotients {
  bool takes_powers = false;  ///< whether there may be powers and logarithms
  std::map<std::string, std::string> names = {};
  std::vector<std::string> definitions = {};

  /// The variable that is this power or logarithm of `argument`.
  std::string function(ir::Function::Kind kind, std::int64_t base, const LinearForm& argument) {
    const std::string x = argument.text();
    const auto [entry, fresh] = names.try_emplace(text({ir::to_string(kind), base, x}));
    if (!fresh) return entry->second;
    const std::string q = text({"q", definitions.size()});
    std::string all;
    for (const FunctionLevel& level : function_levels(kind, base)) {
      all += text({all.empty() ? "(" : " or (", q, " = ", level.value});
      if (level.from) all += text({" and ", x, " >= ", *level.from});
      if (level.to) all += text({" and ", x, " <= ", *level.to});
      all += ")";
    }
    definitions.push_back(text({"(", all, ")"}));
    return entry->second = q;
  }

  /// The variable that is `dividend / divisor`, rounded to zero.
  std::string name(const LinearForm& dividend, std::int64_t divisor) {
    const std::string d = dividend.text();
    const auto [entry, fresh] = names.try_emplace(text({d, "/", divisor}));
    if (!fresh) return entry->second;
    const std::string q = text({"q", definitions.size()});
    const std::string whole = text({divisor, "*", q});
    definitions.push_back(
        text({"((",  d,       " >= 0 and ", whole,    " <= ", d,           " < ",
              whole, " + ",   divisor,      ") or (", d,      " < 0 and ", whole,
              " - ", divisor, " < ",        d,        " <= ", whole,       "))"}));
    return entry->second = q;
  }
};

/// What names mean: a name as it is written -> its name in isl's notation.
using AffineNames = std::map<std::string, std::string>;

/// Reads one text. All of it throws input_error, with the column, where the text is not affine.
class AffineText {
 public:
  /// `names` are the names that the text may use, `place` what messages call its place.
  AffineText(std::string_view text, const AffineNames& names, Quotients& quotients,
             std::string place)
      : tokens_(text, std::move(place)), names_(names), quotients_(quotients) {}

  /// The text as an expression.
  LinearForm expression() { return number(whole(), "an expression, not a condition"); }

  /// The text as a condition, in isl's notation.
  std::string condition() { return condition(whole(), "a condition, like k < i"); }

 private:
  using Kind = AffineTokens::Kind;

  /// What a part of the text is: a number or a condition, and where it begins.
  struct Part {
    std::size_t position = 0;
    LinearForm number;
    std::string condition;  // empty for a number
  };

  LinearForm number(const Part& part, const char* expected) const {
    if (!part.condition.empty()) tokens_.refuse(part.position, expected);
    return part.number;
  }

  std::string condition(const Part& part, const char* expected) const {
    if (part.condition.empty()) tokens_.refuse(part.position, expected, "a number");
    return part.condition;
  }

  Part whole() {
    const Part part = disjunction();
    if (tokens_.now().kind != Kind::end) refuse("an operator, or the end");
    return part;
  }

  [[noreturn]] void refuse(const char* expected) const {
    tokens_.refuse(tokens_.position(), expected, tokens_.found());
  }

  Part disjunction() {
    return joined("||", "or", [&] { return joined("&&", "and", [&] { return comparison(); }); });
  }

  template <class Next>
  Part joined(const char* sign, const char* word, Next next) {
    Part first = next();
    if (!tokens_.is(sign)) return first;
    const char* const expected = "conditions on both sides of && and ||";
    std::string all = condition(first, expected);
    while (tokens_.skip(sign)) all += text({" ", word, " ", condition(next(), expected)});
    return {first.position, {}, text({"(", all, ")"})};
  }

  // isl's spelling of a comparison, or null.
  const char* relation() const {
    static constexpr const char* known[][2] = {{"<", "<"},   {"<=", "<="}, {"==", "="},
                                               {"!=", "!="}, {">=", ">="}, {">", ">"}};
    for (const auto& [sign, spelling] : known)
      if (tokens_.is(sign)) return spelling;
    return nullptr;
  }

  Part comparison() {
    const Part left = sum();
    const char* const between = relation();
    if (between == nullptr) return left;
    const char* const expected = "numbers on both sides of a comparison";
    tokens_.advance();
    const LinearForm a = number(left, expected), b = number(sum(), expected);
    if (relation() != nullptr) refuse("one comparison at a time, joined by &&");
    return {left.position, {}, text({"(", a.text(), " ", between, " ", b.text(), ")"})};
  }

  Part sum() {
    Part part = product();
    while (tokens_.is("+") || tokens_.is("-")) {
      const std::int64_t sign = tokens_.is("+") ? 1 : -1;
      const std::size_t at = tokens_.position();
      tokens_.advance();
      const char* const expected = "numbers on both sides of + and -";
      LinearForm result = number(part, expected);
      const LinearForm other = number(product(), expected);
      result.constant = bounded(result.constant + sign * other.constant, at);
      for (const auto& [name, coefficient] : other.terms)
        set(result, name, bounded(result.terms[name] + sign * coefficient, at));
      part = {part.position, result, ""};
    }
    return part;
  }

  Part product() {
    Part part = unary();
    while (tokens_.is("*") || tokens_.is("/") || tokens_.is("%")) {
      const char sign = tokens_.now().text[0];
      const std::size_t at = tokens_.position();
      tokens_.advance();
      const char* const expected = "numbers on both sides of * / %";
      const LinearForm left = number(part, expected), right = number(unary(), expected);
      part = {part.position, sign == '*' ? times(left, right, at) : divided(left, right, sign, at),
              ""};
    }
    return part;
  }

  LinearForm times(const LinearForm& a, const LinearForm& b, std::size_t at) const {
    if (!a.is_constant() && !b.is_constant())
      tokens_.refuse(at, "a product with a constant, for only that is affine",
                     "a product of two expressions");
    const LinearForm& form = a.is_constant() ? b : a;
    const std::int64_t factor = a.is_constant() ? a.constant : b.constant;
    LinearForm result{bounded(form.constant * factor, at), {}};
    for (const auto& [name, coefficient] : form.terms)
      set(result, name, bounded(coefficient * factor, at));
    return result;
  }

  LinearForm divided(const LinearForm& a, const LinearForm& b, char sign, std::size_t at) const {
    if (!b.is_constant() || b.constant <= 0)
      tokens_.refuse(at, "a division by a positive constant",
                     b.is_constant() ? text({"one by ", b.constant}) : "one by an expression");
    if (a.is_constant())
      return {sign == '/' ? a.constant / b.constant : a.constant % b.constant, {}};
    const std::string quotient = quotients_.name(a, b.constant);
    if (sign == '/') return {0, {{quotient, 1}}};
    LinearForm rest = a;
    set(rest, quotient, -b.constant);
    return rest;
  }

  Part unary() {
    const Deeper deeper(*this);
    const std::size_t at = tokens_.position();
    if (tokens_.skip("-")) {
      const LinearForm form = number(unary(), "a number after -");
      return {at, times(form, {-1, {}}, at), ""};
    }
    if (tokens_.skip("!")) {
      const std::string inner =
          condition(unary(), "a condition in parentheses after !, like !(k == i)");
      return {at, {}, text({"(not ", inner, ")"})};
    }
    return primary();
  }

  Part primary() {
    const std::size_t at = tokens_.position();
    if (tokens_.skip("(")) {
      Part part = disjunction();
      if (!tokens_.skip(")")) refuse("an operator or )");
      part.position = at;
      return part;
    }
    const AffineTokens::Token token = tokens_.now();
    if (token.kind == Kind::number) {
      tokens_.advance();
      return {at, {literal(token.text, at), {}}, ""};
    }
    if (token.kind != Kind::name) refuse("a number, a name or (");
    const auto found = names_.find(std::string(token.text));
    if (found == names_.end()) {
      if (const Word* const word = function_word(token.text)) return {at, function(*word), ""};
      tokens_.refuse(at, known(), tokens_.found());
    }
    tokens_.advance();
    return {at, {0, {{found->second, 1}}}, ""};
  }

  /// A power or a logarithm, as the language spells it; base 0 stands for one that is written.
  struct Word {
    std::string_view name;
    ir::Function::Kind kind;
    std::int64_t base;
  };

  const Word* function_word(std::string_view name) const {
    using Function = ir::Function::Kind;
    static constexpr Word words[] = {
        {"pow2", Function::power, 2},           {"pow", Function::power, 0},
        {"log2_ceil", Function::log_ceil, 2},   {"log_ceil", Function::log_ceil, 0},
        {"log2_floor", Function::log_floor, 2}, {"log_floor", Function::log_floor, 0}};
    if (!quotients_.takes_powers) return nullptr;
    for (const Word& word : words)
      if (word.name == name) return &word;
    return nullptr;
  }

  LinearForm function(const Word& word) {
    tokens_.advance();
    if (!tokens_.skip("(")) refuse("( and what the function is of");
    std::int64_t base = word.base;
    if (base == 0) {
      const std::size_t at = tokens_.position();
      const LinearForm written = number(sum(), "a constant base");
      if (!written.is_constant() || written.constant < 2)
        tokens_.refuse(at, "a constant base of at least 2");
      base = written.constant;
      if (!tokens_.skip(",")) refuse(", behind the base");
    }
    const LinearForm argument = number(sum(), "a number, not a condition");
    if (!tokens_.skip(")")) refuse("an operator or )");
    return {0, {{quotients_.function(word.kind, base, argument), 1}}};
  }

  std::int64_t literal(std::string_view digits, std::size_t at) const {
    std::int64_t value = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return bounded(end.ec == std::errc() ? value : ir::max_magnitude + 1, at);
  }

  // Both factors of a product are bounded, so that none overflows before it is looked at.
  std::int64_t bounded(std::int64_t value, std::size_t at) const {
    if (value < -ir::max_magnitude || value > ir::max_magnitude)
      tokens_.refuse(at, text({"numbers up to ", ir::max_magnitude}), "a larger one");
    return value;
  }

  static void set(LinearForm& form, const std::string& name, std::int64_t coefficient) {
    if (coefficient == 0)
      form.terms.erase(name);
    else
      form.terms[name] = coefficient;
  }

  std::string known() const {
    std::string all;
    for (const auto& entry : names_) all += (all.empty() ? "" : ", ") + entry.first;
    return all.empty() ? "a number, for there are no names here" : "one of the names " + all;
  }

  /// Counts how deep the text nests: a limit for the stack.
  struct Deeper {
    explicit Deeper(AffineText& reader) : depth(reader.depth_) {
      if (++depth > 100) reader.refuse("fewer parentheses and signs in each other");
    }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { --depth; }
    int& depth;
  };

  AffineTokens tokens_;
  const AffineNames& names_;
  Quotients& quotients_;
  int depth_ = 0;
};

}  // namespace lambdapack::analysis
