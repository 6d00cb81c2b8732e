// Trees of forms as C++: arithmetic of named integers, `if` and `for`.
#include "emit/form_source.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

constexpr const char* integer = "std::int64_t";

const char* type_of(Answer answer) {
  return answer == Answer::each ? "void " : answer == Answer::count ? "std::int64_t " : "bool ";
}

/// Calls f(const Statement&) for each statement of a block and of those in it.
template <class F>
void for_each_statement(const Block& block, F&& f) {
  for (const Statement& s : block) {
    f(s);
    if (const auto* choice = std::get_if<If>(&s.what)) {
      for_each_statement(choice->then, f);
      for_each_statement(choice->otherwise, f);
    } else if (const auto* loop = std::get_if<For>(&s.what)) {
      for_each_statement(loop->body, f);
    }
  }
}

bool is_variable(const Sum& s, Variable v) {
  return s.constant == 0 && s.terms.size() == 1 && s.terms.begin()->first == v &&
         s.terms.begin()->second == 1;
}

/// The only statement of a block, if it is a T.
template <class T>
const T* only(const Block& block) {
  return block.size() == 1 ? std::get_if<T>(&block.front().what) : nullptr;
}

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::floor_div:
      return "quotient";
    case Operation::modulo:
    case Operation::modulo_power:
      return "rest";
    case Operation::smaller:
      return "last";
    case Operation::larger:
      return "first";
    case Operation::multiply:
      return "product";
    case Operation::power:
      return "power";
    case Operation::log_floor:
    case Operation::log_ceil:
      break;
  }
  return "log";
}

class FormWriter {
 public:
  FormWriter(const FormTree& tree, const Wording& wording, Answer answer)
      : tree_(tree), wording_(wording), answer_(answer) {
    names_.resize(static_cast<std::size_t>(tree.variables));
    std::size_t v = 0;
    for (const std::vector<std::string>* all : {&wording.parameters, &wording.coordinates})
      for (const std::string& name : *all) {
        names_[v++] = name;
        taken_.insert(name);
      }
    name_locals();
  }

  std::string write() {
    std::string body;
    std::swap(text_, body);
    block(tree_.body, 1);
    std::swap(text_, body);
    head();
    prelude();
    if (answer_ == Answer::count) line(1, {integer, " count = 0;"});
    text_ += body;
    if (answer_ == Answer::count) line(1, {"return count;"});
    if (answer_ == Answer::yes && !is_decided_) line(1, {"return false;"});
    line(0, {"}"});
    return std::move(text_);
  }

 private:
  void line(int depth, std::initializer_list<Piece> pieces) {
    text_.append(static_cast<std::size_t>(2 * depth), ' ');
    text_ += text(pieces);
    text_ += '\n';
  }

  const std::string& name(Variable v) {
    used_.insert(v);
    return names_[static_cast<std::size_t>(v)];
  }

  // Loops are named after what their indices are in the tuples, the rest after its operation.
  void name_locals() {
    for_each_statement(tree_.body, [&](const Statement& s) {
      if (const auto* let = std::get_if<Let>(&s.what))
        local(let->variable, name_of(let->operation));
      if (const auto* both = std::get_if<Declare>(&s.what)) local(both->variable, "value");
      if (const auto* loop = std::get_if<For>(&s.what)) local(loop->variable, loop_name(*loop));
    });
  }
  void local(Variable v, const std::string& wanted) {
    names_[static_cast<std::size_t>(v)] = identifier(wanted, taken_);
  }

  std::string loop_name(const For& loop) const {
    std::string found;
    for_each_statement(loop.body, [&](const Statement& s) {
      const auto* emit = std::get_if<Emit>(&s.what);
      if (emit == nullptr) return;
      for (std::size_t k = 0; k < emit->values.size() && found.empty(); ++k)
        if (is_variable(emit->values[k], loop.variable)) found = wording_.value(emit->tag, k);
    });
    return found.empty() ? "v" : found;
  }

  void head() {
    if (answer_ == Answer::each) line(0, {"template <class F>"});
    std::string all = text({"inline ", type_of(answer_), wording_.name, "(const std::int64_t*"});
    const auto parameters = static_cast<Variable>(wording_.parameters.size());
    bool any = false;
    for (Variable v = 0; v < parameters; ++v) any = any || used_.contains(v);
    if (any) all += " p";
    for (std::size_t k = 0; k < wording_.coordinates.size(); ++k) {
      const bool used = used_.contains(parameters + static_cast<Variable>(k));
      all += text({", ", integer, used ? " " : " /*", wording_.coordinates[k], used ? "" : "*/"});
    }
    if (answer_ == Answer::each) all += has_tuples_ ? ", F&& f" : ", F&&";
    line(0, {all, ") {"});
  }

