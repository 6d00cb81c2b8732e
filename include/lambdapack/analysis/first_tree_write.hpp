// Which statement of a program with powers and logarithms is the first to write the tile of a
// finding: at the finding's sizes, exactly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/relations_at.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/analysis/write_site.hpp"
#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/diagnostic.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis::detail {

/// Looks for that write.
class FirstTreeWrite {
 public:
  FirstTreeWrite(const ir::Program& program, const AnalysisOptions& options, const Diagnostic& d)
      : program_(program), ctx_(options.max_operations), d_(d) {}

  /// Where it is; nothing if nothing writes the tile, or if that takes too long to say.
  std::optional<ir::Location> find() {
    try {
      for (std::size_t l = 0; l < program_.statements.size(); ++l)
        for (std::size_t k = 0; k < program_.statements[l].reads.size(); ++k)
          if (const auto tile = tile_of(l, k))
            return first(program_.statements[l].reads[k].array, *tile);
    } catch (const error&) {  // the budget, or numbers that are too large: the finding holds anyway
    }
    return std::nullopt;
  }

 private:
  using Point = std::vector<std::int64_t>;

  // The tile that the finding is about, if it is about this read: of the nodes that make the read,
  // the one that the message names.
  std::optional<Point> tile_of(std::size_t l, std::size_t k) const {
    const ir::Statement& s = program_.statements[l];
    const ir::Access& access = s.reads[k];
    if (place(s, access) != d_.place) return std::nullopt;
    const Relations r = relations_at(ctx_, program_, d_.sizes, {access.array});
    isl::Set left(ctx_.get(),
                  isl_set_intersect_params(isl_map_wrap(r.reads[l][k].copy()), r.context.copy()));
    const auto depth = static_cast<std::ptrdiff_t>(isl_map_dim(r.reads[l][k].get(), isl_dim_in));
    for (int tried = 0; tried < most_tried && !isl::is_empty(left); ++tried) {
      const Point point = smallest_example(left).point;
      const Point node(point.begin(), point.begin() + depth);
      Point tile(point.begin() + depth, point.end());
      const std::string said =
          text({"the node ", ir::node_name(program_, static_cast<int>(l), node), " reads ",
                tile_name(program_, access.array, tile), ","});
      if (d_.message.find(said) != std::string::npos) return tile;
      left = without(left, point);
    }
    return std::nullopt;
  }

  isl::Set without(const isl::Set& set, const Point& point) const {
    isl_set* one = set.copy();
    for (std::size_t d = 0; d < point.size(); ++d)
      one = isl_set_fix_val(one, isl_dim_set, static_cast<unsigned>(d),
                            isl_val_int_from_si(ctx_.get(), point[d]));
    return {ctx_.get(), isl_set_subtract(set.copy(), one)};
  }

  std::optional<ir::Location> first(int array, const Point& tile) const {
    // A power that is too large counts as form::max_power, so such a tile may stand for another.
    const auto is_large = [](std::int64_t x) {
      return x >= form::max_power / 2 || x <= -(form::max_power / 2);
    };
    if (std::any_of(tile.begin(), tile.end(), is_large)) return std::nullopt;
    const Relations r = relations_at(ctx_, program_, d_.sizes, array, tile);
    const auto write = write_of(program_, r, array, tile, d_.sizes);
    if (!write) return std::nullopt;
    return write->location(program_);
  }

  static constexpr int most_tried = 1000;

  const ir::Program& program_;
  const isl::Context ctx_;
  const Diagnostic& d_;
};

/// The finding with that write as its other end, if it is a read of an unwritten tile.
inline Diagnostic with_first_write(const ir::Program& program, const AnalysisOptions& options,
                                   Diagnostic d) {
  if (d.code != codes::read_before_write) return d;
  d.second = FirstTreeWrite(program, options, d).find().value_or(ir::Location{});
  return d;
}

}  // namespace lambdapack::analysis::detail
