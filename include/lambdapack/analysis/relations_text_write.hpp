// The body of relations_text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/coverage.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/lint_names.hpp"
#include "lambdapack/analysis/read_before_write.hpp"
#include "lambdapack/analysis/relation_names.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/ir/validate.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Writes relations in chosen names.
class NamedRelations {
 public:
  explicit NamedRelations(const RelationNames& names) : names_(names) {}

  /// The names of dimensions of statement tuples; without it they are the loops'.
  void set_dims(std::vector<std::vector<std::string>> dims) { dims_ = std::move(dims); }

  /// One end of a relation: a statement, or an array as -1 - array.
  std::string write(const isl::Map& map, int from, int to) const {
    isl_map* m = isl_map_coalesce(map.copy());
    for (unsigned k = 0; k < static_cast<unsigned>(isl_map_dim(m, isl_dim_param)); ++k)
      m = isl_map_set_dim_name(m, isl_dim_param, k,
                               parameter(isl_map_get_dim_name(m, isl_dim_param, k)).c_str());
    m = isl_map_set_tuple_name(m, isl_dim_in, tuple(from).c_str());
    m = isl_map_set_tuple_name(m, isl_dim_out, tuple(to).c_str());
    const auto name_dims = [&](isl_dim_type type, int end) {
      for (unsigned d = 0; d < static_cast<unsigned>(isl_map_dim(m, type)); ++d)
        m = isl_map_set_dim_name(m, type, d, dim(end, d).c_str());
    };
    name_dims(isl_dim_in, from);
    name_dims(isl_dim_out, to);
    const isl::Map shown(map.ctx(), m);
    return isl::take_string(isl_map_to_str(shown.get()));
  }

  std::string write(const isl::Set& set, int line) const {
    isl_set* s = named_parameters(isl_set_coalesce(set.copy()));
    s = isl_set_set_tuple_name(s, tuple(line).c_str());
    for (unsigned d = 0; d < static_cast<unsigned>(isl_set_dim(s, isl_dim_set)); ++d)
      s = isl_set_set_dim_name(s, isl_dim_set, d, dim(line, d).c_str());
    const isl::Set shown(set.ctx(), s);
    return isl::take_string(isl_set_to_str(shown.get()));
  }

  /// A relation from nodes to points in time, which have no name.
  std::string write_time(const isl::Map& time, int line) const {
    isl_map* m = isl_map_set_tuple_name(time.copy(), isl_dim_in, tuple(line).c_str());
    for (unsigned k = 0; k < static_cast<unsigned>(isl_map_dim(m, isl_dim_param)); ++k)
      m = isl_map_set_dim_name(m, isl_dim_param, k,
                               parameter(isl_map_get_dim_name(m, isl_dim_param, k)).c_str());
    for (unsigned d = 0; d < static_cast<unsigned>(isl_map_dim(m, isl_dim_in)); ++d)
      m = isl_map_set_dim_name(m, isl_dim_in, d, dim(line, d).c_str());
    const isl::Map shown(time.ctx(), m);
    return isl::take_string(isl_map_to_str(shown.get()));
  }

  std::string write_sizes(const isl::Set& sizes) const {
    const isl::Set shown(sizes.ctx(), named_parameters(isl_set_coalesce(sizes.copy())));
    return isl::take_string(isl_set_to_str(shown.get()));
  }

 private:
  isl_set* named_parameters(isl_set* s) const {
    for (unsigned k = 0; k < static_cast<unsigned>(isl_set_dim(s, isl_dim_param)); ++k)
      s = isl_set_set_dim_name(s, isl_dim_param, k,
                               parameter(isl_set_get_dim_name(s, isl_dim_param, k)).c_str());
    return s;
  }

  // `p3` is a parameter of the program, `q3` a function of sizes.
  std::string parameter(const std::string& name) const {
    return name[0] == 'p' ? names_.parameters[std::stoul(name.substr(1))] : name;
  }
  std::string tuple(int end) const {
    return end < 0 ? names_.arrays[static_cast<std::size_t>(-1 - end)]
                   : names_.statements[static_cast<std::size_t>(end)];
  }
  std::string dim(int end, unsigned d) const {
    if (end < 0) return text({"t", d});
    const auto& dims = dims_.empty() ? names_.loops : dims_;
    return dims[static_cast<std::size_t>(end)][d];
  }

