// What all who work on a run in one process share: the program, its graph, tiles, the way to the
// store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/exec/cloud/arrays.hpp"
#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/keys.hpp"
#include "lambdapack/exec/cloud/metered_objects.hpp"
#include "lambdapack/exec/cloud/programs.hpp"
#include "lambdapack/exec/cloud/results.hpp"
#include "lambdapack/exec/cloud/stored_tiles.hpp"
#include "lambdapack/exec/cloud/tile_cache.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/numbering.hpp"
#include "lambdapack/exec/threads/levels.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/ir/print.hpp"

namespace lambdapack::exec::cloud {

/// Who else in this process is given a tile: nobody, so that it may be overwritten, or others.
enum class Access { own, shared };

/// A run, as one process sees it.
class Site {
 public:
  Site(std::shared_ptr<const ir::Program> program,
       std::vector<std::shared_ptr<const kernel::Function>> kernels, TaskGraph graph,
       std::vector<std::optional<ArrayDescription>> arrays, Keys keys,
       std::shared_ptr<MeteredObjects> objects, std::int64_t cache_bytes)
      : arrays_(std::move(arrays)),
        job_{std::move(program), std::move(graph), std::move(kernels), {}},
        keys_(std::move(keys)),
        objects_(std::move(objects)),
        results_(*objects_, keys_, arrays_),
        cache_(cache_bytes) {
    for (const auto& array : arrays_) {
      stored_.emplace_back();
      if (array && array->stored && array->grid) stored_.back().emplace(*array);
    }
    job_.arrays = shapes(std::make_shared<FinalTiles>());
    numbering_.emplace(job_);
    levels_.emplace(job_, *numbering_);
    unwritten_.emplace(job_);
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const Job& job() const { return job_; }
  const TaskGraph& graph() const { return job_.graph; }
  const Keys& keys() const { return keys_; }
  MeteredObjects& objects() { return *objects_; }
  Results& results() { return results_; }
  TileCache& cache() { return cache_; }
  const Numbering& numbering() const { return *numbering_; }
  /// How a task is called in messages.
  std::string name_of(std::int64_t task) const {
    if (task < 0 || task >= numbering_->nodes()) return text({"task ", task});
    const Node node = numbering_->node(task);
    return ir::node_name(*job_.program, node.line, node.indices);
  }
  int urgency(const Node& node) const { return levels_->of(node); }

  /// The job's arrays; what is saved in them goes to `finals`.
  std::vector<std::shared_ptr<tile::Store>> shapes(
      const std::shared_ptr<FinalTiles>& finals) const {
    return array_shapes(*job_.program, job_.kernels, arrays_, finals);
  }

  /// Whether a value is an object: what nothing has written is made by whoever reads it.
  bool is_stored(const Value& value) const {
    return !value.is_initial() || !unwritten_->applies(value.tile().array);
  }

  /// Whether the initial tiles of array `a` are in the store without being brought.
  bool is_in_store(std::size_t a) const { return stored_[a].has_value(); }

  /// The tile of a value from the store, whose bytes are added to `bytes`. One that nobody will
  /// change may be the object itself, where the store has it in memory. Throws damaged_object.
  tile::Tile load(const Value& value, Access access, std::int64_t& bytes) {
    if (is_in_place(value)) return load_in_place(value, bytes);
    if (access == Access::shared && !is_result(value))
      if (tile::Tile tile = map(value)) return counted(std::move(tile), bytes);
    const std::string key = keys_.value(value);
    Decoded decoded;
    const bool is_there =
        objects_->get_pieces(key, [&](std::size_t size, const tile::GetBytes& get) {
          bytes += static_cast<std::int64_t>(size);
          decoded = cloud::decode(size, get, type_of(value), key);
        });
    if (!is_there) detail::refuse_missing(key);
    const auto* const chunk = std::get_if<std::uint64_t>(&decoded);
    if (chunk == nullptr) return tile_in(std::move(decoded), key);
    if (!is_result(value)) detail::refuse_object(key, "its task writes no tile of a result");
    const TileName name = graph().output(value.node(), value.slot);
    const std::string digits = hexadecimal(*chunk);
    if (access == Access::shared)
      if (tile::Tile tile = results_.map(name, digits)) return counted(std::move(tile), bytes);
    return counted(results_.get(name, type_of(value), digits), bytes);
  }

  /// Puts a value in its place. If several read it, `tile` becomes the object itself where the
  /// store has that in memory, so that it is there once for all processes. The number of bytes.
  std::size_t put(const Value& value, tile::Tile& tile) {
    const std::string key = keys_.value(value);
    const Content content = content_of(tile);
    if (graph().reader_count(value) == 1) {
      objects_->put_pieces(key, content);
    } else if (std::optional<Mapped> object = objects_->put_and_map(key, content)) {
      if (tile::Tile mapped = decode_mapped(*std::move(object), tile.type(), key, true))
        tile = std::move(mapped);
    }
    return content.size;
  }

  /// Whether a value is a tile of a result too, which is a chunk.
  bool is_result(const Value& value) const {
    return !value.is_initial() && results_.are_chunks(graph().output(value.node(), value.slot)) &&
           graph().is_final(value.node(), value.slot);
  }

  /// The payload type of a value that is an object.
  const tile::PayloadType& type_of(const Value& value) const {
    if (value.is_initial())
      return job_.arrays[static_cast<std::size_t>(value.tile().array)]->payload();
    const ir::Statement& s = job_.program->statements[static_cast<std::size_t>(value.line)];
    int slot = value.slot;
    for (const kernel::Parameter& p : job_.kernels[static_cast<std::size_t>(s.kernel)]->parameters)
      if ((p.role == kernel::Role::out || p.role == kernel::Role::inout) && slot-- == 0)
        return *p.payload;
    throw internal_error("a value has a slot that its task does not write");
  }

 private:
  tile::Tile map(const Value& value) {
    const std::string key = keys_.value(value);
    std::optional<Mapped> object = objects_->map(key);
    return object ? decode_mapped(*std::move(object), type_of(value), key, false) : tile::Tile();
  }

  static tile::Tile counted(tile::Tile tile, std::int64_t& bytes) {
    bytes += static_cast<std::int64_t>(tile.byte_size());
    return tile;
  }

  // Whether its object is a chunk of a matrix that nobody had to bring.
  bool is_in_place(const Value& value) const {
    return value.is_initial() && stored_[static_cast<std::size_t>(value.tile().array)].has_value();
  }
  const StoredTiles& stored(const Value& value) const {
    return *stored_[static_cast<std::size_t>(value.tile().array)];
  }

  tile::Tile load_in_place(const Value& value, std::int64_t& bytes) {
    const std::string key = stored(value).key(value.indices);
    const std::optional<std::string> object = objects_->get(key);
    if (!object) detail::refuse_missing(key);
    bytes += static_cast<std::int64_t>(object->size());
    return stored(value).decode(*object, value.indices, key);
  }

  const std::vector<std::optional<ArrayDescription>> arrays_;
  Job job_;
  const Keys keys_;
  const std::shared_ptr<MeteredObjects> objects_;
  Results results_;
  TileCache cache_;
  std::vector<std::optional<StoredTiles>> stored_;
  std::optional<Numbering> numbering_;
  std::optional<Levels> levels_;
  std::optional<UnwrittenTiles> unwritten_;
};

/// The site of a run that somebody else has described. Throws input_error if none of the programs
/// is the run's, or the description is damaged or missing.
inline std::unique_ptr<Site> open_site(const Programs& programs, const Keys& keys,
                                       std::shared_ptr<MeteredObjects> objects,
                                       std::int64_t cache_bytes) {
  const std::optional<std::string> text = objects->get(keys.description());
  if (!text)
    throw input_error(
        lambdapack::text({"lambdapack: there is no run ", keys.run(), " in ", objects->describe(),
                          "; check its name and the store's URL"}));
  const DescriptionReader reader(*text);
  Description run = reader.read();
  std::optional<KnownProgram> known = find_program(programs, run.hash, run.constants);
  if (!known)
    throw input_error(lambdapack::text(
        {"lambdapack: the run ", keys.run(), " is of a program ", run.program.name,
         " whose contents have the hash ", run.hash.substr(0, 16), ", and none of the ",
         programs.size(),
         " programs of this executable has that for the run's constants; start the run and its "
         "workers from one build, and give lp::cloud::work the program"}));
  auto forms = std::make_shared<const form::ClosedForms>(reader.forms(*known->program));
  return std::make_unique<Site>(std::move(known->program), std::move(known->kernels),
                                TaskGraph(std::move(forms), std::move(run.sizes)),
                                std::move(run.arrays), keys, std::move(objects), cache_bytes);
}

}  // namespace lambdapack::exec::cloud
