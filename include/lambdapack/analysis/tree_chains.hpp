// Statements whose tasks can only run one after the other, in programs with powers and logarithms.
//
// Which node of a statement comes before another is affine where its loops and guards use no
// function of an index. Elsewhere only the case is found that any two of its nodes are linked, such
// as by one tile that all of them change.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/relations_at.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/analysis/tree_sizes.hpp"
#include "lambdapack/analysis/warnings.hpp"

namespace lambdapack::analysis {

/// Judges the nodes of one statement.
class TreeChain {
 public:
  TreeChain(const isl::Context& ctx, const ir::Program& program, const Lifted& lifted,
            const TreeFlow& flow, std::size_t line)
      : ctx_(ctx), program_(program), lifted_(lifted), flow_(flow), line_(line) {}

  /// The remark, if they are a chain.
  std::optional<Diagnostic> find() const {
    const bool may_be = std::any_of(flow_.pairs().begin(), flow_.pairs().end(),
                                    [&](const TreePair& p) { return is_own(p); });
    if (!may_be || ir::loops_around(program_, program_.statements[line_].scope).empty())
      return std::nullopt;
    const isl::Map steps = orders_nodes_by_loops_alone() ? from_node_before() : from_any_before();
    if (isl::is_empty(steps)) return std::nullopt;
    isl::Map alone = steps;
    for (const TreePair& p : flow_.pairs())
      if (is_own(p))
        alone = isl::Map(ctx_.get(), isl_map_subtract(alone.copy(), links(p, steps).copy()));
    LevelSystem system = pairs();
    if (!isl::is_empty(alone) && system.feasible(isl_map_wrap(alone.copy()))) return std::nullopt;
    return finding(steps);
  }

 private:
  const LiftedStatement& own() const { return lifted_.statements[line_]; }
  bool is_own(const TreePair& p) const { return p.writer == line_ && p.reader == line_; }
  LevelSystem pairs() const { return {program_, lifted_, {&own(), &own()}}; }

