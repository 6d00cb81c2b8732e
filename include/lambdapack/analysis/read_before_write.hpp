// Reads of tiles that have no contents yet.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/findings.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/write_site.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Everything that is written to an array, at the sizes in play: a set of tiles, or nothing if no
/// statement names the array on its left.
inline std::optional<isl::Set> written_tiles(const ir::Program& program, const Relations& r,
                                             int array) {
  std::optional<isl::Set> all;
  for (std::size_t l = 0; l < program.statements.size(); ++l)
    for (std::size_t k = 0; k < program.statements[l].writes.size(); ++k) {
      if (program.statements[l].writes[k].array != array) continue;
      isl_set* tiles =
          isl_set_intersect_params(isl_map_range(r.writes[l][k].copy()), r.context.copy());
      all = isl::Set(r.context.ctx(), all ? isl_set_union(all->copy(), tiles) : tiles);
    }
  return all;
}

/// The reads of one input, with the tiles, that see nothing.
struct UnseenReads {
  TupleName read;
  int array = 0;
  isl::Map map;
};

/// All of them, by statement and input.
inline std::vector<UnseenReads> unseen_reads(const ir::Program& program, const Relations& r,
                                             const Flow& f) {
  std::vector<UnseenReads> all;
  isl::for_each_map(f.no_source, [&](const isl::Map& map) {
    const TupleName read = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_in));
    const TupleName tile = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_out));
    const auto array = static_cast<std::size_t>(tile.id);
    if (read.kind != 'R' || program.arrays[array].unwritten) return;
    isl_map* inside = map.copy();
    if (r.boxes[array]) inside = isl_map_intersect_range(inside, r.boxes[array].copy());
    isl::Map bad(map.ctx(), inside);
    if (!isl::is_empty(bad)) all.push_back({read, tile.id, std::move(bad)});
  });
  std::sort(all.begin(), all.end(), [](const UnseenReads& a, const UnseenReads& b) {
    return std::pair(a.read.id, a.read.slot) < std::pair(b.read.id, b.read.slot);
  });
  return all;
}

inline Diagnostic read_before_write(const ir::Program& program, const Relations& r,
                                    const UnseenReads& bad, bool ever_written) {
  const ir::Statement& s = program.statements[static_cast<std::size_t>(bad.read.id)];
  const ir::Access& access = s.reads[static_cast<std::size_t>(bad.read.slot)];
  const ir::Array& array = program.arrays[static_cast<std::size_t>(bad.array)];
  const isl::Set pairs(bad.map.ctx(), isl_map_wrap(bad.map.copy()));
  const Example example = smallest_example(pairs);
  const auto depth = static_cast<std::ptrdiff_t>(isl_map_dim(bad.map.get(), isl_dim_in));
  const std::vector<std::int64_t> node(example.point.begin(), example.point.begin() + depth);
  const std::vector<std::int64_t> index(example.point.begin() + depth, example.point.end());
  const std::string reader = ir::node_name(program, bad.read.id, node);
  const std::string tile = tile_name(program, bad.array, index);
  const std::string at = sizes(program, example);
  const std::string what =
      text({ir::to_string(program, access), " at ", ir::where(place(s, access))});

  Diagnostic d;
  d.place = place(s, access);
  d.condition = short_condition(program, sizes_of(pairs), r.context);
  d.sizes = example.parameters;
  const std::string read =
      text({"for ", at, ": ", tile, " is read at line ", d.place.line, " by ", reader});
  if (!ever_written) {
    d.code = codes::never_written;
    d.message = text({what, " is read, but nothing ever writes ", array.name, when(d.condition),
                      ": for ", at, " the node ", reader, " reads ", tile,
                      "; write the tile first, or say what unwritten tiles hold with lp::temp<T, ",
                      array.rank, ">(\"", array.name, "\", lp::zero)"});
    d.example = text({read, ", but nothing writes it"});
    return d;
  }
  d.code = codes::read_before_write;
  std::string first;
  d.example = text({read, ", but nothing writes it"});
  if (const auto write = write_of(program, r, bad.array, index, example.parameters)) {
    d.second = write->location(program);
    first = text(
        {" (", write->name(program), " at ", ir::where(d.second), " is the first to write it)"});
    d.example = text({read, ", but the first write is line ", d.second.line});
  }
  d.message = text({what, " is read before it is written", when(d.condition), ": for ", at,
                    " the node ", reader, " reads ", tile, ", which nothing has written by then",
                    first, "; write the tile first, or guard the read with lp::when"});
  return d;
}

}  // namespace detail

/// Reports reads of tiles that have no initial contents, that nothing wrote before, and whose array
/// does not say what they hold; of a temporary that nothing ever writes, only the first.
inline void check_written_before_read(const ir::Program& program, const Relations& r, const Flow& f,
                                      const Report& report = throw_finding) {
  std::vector<int> never_written;
  for (const detail::UnseenReads& bad : detail::unseen_reads(program, r, f)) {
    const bool is_temp =
        program.arrays[static_cast<std::size_t>(bad.array)].role == ir::ArrayRole::temp;
    const auto written = detail::written_tiles(program, r, bad.array);
    const bool ever = !is_temp || (written && !isl::is_empty(*written));
    if (!ever && std::count(never_written.begin(), never_written.end(), bad.array) > 0) continue;
    if (!ever) never_written.push_back(bad.array);
    report(detail::read_before_write(program, r, bad, ever));
  }
}

}  // namespace lambdapack::analysis
