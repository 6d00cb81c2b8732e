// The body of `lint`: declared edges against exact ones, and against each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/declared_edges.hpp"
#include "lambdapack/analysis/exact_edges.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/lint.hpp"
#include "lambdapack/analysis/lint_names.hpp"
#include "lambdapack/analysis/lint_trees.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/relations_at.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

/// Compares, and writes down what it finds.
class EdgeComparison {
 public:
  EdgeComparison(const ir::Program& named, const Relations& relations, const Flow& flow,
                 std::vector<DeclaredEdges> declared)
      : named_(named),
        relations_(relations),
        exact_(relations, flow),
        declared_(std::move(declared)) {}

  LintReport compare(const ir::HandGraph& graph) {
    if (graph.out) direction(ir::EdgeDirection::out);
    if (graph.in) direction(ir::EdgeDirection::in);
    if (graph.out && graph.in)
      for (const DeclaredEdges& family : declared_) disagreement(family);
    return std::move(report_);
  }

 private:
  using Kind = LintFinding::Kind;

  /// What is compared at once: a pair of statements, and the slots, where families tell them apart.
  struct Place {
    int from;
    int to;
    std::optional<int> value;
    std::optional<int> input;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  static bool agree(const std::optional<int>& a, const std::optional<int>& b) {
    return !a || !b || *a == *b;
  }
  static bool stands_for(const DeclaredEdges& family, const EdgeSlots& slots) {
    return family.from == slots.from && family.to == slots.to && agree(family.value, slots.value) &&
           agree(family.input, slots.input);
  }

  static isl::Map without(const isl::Map& a, const isl::Map& b) {
    return {a.ctx(), isl_map_coalesce(isl_map_subtract(a.copy(), b.copy()))};
  }
  static isl::Map both(const isl::Map& a, const isl::Map& b) {
    return {a.ctx(), isl_map_coalesce(isl_map_intersect(a.copy(), b.copy()))};
  }

  void direction(ir::EdgeDirection direction) {
    for (const auto& [place, edges] : undeclared(direction))
      find({Kind::missing, direction, {}, place.from, place.to, place.value, place.input}, edges);
    for (const DeclaredEdges& family : declared_)
      if (family.direction == direction) superfluous(family);
  }

  // Slots are told apart where a family of this pair of statements names one; for a pair without
  // families, where any does.
  Place place_of(ir::EdgeDirection direction, const EdgeSlots& slots) const {
    bool pair = false, value[2] = {false, false}, input[2] = {false, false};
    for (const DeclaredEdges& f : declared_) {
      if (f.direction != direction) continue;
      const bool here = f.from == slots.from && f.to == slots.to;
      pair = pair || here;
      value[here] = value[here] || f.value.has_value();
      input[here] = input[here] || f.input.has_value();
    }
    Place place{slots.from, slots.to, {}, {}};
    if (pair ? value[1] : value[0]) place.value = slots.value;
    if (pair ? input[1] : input[0]) place.input = slots.input;
    return place;
  }

  std::map<Place, isl::Map> undeclared(ir::EdgeDirection direction) const {
    std::map<Place, isl::Map> missing;
    for (const auto& [slots, edges] : exact_.all()) {
      isl::Map left = edges;
      for (const DeclaredEdges& family : declared_)
        if (family.direction == direction && stands_for(family, slots))
          left = without(left, family.edges);
      if (isl::is_empty(left)) continue;
      const auto [entry, fresh] = missing.try_emplace(place_of(direction, slots), left);
      if (!fresh)
        entry->second = isl::Map(left.ctx(), isl_map_union(entry->second.copy(), left.copy()));
    }
    return missing;
  }

  static LintFinding finding(Kind kind, const DeclaredEdges& family) {
    return {kind,      family.direction, family.position, family.from,
            family.to, family.value,     family.input};
  }

