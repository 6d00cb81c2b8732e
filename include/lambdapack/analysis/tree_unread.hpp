// Values that nobody reads, in programs with powers and logarithms.
//
// A value is read if some node reads its tile later on and nothing overwrites it in between. What
// overwrites a tile and reads it at the same time does not matter: it has read the value. Where
// that leaves a value without a reader, the exact flow of its one tile, at the sizes of the
// example, has the last word.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/relations_at.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/analysis/tree_partners.hpp"
#include "lambdapack/analysis/tree_sizes.hpp"
#include "lambdapack/analysis/warnings.hpp"

namespace lambdapack::analysis {

/// Looks for the values of one output that nobody reads.
class UnreadTreeValues {
 public:
  UnreadTreeValues(const isl::Context& ctx, const ir::Program& program, const Lifted& lifted,
                   const TreeFlow& flow, std::size_t line, std::size_t slot)
      : ctx_(ctx),
        program_(program),
        lifted_(lifted),
        flow_(flow),
        line_(line),
        slot_(slot),
        access_(program.statements[line].writes[slot]),
        question_(program, lifted, at(line), &write()) {}

  /// The warning, if there is such a value.
  std::optional<Diagnostic> find() {
    if (!flow_.exact(access_.array)) find_overwriting();
    if (is_bound() && overwriting_.empty()) return std::nullopt;
    for (const TreePair& p : flow_.pairs())
      if (p.writer == line_ && p.write == slot_) add_readers(p);
    const isl::Set open = question_.open(
        isl_map_wrap(isl_map_intersect_domain(write().map.copy(), may_be_lost().copy())));
    const auto found = question_.lonely(
        open, [&](const std::vector<std::int64_t>& point) { return is_unread(point); });
    if (!found) return std::nullopt;
    const Site site = site_of(*found);
    return detail::never_read(program_,
                              relations_at(ctx_, program_, site.sizes, access_.array, site.tile),
                              static_cast<int>(line_), static_cast<int>(slot_), nodes(site),
                              exact_ ? lonely_sizes(program_, lifted_, question_, open) : "");
  }

 private:
  // A write of the same tile that comes later and does not read it: nodes -> nodes of `line`.
  struct Overwriting {
    std::size_t line;
    isl::Map map;
  };
  struct Site {
    Sizes sizes;
    std::vector<std::int64_t> node, tile;
  };

  const LiftedStatement& at(std::size_t line) const { return lifted_.statements[line]; }
  const LiftedAccess& write() const { return at(line_).writes[slot_]; }
  bool is_bound() const {
    return program_.arrays[static_cast<std::size_t>(access_.array)].role != ir::ArrayRole::temp;
  }

  static bool reads_what_it_writes(const ir::Statement& s, std::size_t slot) {
    const ir::Access& write = s.writes[slot];
    return std::any_of(s.reads.begin(), s.reads.end(), [&](const ir::Access& read) {
      return read.array == write.array && read.subscripts == write.subscripts;
    });
  }

  void find_overwriting() {
    for (std::size_t x = 0; x < program_.statements.size(); ++x) {
      const ir::Statement& s = program_.statements[x];
      for (std::size_t k = 0; k < s.writes.size(); ++k) {
        if (s.writes[k].array != access_.array || reads_what_it_writes(s, k)) continue;
        const isl::Map same(
            ctx_.get(),
            isl_map_apply_range(write().map.copy(), isl_map_reverse(at(x).writes[k].map.copy())));
        for (const OrderCase& c : before(program_, lifted_, line_, x, same))
          if (LevelSystem(program_, lifted_, {&at(line_), &at(x)})
                  .feasible(isl_map_wrap(c.map.copy())))
            overwriting_.push_back({x, c.map});
      }
    }
  }

  // The nodes whose value may not be the last one of its tile.
  isl::Set may_be_lost() {
    if (!is_bound()) return at(line_).domain;
    exact_ = false;
    isl_set* all = isl_set_empty(isl_set_get_space(at(line_).domain.get()));
    for (const Overwriting& o : overwriting_)
      all = isl_set_union(all, isl_map_domain(o.map.copy()));
    return {ctx_.get(), isl_set_coalesce(all)};
  }

