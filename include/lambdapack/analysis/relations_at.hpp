// What a program does to some arrays, or to one tile, at given sizes: exact whatever its functions
// are, since with the sizes each of them has few values. A finding about trees is judged by it
// before it is reported.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/bounded_relations.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/write_site.hpp"

namespace lambdapack::analysis {

/// Sizes, one for each parameter of a program.
using Sizes = std::vector<std::int64_t>;

namespace detail {

/// Gathers the accesses to some tiles at given sizes.
class RelationsAt {
 public:
  RelationsAt(const isl::Context& ctx, const ir::Program& program, const Sizes& sizes)
      : ctx_(ctx), program_(program), words_(program) {
    tiles_.resize(program.arrays.size());
    r_.context = isl::Set(ctx.get(), isl_set_params(one_point(ctx.get(), "", {}, sizes).copy()));
    for (isl::UnionMap* all : {&r_.all_reads, &r_.all_writes, &r_.schedule})
      *all = isl::UnionMap(ctx.get(), isl_union_map_empty(isl_set_get_space(r_.context.get())));
  }

  void add_array(int array) {
    const auto rank =
        static_cast<std::size_t>(program_.arrays[static_cast<std::size_t>(array)].rank);
    add_tiles(array, isl::read_set(ctx_, text({words_.parameters(), "{ T", array, "[",
                                               numbered("t", rank), "] }"})));
  }
  void add_tiles(int array, const isl::Set& tiles) {
    tiles_[static_cast<std::size_t>(array)] = tiles;
  }

  Relations gather() {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      r_.reads.emplace_back(program_.statements[l].reads.size());
      r_.writes.emplace_back(program_.statements[l].writes.size());
      r_.domains.emplace_back();
      if (touches(program_.statements[l])) add_statement(l);
    }
    r_.boxes.resize(program_.arrays.size());
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      if (tiles_[a] && program_.arrays[a].role != ir::ArrayRole::temp) add_edges_of_time(a);
    return std::move(r_);
  }

 private:
  const isl::Set& tiles(const ir::Access& access) const {
    return tiles_[static_cast<std::size_t>(access.array)];
  }

  bool touches(const ir::Statement& s) const {
    const auto is_here = [&](const ir::Access& a) { return static_cast<bool>(tiles(a)); };
    return std::any_of(s.reads.begin(), s.reads.end(), is_here) ||
           std::any_of(s.writes.begin(), s.writes.end(), is_here);
  }

  void add_statement(std::size_t l) {
    const ir::Statement& s = program_.statements[l];
    const BoundedStatement statement(ctx_, program_, l, r_.context);
    r_.domains[l] = isl::Set(
        ctx_.get(), isl_set_set_tuple_name(statement.domain().copy(), text({"S", l}).c_str()));
    const auto add = [&](const std::vector<ir::Access>& accesses, const char* prefix,
                         std::vector<isl::Map>& maps, isl::UnionMap& all, std::size_t phase) {
      for (std::size_t k = 0; k < accesses.size(); ++k) {
        if (!tiles(accesses[k])) continue;
        isl_map* m = statement.access(accesses[k]).copy();
        m = isl_map_set_tuple_name(m, isl_dim_in, text({prefix, l, "_", k}).c_str());
        m = isl_map_set_tuple_name(m, isl_dim_out, text({"T", accesses[k].array}).c_str());
        maps[k] = isl::Map(ctx_.get(), isl_map_intersect_range(m, tiles(accesses[k]).copy()));
        include(all, maps[k], words_.slot(prefix, l, k),
                words_.time(l, phase == 0 ? 0 : phase + k));
      }
    };
    add(s.reads, "R", r_.reads[l], r_.all_reads, 0);
    add(s.writes, "W", r_.writes[l], r_.all_writes, 1);
  }

  void add_edges_of_time(std::size_t a) {
    const isl::Set box =
        isl::read_set(ctx_, text({words_.parameters(), "{ ", words_.box(a), " }"}));
    r_.boxes[a] = isl::Set(ctx_.get(), isl_set_intersect(box.copy(), tiles_[a].copy()));
    const auto add = [&](const char* prefix, isl::UnionMap& all, int side) {
      isl_map* m = isl_set_identity(r_.boxes[a].copy());
      m = isl_map_set_tuple_name(m, isl_dim_in, text({prefix, a}).c_str());
      include(all, isl::Map(ctx_.get(), m), words_.tile(prefix, a), words_.edge_of_time(side));
    };
    const ir::ArrayRole role = program_.arrays[a].role;
    if (role != ir::ArrayRole::out) add("I", r_.all_writes, -1);
    if (role != ir::ArrayRole::in) add("O", r_.all_reads, 1);
  }

  void include(isl::UnionMap& all, const isl::Map& accesses, const std::string& from,
               const std::string& time) {
    const auto join = [&](isl::UnionMap& to, isl_map* map) {
      to = isl::UnionMap(ctx_.get(), isl_union_map_union(to.copy(), isl_union_map_from_map(map)));
    };
    join(all, isl_map_intersect_params(accesses.copy(), r_.context.copy()));
    join(r_.schedule,
         isl::read_map(ctx_, text({words_.parameters(), "{ ", from, " -> ", time, " }"})).copy());
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  IslText words_;
  std::vector<isl::Set> tiles_;
  Relations r_;
};

}  // namespace detail

/// The exact relations of all accesses to these arrays at the given sizes. The maps of other
/// accesses are null, and so are the domains of statements that have none.
inline Relations relations_at(const isl::Context& ctx, const ir::Program& program,
                              const Sizes& sizes, const std::vector<int>& arrays) {
  detail::RelationsAt at(ctx, program, sizes);
  for (const int array : arrays) at.add_array(array);
  return at.gather();
}

/// The same of all accesses to one tile.
inline Relations relations_at(const isl::Context& ctx, const ir::Program& program,
                              const Sizes& sizes, int array,
                              const std::vector<std::int64_t>& tile) {
  detail::RelationsAt at(ctx, program, sizes);
  at.add_tiles(array, detail::one_point(ctx.get(), text({"T", array}), tile, sizes));
  return at.gather();
}

}  // namespace lambdapack::analysis