  // All pairs of nodes of two statements; the reader, or the writer, need not exist if `out`, or
  // `in`, may leave the program.
  isl::Map pairs(int from, int to, std::optional<ir::EdgeDirection> leaving = {}) const {
    const isl::Set& writers = relations_.domains[static_cast<std::size_t>(from)];
    const isl::Set& readers = relations_.domains[static_cast<std::size_t>(to)];
    const auto end = [](const isl::Set& nodes, bool exists) {
      return exists ? nodes.copy() : isl_set_universe(isl_set_get_space(nodes.get()));
    };
    return {writers.ctx(),
            isl_map_from_domain_and_range(end(writers, leaving != ir::EdgeDirection::in),
                                          end(readers, leaving != ir::EdgeDirection::out))};
  }

  isl::Map between_nodes(const DeclaredEdges& family) const {
    return both(family.edges, pairs(family.from, family.to));
  }

  void superfluous(const DeclaredEdges& family) {
    isl::Map wrong = between_nodes(family);
    const std::vector<EdgeSlots> slots = slots_of(family);
    const bool one_input = !slots.empty() && slots.front().input == slots.back().input;
    const auto input = one_input ? std::optional(slots.front()) : std::nullopt;
    find(finding(Kind::outside, family), without(family.edges, wrong), input);
    for (const auto& [exact_slots, edges] : exact_.all())
      if (stands_for(family, exact_slots)) wrong = without(wrong, edges);
    for (const EdgeSlots& s : slots) {
      if (isl::is_empty(wrong)) return;
      const isl::Map stale = both(wrong, exact_.same_tile(s));
      find(finding(Kind::stale, family), stale, s);
      wrong = without(wrong, stale);
    }
    find(finding(Kind::superfluous, family), wrong, input);
  }

  // The pairs of slots that a family may stand for.
  std::vector<EdgeSlots> slots_of(const DeclaredEdges& family) const {
    const auto& writer = named_.statements[static_cast<std::size_t>(family.from)];
    const auto& reader = named_.statements[static_cast<std::size_t>(family.to)];
    std::vector<EdgeSlots> all;
    for (int v = 0; v < static_cast<int>(writer.writes.size()); ++v)
      for (int r = 0; r < static_cast<int>(reader.reads.size()); ++r) {
        const EdgeSlots slots{family.from, v, family.to, r};
        if (stands_for(family, slots)) all.push_back(slots);
      }
    return all;
  }

  void disagreement(const DeclaredEdges& family) {
    isl::Map alone = between_nodes(family);
    for (const DeclaredEdges& other : declared_)
      if (other.direction != family.direction && other.from == family.from &&
          other.to == family.to && agree(other.value, family.value) &&
          agree(other.input, family.input))
        alone = without(alone, other.edges);
    find(finding(Kind::disagreement, family), alone);
  }

  // Writes down the finding, unless there are no such edges. `slots` is where the reader may get
  // its input from something else.
  void find(LintFinding f, const isl::Map& edges, const std::optional<EdgeSlots>& slots = {}) {
    if (isl::is_empty(edges)) return;
    const detail::Example example =
        detail::smallest_example(isl::Set(edges.ctx(), isl_map_wrap(edges.copy())));
    const auto depth = static_cast<std::ptrdiff_t>(isl_map_dim(edges.get(), isl_dim_in));
    f.example.sizes = example.parameters;
    f.example.from.assign(example.point.begin(), example.point.begin() + depth);
    f.example.to.assign(example.point.begin() + depth, example.point.end());
    const bool leaving = f.kind == Kind::outside;
    f.edges = edges_text(named_, f.from, f.to, edges,
                         leaving ? pairs(f.from, f.to, f.direction) : pairs(f.from, f.to));
    if (slots)
      f.source = exact_
                     .source(named_, *slots, f.example.sizes, f.example.to,
                             f.kind == Kind::stale ? &f.example.from : nullptr)
                     .value_or("");
    f.message = message(f, example);
    report_.findings.push_back(std::move(f));
  }