  void prelude() {
    for (std::size_t k = 0; k < wording_.parameters.size(); ++k)
      if (used_.contains(static_cast<Variable>(k)))
        line(1, {"const ", integer, " ", wording_.parameters[k], " = p[", k, "];"});
  }

  void block(const Block& statements, int depth) {
    for (const Statement& s : statements)
      std::visit([&](const auto& what) { write(what, depth); }, s.what);
  }

  void write(const Let& let, int depth) {
    line(depth, {"const ", integer, " ", name(let.variable), " = ", value(let), ";"});
  }
  void write(const Declare& both, int depth) {
    line(depth, {integer, " ", name(both.variable), ";"});
  }
  void write(const Assign& a, int depth) {
    line(depth, {name(a.variable), " = ", sum(a.value), ";"});
  }

  void write(const If& choice, int depth) {
    std::vector<Condition> all{choice.condition};
    const Block* then = &choice.then;
    if (choice.otherwise.empty())
      for (const If* inner = only<If>(*then); inner != nullptr && inner->otherwise.empty();
           inner = only<If>(*then)) {
        all.push_back(inner->condition);
        then = &inner->then;
      }
    std::string condition_text;
    for (const Condition& c : all)
      condition_text +=
          (condition_text.empty() ? "" : " && ") +
          condition(c, all.size() > 1 ? Condition::Kind::all : Condition::Kind::choice);
    if (answer_ == Answer::yes && depth == 1 && tree_.body.size() == 1 && only<Emit>(*then) &&
        choice.otherwise.empty()) {
      is_decided_ = true;
      line(depth, {"return ", condition_text, ";"});
      return;
    }
    line(depth, {"if (", condition_text, ") {"});
    block(*then, depth + 1);
    if (!choice.otherwise.empty()) {
      line(depth, {"} else {"});
      block(choice.otherwise, depth + 1);
    }
    line(depth, {"}"});
  }

  void write(const For& loop, int depth) {
    if (answer_ == Answer::count && only<Emit>(loop.body)) {
      line(depth, {"count += form::steps(", argument(loop.first), ", ", argument(loop.last), ", ",
                   argument(loop.step), ");"});
      return;
    }
    const std::string& v = name(loop.variable);
    Sum end = loop.last;
    const bool strict = end.constant == -1 && !end.terms.empty();
    if (strict) end.constant = 0;
    const bool by_one = loop.step.is_constant() && loop.step.constant == 1;
    line(depth, {"for (", integer, " ", v, " = ", sum(loop.first), "; ", v,
                 strict ? " < " : " <= ", sum(end), "; ", by_one ? "++" : "", v,
                 by_one ? std::string() : " += " + sum(loop.step), ") {"});
    block(loop.body, depth + 1);
    line(depth, {"}"});
  }

  void write(const Emit& emit, int depth) {
    has_tuples_ = true;
    if (answer_ == Answer::count) return line(depth, {"++count;"});
    if (answer_ == Answer::yes) {
      is_decided_ = is_decided_ || depth == 1;
      return line(depth, {"return true;"});
    }
    std::string arguments = wording_.tag(emit.tag);
    for (const Sum& v : emit.values) arguments += ", " + argument(v);
    line(depth, {"f(", arguments, ");"});
  }

  std::string value(const Let& let) {
    const std::string of = sum(let.of), by = sum(let.by);
    switch (let.operation) {
      case Operation::floor_div:
        return text({"form::floor_div(", of, ", ", by, ")"});
      case Operation::modulo:
        return text({"form::modulo(", of, ", ", by, ")"});
      case Operation::modulo_power:
        return text({"form::modulo_power(", of, ", ", by, ")"});
      case Operation::smaller:
        return text({"std::min<std::int64_t>(", of, ", ", by, ")"});
      case Operation::larger:
        return text({"std::max<std::int64_t>(", of, ", ", by, ")"});
      case Operation::multiply:
        return text({"(", of, ") * (", by, ")"});
      case Operation::power:
        return text({"form::power(", by, ", ", of, ")"});
      case Operation::log_floor:
        return text({"form::log_floor(", by, ", ", of, ")"});
      case Operation::log_ceil:
        break;
    }
    return text({"form::log_ceil(", by, ", ", of, ")"});
  }

