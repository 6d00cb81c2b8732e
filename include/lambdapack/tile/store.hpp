// Where the tiles of an array live. An executor sees arrays only through this interface.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lambdapack/tile/payload.hpp"

namespace lambdapack::tile {

/// Indices of a tile, one per dimension of its array.
using Index = std::span<const std::int64_t>;

/// What a run will do with an array.
enum class Use { read, write, update };

/// What several processes that run one program together have of an array: each a store of its own;
/// or one medium, such as a file, that all read and one writes; or one that all write together.
enum class Sharing { none, readers, writers };

/// Global position of a tile's first element: row and column (0 where the array has neither).
struct Origin {
  std::int64_t row = 0;
  std::int64_t column = 0;
};

/// An array of tiles in some medium, with two versions while a run is under way: `load` always
/// answers with the tile as it was when the run began, `save` puts a tile into the version that
/// `commit` makes the current one. Calls for different tiles may come from different threads.
class Store {
 public:
  virtual ~Store() = default;

  /// Number of tiles in each dimension.
  virtual const std::vector<std::int64_t>& extents() const = 0;

  virtual const PayloadType& payload() const = 0;

  /// Whether some of its tiles are other processes', and cannot be had here.
  virtual bool is_spread() const { return false; }

  /// For messages: what this is, such as "A.zarr (3000 x 3000 float64 in tiles of 256 x 256)".
  virtual std::string describe() const = 0;

  /// Whether tiles saved by a run that does not end well stay for another one to go on from.
  virtual bool keeps() const { return false; }

  /// Before `begin`: a number that is another one where other contents may be, or 0 if that is not
  /// known. Two runs whose arrays have equal stamps read the same.
  virtual std::uint64_t stamp() const { return 0; }

  /// Called before `begin` where `keeps()`: a name that runs of one program at the same sizes
  /// share.
  virtual void name_run(const std::string&) {}

  /// After `begin`: whether an earlier run of that name has saved this tile of the next version.
  virtual bool is_saved(Index) const { return false; }

  /// Whether `load_saved` also answers for tiles that the run under way has saved.
  virtual bool rereads() const { return false; }

  /// A tile that `is_saved`. Throws input_error, naming the tile, if it is damaged.
  virtual Tile load_saved(Index index) { return load(index); }

  /// Called once before a run, which ends with one call of `commit` or `abandon`. Throws
  /// input_error where the medium does not allow the use, such as a directory that cannot be
  /// written, and where another use of this store has begun and not ended and one of the two
  /// writes; it leaves that one alone then. Runs that only read may overlap.
  virtual void begin(Use use) = 0;

  virtual Sharing sharing() const { return Sharing::none; }

  /// Of a store that all write together, after one process has begun: what others pass to `join`.
  virtual std::string draft() const { return {}; }

  /// In place of `begin`: takes part in what another process has begun, which alone will commit it,
  /// after all have prepared.
  virtual void join(Use use, const std::string&) { begin(use); }

  /// The initial tile. Throws input_error, naming the tile, if it is missing or damaged.
  virtual Tile load(Index index) = 0;

  /// As `load`, where the caller promises that nobody will load this tile again and that a new
  /// one will be saved: a store in memory lets go of its own handle.
  virtual Tile take(Index index) { return load(index); }

  /// A fresh tile for a kernel to write, in the shape that belongs at `index`.
  virtual Tile blank(Index index) = 0;

  /// A tile of zeros in the shape that belongs at `index`: `blank`, where that is zero already.
  virtual Tile zero(Index index) { return blank(index); }

  /// Checks that a tile has the shape that belongs at `index`, and puts it into the next version.
  /// An empty dense tile is stored as zeros.
  virtual void save(Index index, Tile tile) = 0;

  /// After `begin`: bytes of memory that the run's saved tiles will take above what the array took
  /// before, as far as that is known.
  virtual std::int64_t memory_to_come() const { return 0; }

  /// Where the tile begins in the whole array, for messages.
  virtual Origin origin(Index) const { return {}; }

  /// The run ended well: does what may fail of `commit`, so that of several arrays all are replaced
  /// or none. Throws input_error where that cannot be done.
  virtual void prepare() {}

  /// After `prepare`, which it calls itself if nobody has: the tiles saved become the current ones,
  /// the others stay.
  virtual void commit() = 0;

  /// The run failed for `reason`: nothing may be left behind that looks complete. The store may be
  /// used again.
  virtual void abandon(const std::string& reason) noexcept = 0;
};

/// "(3, 2)": a tile's indices for messages.
inline std::string to_string(Index index) {
  std::string text = "(";
  for (std::size_t d = 0; d < index.size(); ++d) text += (d ? ", " : "") + std::to_string(index[d]);
  return text + ")";
}

}  // namespace lambdapack::tile
