// A program as text that reads like its source. The program must be valid.
//
//   cholesky(inout A: float64[A.extent(0), A.extent(1)])
//     for k in range(0, A.extent(0))
//       A(k, k) = potrf(A(k, k))                # cholesky.cpp:9
//       for i in range(k + 1, A.extent(0))
//         A(i, k) = trsm(A(k, k), A(i, k))      # cholesky.cpp:11
//
// A loop whose name is in use already, by a loop around it, gets a prime: k'.
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/number.hpp"
#include "lambdapack/ir/detail/text_order.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/names.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

inline std::string to_string(const Program& program, const Expr& expr);

/// `(i + 1) / 2`, `i % 3`, `pow2(l + 1)`, `log2_ceil(n)`, `pow(4, l)`.
inline std::string to_string(const Program& program, const Function& f) {
  const std::string argument = to_string(program, f.argument);
  const std::string base = std::to_string(f.base);
  if (f.kind == Function::Kind::quotient || f.kind == Function::Kind::remainder) {
    const bool single = argument.find_first_of(" *") == std::string::npos;
    return (single ? argument : '(' + argument + ')') +
           (f.kind == Function::Kind::quotient ? " / " : " % ") + base;
  }
  const std::string name = f.kind == Function::Kind::power       ? "pow"
                           : f.kind == Function::Kind::log_floor ? "log_floor"
                                                                 : "log_ceil";
  if (f.base != 2) return name + '(' + base + ", " + argument + ')';
  return (f.kind == Function::Kind::power ? "pow2" : "log2" + name.substr(3)) + '(' + argument +
         ')';
}

/// The parameter's name, the loop's, with a prime for each loop of that name around it, or the
/// function's text.
inline std::string to_string(const Program& program, Symbol symbol) {
  const std::size_t id = static_cast<std::size_t>(symbol.id);
  if (symbol.kind == Symbol::Kind::function) return to_string(program, program.functions[id]);
  if (symbol.kind == Symbol::Kind::parameter) return program.parameters[id].name;
  std::string name = std::get<Loop>(program.scopes[id].what).index;
  std::size_t primes = 0;
  for (const int loop : loops_around(program, program.scopes[id].parent))
    primes +=
        std::get<Loop>(program.scopes[static_cast<std::size_t>(loop)].what).index == name ? 1 : 0;
  return name.append(primes, '\'');
}

namespace detail {

/// Appends `+ n`, `- n` or, at the front, `n` or `-n`.
inline void append_signed(std::string& sum, bool negative, const std::string& magnitude) {
  if (sum.empty())
    sum = (negative ? "-" : "") + magnitude;
  else
    sum += (negative ? " - " : " + ") + magnitude;
}

inline std::string magnitude(std::int64_t value) {
  const std::string digits = std::to_string(value);
  return value < 0 ? digits.substr(1) : digits;
}

template <class Item, class Text>
std::string join(const std::vector<Item>& items, const char* separator, Text text) {
  std::string joined;
  for (const Item& item : items) {
    if (&item != &items.front()) joined += separator;
    joined += text(item);
  }
  return joined;
}

}  // namespace detail

/// `2*n - k + 1`; what is positive comes first.
inline std::string to_string(const Program& program, const Expr& expr) {
  std::string sum;
  const auto append_terms = [&](bool negative) {
    for (const Term& term : expr.terms) {
      if ((term.coefficient < 0) != negative) continue;
      const std::string factor = detail::magnitude(term.coefficient);
      std::string name = to_string(program, term.symbol);
      const bool is_division = name.find(" / ") != std::string::npos ||
                               name.find(" % ") != std::string::npos;
      if (is_division && (factor != "1" || negative) && name.back() != ')')
        name = '(' + name + ')';
      detail::append_signed(sum, negative, (factor == "1" ? "" : factor + '*') + name);
    }
  };
  const auto append_constant = [&] {
    detail::append_signed(sum, expr.constant < 0, detail::magnitude(expr.constant));
  };
  append_terms(false);
  const bool constant_leads = sum.empty() && expr.constant > 0;
  if (constant_leads) append_constant();
  append_terms(true);
  if (sum.empty() || (expr.constant != 0 && !constant_leads)) append_constant();
  return sum;
}

