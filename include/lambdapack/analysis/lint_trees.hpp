// Programs whose edges `lint` cannot compare, since isl alone cannot say what they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/expressions.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The first power or logarithm in an expression, or in what its functions are taken of.
inline std::optional<int> tree_in(const ir::Program& program, const ir::Expr& e) {
  for (const ir::Term& t : e.terms) {
    if (t.symbol.kind != ir::Symbol::Kind::function) continue;
    const ir::Function& f = program.functions[static_cast<std::size_t>(t.symbol.id)];
    if (is_tree(f)) return t.symbol.id;
    if (const auto inner = tree_in(program, f.argument)) return inner;
  }
  return std::nullopt;
}

}  // namespace detail

/// Throws program_error, with the place, if the program has powers or logarithms.
inline void refuse_trees(const ir::Program& program) {
  if (!has_trees(program)) return;
  std::string what;
  ir::for_each_expr_at(program, [&](const ir::Expr& e, const ir::Location& at) {
    const auto f = what.empty() ? detail::tree_in(program, e) : std::nullopt;
    if (!f) return;
    const std::string where = ir::where(at);
    what = text({" has ", ir::to_string(program, ir::Symbol{ir::Symbol::Kind::function, *f}),
                 where.empty() ? "" : " at ", where});
  });
  std::string set;
  for (const ir::Parameter& p : program.parameters) set += text({" --set '", p.name, "=VALUE'"});
  throw program_error(
      text({"lambdapack: declared edges are compared with those of programs without powers and "
            "logarithms only, and ",
            program.name, what.empty() ? " has some" : what,
            "; compare them at given sizes instead: lpc --lint=EDGES.json", set}));
}

}  // namespace lambdapack::analysis