  std::string message(const LintFinding& f, const detail::Example& example) const {
    const std::string writer = ir::node_name(named_, f.from, f.example.from);
    const std::string reader = ir::node_name(named_, f.to, f.example.to);
    std::string all = text({"/", to_string(f.direction)});
    if (f.family) all += text({"/", *f.family});
    if (!example.parameters.empty()) all += text({": for ", detail::sizes(named_, example)});
    all += text({": ", headline(f), ": ", writer, " -> ", reader});
    if (f.value) all += text({", value ", *f.value});
    if (f.input) all += text({", input ", *f.input});
    return all + reason(f, writer, reader) + "; all of them: " + f.edges;
  }

  static const char* headline(const LintFinding& f) {
    switch (f.kind) {
      case Kind::missing:
        return "missing";
      case Kind::superfluous:
      case Kind::outside:
        return "superfluous";
      case Kind::stale:
        return "stale read";
      case Kind::disagreement:
        return f.direction == ir::EdgeDirection::out ? "declared by out only"
                                                     : "declared by in only";
    }
    throw internal_error("a finding of an unknown kind");
  }

  static std::string reason(const LintFinding& f, const std::string& writer,
                            const std::string& reader) {
    std::string all;
    if (f.kind == Kind::outside)
      all = "; there is no node " + (f.direction == ir::EdgeDirection::out ? reader : writer);
    if (f.source.empty()) return all;
    return all + (f.kind == Kind::stale ? "; the value" : "; that input") + " comes from " +
           f.source;
  }

  const ir::Program& named_;
  const Relations& relations_;
  ExactEdges exact_;
  std::vector<DeclaredEdges> declared_;
  LintReport report_;
};

}  // namespace lambdapack::analysis

namespace lambdapack {

namespace analysis::detail {

/// Compares the edges with those of relations that hold for all sizes, or for some.
inline LintReport lint(const isl::Context& ctx, const ir::Program& program,
                       const ir::HandGraph& graph, Relations relations, bool takes_powers) {
  restrict_sizes(relations, check_extents(ctx, program, relations).sizes);
  if (takes_powers && isl::is_empty(relations.context))
    throw input_error(text(
        {"lambdapack: ", program.name, " cannot run at these sizes; an index leaves its array"}));
  check_outputs_differ(program, relations);
  std::vector<DeclaredEdges> declared =
      FamilyReader(ctx, program, relations, graph, takes_powers).read();
  const Flow flow = analysis::flow(relations);
  check_written_before_read(program, relations, flow);
  const ir::Program named = with_names_of(graph, program);
  return EdgeComparison(named, relations, flow, std::move(declared)).compare(graph);
}

}  // namespace analysis::detail

LAMBDAPACK_API LintReport lint(const ir::Program& program, const ir::HandGraph& graph,
                               const analysis::AnalysisOptions& options) {
  ir::validate(program);
  analysis::refuse_trees(program);
  const analysis::isl::Context ctx(options.max_operations);
  return analysis::detail::lint(ctx, program, graph, analysis::relations(ctx, program), false);
}

LAMBDAPACK_API LintReport lint_at(const ir::Program& program, const ir::HandGraph& graph,
                                  const std::vector<std::int64_t>& sizes,
                                  const analysis::AnalysisOptions& options) {
  ir::validate(program);
  if (sizes.size() != program.parameters.size())
    throw input_error(text({"lambdapack: ", program.name, " has ", program.parameters.size(),
                            " sizes, and ", sizes.size(), " are given; give one for each"}));
  const analysis::isl::Context ctx(options.max_operations);
  std::vector<int> arrays(program.arrays.size());
  std::iota(arrays.begin(), arrays.end(), 0);
  return analysis::detail::lint(ctx, program, graph,
                                analysis::relations_at(ctx, program, sizes, arrays), true);
}

}  // namespace lambdapack
