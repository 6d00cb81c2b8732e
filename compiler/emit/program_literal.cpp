// A program as nested initialisers, each with its type's name, so that C++ cannot take a list for
// something else.
#include "emit/program_literal.hpp"

#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <variant>

#include "lambdapack/ir/names.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// Initialisers by the type of what they make. In a class, so that all of them see each other.
struct Literals {
  static std::string literal(const std::string& characters) { return string_literal(characters); }
  static std::string literal(bool value) { return value ? "true" : "false"; }
  static std::string literal(int value) { return std::to_string(value); }
  static std::string literal(std::int64_t value) {
    return value == INT64_MIN ? "INT64_MIN" : std::to_string(value);
  }

  // Exact: in hexadecimal, or by its bits.
  static std::string literal(double value) {
    char buffer[64];
    if (std::isfinite(value))
      std::snprintf(buffer, sizeof buffer, "%a", value);
    else
      std::snprintf(buffer, sizeof buffer, "std::bit_cast<double>(std::uint64_t{0x%llxu})",
                    static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(value)));
    return buffer;
  }

  static std::string enumerator(const char* type, const char* name) {
    return text({"ir::", type, "::", name});
  }
  static std::string literal(ir::ArrayRole role) {
    return enumerator("ArrayRole", to_string(role));
  }
  static std::string literal(ir::ParameterRole role) {
    return enumerator("ParameterRole", to_string(role));
  }
  static std::string literal(ir::Symbol::Kind kind) {
    return enumerator("Symbol::Kind", to_string(kind));
  }
  static std::string literal(ir::Function::Kind kind) {
    return enumerator("Function::Kind", to_string(kind));
  }
  static std::string literal(ir::Relation relation) {
    static constexpr const char* names[] = {"less",      "less_equal",    "equal",
                                            "not_equal", "greater_equal", "greater"};
    return enumerator("Relation", names[static_cast<std::size_t>(relation)]);
  }

  template <class T>
  static std::string literal(const std::optional<T>& value) {
    return value ? literal(*value) : "std::nullopt";
  }

  /// `ir::TYPE{a, b}`.
  template <class... Members>
  static std::string object(const char* type, const Members&... members) {
    std::string inside;
    ((inside += (inside.empty() ? "" : ", ") + literal(members)), ...);
    return text({"ir::", type, "{", inside, "}"});
  }

  static std::string literal(const ir::Location& l) { return object("Location", l.file, l.line); }
  static std::string literal(const ir::Symbol& s) { return object("Symbol", s.kind, s.id); }
  static std::string literal(const ir::Term& t) { return object("Term", t.coefficient, t.symbol); }
  static std::string literal(const ir::Expr& e) { return object("Expr", e.constant, e.terms); }
  static std::string literal(const ir::Function& f) {
    return object("Function", f.kind, f.base, f.argument);
  }
  static std::string literal(const ir::Comparison& c) {
    return object("Comparison", c.left, c.relation, c.right);
  }
  static std::string literal(const ir::Condition& c) {
    std::string all;
    for (const std::vector<ir::Comparison>& all_of : c.any_of)
      all += text({all.empty() ? "" : ", ", "std::vector<ir::Comparison>", literal(all_of)});
    return text({"ir::Condition{{", all, "}}"});
  }
  static std::string literal(const ir::Loop& l) {
    return object("Loop", l.index, l.lower, l.upper, l.step);
  }
  static std::string literal(const std::variant<ir::Loop, ir::Condition>& what) {
    return std::visit([](const auto& one) { return literal(one); }, what);
  }
  static std::string literal(const ir::Scope& s) {
    return object("Scope", s.parent, s.what, s.location);
  }
  static std::string literal(const ir::Parameter& p) { return object("Parameter", p.name); }
  static std::string literal(const ir::Unwritten& u) { return object("Unwritten", u.kernel); }
  static std::string literal(const ir::Array& a) {
    return object("Array", a.name, a.element, a.rank, a.role, a.extents, a.unwritten);
  }
  static std::string literal(const ir::KernelParameter& p) {
    return object("KernelParameter", p.role, p.element);
  }
  static std::string literal(const ir::Kernel& k) {
    return object("Kernel", k.name, k.parameters, k.shapes);
  }
  static std::string literal(const ir::Run& r) { return object("Run", r.end, r.step); }
  static std::string literal(const ir::Subscript& s) { return object("Subscript", s.at, s.run); }
  static std::string literal(const ir::Access& a) {
    return object("Access", a.array, a.subscripts, a.location);
  }
  static std::string literal(const ir::Scalar& s) {
    if (const auto* e = std::get_if<ir::Expr>(&s)) return text({"ir::Scalar{", literal(*e), "}"});
    if (const auto* x = std::get_if<double>(&s)) return text({"ir::Scalar{", literal(*x), "}"});
    const auto z = std::get<std::complex<double>>(s);
    return text(
        {"ir::Scalar{std::complex<double>(", literal(z.real()), ", ", literal(z.imag()), ")}"});
  }
  static std::string literal(const ir::Statement& s) {
    return object("Statement", s.scope, s.kernel, s.writes, s.reads, s.scalars, s.location,
                  s.reduction, s.stoppable);
  }

  template <class T>
  static std::string literal(const std::vector<T>& items) {
    std::string all;
    for (const T& item : items) all += (all.empty() ? "" : ", ") + literal(item);
    return text({"{", all, "}"});
  }
};

/// A list with a line for each of its items.
template <class T>
std::string lines(const std::vector<T>& items, const std::string& margin) {
  std::string all;
  for (const T& item : items)
    all += text({all.empty() ? "" : ",", "\n", margin, Literals::literal(item)});
  return text({"{", all, "}"});
}

}  // namespace

std::string string_literal(std::string_view characters) {
  std::string result = "\"";
  for (const char c : characters) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      result += {'\\', c};
    else if (byte >= 32 && byte < 127 && c != '?')
      result += c;
    else
      result += {'\\', static_cast<char>('0' + (byte >> 6)),
                 static_cast<char>('0' + ((byte >> 3) & 7)), static_cast<char>('0' + (byte & 7))};
  }
  return result + '"';
}

std::string program_literal(const ir::Program& p, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::string inner(indent + 4, ' ');
  std::string all = text({"ir::Program{", Literals::literal(p.name)});
  const auto add = [&](const std::string& list) { all += text({",\n", margin, "  ", list}); };
  add(lines(p.parameters, inner));
  add(lines(p.arrays, inner));
  add(lines(p.kernels, inner));
  add(lines(p.scopes, inner));
  add(lines(p.statements, inner));
  add(lines(p.functions, inner));
  return all + "}";
}

}  // namespace lambdapack::lpc
