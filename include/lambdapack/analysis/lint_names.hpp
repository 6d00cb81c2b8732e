// How lint names statements, sizes and sets of edges.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lambdapack/analysis/declared_edges.hpp"
#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/ir/hand_graph.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// The program with names for messages: a statement has its name of the hand graph or its kernel's,
/// with its line if another statement's is the same (`gemm@4`); a size has its first alias.
inline ir::Program with_names_of(const ir::HandGraph& graph, const ir::Program& program) {
  ir::Program named = program;
  for (auto alias = graph.sizes.rbegin(); alias != graph.sizes.rend(); ++alias)
    for (std::size_t p = 0; p < program.parameters.size(); ++p)
      if (program.parameters[p].name == alias->parameter) named.parameters[p].name = alias->name;

  std::vector<std::string> names;
  for (const ir::Statement& s : program.statements)
    names.push_back(program.kernels[static_cast<std::size_t>(s.kernel)].name);
  for (auto given = graph.statements.rbegin(); given != graph.statements.rend(); ++given)
    names[static_cast<std::size_t>(given->line)] = given->name;
  for (std::size_t l = 0; l < names.size(); ++l) {
    std::size_t same = 0;
    for (const std::string& name : names) same += name == names[l] ? 1 : 0;
    named.statements[l].kernel = static_cast<int>(named.kernels.size());
    named.kernels.push_back({same > 1 ? text({names[l], "@", l}) : names[l], {}});
  }
  return named;
}

/// The edges without the constraints that all of `among` meet; gist alone leaves those on sizes
/// where the allowed ones are not convex.
inline isl::Map simplified(const isl::Map& edges, const isl::Map& among) {
  isl::Map simple(edges.ctx(), isl_map_coalesce(isl_map_gist(edges.copy(), among.copy())));
  const auto parameters = static_cast<unsigned>(isl_map_dim(edges.get(), isl_dim_param));
  for (unsigned p = 0; p < parameters; ++p) {
    const isl::Map without(edges.ctx(),
                           isl_map_coalesce(isl_map_eliminate(simple.copy(), isl_dim_param, p, 1)));
    const isl::Map meant(edges.ctx(), isl_map_intersect(without.copy(), among.copy()));
    if (isl_map_is_equal(meant.get(), edges.get()) == isl_bool_true) simple = without;
  }
  return simple;
}

/// A set of edges between nodes of two statements in the names of `named`, without what all
/// of `among` has in common: `trsm[k, i] -> syrk[k' = k, i' = i, j = i]`.
inline std::string edges_text(const ir::Program& named, int from, int to, const isl::Map& edges,
                              const isl::Map& among) {
  isl_map* m = simplified(edges, among).copy();
  for (std::size_t p = 0; p < named.parameters.size(); ++p) {
    const int at = isl_map_find_dim_by_name(m, isl_dim_param, text({"p", p}).c_str());
    if (at >= 0)
      m = isl_map_set_dim_name(m, isl_dim_param, static_cast<unsigned>(at),
                               named.parameters[p].name.c_str());
  }
  const auto name_tuple = [&](isl_dim_type type, int line) {
    const ir::Statement& s = named.statements[static_cast<std::size_t>(line)];
    m = isl_map_set_tuple_name(m, type,
                               named.kernels[static_cast<std::size_t>(s.kernel)].name.c_str());
    unsigned d = 0;
    for (const int loop : ir::loops_around(named, s.scope))
      m = isl_map_set_dim_name(
          m, type, d++,
          std::get<ir::Loop>(named.scopes[static_cast<std::size_t>(loop)].what).index.c_str());
  };
  name_tuple(isl_dim_in, from);
  name_tuple(isl_dim_out, to);
  const isl::Map shown(edges.ctx(), m);
  const std::string all = isl::take_string(isl_map_to_str(shown.get()));
  const std::size_t begin = all.find("{ "), end = all.rfind(" }");
  return begin == std::string::npos || end < begin + 2 ? all
                                                       : all.substr(begin + 2, end - begin - 2);
}

}  // namespace lambdapack::analysis