  const RelationNames& names_;
  std::vector<std::vector<std::string>> dims_;
};

/// The text of a program without powers and logarithms.
class AffineRelationsText {
 public:
  AffineRelationsText(const isl::Context& ctx, const ir::Program& program,
                      const RelationNames& names)
      : ctx_(ctx),
        program_(program),
        words_(names),
        relations_(analysis::relations(ctx, program)),
        all_(relations_),
        sizes_(relations_.context) {
    ValidSizes valid = check_extents(ctx, program, relations_);
    restrict_sizes(relations_, valid.sizes);
    flow_ = analysis::flow(relations_);
    check_written_before_read(program, relations_, flow_);
    check_outputs_written(program, relations_, valid);
    sizes_ = valid.sizes;
  }

  RelationsText text() {
    RelationsText all;
    all.sizes = words_.write_sizes(sizes_);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      all.statements.push_back(statement(static_cast<int>(l)));
    isl::for_each_map(flow_.full, [&](const isl::Map& full) { add_flow(full, all.flow); });
    add_edges(all.edges);
    add_schedule(all.schedule);
    return all;
  }

 private:
  StatementRelations statement(int line) const {
    const auto l = static_cast<std::size_t>(line);
    StatementRelations s;
    s.domain = words_.write(all_.domains[l], line);
    for (std::size_t k = 0; k < all_.writes[l].size(); ++k)
      s.writes.push_back(access(all_.writes[l][k], line, program_.statements[l].writes[k]));
    for (std::size_t k = 0; k < all_.reads[l].size(); ++k)
      s.reads.push_back(access(all_.reads[l][k], line, program_.statements[l].reads[k]));
    return s;
  }

  std::string access(const isl::Map& map, int line, const ir::Access& access) const {
    return words_.write(map, line, -1 - access.array);
  }

  void add_flow(const isl::Map& full, std::vector<FlowRelation>& flow) {
    const isl::Map nodes(
        ctx_.get(), isl_map_gist_params(isl_map_range_factor_domain(full.copy()), sizes_.copy()));
    if (isl::is_empty(isl::Map(ctx_.get(), isl_map_intersect_params(nodes.copy(), sizes_.copy()))))
      return;
    const TupleName writer = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in));
    const TupleName reader = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out));
    const auto end = [](const TupleName& t, char outside) {
      return t.kind == outside ? -1 - t.id : t.id;
    };
    const int from = end(writer, 'I'), to = end(reader, 'O');
    if (from < 0 && to < 0) return;  // a tile that nobody writes
    flow.push_back({from, writer.slot, to, reader.slot, words_.write(nodes, from, to)});
    if (from < 0 || to < 0) return;
    const isl::Map renamed_nodes =
        renamed(nodes, lambdapack::text({"S", from}), lambdapack::text({"S", to}));
    isl::Map& all = pairs_[{from, to}];
    all =
        all ? isl::Map(ctx_.get(), isl_map_union(all.copy(), renamed_nodes.copy())) : renamed_nodes;
  }

  void add_edges(std::vector<EdgeRelation>& edges) const {
    const ir::Program named = with_names_of({}, program_);
    for (const auto& [ends, map] : pairs_) {
      const auto [from, to] = ends;
      isl_map* among =
          isl_map_from_domain_and_range(relations_.domains[static_cast<std::size_t>(from)].copy(),
                                        relations_.domains[static_cast<std::size_t>(to)].copy());
      const isl::Map pairs(ctx_.get(), isl_map_intersect_params(among, sizes_.copy()));
      const isl::Map real(ctx_.get(), isl_map_intersect_params(map.copy(), sizes_.copy()));
      edges.push_back(
          {from, to, words_.write(map, from, to), edges_text(named, from, to, real, pairs)});
    }
  }

  void add_schedule(std::vector<std::string>& schedule) const {
    const IslText isl_text(program_);
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const isl::Map time =
          isl::read_map(ctx_, lambdapack::text({isl_text.parameters(), "{ ", isl_text.node("S", l),
                                                " -> ", isl_text.time(l, 0), " }"}));
      schedule.push_back(words_.write_time(time, static_cast<int>(l)));
    }
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  NamedRelations words_;
  Relations relations_;
  const Relations all_;  // before sizes are left out
  isl::Set sizes_;
  Flow flow_;
  std::map<std::pair<int, int>, isl::Map> pairs_;
};

