// The bodies of what counts predecessors: the nodes that a node waits for, where its indices stand
// for sizes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/count.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/in_degree.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Counts the predecessors of nodes of an affine program.
class PredecessorCounter {
 public:
  PredecessorCounter(const isl::Context& ctx, const ir::Program& program)
      : program_(program), relations_(relations(ctx, program)) {
    restrict_sizes(relations_, check_extents(ctx, program, relations_).sizes);
    const Flow f = flow(relations_);
    check_written_before_read(program, relations_, f);
    isl::for_each_map(f.full, [&](const isl::Map& full) { add(full); });
  }

  /// The sizes and indices of the statement's nodes, as a set of parameters.
  isl::Set nodes(std::size_t line, const TaskValues& known) const {
    const isl::Set& domain = relations_.domains[line];
    isl_set* s = isl_set_reset_tuple_id(domain.copy());
    s = isl_set_move_dims(s, isl_dim_param, sizes(), isl_dim_set, 0, depth(line));
    return with(isl::Set(domain.ctx(), isl_set_params(s)), line, known);
  }

  /// The number of predecessors in pieces of `nodes`, no two of which overlap; 0 outside of them.
  std::optional<std::vector<PolynomialPiece>> count(std::size_t line,
                                                    const TaskValues& known) const {
    const isl::Set context = nodes(line, known);
    std::vector<PolynomialPiece> all;
    for (const auto& [statements, pairs] : pairs_) {
      if (statements.second != line) continue;
      isl_map* m = isl_map_reset_tuple_id(pairs.copy(), isl_dim_in);
      m = isl_map_reset_tuple_id(m, isl_dim_out);
      m = isl_map_move_dims(m, isl_dim_param, sizes(), isl_dim_out, 0, depth(line));
      isl::Set writers = with(isl::Set(pairs.ctx(), isl_map_domain(m)), line, known);
      writers = isl::Set(pairs.ctx(), isl_set_intersect_params(writers.copy(), context.copy()));
      const auto pieces =
          count_formula(writers, context, sizes() + depth(line), depth(statements.first));
      if (!pieces) return std::nullopt;
      for (const PolynomialPiece& piece : *pieces)
        all.push_back({piece.where, shortened(piece.value, sizes() + depth(line))});
    }
    constexpr std::size_t most_pieces = 12;
    if (all.size() > most_pieces) return std::nullopt;
    return simplified(all, context);
  }

  /// The names of sizes and indices.
  ir::Program named(std::size_t line) const {
    ir::Program all = program_;
    for (const int loop : ir::loops_around(program_, program_.statements[line].scope))
      all.parameters.push_back({ir::to_string(program_, ir::Symbol{ir::Symbol::Kind::loop, loop})});
    return all;
  }

 private:
  unsigned sizes() const { return static_cast<unsigned>(program_.parameters.size()); }
  unsigned depth(std::size_t line) const {
    return static_cast<unsigned>(
        ir::loops_around(program_, program_.statements[line].scope).size());
  }

  // Without the writer's indices, which are summed away.
  static Polynomial shortened(const Polynomial& value, std::size_t variables) {
    Polynomial p;
    for (const auto& [exponents, coefficient] : value.terms) {
      Polynomial term;
      term.terms[{exponents.begin(), exponents.begin() + static_cast<std::ptrdiff_t>(variables)}] =
          coefficient;
      p += term;
    }
    return p;
  }

