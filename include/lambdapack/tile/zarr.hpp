// Zarr v2 arrays in directories, as arrays of a run and as matrices in memory. A chunk is a tile.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "lambdapack/tile/detail/directory.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/message.hpp"
#include "lambdapack/tile/detail/numpy_name.hpp"
#include "lambdapack/tile/detail/uses.hpp"
#include "lambdapack/tile/detail/zarr_chunk.hpp"
#include "lambdapack/tile/matrix.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack {

/// What to do about a chunk whose file is not there. Zarr's rule is that it holds the array's fill
/// value, but it may as well have been lost.
enum class MissingChunk {
  refuse,  ///< input_error
  fill     ///< a tile of the array's fill value
};

/// How to read or write a Zarr array. `zstd` and `separator` are for arrays that are made new; one
/// that exists has its own.
struct ZarrOptions {
  MissingChunk missing = MissingChunk::refuse;
  /// Level 1 (fast) to 22 (small) of zstd; nothing for chunks that are not compressed.
  std::optional<int> zstd = std::nullopt;
  /// Between the indices in a chunk's file name: '.', or '/' for a directory for each row of them.
  char separator = '.';
  /// Tiles that a run saves stay beside the array, in a directory .NAME.kept-..., if the run fails
  /// or its process dies, and a run of the same program at the same sizes goes on from them: tasks
  /// whose results are there do not run again. A run that would read something else, by the times
  /// of files and the contents of matrices in memory, whose program is traced with other values, or
  /// which is to compress or name its chunks differently begins from nothing; what else kernels
  /// capture is not looked at.
  bool resume = false;
};

namespace tile {

namespace detail {

/// What the name of a chunk ends with that is being written for another run to go on from.
inline const std::string part_ending = ".part";

/// A directory beside `target` in which an array is made. One that is not published is removed, or,
/// if it has the name of a run, kept if there is anything in it.
class ZarrDraft {
 public:
  /// Throws input_error if there is no place to write to, or another run of this name is using the
  /// directory.
  ZarrDraft(const std::string& target, const std::string& run) : target_(target) {
    require_writable(target);
    const std::string path = run.empty() ? partial_name(target) : kept_name(target, run);
    make_directory(path);
    path_ = path;
    if (run.empty()) return;
    lock_.emplace(path);
    remove_files(path, part_ending);
  }
  ZarrDraft(const ZarrDraft&) = delete;
  ZarrDraft& operator=(const ZarrDraft&) = delete;
  ~ZarrDraft() {
    if (path_.empty() || is_joined_) return;
    if (lock_)
      ::rmdir(path_.c_str());
    else
      remove_tree(path_);
  }

  /// The draft that another process has made at `path`, and will publish or remove.
  ZarrDraft(const std::string& target, std::string path, bool is_kept)
      : target_(target), path_(std::move(path)), is_joined_(true), is_kept_(is_kept) {}

  bool is_joined() const { return is_joined_; }
  const std::string& path() const { return path_; }

  /// Whether it stays if it is not published.
  bool is_kept() const { return lock_.has_value() || is_kept_; }

  /// The file of chunk (i, j), which may not be there.
  std::string place(const ZarrMetadata& metadata, std::int64_t i, std::int64_t j) const {
    return path_ + "/" + metadata.chunk_name(i, j);
  }

  /// The file for chunk (i, j), in a directory that exists.
  std::string chunk(const ZarrMetadata& metadata, std::int64_t i, std::int64_t j) const {
    if (metadata.dimensions == 2 && metadata.separator == '/')
      make_directory(path_ + "/" + std::to_string(i));
    return place(metadata, i, j);
  }

  /// Adds the metadata of a new array.
  void describe(const std::string& text) const {
    File file = File::create(path_ + "/.zarray");
    file.write(std::as_bytes(std::span(text)), 0);
    file.close();
  }

  /// Waits until the disk has the directory.
  void finish() const { File::open(path_ + "/.zarray").sync_file_system(); }

  /// Puts the finished directory in its place, in one step.
  void publish() {
    replace_directory(path_, target_);
    path_.clear();
    lock_.reset();
  }

 private:
  static std::string kept_name(const std::string& target, const std::string& run) {
    return message({parent_of(target), "/.", name_of(target), ".kept-", run});
  }