/// The text of a program with powers or logarithms.
class LiftedRelationsText {
 public:
  LiftedRelationsText(const isl::Context& ctx, const ir::Program& program,
                      const form::ClosedForms& forms, const RelationNames& names)
      : program_(program),
        words_(names),
        lifted_(lift(ctx, program)),
        exact_(program.arrays.size(), true) {
    for (const form::StatementForms& s : forms.statements)
      for (const form::Input& i : s.inputs)
        if (i.searched) exact_[static_cast<std::size_t>(i.array)] = false;
    std::vector<std::vector<std::string>> dims;
    for (std::size_t l = 0; l < program.statements.size(); ++l) {
      dims.emplace_back();
      std::size_t loop = 0;
      for (const LiftedDim& d : lifted_.statements[l].dims)
        dims[l].push_back(d.is_loop ? names.loops[l][loop++] : lambdapack::text({"f", d.id}));
    }
    words_.set_dims(std::move(dims));
  }

  RelationsText text() const {
    RelationsText all;
    all.lifted = true;
    all.sizes = words_.write_sizes(lifted_.context);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      all.statements.push_back(statement(static_cast<int>(l)));
    const TreeFlow flow(program_, lifted_, exact_);
    for (const TreePair& p : flow.pairs()) {
      if (!flow.exact(p.array)) continue;
      const int from = static_cast<int>(p.writer), to = static_cast<int>(p.reader);
      all.flow.push_back({from, static_cast<int>(p.write), to, static_cast<int>(p.read),
                          words_.write(without_sizes(p.map), from, to)});
    }
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      if (!flow.exact(static_cast<int>(a))) all.without_flow.push_back(static_cast<int>(a));
    add_functions(all.functions);
    return all;
  }

 private:
  StatementRelations statement(int line) const {
    const auto l = static_cast<std::size_t>(line);
    const LiftedStatement& lifted = lifted_.statements[l];
    StatementRelations s;
    s.domain = words_.write(without_sizes(lifted.domain), line);
    for (std::size_t k = 0; k < lifted.writes.size(); ++k)
      s.writes.push_back(words_.write(without_sizes(lifted.writes[k].map), line,
                                      -1 - program_.statements[l].writes[k].array));
    for (std::size_t k = 0; k < lifted.reads.size(); ++k)
      s.reads.push_back(words_.write(without_sizes(lifted.reads[k].map), line,
                                     -1 - program_.statements[l].reads[k].array));
    return s;
  }

  isl::Set without_sizes(const isl::Set& set) const {
    return {set.ctx(), isl_set_gist_params(set.copy(), lifted_.context.copy())};
  }
  isl::Map without_sizes(const isl::Map& map) const {
    return {map.ctx(), isl_map_gist_params(map.copy(), lifted_.context.copy())};
  }

  // Those that are dimensions or parameters.
  void add_functions(std::vector<std::string>& functions) const {
    std::map<std::string, std::string> used;
    const auto use = [&](const char* kind, int id) {
      used[lambdapack::text({kind, id})] =
          ir::to_string(program_, ir::Symbol{ir::Symbol::Kind::function, id});
    };
    for (const int q : lifted_.parameter_functions) use("q", q);
    for (const LiftedStatement& s : lifted_.statements)
      for (const LiftedDim& d : s.dims)
        if (!d.is_loop) use("f", d.id);
    for (const auto& [name, value] : used)
      functions.push_back(lambdapack::text({name, " = ", value}));
  }

  const ir::Program& program_;
  NamedRelations words_;
  Lifted lifted_;
  std::vector<bool> exact_;  // for each array, whether its flow is a composition
};

}  // namespace detail

LAMBDAPACK_API RelationsText relations_text(const ir::Program& program,
                                            const form::ClosedForms& forms,
                                            const RelationNames& names,
                                            const AnalysisOptions& options) {
  ir::validate(program);
  const isl::Context ctx(options.max_operations);
  RelationsText all = has_trees(program)
                          ? detail::LiftedRelationsText(ctx, program, forms, names).text()
                          : detail::AffineRelationsText(ctx, program, names).text();
  std::sort(all.flow.begin(), all.flow.end(), [](const FlowRelation& a, const FlowRelation& b) {
    return std::tie(a.from, a.output, a.to, a.input) < std::tie(b.from, b.output, b.to, b.input);
  });
  return all;
}

}  // namespace lambdapack::analysis