/// `j + 2 < n`.
inline std::string to_string(const Program& program, const Comparison& comparison) {
  return to_string(program, comparison.left) + ' ' + to_string(comparison.relation) + ' ' +
         to_string(program, comparison.right);
}

/// `a < b && c != d || e < f`; `true` and `false` where nothing is to be compared.
inline std::string to_string(const Program& program, const Condition& condition) {
  if (condition.any_of.empty()) return "false";
  return detail::join(condition.any_of, " || ", [&](const std::vector<Comparison>& all_of) {
    if (all_of.empty()) return std::string("true");
    return detail::join(all_of, " && ",
                        [&](const Comparison& one) { return to_string(program, one); });
  });
}

namespace detail {

inline std::string range_text(const Program& program, const Expr& from, const Expr& end,
                              const Expr& step) {
  std::string text = "range(" + to_string(program, from) + ", " + to_string(program, end);
  if (step != Expr{1, {}}) text += ", " + to_string(program, step);
  return text + ')';
}

}  // namespace detail

/// `A(k, k)`, or with a run of tiles `A(range(k, n), k)`.
inline std::string to_string(const Program& program, const Access& access) {
  const auto text = [&](const Subscript& s) {
    return s.run ? detail::range_text(program, s.at, s.run->end, s.run->step)
                 : to_string(program, s.at);
  };
  return program.arrays[static_cast<std::size_t>(access.array)].name + '(' +
         detail::join(access.subscripts, ", ", text) + ')';
}

/// `k + 1`, `2.5`, `complex(0.0, 1.0)`.
inline std::string to_string(const Program& program, const Scalar& scalar) {
  if (const Expr* expr = std::get_if<Expr>(&scalar)) return to_string(program, *expr);
  if (const double* real = std::get_if<double>(&scalar)) return detail::real_text(*real);
  const std::complex<double>& z = std::get<std::complex<double>>(scalar);
  return "complex(" + detail::real_text(z.real()) + ", " + detail::real_text(z.imag()) + ')';
}

/// `A(i, k) = trsm(A(k, k), A(i, k))`, `(V(j), T(j)) = geqrt(A(j))`; the arguments are in the order
/// of the kernel's parameters.
inline std::string to_string(const Program& program, const Statement& statement) {
  const Kernel& kernel = program.kernels[static_cast<std::size_t>(statement.kernel)];
  std::vector<std::string> arguments;
  std::size_t reads = statement.reduction ? 1 : 0, scalars = 0;
  for (const KernelParameter& parameter :
       std::span(kernel.parameters).subspan(statement.reduction ? 1 : 0))
    if (parameter.role == ParameterRole::scalar)
      arguments.push_back(to_string(program, statement.scalars[scalars++]));
    else if (parameter.role != ParameterRole::out)
      arguments.push_back(to_string(program, statement.reads[reads++]));
  std::string left =
      detail::join(statement.writes, ", ", [&](const Access& w) { return to_string(program, w); });
  if (statement.writes.size() != 1) left = '(' + left + ')';
  return left + (statement.reduction ? " += " : " = ") + kernel.name + '(' +
         detail::join(arguments, ", ", [](const std::string& a) { return a; }) + ')';
}