  std::string target_;
  std::string path_;
  std::optional<FolderLock> lock_;
  bool is_joined_ = false;
  bool is_kept_ = false;  // and by another process
};

/// A checked description of a new array. A chunk is not larger than the array.
inline ZarrMetadata new_zarr(const Grid& grid, const ZarrOptions& options) {
  if (options.separator != '.' && options.separator != '/')
    detail::refuse({"a Zarr array cannot have the separator '", std::string(1, options.separator),
                    "'; expected '.' or '/'"});
  if (options.zstd && (*options.zstd < 1 || *options.zstd > 22))
    detail::refuse({"there is no level ", *options.zstd, " of zstd; expected 1 to 22"});
  ZarrMetadata metadata;
  metadata.grid = grid;
  metadata.grid.tile_rows = std::min(grid.tile_rows, std::max<std::int64_t>(grid.rows, 1));
  metadata.grid.tile_cols = std::min(grid.tile_cols, std::max<std::int64_t>(grid.cols, 1));
  metadata.zstd_level = options.zstd;
  metadata.separator = options.separator;
  return metadata;
}

/// The metadata of the array of T at `path`; see read_zarr_metadata.
template <Scalar T>
ZarrMetadata open_zarr(const std::string& path) {
  return read_zarr_metadata(resolved(path), numpy_name<T>(), sizeof(T));
}

}  // namespace detail

/// A Zarr array as an array of a run. Tiles are read from its chunks as the run needs them; the
/// saved ones go to a directory beside it, which takes its place when the run ends well.
template <Scalar T>
class ZarrStore final : public detail::GridStore<T> {
 public:
  /// An existing array. Throws input_error if there is none of T at `path`.
  ZarrStore(const std::string& path, const ZarrOptions& options, int rank)
      : ZarrStore(path, detail::open_zarr<T>(path), options, false, rank) {}

  /// An array that a run is to make. A run that only reads or updates takes the array that is there
  /// when it begins.
  ZarrStore(const std::string& path, const detail::ZarrMetadata& metadata,
            const ZarrOptions& options, int rank)
      : ZarrStore(path, metadata, options, true, rank) {}

  bool keeps() const override { return resumes_; }
  bool rereads() const override { return true; }

  /// By the names, sizes and times of the array's files.
  std::uint64_t stamp() const override {
    return detail::stamp_of_files(detail::resolved(this->name()));
  }
  void name_run(const std::string& name) override { run_ = name; }

  bool is_saved(Index index) const override {
    if (!draft_ || !draft_->is_kept()) return false;
    const detail::Place at = this->place(index);
    return detail::kind_of(draft_->place(metadata_, at.i, at.j)) != detail::Kind::nothing;
  }

  Tile load_saved(Index index) override {
    const detail::Place at = this->place(index);
    return Tile::make(detail::read_chunk<T>(draft_->place(metadata_, at.i, at.j), metadata_,
                                            this->grid().rows_at(at.i),
                                            this->grid().cols_at(at.j)));
  }

  void begin(Use use) override {
    uses_.begin(use, *this, [&] {
      find(use);
      if (use == Use::read) return;
      if (!exists_) require_replaceable();
      auto draft = std::make_unique<detail::ZarrDraft>(
          path_, run_.empty() ? run_ : run_ + "-" + metadata_.layout());
      if (draft->is_kept()) remove_broken(*draft);
      draft_ = std::move(draft);
    });
  }

  Sharing sharing() const override { return Sharing::writers; }
  std::string draft() const override { return draft_ ? draft_->path() : std::string(); }

  void join(Use use, const std::string& draft) override {
    uses_.begin(use, *this, [&] {
      find(use);
      if (use == Use::read) return;
      const bool is_kept = !run_.empty();
      draft_ = std::make_unique<detail::ZarrDraft>(path_, draft, is_kept);
    });
  }

  Tile load(Index index) override {
    const detail::Place at = this->place(index);
    const std::int64_t rows = this->grid().rows_at(at.i), cols = this->grid().cols_at(at.j);
    if (!exists_)
      detail::refuse({"tile ", to_string(index), " of ", this->describe(),
                      " has no contents before the run that makes the array; open an existing "
                      "array with lp::zarr(path)"});
    const std::string file = path_ + "/" + metadata_.chunk_name(at.i, at.j);
    if (detail::kind_of(file) != detail::Kind::nothing)
      return Tile::make(detail::read_chunk<T>(file, metadata_, rows, cols));
    return Tile::make(filled(index, file, rows, cols));
  }

