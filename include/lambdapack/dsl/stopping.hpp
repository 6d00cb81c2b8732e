// How lp::stop_if becomes statements: a chain of control tiles, one for each step of the loop, that
// says whether the loop has ended before; and in every other statement of the loop a look at it,
// and at the tiles that it would write, which it hands on unchanged once the loop has ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <variant>
#include <vector>

#include "lambdapack/dsl/places.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/stop.hpp"

namespace lambdapack::detail {

/// Throws program_error about the lp::stop_if at this place.
[[noreturn]] inline void refuse_stop(const std::source_location& at, const char* what) {
  throw program_error(text({"lambdapack: the lp::stop_if at line ", at.line(), " ", what}));
}

// The loop that an lp::stop_if at the current place ends.
LAMBDAPACK_API int Recorder::loop_to_stop(const std::source_location& at) const {
  const std::vector<ir::Scope>& scopes = traced_.program.scopes;
  if (ir::loops_around(traced_.program, scope_).empty())
    refuse_stop(at, "is in no loop; write it in the loop over steps that it ends");
  const auto* loop = std::get_if<ir::Loop>(&scopes[static_cast<std::size_t>(scope_)].what);
  if (loop == nullptr)
    refuse_stop(
        at,
        "is in a guard, and in steps that the guard leaves out nothing would tell whether "
        "the loop has ended; write it in the loop itself, and let the flag's kernel decide");
  if (!ir::constant_of(loop->step))
    refuse_stop(at, "is in a loop whose step is a power; give the loop a constant step");
  for (const Stop& other : stops_) {
    if (other.loop == scope_)
      refuse_stop(at, "is the second one of its loop; let one flag say all");
    if (is_inside(other.loop, scope_) || is_inside(scope_, other.loop))
      refuse_stop(at,
                  "is in a loop around or inside another loop with an lp::stop_if; keep one of "
                  "them");
  }
  return scope_;
}

// stop(i, ..., t), or the one of the step before, stop(i, ..., t - step).
LAMBDAPACK_API ir::Access Recorder::control_tile(const Stop& stop, bool before,
                                                 const ir::Location& at) const {
  ir::Access tile{stop.array, {}, at};
  for (const int loop : ir::loops_around(traced_.program, stop.loop))
    tile.subscripts.push_back({{0, {{1, {ir::Symbol::Kind::loop, loop}}}}, {}});
  if (before)
    tile.subscripts.back().at.constant -=
        std::get<ir::Loop>(traced_.program.scopes[static_cast<std::size_t>(stop.loop)].what)
            .step.constant;
  return tile;
}

LAMBDAPACK_API void Recorder::stop_if(const ir::Access& flag,
                                      const std::shared_ptr<const kernel::Function>& kernel,
                                      const std::source_location& at) {
  const int loop = loop_to_stop(at);
  const auto rank = static_cast<int>(ir::loops_around(traced_.program, loop).size());
  const int array = declare_temp("stop", tile::Stop::type_name(), rank, {});
  set_unwritten(array, nullptr);
  const Stop stop{loop, array, traced_.program.statements.size()};
  const ir::Location place = location(at);
  add_statement({control_tile(stop, false, place)}, add_kernel(kernel),
                {flag, control_tile(stop, true, place)}, {});
  stops_.push_back(stop);
}

// A temporary's tile that is written, not changed, may have no earlier value to hand on: an empty
// one stands in for it.
LAMBDAPACK_API void Recorder::make_stoppable(const Stop& stop) {
  std::vector<ir::Statement>& statements = traced_.program.statements;
  for (std::size_t s = statements.size(); s-- > 0 && is_inside(statements[s].scope, stop.loop);) {
    ir::Statement& statement = statements[s];
    if (s == stop.statement) continue;
    const auto is_changed = [&, own = statement.reads.size()](const ir::Access& write) {
      return std::any_of(statement.reads.begin(),
                         statement.reads.begin() + static_cast<std::ptrdiff_t>(own),
                         [&](const ir::Access& read) {
                           return read.array == write.array && read.subscripts == write.subscripts;
                         });
    };
    for (const ir::Access& write : statement.writes) {
      ir::Array& array = traced_.program.arrays[static_cast<std::size_t>(write.array)];
      if (array.role == ir::ArrayRole::temp && !array.unwritten && !is_changed(write))
        array.unwritten.emplace();
    }
    statement.stoppable = true;
    statement.reads.push_back(control_tile(stop, true, statement.location));
    statement.reads.insert(statement.reads.end(), statement.writes.begin(), statement.writes.end());
  }
}

}  // namespace lambdapack::detail
