// What the analysis refuses in programs with powers and logarithms, and what it asks of the sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/levels.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/codes.hpp"

namespace lambdapack::analysis {

/// Checks one program; proofs look at sizes up to `largest_size`.
class TreeChecker {
 public:
  TreeChecker(const ir::Program& program, Lifted& lifted)
      : program_(program), lifted_(lifted), asked_(lifted.context) {}

  /// What accesses to bound arrays ask of the sizes; later proofs look at no others.
  ValidSizes check_extents() {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t k = 0; k < s.writes.size(); ++k)
        check_inside(l, s.writes[k], lifted_.statements[l].writes[k]);
      for (std::size_t k = 0; k < s.reads.size(); ++k)
        if (!array_of(s.reads[k]).unwritten)
          check_inside(l, s.reads[k], lifted_.statements[l].reads[k]);
    }
    lifted_.context = asked_;
    for (LiftedStatement& s : lifted_.statements) restrict(s);
    return {std::move(conditions_), asked_};
  }

  /// Refuses a statement that writes one tile twice at once.
  void check_outputs_differ() const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t a = 0; a < s.writes.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
          if (s.writes[a].array != s.writes[b].array) continue;
          const auto& maps = lifted_.statements[l].writes;
          const auto found = example(l, isl_map_domain(isl_map_intersect(maps[a].map.copy(),
                                                                         maps[b].map.copy())));
          if (!found) continue;
          throw program_error(
              text({"lambdapack: outputs ", b, " and ", a, " of the statement at ",
                    ir::where(s.location), " write the same tile: for ",
                    detail::sizes(program_, *found), " in ",
                    ir::node_name(program_, static_cast<int>(l), found->point),
                    "; give each output a tile of its own"}),
              codes::outputs_collide);
        }
    }
  }

  /// Refuses a read of a tile that nothing wrote before, unless the array says what it holds.
  void check_written_before_read(const TreeFlow& flow) const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].reads.size(); ++k) {
        const ir::Statement& s = program_.statements[l];
        const ir::Array& array = array_of(s.reads[k]);
        const bool may_be_missing =
            !array.unwritten &&
            (array.role == ir::ArrayRole::temp || array.role == ir::ArrayRole::out);
        if (!may_be_missing) continue;
        const auto found = unwritten_read(flow, l, k, true);
        if (!found) continue;
        throw program_error(
            text({"lambdapack: ", ir::to_string(program_, s.reads[k]), " at ",
                  ir::where(detail::place(s, s.reads[k])), " is read before it is written: for ",
                  detail::sizes(program_, *found), " the node ",
                  ir::node_name(program_, static_cast<int>(l), found->point), " reads ",
                  detail::tile_name(program_, s.reads[k].array, found->tile),
                  ", which nothing has written by then; write the tile first, guard the read with "
                  "lp::when, or say what unwritten tiles hold"}),
            codes::read_before_write);
      }
  }

  /// Whether every node of each statement waits for another one; false where that is not proven.
  std::vector<bool> always_waits(const TreeFlow& flow) const {
    std::vector<bool> waits;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      bool one = false;
      for (std::size_t k = 0; k < program_.statements[l].reads.size() && !one; ++k)
        one = !is_list(program_.statements[l].reads[k]) && !unwritten_read(flow, l, k, false);
      waits.push_back(one);
    }
    return waits;
  }

 private:
  struct ReadExample : detail::Example {
    std::vector<std::int64_t> tile;
  };

  const ir::Array& array_of(const ir::Access& a) const {
    return program_.arrays[static_cast<std::size_t>(a.array)];
  }

  static bool is_list(const ir::Access& a) {
    for (const ir::Subscript& s : a.subscripts)
      if (s.run) return true;
    return false;
  }

  void restrict(LiftedStatement& s) const {
    const auto set = [&](isl::Set& x) {
      x = isl::Set(x.ctx(), isl_set_intersect_params(x.copy(), asked_.copy()));
    };
    set(s.domain);
    for (auto* accesses : {&s.reads, &s.writes})
      for (LiftedAccess& a : *accesses)
        a.map = isl::Map(a.map.ctx(), isl_map_intersect_params(a.map.copy(), asked_.copy()));
  }

  // The smallest sizes and node of the first level at which the set of nodes of statement l has
  // one.
  std::optional<detail::Example> example(std::size_t l, isl_set* nodes) const {
    LevelSystem system(program_, lifted_, {&lifted_.statements[l]});
    std::optional<detail::Example> found;
    const isl::Set flat = system.flat(nodes);
    if (isl::is_empty(flat)) return found;
    system.each_level(flat, [&](const isl::Set& exact) {
      found = read_example(system, l, exact);
      return true;
    });
    return found;
  }

  ReadExample read_example(const LevelSystem& system, std::size_t l, const isl::Set& exact) const {
    isl_point* point = isl_set_sample_point(isl_set_lexmin(exact.copy()));
    if (point == nullptr) isl::fail(exact.ctx());
    std::vector<std::int64_t> all;
    for (int k = 0; k < static_cast<int>(isl_set_dim(exact.get(), isl_dim_set)); ++k)
      all.push_back(isl::take_integer(exact.ctx(),
                                      isl_point_get_coordinate_val(point, isl_dim_set, k)));
    isl_point_free(point);
    ReadExample e;
    e.parameters.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(system.sizes()));
    const LiftedStatement& s = lifted_.statements[l];
    std::size_t at = system.offset(0);
    for (const LiftedDim& d : s.dims) {
      if (d.is_loop) e.point.push_back(all[at]);
      ++at;
    }
    e.tile.assign(all.begin() + static_cast<std::ptrdiff_t>(at), all.end());
    return e;
  }

  void check_inside(std::size_t l, const ir::Access& access, const LiftedAccess& lifted) {
    if (!lifted_.boxes[static_cast<std::size_t>(access.array)]) return;
    const ir::Array& array = array_of(access);
    for (int d = 0; d < array.rank; ++d) {
      const int extent = array.extents[static_cast<std::size_t>(d)];
      check_dimension(l, access, lifted, d, -1);
      check_dimension(l, access, lifted, d, extent);
    }
  }

  // Nodes whose index d is negative, or at the given extent or beyond.
  void check_dimension(std::size_t l, const ir::Access& access, const LiftedAccess& lifted, int d,
                       int extent) {
    std::string tuple;
    for (int k = 0; k < array_of(access).rank; ++k)
      tuple += text({k > 0 ? ", " : "", k == d ? "x" : "t", k == d ? "" : std::to_string(k)});
    const std::string outside =
        text({LiftedText(program_).parameters(), "{ T", access.array, "[", tuple, "] : ",
              extent < 0 ? "x < 0" : text({"x >= p", extent}), " }"});
    isl_ctx* ctx = lifted.map.ctx();
    isl_set* nodes = isl_map_domain(isl_map_intersect_range(
        lifted.map.copy(), isl_set_read_from_str(ctx, outside.c_str())));
    const isl::Set bad(ctx, isl_set_intersect_params(nodes, asked_.copy()));
    if (isl::is_empty(bad)) return;
    const auto found = example(l, bad.copy());
    if (!found) return;
    const ir::Statement& s = program_.statements[l];
    const std::string site = text({ir::to_string(program_, access), " at ",
                                   ir::where(detail::place(s, access))});
    const isl::Set sizes(ctx, isl_set_params(bad.copy()));
    const bool cured = isl_set_dim_has_upper_bound(
                           sizes.get(), isl_dim_param,
                           static_cast<unsigned>(array_of(access).extents[static_cast<std::size_t>(
                               d)])) == isl_bool_true;
    if (!cured && !(extent < 0 && detail::depends_on_integers(program_, sizes)))
      throw program_error(
          text({"lambdapack: ", site, " leaves the array: for ", detail::sizes(program_, *found),
                " the node ", ir::node_name(program_, static_cast<int>(l), found->point),
                " takes an index of dimension ", d, " that is ",
                extent < 0 ? "negative" : "past the end",
                "; change the loop's bounds, or guard the statement with lp::when"}),
          codes::index_out_of_extent);
    const isl::Set good(ctx, isl_set_subtract(asked_.copy(), sizes.copy()));
    conditions_.push_back({asked_, good,
                           text({site, " leaves the array, for example for ",
                                 detail::sizes(program_, *found), " in ",
                                 ir::node_name(program_, static_cast<int>(l), found->point)})});
    asked_ = good;
  }

  // A node and tile of read k of statement l that no earlier node has written. Nothing is proof that
  // there is none; unless `exactly`, what is found need not be one.
  std::optional<ReadExample> unwritten_read(const TreeFlow& flow, std::size_t l, std::size_t k,
                                            bool exactly) const {
    const LiftedStatement& reader = lifted_.statements[l];
    const LiftedAccess& access = reader.reads[k];
    LevelSystem reads(program_, lifted_, {&reader}, &access);
    std::optional<ReadExample> found;
    const isl::Set all = reads.flat(isl_map_wrap(access.map.copy()));
    if (isl::is_empty(all)) return found;
    struct Source {
      std::size_t writer;
      isl::Set pairs, bare;  // reader, tile, writer
    };
    std::vector<Source> sources;
    for (const TreePair& p : flow.pairs()) {
      if (p.reader != l || p.read != k) continue;
      const LiftedAccess& write = lifted_.statements[p.writer].writes[p.write];
      LevelSystem both(program_, lifted_, {&reader, &lifted_.statements[p.writer]}, &access);
      const auto triples = [&](const isl::Map& written, const isl::Map& order) {
        isl_map* m = isl_map_apply_range(isl_map_range_map(access.map.copy()),
                                         isl_map_reverse(written.copy()));
        m = isl_map_intersect(m, isl_map_apply_range(isl_map_domain_map(access.map.copy()),
                                                     isl_map_reverse(order.copy())));
        return both.flat(isl_map_wrap(m));
      };
      const isl::Map anyhow(p.map.ctx(), isl_map_apply_range(write.bare.copy(),
                                                             isl_map_reverse(access.map.copy())));
      for (const OrderCase& c : before(program_, lifted_, p.writer, p.reader, anyhow)) {
        const isl::Map known(p.map.ctx(), isl_map_intersect(c.map.copy(), p.map.copy()));
        sources.push_back({p.writer, triples(write.map, known), triples(write.bare, c.map)});
      }
    }
    isl::Set open = all;
    for (const auto& [writer, pairs, bare] : sources) {
      LevelSystem both(program_, lifted_, {&reader, &lifted_.statements[writer]}, &access);
      open = isl::Set(open.ctx(),
                      isl_set_subtract(open.copy(), both.surely_met(bare).copy()));
    }
    if (isl::is_empty(open)) return found;
    if (!exactly) return ReadExample{};
    const auto check = [&](const isl::Set& exact) {
      isl::Set left = exact;
      for (const auto& [writer, pairs, bare] : sources) {
        LevelSystem both(program_, lifted_, {&reader, &lifted_.statements[writer]}, &access);
        const auto extra = static_cast<unsigned>(both.dims() - reads.dims());
        const isl::Set here(left.ctx(),
                            isl_set_intersect(pairs.copy(), isl_set_add_dims(left.copy(),
                                                                             isl_dim_set, extra)));
        if (isl::is_empty(here)) continue;
        both.each_level_of_second(here, [&](const isl::Set& level) {
          isl_set* seen = isl_set_project_out(level.copy(), isl_dim_set,
                                              static_cast<unsigned>(reads.dims()), extra);
          left = isl::Set(left.ctx(), isl_set_coalesce(isl_set_subtract(left.copy(), seen)));
          return isl::is_empty(left);
        });
        if (isl::is_empty(left)) return false;
      }
      found = read_example(reads, l, left);
      return true;
    };
    if (reads.each_stride(open, check)) {
      found.reset();
      reads.each_level(open, check);
    }
    return found;
  }

  const ir::Program& program_;
  Lifted& lifted_;
  isl::Set asked_;
  std::vector<SizeCondition> conditions_;
};

}  // namespace lambdapack::analysis
