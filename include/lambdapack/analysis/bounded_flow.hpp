// Which nodes may see what others write, in a program with powers and logarithms at small sizes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/bounded_relations.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// Write `write` of `writer` and read `read` of `reader` name one tile.
struct BoundedEdge {
  std::size_t writer = 0, write = 0, reader = 0, read = 0;
  int array = 0;
  isl::Map any;    ///< writer -> reader
  isl::Map nodes;  ///< writer -> reader, where the writer comes first

  int source() const { return form::source_tag(static_cast<int>(writer), static_cast<int>(write)); }
};

/// All pairs of accesses to one array, and for which arrays they are the flow.
class BoundedFlow {
 public:
  BoundedFlow(const isl::Context& ctx, const ir::Program& program, const Relations& relations)
      : ctx_(ctx), program_(program), relations_(relations) {
    for (std::size_t w = 0; w < program.statements.size(); ++w)
      for (std::size_t r = 0; r < program.statements.size(); ++r) add_edges(w, r);
    for (std::size_t a = 0; a < program.arrays.size(); ++a)
      once_.push_back(written_once(a) && read_afterwards(a));
  }

  const std::vector<BoundedEdge>& edges() const { return edges_; }

  /// Whether each tile of the array is written at most once, and before its reads.
  bool is_once(int array) const { return once_[static_cast<std::size_t>(array)]; }

 private:
  void add_edges(std::size_t w, std::size_t r) {
    const std::vector<ir::Access>& writes = program_.statements[w].writes;
    const std::vector<ir::Access>& reads = program_.statements[r].reads;
    for (std::size_t a = 0; a < writes.size(); ++a)
      for (std::size_t b = 0; b < reads.size(); ++b) {
        if (writes[a].array != reads[b].array) continue;
        const isl::Map any = same_tile(relations_.writes[w][a], relations_.reads[r][b]);
        if (isl::is_empty(any)) continue;
        edges_.push_back({w, a, r, b, writes[a].array, any, intersection(any, before(w, r))});
      }
  }

  static isl::Map same_tile(const isl::Map& a, const isl::Map& b) {
    return {a.ctx(), isl_map_coalesce(isl_map_apply_range(a.copy(), isl_map_reverse(b.copy())))};
  }
  static isl::Map intersection(const isl::Map& a, const isl::Map& b) {
    return {a.ctx(), isl_map_coalesce(isl_map_intersect(a.copy(), b.copy()))};
  }

  // Nodes of one statement -> nodes of another that come after them.
  isl::Map before(std::size_t first, std::size_t second) const {
    const std::vector<int> a = ir::loops_around(program_, program_.statements[first].scope);
    const std::vector<int> b = ir::loops_around(program_, program_.statements[second].scope);
    std::string same = "true", where = "false";
    for (std::size_t d = 0; d < a.size() && d < b.size() && a[d] == b[d]; ++d) {
      const auto& loop = std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(a[d])].what);
      where +=
          text({" or (", same, " and i", d, ir::goes_down(loop.step) ? " > " : " < ", "j", d, ")"});
      same += text({" and i", d, " = j", d});
    }
    if (first < second) where += text({" or (", same, ")"});
    return isl::read_map(ctx_, text({"[", numbered("p", program_.parameters.size()), "] -> { [",
                                     numbered("i", a.size()), "] -> [", numbered("j", b.size()),
                                     "] : ", where, " }"}));
  }

  bool written_once(std::size_t array) const {
    if (program_.arrays[array].role == ir::ArrayRole::inout) return false;
    std::vector<isl::Map> writes;
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].writes.size(); ++k)
        if (program_.statements[l].writes[k].array == static_cast<int>(array))
          writes.push_back(relations_.writes[l][k]);
    for (std::size_t x = 0; x < writes.size(); ++x) {
      if (!isl::decide(ctx_.get(), isl_map_is_injective(writes[x].get()))) return false;
      for (std::size_t y = 0; y < x; ++y)
        if (!isl::is_empty(same_tile(writes[x], writes[y]))) return false;
    }
    return true;
  }

  bool read_afterwards(std::size_t array) const {
    return std::all_of(edges_.begin(), edges_.end(), [&](const BoundedEdge& e) {
      return e.array != static_cast<int>(array) ||
             isl::decide(ctx_.get(), isl_map_is_subset(e.any.get(), e.nodes.get()));
    });
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Relations& relations_;
  std::vector<BoundedEdge> edges_;
  std::vector<bool> once_;
};

}  // namespace lambdapack::analysis
