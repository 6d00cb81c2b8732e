// The tiles that nothing has written, made by the rule of their array.
#pragma once

#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/grid.hpp"
#include "lambdapack/tile/stop.hpp"

namespace lambdapack::exec {

/// The text of an exception.
inline std::string message(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

/// Makes unwritten tiles for one job. A tile is made anew each time that it is asked for, so any
/// number of threads may ask.
class UnwrittenTiles {
 public:
  explicit UnwrittenTiles(const Job& job) : job_(job), empty_(job.program->arrays.size()) {
    for (const ir::Statement& s : job.program->statements) learn(s);
  }

  /// Whether the initial value of an array's tiles is what its rule says, and in no store.
  bool applies(int array) const {
    const ir::ArrayRole role = array_of(array).role;
    return role == ir::ArrayRole::temp || role == ir::ArrayRole::out;
  }

  /// The tile, which may lie outside of the array's extents. Throws run_error, with the exception
  /// nested, if the rule is a kernel and it throws.
  tile::Tile make(const TileName& name) const {
    const ir::Array& array = array_of(name.array);
    if (!array.unwritten)
      throw internal_error("tile " + tile::to_string(name.indices) + " of " + array.name +
                           " is read and was never written");
    tile::Store* store = job_.arrays[static_cast<std::size_t>(name.array)].get();
    if (store != nullptr && tile::detail::position_in(store->extents(), name.indices) < 0)
      store = nullptr;
    if (array.unwritten->kernel >= 0) return call(array, name, store);
    return store != nullptr ? store->zero(name.indices)
                            : empty_[static_cast<std::size_t>(name.array)]();
  }

 private:
  const ir::Array& array_of(int array) const {
    return job_.program->arrays[static_cast<std::size_t>(array)];
  }

  // An array's default payload is known to the kernels that are given its tiles.
  void learn(const ir::Statement& s) {
    const kernel::Function& function = *job_.kernels[static_cast<std::size_t>(s.kernel)];
    std::size_t read = 0, written = 0;
    const auto note = [&](const ir::Access& access, const kernel::Parameter& p) {
      empty_[static_cast<std::size_t>(access.array)] = p.blank;
    };
    for (const kernel::Parameter& p : function.parameters) {
      if (p.role == kernel::Role::scalar) continue;
      if (p.role != kernel::Role::out) note(s.reads[read++], p);
      if (p.role == kernel::Role::out || p.role == kernel::Role::inout)
        note(s.writes[written++], p);
    }
    if (s.stoppable)
      empty_[static_cast<std::size_t>(s.reads[read].array)] = [] {
        return tile::Tile::make(tile::Stop());
      };
  }

  tile::Tile call(const ir::Array& array, const TileName& name, tile::Store* store) const {
    const kernel::Function& f = *job_.kernels[static_cast<std::size_t>(array.unwritten->kernel)];
    tile::Tile made = store != nullptr ? store->blank(name.indices) : f.parameters.front().blank();
    kernel::Slot slot;
    slot.write = made.address();
    try {
      f.call(std::span<const kernel::Slot>(&slot, 1));
    } catch (...) {
      std::throw_with_nested(
          run_error(text({"lambdapack: ", f.name, ", which makes the unwritten tiles of ",
                          array.name, ", failed on ", array.name, tile::to_string(name.indices),
                          ": ", message(std::current_exception())})));
    }
    return made;
  }

  const Job& job_;
  std::vector<tile::Tile (*)()> empty_;
};

/// Saves every tile of an out array with a rule for unwritten tiles that no task writes.
inline void save_unwritten(const Job& job) {
  const UnwrittenTiles unwritten(job);
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    const ir::Array& array = job.program->arrays[a];
    if (!job.arrays[a] || array.role != ir::ArrayRole::out || !array.unwritten) continue;
    tile::detail::for_each_tile(job.arrays[a]->extents(), [&](tile::Index index) {
      const TileName name{static_cast<int>(a), Indices(index)};
      if (!job.graph.writer(name)) job.arrays[a]->save(index, unwritten.make(name));
    });
  }
}

}  // namespace lambdapack::exec