  // Whether bounds, steps and guards use indices and functions of sizes only.
  bool orders_nodes_by_loops_alone() const {
    const auto is_plain = [&](const ir::Expr& e) {
      return std::all_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
        return t.symbol.kind != ir::Symbol::Kind::function ||
               std::count(lifted_.parameter_functions.begin(), lifted_.parameter_functions.end(),
                          t.symbol.id) > 0;
      });
    };
    const auto is_plain_guard = [&](const ir::Condition& c) {
      for (const auto& all_of : c.any_of)
        for (const ir::Comparison& x : all_of)
          if (!is_plain(x.left) || !is_plain(x.right)) return false;
      return true;
    };
    for (int s = program_.statements[line_].scope; s >= 0;) {
      const ir::Scope& scope = program_.scopes[static_cast<std::size_t>(s)];
      if (const auto* loop = std::get_if<ir::Loop>(&scope.what)) {
        if (!is_plain(loop->lower) || !is_plain(loop->upper) || !ir::constant_of(loop->step))
          return false;
      } else if (!is_plain_guard(std::get<ir::Condition>(scope.what))) {
        return false;
      }
      s = scope.parent;
    }
    return true;
  }

  // S[i, f] -> S[i]: the nodes without their functions.
  isl::Map loops_only() const {
    std::string from, to;
    for (std::size_t d = 0; d < own().dims.size(); ++d) {
      from += text({d > 0 ? ", " : "", "v", d});
      if (own().dims[d].is_loop) to += text({to.empty() ? "" : ", ", "v", d});
    }
    return isl::read_map(ctx_, text({LiftedText(program_).parameters(), "{ S", line_, "[", from,
                                     "] -> S", line_, "[", to, "] }"}));
  }

  isl::Set in_step(const isl::Set& nodes) const {
    std::size_t level = 0;
    std::string where = "true";
    for (const int loop : ir::loops_around(program_, program_.statements[line_].scope)) {
      const auto& l = std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(loop)].what);
      where += text({" and (i", level++, " - ", LiftedText(program_).expr(l.lower, loops()),
                     ") mod ", std::abs(l.step.constant), " = 0"});
    }
    const isl::Set steps =
        isl::read_set(ctx_, text({LiftedText(program_).parameters(), "{ S", line_, "[",
                                  numbered("i", level), "] : ", where, " }"}));
    return {ctx_.get(), isl_set_intersect(nodes.copy(), steps.copy())};
  }
  std::vector<int> loops() const {
    return ir::loops_around(program_, program_.statements[line_].scope);
  }

  // From the node before to each node.
  isl::Map from_node_before() const {
    const isl::Map drop = loops_only();
    Relations r;
    r.context = lifted_.context;
    r.domains.resize(line_ + 1);
    r.domains[line_] =
        in_step({ctx_.get(), isl_set_coalesce(isl_set_apply(own().domain.copy(), drop.copy()))});
    const isl::Map before = detail::node_before(program_, r, line_);
    isl_map* m = isl_map_apply_range(drop.copy(), isl_map_reverse(before.copy()));
    m = isl_map_apply_range(m, isl_map_reverse(drop.copy()));
    m = isl_map_intersect_domain(m, own().domain.copy());
    return {ctx_.get(), isl_map_intersect_range(m, own().domain.copy())};
  }

  // From all nodes before to each node.
  isl::Map from_any_before() const { return ordered(line_, line_); }

  isl::Map ordered(std::size_t first, std::size_t second) const {
    const isl::Map anyhow(ctx_.get(),
                          isl_map_from_domain_and_range(lifted_.statements[first].domain.copy(),
                                                        lifted_.statements[second].domain.copy()));
    isl_map* all = isl_map_empty(isl_map_get_space(anyhow.get()));
    for (const OrderCase& c : before(program_, lifted_, first, second, anyhow))
      all = isl_map_union(all, c.map.copy());
    return {ctx_.get(), all};
  }

  // The steps of which the second node surely reads what the first one writes: nothing else can
  // write the tile in between.
  isl::Map links(const TreePair& p, const isl::Map& steps) const {
    isl::Map linked(ctx_.get(), isl_map_intersect(steps.copy(), p.map.copy()));
    const LiftedAccess& write = own().writes[p.write];
    for (std::size_t x = 0; x < program_.statements.size(); ++x)
      for (std::size_t k = 0; x != line_ && k < program_.statements[x].writes.size(); ++k) {
        if (program_.statements[x].writes[k].array != p.array || isl::is_empty(linked)) continue;
        const LiftedAccess& other = lifted_.statements[x].writes[k];
        isl_map* same = isl_map_apply_range(write.map.copy(), isl_map_reverse(other.map.copy()));
        const isl::Map later(ctx_.get(), isl_map_intersect(same, ordered(line_, x).copy()));
        const isl::Map back = ordered(x, line_);
        isl_map* between = isl_map_range_product(later.copy(), linked.copy());
        const isl::Map triples(ctx_.get(),
                               isl_map_intersect_range(between, isl_map_wrap(back.copy())));
        LevelSystem system(program_, lifted_, {&own(), &lifted_.statements[x], &own()});
        if (isl::is_empty(triples) || !system.feasible(isl_map_wrap(triples.copy()))) continue;
        linked = isl::Map(
            ctx_.get(),
            isl_map_subtract(linked.copy(), isl_map_apply_range(later.copy(), back.copy())));
      }
    return linked;
  }

  std::optional<Diagnostic> finding(const isl::Map& steps) const {
    LevelSystem system = pairs();
    const isl::Set flat = system.flat(isl_map_wrap(steps.copy()));
    const auto sizes = smallest_sizes(system, flat);
    if (!sizes) return std::nullopt;
    const Relations r = relations_at(ctx_, program_, *sizes, carrying());
    const isl::Map before = detail::node_before(program_, r, line_);
    const auto link = detail::chain_link(program_, analysis::flow(r), line_, before);
    if (!link) return std::nullopt;
    SizesByLevel condition(program_, lifted_, system, flat);
    system.each_level(flat, [&](const isl::Set& level) {
      const isl::Set some = condition.unknown(level);
      return !isl::is_empty(some) && condition.add(some);
    });
    const isl::Map there(ctx_.get(), isl_map_intersect_params(before.copy(), r.context.copy()));
    return detail::chain(program_, line_, there, *link, condition.text());
  }

  std::optional<Sizes> smallest_sizes(LevelSystem& system, const isl::Set& flat) const {
    std::optional<Sizes> found;
    const auto take = [&](const isl::Set& level) {
      std::vector<std::int64_t> point = smallest_point(level);
      point.resize(system.sizes());
      found = std::move(point);
      return true;
    };
    for (isl::Set rest = flat; !isl::is_empty(rest) && system.each_level(rest, take);)
      rest = with_smaller_sizes(rest, *found);
    return found;
  }

  // The arrays that the statement both writes and reads.
  std::vector<int> carrying() const {
    std::vector<int> arrays;
    for (const TreePair& p : flow_.pairs())
      if (is_own(p) && std::count(arrays.begin(), arrays.end(), p.array) == 0)
        arrays.push_back(p.array);
    return arrays;
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Lifted& lifted_;
  const TreeFlow& flow_;
  std::size_t line_;
};

/// Reports statements whose tasks can only run one after the other.
inline void find_chains(const isl::Context& ctx, const ir::Program& program, const Lifted& lifted,
                        const TreeFlow& flow, const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    if (detail::is_made_by_stop_if(program, l)) continue;
    if (const auto d = TreeChain(ctx, program, lifted, flow, l).find()) report(*d);
  }
}

}  // namespace lambdapack::analysis