  void save(Index index, Tile tile) override {
    const Tile shaped = this->in_shape(index, std::move(tile));
    if (!draft_)
      detail::contradict(
          {"a tile of ", this->describe(), " was saved outside of a run that writes it"});
    const detail::Place at = this->place(index);
    const std::string file = draft_->chunk(metadata_, at.i, at.j);
    // Who goes on from a chunk must find it whole.
    const std::string written = draft_->is_kept() ? file + detail::part_ending : file;
    detail::write_chunk(written, metadata_, shaped.template get<Dense<T>>());
    if (written != file) detail::rename_file(written, file);
  }

  /// Tiles that were not saved stay as they were; in a new array they are zero.
  void prepare() override {
    if (!draft_) return;
    if (draft_->is_joined()) {
      prepared_ = true;
      return;
    }
    if (exists_) {
      detail::carry_over(path_, draft_->path());
    } else {
      require_replaceable();
      add_zeros();
      draft_->describe(detail::zarr_metadata_text(metadata_, detail::numpy_name<T>(),
                                                  !std::same_as<T, real_t<T>>));
    }
    draft_->finish();
    prepared_ = true;
  }

  void commit() override {
    if (draft_) publish();
    uses_.end([] {});
  }

  void abandon(const std::string&) noexcept override {
    uses_.end([&] {
      draft_.reset();
      prepared_ = false;
    });
  }

 private:
  ZarrStore(const std::string& path, const detail::ZarrMetadata& metadata,
            const ZarrOptions& options, bool creates, int rank)
      : detail::GridStore<T>(path, metadata.grid, rank),
        path_(detail::resolved(path)),
        missing_(options.missing),
        resumes_(options.resume),
        creates_(creates),
        exists_(!creates),
        created_(metadata),
        metadata_(metadata) {}

  // What a run has before it.
  void find(Use use) {
    path_ = detail::resolved(this->name());
    exists_ = use != Use::write || !creates_;
    metadata_ = exists_ ? current() : created_;
  }

  // Chunks of an earlier run that did not reach the disk whole, which this one is to make again.
  void remove_broken(const detail::ZarrDraft& draft) const {
    for (std::int64_t j = 0; j < this->grid().tiles_across(); ++j)
      for (std::int64_t i = 0; i < this->grid().tiles_down(); ++i)
        if (const std::string file = draft.place(metadata_, i, j);
            detail::kind_of(file) != detail::Kind::nothing &&
            !detail::is_whole_chunk(file, metadata_, sizeof(T)))
          ::unlink(file.c_str());
  }

  void publish() {
    if (!prepared_) prepare();
    if (!draft_->is_joined()) draft_->publish();
    draft_.reset();
    prepared_ = false;
    exists_ = true;
  }

  detail::ZarrMetadata current() const {
    const detail::ZarrMetadata found = detail::open_zarr<T>(this->name());
    if (found.grid != this->grid())
      detail::refuse({found.grid.describe(this->name(), scalar_name<T>()),
                      " has another shape or other chunks; expected ", this->describe(),
                      ": open it with lp::zarr(path)"});
    return found;
  }

  /// Throws input_error if there is something at the path that a new array must not replace.
  void require_replaceable() const {
    const std::string target = path_;
    if (detail::kind_of(target) != detail::Kind::nothing &&
        (detail::kind_of(target) != detail::Kind::directory ||
         detail::kind_of(target + "/.zarray") == detail::Kind::nothing))
      detail::refuse({"cannot write a Zarr array at ", target,
                      ": something else is there; remove it, or choose another path"});
  }

  Dense<T> filled(Index index, const std::string& file, std::int64_t rows,
                  std::int64_t cols) const {
    if (missing_ == MissingChunk::refuse)
      detail::refuse({"the chunk ", file, " of tile ", to_string(index), " of ", this->describe(),
                      " is missing; restore it, or, if it was left out because it holds only "
                      "the fill value, open the array with ZarrOptions{.missing = "
                      "MissingChunk::fill}"});
    if (!metadata_.fill)
      detail::refuse({"the chunk ", file,
                      " is missing, and the array's fill_value is null; "
                      "restore the chunk, or set a fill_value in .zarray"});
    Dense<T> tile(rows, cols);
    std::fill_n(tile.data(), tile.size(), scalar(*metadata_.fill));
    return tile;
  }