namespace detail {

inline std::string scope_text(const Program& program, int id) {
  const Scope& scope = program.scopes[static_cast<std::size_t>(id)];
  if (const Condition* guard = std::get_if<Condition>(&scope.what))
    return "when " + to_string(program, *guard);
  const Loop& loop = std::get<Loop>(scope.what);
  return "for " + to_string(program, Symbol{Symbol::Kind::loop, id}) + " in " +
         range_text(program, loop.lower, loop.upper, loop.step);
}

/// ` unwritten zero`, ` unwritten identity`, or nothing.
inline std::string unwritten_text(const Program& program, const Array& array) {
  if (!array.unwritten) return "";
  const int k = array.unwritten->kernel;
  return " unwritten " +
         (k < 0 ? "zero" : program.kernels[static_cast<std::size_t>(k)].name);
}

/// `inout A: float64[A.extent(0), A.extent(1)]`; a temp's extents are stars.
inline std::string array_text(const Program& program, const Array& array) {
  const auto name = [&](int id) { return program.parameters[static_cast<std::size_t>(id)].name; };
  const std::vector<char> stars(static_cast<std::size_t>(array.rank), '*');
  return std::string(to_string(array.role)) + ' ' + array.name + ": " + array.element + '[' +
         (array.role == ArrayRole::temp
              ? join(stars, ", ", [](char star) { return std::string(1, star); })
              : join(array.extents, ", ", name)) +
         ']' + unwritten_text(program, array);
}

/// What a caller hands in: the arrays, and the integers that are no array's extents.
inline std::string header_text(const Program& program) {
  std::vector<std::string> arguments;
  std::vector<bool> is_extent(program.parameters.size(), false);
  for (const Array& array : program.arrays) {
    if (array.role != ArrayRole::temp) arguments.push_back(array_text(program, array));
    for (const int extent : array.extents) is_extent[static_cast<std::size_t>(extent)] = true;
  }
  for (std::size_t p = 0; p < program.parameters.size(); ++p)
    if (!is_extent[p]) arguments.push_back("int " + program.parameters[p].name);
  return program.name + '(' + join(arguments, ", ", [](const std::string& a) { return a; }) + ')';
}

/// A line of the printed text, and what is said behind it.
struct PrintedLine {
  std::string text;
  std::string remark;
};

inline std::vector<PrintedLine> printed_lines(const Program& program) {
  std::vector<PrintedLine> lines{{header_text(program), ""}};
  for (const Array& array : program.arrays)
    if (array.role == ArrayRole::temp) lines.push_back({"  " + array_text(program, array), ""});
  for (const TextLine& line : text_of(program)) {
    const std::string indent(2 * static_cast<std::size_t>(line.depth) + 2, ' ');
    if (line.is_scope) {
      lines.push_back({indent + scope_text(program, line.id), ""});
      continue;
    }
    const Statement& statement = program.statements[static_cast<std::size_t>(line.id)];
    lines.push_back({indent + to_string(program, statement), where(statement.location)});
  }
  return lines;
}

/// The column of the remarks: behind the longest line that has one, overlong lines aside.
inline std::size_t remark_column(const std::vector<PrintedLine>& lines) {
  constexpr std::size_t overlong = 72;
  std::size_t column = 0;
  for (const PrintedLine& line : lines)
    if (!line.remark.empty() && line.text.size() <= overlong)
      column = std::max(column, line.text.size() + 2);
  return column;
}

}  // namespace detail

/// The whole program, one line for each loop, guard and statement, each ended by a newline.
inline std::string to_string(const Program& program) {
  const std::vector<detail::PrintedLine> lines = detail::printed_lines(program);
  const std::size_t column = detail::remark_column(lines);
  std::string text;
  for (const detail::PrintedLine& line : lines) {
    text += line.text;
    if (!line.remark.empty()) {
      text.append(std::max(column, line.text.size() + 2) - line.text.size(), ' ');
      text += "# " + line.remark;
    }
    text += '\n';
  }
  return text;
}

/// The name of a node in messages: `syrk[k=0,i=2,j=1]`, `potrf` outside of loops. `indices` are
/// the values of the loops around statement `line`, from the outermost in.
inline std::string node_name(const Program& program, int line,
                             std::span<const std::int64_t> indices) {
  const Statement& statement = program.statements[static_cast<std::size_t>(line)];
  const std::vector<int> loops = loops_around(program, statement.scope);
  if (indices.size() != loops.size())
    throw internal_error("node of statement " + std::to_string(line) + " with " +
                         std::to_string(indices.size()) + " indices in " +
                         std::to_string(loops.size()) + " loops");
  std::string name = program.kernels[static_cast<std::size_t>(statement.kernel)].name;
  if (loops.empty()) return name;
  for (std::size_t d = 0; d < loops.size(); ++d)
    name += (d == 0 ? "[" : ",") + to_string(program, Symbol{Symbol::Kind::loop, loops[d]}) + '=' +
            std::to_string(indices[d]);
  return name + ']';
}

}  // namespace lambdapack::ir