  void add_readers(const TreePair& p) {
    const LiftedAccess& read = at(p.reader).reads[p.read];
    const isl::Map anyhow(
        ctx_.get(), isl_map_apply_range(write().map.copy(), isl_map_reverse(read.bare.copy())));
    for (const OrderCase& c : before(program_, lifted_, line_, p.reader, anyhow)) {
      isl::Map known(ctx_.get(), isl_map_intersect(c.map.copy(), p.map.copy()));
      isl::Map bare = c.map;
      for (const Overwriting& o : overwriting_) {
        const isl::Map lost = overwritten_before(o, p.reader, known);
        if (isl::is_empty(lost)) continue;
        exact_ = false;
        known = isl::Map(ctx_.get(), isl_map_subtract(known.copy(), lost.copy()));
        bare = isl::Map(ctx_.get(), isl_map_subtract(bare.copy(), lost.copy()));
      }
      question_.add_partners(p.reader, with_tile(known), with_tile(bare),
                             read.strides.empty() ? nullptr : &read);
    }
  }

  // Of these pairs of nodes, at least those between which the tile is overwritten.
  isl::Map overwritten_before(const Overwriting& o, std::size_t reader,
                              const isl::Map& pairs) const {
    const isl::Map anywhere(ctx_.get(), isl_map_from_domain_and_range(at(o.line).domain.copy(),
                                                                      at(reader).domain.copy()));
    isl_map* ordered = isl_map_empty(isl_map_get_space(anywhere.get()));
    for (const OrderCase& c : before(program_, lifted_, o.line, reader, anywhere))
      ordered = isl_map_union(ordered, c.map.copy());
    const isl::Map later(ctx_.get(), ordered);
    isl_map* all = isl_map_range_product(o.map.copy(), pairs.copy());
    const isl::Map triples(ctx_.get(), isl_map_intersect_range(all, isl_map_wrap(later.copy())));
    LevelSystem system(program_, lifted_, {&at(line_), &at(o.line), &at(reader)});
    if (isl::is_empty(triples) || !system.feasible(isl_map_wrap(triples.copy())))
      return {ctx_.get(), isl_map_empty(isl_map_get_space(pairs.get()))};
    return {ctx_.get(),
            isl_map_intersect(pairs.copy(), isl_map_apply_range(o.map.copy(), later.copy()))};
  }

  // node -> reader as [node -> tile] -> reader.
  isl_map* with_tile(const isl::Map& readers) const {
    return isl_map_apply_range(isl_map_domain_map(write().map.copy()), readers.copy());
  }

  Site site_of(const std::vector<std::int64_t>& point) const {
    const LevelSystem system = question_.alone();
    Site site;
    site.sizes.assign(point.begin(), point.begin() + static_cast<std::ptrdiff_t>(system.sizes()));
    std::size_t k = system.offset(0);
    for (const LiftedDim& d : at(line_).dims) {
      if (d.is_loop) site.node.push_back(point[k]);
      ++k;
    }
    site.tile.assign(point.begin() + static_cast<std::ptrdiff_t>(k), point.end());
    return site;
  }

  isl::Set nodes(const Site& site) const {
    return detail::one_point(ctx_.get(), text({"W", line_, "_", slot_}), site.node, site.sizes);
  }

  bool is_unread(const std::vector<std::int64_t>& point) const {
    const Site site = site_of(point);
    const Relations r = relations_at(ctx_, program_, site.sizes, access_.array, site.tile);
    const isl::Set unread = detail::unread_nodes(r, analysis::flow(r), static_cast<int>(line_),
                                                 static_cast<int>(slot_));
    return isl::decide(ctx_.get(), isl_set_is_subset(nodes(site).get(), unread.get()));
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Lifted& lifted_;
  const TreeFlow& flow_;
  std::size_t line_, slot_;
  const ir::Access& access_;
  PartnerQuestion question_;
  std::vector<Overwriting> overwriting_;
  bool exact_ = true;  // whether the question's partners are just the readers
};

/// Reports values that neither a node nor the world after the run reads.
inline void find_unread_values(const isl::Context& ctx, const ir::Program& program,
                               const Lifted& lifted, const TreeFlow& flow, const Report& report) {
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    for (std::size_t k = 0; k < program.statements[l].writes.size(); ++k) {
      if (detail::is_made_by_stop_if(program, l)) continue;
      if (const auto d = UnreadTreeValues(ctx, program, lifted, flow, l, k).find()) report(*d);
    }
}

}  // namespace lambdapack::analysis