  std::string condition(const Condition& c, Condition::Kind around) {
    switch (c.kind) {
      case Condition::Kind::constant:
        return c.value ? "true" : "false";
      case Condition::Kind::test:
        return comparison(c.sum, c.sign);
      case Condition::Kind::all:
      case Condition::Kind::any:
        break;
      case Condition::Kind::choice:
        return text({"(", condition(c.parts[0], Condition::Kind::choice), " ? ",
                     condition(c.parts[1], Condition::Kind::choice), " : ",
                     condition(c.parts[2], Condition::Kind::choice), ")"});
    }
    std::string all;
    for (const Condition& part : c.parts)
      all += text({all.empty()                      ? ""
                   : c.kind == Condition::Kind::all ? " && "
                                                    : " || ",
                   condition(part, c.kind)});
    const bool plain = around == Condition::Kind::choice || around == c.kind;
    return plain ? all : text({"(", all, ")"});
  }

  // Positive terms to the left, negative ones to the right: `n - k - 2 >= 0` is `n >= k + 2`, and
  // `n - k - 1 >= 0` is `n > k`.
  std::string comparison(const Sum& s, Sign sign) {
    Sum left = Sum::of(0), right = Sum::of(0);
    for (const auto& [v, coefficient] : s.terms)
      (coefficient > 0 ? left : right)
          .add(Sum::of_register(v), coefficient > 0 ? coefficient : -coefficient);
    const bool one_apart = s.constant == -1 && !left.terms.empty() && !right.terms.empty() &&
                           (sign == Sign::negative || sign == Sign::not_negative);
    if (!one_apart)
      (s.constant > 0 ? left : right).constant += s.constant > 0 ? s.constant : -s.constant;
    if (!left.terms.empty()) return sum(left) + comparator(sign, one_apart, false) + sum(right);
    return sum(right) + comparator(sign, one_apart, true) + sum(left);
  }

  // What stands between the two sides, or between them turned around; `one_apart` where the left
  // one has been made larger by one.
  static const char* comparator(Sign sign, bool one_apart, bool turned) {
    switch (sign) {
      case Sign::zero:
        return " == ";
      case Sign::not_zero:
        return " != ";
      case Sign::negative:
        return turned ? " > " : one_apart ? " <= " : " < ";
      case Sign::not_negative:
        break;
    }
    return turned ? " <= " : one_apart ? " > " : " >= ";
  }

  // As an argument whose type must not depend on its value.
  std::string argument(const Sum& s) {
    if (!s.is_constant()) return sum(s);
    return text({integer, "{", s.constant, "}"});
  }

  // Positive terms first, then the negative ones; where there is none, a positive constant leads.
  std::string sum(const Sum& s) {
    std::string all;
    const auto add = [&](bool negative, const std::string& what) {
      all += all.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
      all += what;
    };
    const auto add_terms = [&](bool negative) {
      for (const auto& [v, coefficient] : s.terms) {
        if ((coefficient < 0) != negative) continue;
        const std::int64_t factor = negative ? -coefficient : coefficient;
        add(negative, factor == 1 ? name(v) : text({factor, " * ", name(v)}));
      }
    };
    const auto add_constant = [&] {
      add(s.constant < 0, text({s.constant < 0 ? -s.constant : s.constant}));
    };
    add_terms(false);
    const bool leads = all.empty() && s.constant > 0;
    if (leads) add_constant();
    add_terms(true);
    if (all.empty() || (s.constant != 0 && !leads)) add_constant();
    return all;
  }

  const FormTree& tree_;
  const Wording& wording_;
  Answer answer_;
  std::vector<std::string> names_;
  std::set<std::string> taken_;
  std::set<Variable> used_;
  bool has_tuples_ = false;
  bool is_decided_ = false;  // a statement of the outermost block returns
  std::string text_;
};

}  // namespace

std::string form_source(const FormTree* tree, const Wording& wording, Answer answer) {
  const FormTree empty{static_cast<int>(wording.parameters.size() + wording.coordinates.size()),
                       static_cast<int>(wording.parameters.size() + wording.coordinates.size()),
                       {}};
  return FormWriter(tree != nullptr ? *tree : empty, wording, answer).write();
}

std::string form_call(const std::string& other, const Wording& wording, Answer answer) {
  std::string all = text({answer == Answer::each ? "template <class F>\n" : "", "inline ",
                          type_of(answer), wording.name, "(const std::int64_t* p"});
  std::string arguments = "p";
  for (const std::string& c : wording.coordinates) {
    all += text({", ", integer, " ", c});
    arguments += ", " + c;
  }
  if (answer == Answer::each) {
    all += ", F&& f";
    arguments += ", f";
  }
  return text(
      {all, ") {\n  ", answer == Answer::each ? "" : "return ", other, "(", arguments, ");\n}\n"});
}

}  // namespace lambdapack::lpc