  void add(const isl::Map& full) {
    const isl::Map nodes(full.ctx(), isl_map_range_factor_domain(full.copy()));
    const TupleName writer = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in));
    const TupleName reader = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out));
    if (writer.kind != 'W' || reader.kind != 'R') return;
    const isl::Map pairs = renamed(nodes, text({"S", writer.id}), text({"S", reader.id}));
    isl::Map& all =
        pairs_[{static_cast<std::size_t>(writer.id), static_cast<std::size_t>(reader.id)}];
    all = all ? isl::Map(full.ctx(), isl_map_union(all.copy(), pairs.copy())) : pairs;
  }

  // Names the indices that became sizes, and puts in the values that are known.
  isl::Set with(const isl::Set& set, std::size_t line, const TaskValues& known) const {
    isl_set* s = set.copy();
    for (unsigned k = 0; k < depth(line); ++k)
      s = isl_set_set_dim_name(s, isl_dim_param, sizes() + k, text({"p", sizes() + k}).c_str());
    const auto fix = [&](unsigned at, const std::optional<std::int64_t>& value) {
      if (value) s = isl_set_fix_val(s, isl_dim_param, at, isl_val_int_from_si(set.ctx(), *value));
    };
    for (std::size_t p = 0; p < known.sizes.size(); ++p)
      fix(static_cast<unsigned>(p), known.sizes[p]);
    for (std::size_t k = 0; k < known.indices.size(); ++k)
      fix(sizes() + static_cast<unsigned>(k), known.indices[k]);
    return {set.ctx(), s};
  }

  const ir::Program& program_;
  Relations relations_;
  std::map<std::pair<std::size_t, std::size_t>, isl::Map> pairs_;  // writer, reader: nodes
};

/// A formula in words: the case that is longest to say is the last.
inline InDegree in_words(const PredecessorCounter& counter, std::size_t line,
                         const TaskValues& known) {
  const isl::Set nodes = counter.nodes(line, known);
  InDegree degree;
  if (isl::is_empty(nodes)) {
    degree.known = true;
    return degree;
  }
  const auto pieces = counter.count(line, known);
  if (!pieces) return degree;
  degree.known = true;
  const ir::Program named = counter.named(line);
  std::vector<std::string> names;
  for (const ir::Parameter& p : named.parameters) names.push_back(p.name);
  isl::Set rest = nodes;
  for (const PolynomialPiece& piece : *pieces) {
    const isl::Set where(nodes.ctx(), isl_set_intersect(piece.where.copy(), nodes.copy()));
    rest = without(rest, where);
    degree.cases.push_back(
        {form::to_string(count_piece(piece, names.size(), {}), names),
         condition(named, isl::Set(nodes.ctx(), isl_set_coalesce(isl_set_gist_params(
                                                    where.copy(), nodes.copy()))))});
  }
  std::sort(degree.cases.begin(), degree.cases.end(),
            [](const InDegree::Case& a, const InDegree::Case& b) {
              return a.condition.size() < b.condition.size();
            });
  if (!isl::is_empty(rest)) degree.cases.push_back({"0", ""});
  degree.cases.back().condition.clear();
  return degree;
}

}  // namespace detail

LAMBDAPACK_API InDegree in_degree(const ir::Program& program, std::size_t line,
                                  const TaskValues& known, const AnalysisOptions& options) {
  ir::validate(program);
  if (line >= program.statements.size())
    throw input_error("lambdapack: " + program.name + " has no statement " + std::to_string(line) +
                      "; its " + std::to_string(program.statements.size()) +
                      " statements count from 0");
  if (has_trees(program)) return {};
  const isl::Context ctx(options.max_operations);
  try {
    return isl::within_budget(ctx.get(), [&] {
      return detail::in_words(detail::PredecessorCounter(ctx, program), line, known);
    });
  } catch (const isl::BudgetSpent&) {
    return {};
  }
}

LAMBDAPACK_API std::vector<InDegree> in_degrees(const ir::Program& program,
                                                const AnalysisOptions& options) {
  ir::validate(program);
  std::vector<InDegree> all(program.statements.size());
  if (has_trees(program)) return all;
  const isl::Context ctx(options.max_operations);
  try {
    isl::within_budget(ctx.get(), [&] {
      const detail::PredecessorCounter counter(ctx, program);
      for (std::size_t l = 0; l < all.size(); ++l) all[l] = detail::in_words(counter, l, {});
      return true;
    });
  } catch (const isl::BudgetSpent&) {
    return all;
  }
  return all;
}

LAMBDAPACK_API std::string to_string(const InDegree& degree) {
  if (!degree.known) return "no formula";
  if (degree.cases.empty()) return "no such tasks";
  std::string all;
  for (const InDegree::Case& c : degree.cases) {
    all += text({all.empty() ? "" : ", ", c.value});
    if (!c.condition.empty())
      all += text({" if ", c.condition});
    else if (degree.cases.size() > 1)
      all += " otherwise";
  }
  return all;
}

}  // namespace lambdapack::analysis