  static T scalar(std::complex<double> value) {
    if constexpr (std::same_as<T, real_t<T>>)
      return static_cast<T>(value.real());
    else
      return T(static_cast<real_t<T>>(value.real()), static_cast<real_t<T>>(value.imag()));
  }

  void add_zeros() const {
    for (std::int64_t j = 0; j < this->grid().tiles_across(); ++j)
      for (std::int64_t i = 0; i < this->grid().tiles_down(); ++i)
        if (const std::string file = draft_->chunk(metadata_, i, j);
            detail::kind_of(file) == detail::Kind::nothing)
          detail::write_zero_chunk<T>(file, metadata_);
  }

  std::string path_;
  MissingChunk missing_;
  bool resumes_;
  std::string run_;
  bool creates_;
  bool exists_;
  detail::ZarrMetadata created_;
  detail::ZarrMetadata metadata_;
  detail::Uses uses_;
  std::unique_ptr<detail::ZarrDraft> draft_;
  bool prepared_ = false;
};

}  // namespace tile

/// A Zarr array to be handed to a run; see lp::zarr.
template <Scalar T>
class ZarrArray {
 public:
  using element = T;

  ZarrArray(std::string path, const ZarrOptions& options)
      : path_(std::move(path)), options_(options) {}
  ZarrArray(std::string path, const tile::detail::Grid& grid, const ZarrOptions& options)
      : path_(std::move(path)),
        options_(options),
        created_(tile::detail::new_zarr(grid, options)) {}

  /// The array as a store; see TiledMatrix::store for the rank. Throws input_error if there is no
  /// such array (unless it is to be made), or it is not one of T that lambdapack reads.
  std::shared_ptr<tile::Store> store(int rank) const {
    if (created_) return std::make_shared<tile::ZarrStore<T>>(path_, *created_, options_, rank);
    return std::make_shared<tile::ZarrStore<T>>(path_, options_, rank);
  }

 private:
  std::string path_;
  ZarrOptions options_;
  std::optional<tile::detail::ZarrMetadata> created_;
};

/// The existing Zarr v2 array in the directory `path`, its chunks as tiles, as an array that a run
/// reads or updates: `cholesky(lp::zarr<double>("A.zarr"))`. It has 1 or 2 dimensions, either
/// order, no filters, and no compression or zstd. A failed run leaves it as it was. Faults of the
/// array throw input_error when it is bound, those of a chunk when the run loads it.
template <Scalar T>
ZarrArray<T> zarr(std::string path, const ZarrOptions& options = {}) {
  return {std::move(path), options};
}

/// A new Zarr array of rows x cols elements that a run makes. It appears when the run ends well, in
/// place of a Zarr array that may be there. Throws input_error on an impossible shape or option.
template <Scalar T>
ZarrArray<T> zarr(std::string path, std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                  std::int64_t tile_cols, const ZarrOptions& options = {}) {
  return {std::move(path), tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T)),
          options};
}
template <Scalar T>
ZarrArray<T> zarr(std::string path, std::int64_t rows, std::int64_t cols, std::int64_t tile,
                  const ZarrOptions& options = {}) {
  return lambdapack::zarr<T>(std::move(path), rows, cols, tile, tile, options);
}

/// The matrix in a Zarr array, in tiles as large as its chunks. Throws input_error if there is no
/// such array of T, or a chunk is missing or damaged.
template <Scalar T>
TiledMatrix<T> read_zarr(const std::string& path, const ZarrOptions& options = {}) {
  tile::ZarrStore<T> store(path, options, 2);
  return tile::read_matrix(store);
}

/// Writes a matrix as a Zarr array, its tiles as chunks; an array that is there is replaced in one
/// step. Throws input_error if the matrix is incomplete, or the array cannot be written, or
/// something else is at `path`.
template <Scalar T>
void write_zarr(const std::string& path, const TiledMatrix<T>& matrix,
                const ZarrOptions& options = {}) {
  const auto to =
      zarr<T>(path, matrix.rows(), matrix.cols(), matrix.tile_rows(), matrix.tile_cols(), options);
  tile::detail::copy_tiles(*matrix.store(2), *to.store(2));
}

/// A Zarr array as an argument of a run: see bind.hpp.
template <Scalar T>
std::shared_ptr<tile::Store> bind(ZarrArray<T> array, int rank) {
  return array.store(rank);
}

}  // namespace lambdapack
