// The exact edges between the nodes of a program, slot by slot, and what carries them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Output `value` of statement `from`, as input `input` of statement `to`.
struct EdgeSlots {
  int from = 0;
  int value = 0;
  int to = 0;
  int input = 0;
  friend auto operator<=>(const EdgeSlots&, const EdgeSlots&) = default;
};

/// The flow of a program in terms of nodes.
class ExactEdges {
 public:
  ExactEdges(const Relations& relations, const Flow& flow) : relations_(relations) {
    isl::for_each_map(flow.full, [&](const isl::Map& full) {
      if (isl::is_empty(full)) return;
      const isl::Map nodes(full.ctx(), isl_map_range_factor_domain(full.copy()));
      const isl::Map tiles(full.ctx(), isl_map_range_factor_range(full.copy()));
      const TupleName writer = name(nodes, isl_dim_in), reader = name(nodes, isl_dim_out);
      if (reader.kind != 'R') return;
      sources_.push_back({writer, reader, name(tiles, isl_dim_out), full});
      if (writer.kind != 'W') return;
      const EdgeSlots slots{writer.id, writer.slot, reader.id, reader.slot};
      const isl::Map edges = between_statements(nodes, slots);
      const auto [entry, fresh] = edges_.try_emplace(slots, edges);
      if (!fresh)
        entry->second = isl::Map(full.ctx(), isl_map_union(entry->second.copy(), edges.copy()));
    });
    isl::for_each_map(relations.schedule, [&](const isl::Map& time) {
      times_.emplace(isl_map_get_tuple_name(time.get(), isl_dim_in), time);
    });
  }

  /// S -> S, for each pair of slots that has edges.
  const std::map<EdgeSlots, isl::Map>& all() const { return edges_; }

  /// S -> S: the reader reads a tile that the writer wrote before, be it that others wrote it too.
  isl::Map same_tile(const EdgeSlots& slots) const {
    const isl::Map& write = at(relations_.writes, slots.from, slots.value);
    const isl::Map& read = at(relations_.reads, slots.to, slots.input);
    isl_map* pairs = isl_map_apply_range(write.copy(), isl_map_reverse(read.copy()));
    isl_map* before =
        isl_map_lex_lt_map(times_.at(text({"W", slots.from, "_", slots.value})).copy(),
                           times_.at(text({"R", slots.to, "_", slots.input})).copy());
    return between_statements(isl::Map(write.ctx(), isl_map_intersect(pairs, before)), slots);
  }

  /// Where a reader gets an input from, in words: a node, or the initial contents of a tile. With a
  /// `writer`, only the tile that it writes counts. None if that is not one value.
  std::optional<std::string> source(const ir::Program& names, const EdgeSlots& slots,
                                    const std::vector<std::int64_t>& sizes,
                                    const std::vector<std::int64_t>& reader,
                                    const std::vector<std::int64_t>* writer) const {
    std::optional<std::string> found;
    for (const Source& s : sources_) {
      if (s.reader.id != slots.to || s.reader.slot != slots.input) continue;
      isl_map* m = fixed(fixed(s.full.copy(), isl_dim_param, sizes), isl_dim_out, reader);
      m = isl_map_range_factor_range(m);
      if (writer != nullptr) {
        isl_map* tile = at(relations_.writes, slots.from, slots.value).copy();
        tile = fixed(fixed(tile, isl_dim_param, sizes), isl_dim_in, *writer);
        m = isl_map_intersect_range(m, isl_map_range(tile));
      }
      const isl::Set origins(s.full.ctx(), isl_map_wrap(m));
      if (isl::is_empty(origins)) continue;
      if (found || isl_set_is_singleton(origins.get()) != isl_bool_true) return std::nullopt;
      found = in_words(names, s, detail::smallest_example(origins).point);
    }
    return found;
  }

 private:
  /// A value and who reads it: W -> [R -> T], or with I for W.
  struct Source {
    TupleName writer;
    TupleName reader;
    TupleName tile;
    isl::Map full;
  };

  static TupleName name(const isl::Map& map, isl_dim_type type) {
    return TupleName::parse(isl_map_get_tuple_name(map.get(), type));
  }

  static const isl::Map& at(const std::vector<std::vector<isl::Map>>& maps, int line, int slot) {
    return maps[static_cast<std::size_t>(line)][static_cast<std::size_t>(slot)];
  }

  static isl::Map between_statements(const isl::Map& map, const EdgeSlots& slots) {
    return renamed(map, text({"S", slots.from}), text({"S", slots.to}));
  }

  static isl_map* fixed(isl_map* map, isl_dim_type type, const std::vector<std::int64_t>& values) {
    for (std::size_t k = 0; k < values.size(); ++k)
      map = isl_map_fix_val(map, type, static_cast<unsigned>(k),
                            isl_val_int_from_si(isl_map_get_ctx(map), values[k]));
    return map;
  }

  // `point` is the writer's indices (for an initial tile, its own) and then the tile's.
  static std::string in_words(const ir::Program& names, const Source& s,
                              const std::vector<std::int64_t>& point) {
    const auto rank =
        static_cast<std::ptrdiff_t>(names.arrays[static_cast<std::size_t>(s.tile.id)].rank);
    const std::vector<std::int64_t> node(point.begin(), point.end() - rank);
    const std::vector<std::int64_t> tile(point.end() - rank, point.end());
    if (s.writer.kind == 'W') return ir::node_name(names, s.writer.id, node);
    return text({"the initial contents of ", detail::tile_name(names, s.tile.id, tile)});
  }

  const Relations& relations_;
  std::map<EdgeSlots, isl::Map> edges_;
  std::vector<Source> sources_;
  std::map<std::string, isl::Map> times_;
};

}  // namespace lambdapack::analysis
