// Matrices whose tiles are spread over ranks, each rank with its own.
#pragma once

#include <mpi.h>

#include <array>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/agree.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/distributed_store.hpp"
#include "lambdapack/exec/mpi/own_tiles.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/hash.hpp"
#include "lambdapack/tile/detail/memory.hpp"
#include "lambdapack/tile/matrix.hpp"

namespace lambdapack {

namespace tile {

namespace detail {

/// This rank's tiles of a matrix, by their places in it.
struct LocalTiles {
  std::shared_ptr<MemoryTiles> tiles = std::make_shared<MemoryTiles>();
  std::unordered_map<std::size_t, std::size_t> at;  // place in the grid -> position in `tiles`
  std::vector<std::array<std::int64_t, 2>> own;     // by position
};

}  // namespace detail

/// A DistributedMatrix as an array of a run; see MemoryStore.
template <Scalar T>
class DistributedStore final : public detail::GridStore<T>, public Distributed {
 public:
  /// Throws input_error if the rank does not fit.
  DistributedStore(std::shared_ptr<const detail::LocalTiles> local, const detail::Grid& grid,
                   const Distribution& distribution, MPI_Comm comm, int rank, bool writable)
      : detail::GridStore<T>("a distributed matrix", grid, rank),
        distribution_(seen_as(distribution, grid, rank)),
        comm_(comm),
        local_(std::move(local)),
        run_(local_->tiles, writable) {}

  const Distribution& distribution() const override { return distribution_; }
  MPI_Comm comm() const override { return comm_; }

  /// By the places and bytes of this rank's tiles, so that the sum of all ranks' is that of the
  /// matrix, however it is distributed.
  std::uint64_t stamp() const override {
    std::uint64_t sum = 0;
    bool known = false;
    std::vector<std::byte> bytes;
    run_.look([&](const std::vector<Tile>& tiles) {
      known = true;
      for (std::size_t k = 0; k < tiles.size(); ++k) {
        detail::Hash hash;
        hash.add(local_->own[k][0]);
        hash.add(local_->own[k][1]);
        bytes.resize(tiles[k] ? tiles[k].byte_size() : 0);
        if (tiles[k]) tiles[k].write_bytes(bytes);
        hash.add(bytes.data(), bytes.size());
        sum += hash.value();
      }
    });
    return known && sum == 0 && !local_->own.empty() ? 1 : sum;
  }

  bool is_spread() const override {
    const detail::Grid& grid = this->grid();
    return static_cast<std::int64_t>(local_->own.size()) < grid.tiles_down() * grid.tiles_across();
  }
  void begin(Use use) override { run_.begin(use, *this); }
  Tile load(Index index) override { return run_.load(position(index), index, *this); }
  Tile take(Index index) override { return run_.take(position(index), index, *this); }

  Tile blank(Index index) override {
    const detail::Place at = this->place(index);
    const auto found = local_->at.find(this->grid().place(at.i, at.j));
    if (found != local_->at.end())
      if (Tile tile = run_.recycle(found->second)) return tile;
    return detail::GridStore<T>::blank(index);
  }

  void save(Index index, Tile tile) override {
    run_.save(position(index), this->in_shape(index, std::move(tile)), *this);
  }
  void commit() override { run_.commit(*this); }
  void abandon(const std::string& reason) noexcept override { run_.abandon(reason); }

 private:
  // Of a matrix that is bound as an array of rank 1 or 0, the other indices are 0.
  static Distribution seen_as(const Distribution& d, const detail::Grid& grid, int rank) {
    if (rank == 2) return d;
    const bool row = grid.tiles_across() != 1;
    if (!d.is_function())
      return rank == 1 ? d.along(row ? 1 : 0)
                       : Distribution::on(d.owner(std::array<std::int64_t, 2>{0, 0}));
    return Distribution::by([d, row](Index index) {
      const std::int64_t k = index.empty() ? 0 : index[0];
      return d.owner(row ? std::array<std::int64_t, 2>{0, k} : std::array<std::int64_t, 2>{k, 0});
    });
  }

  std::size_t position(Index index) const {
    const detail::Place at = this->place(index);
    const auto found = local_->at.find(this->grid().place(at.i, at.j));
    if (found == local_->at.end())
      detail::contradict({"tile ", to_string(index), " of ", this->describe(),
                          " was asked of a rank that does not own it"});
    return found->second;
  }

  const Distribution distribution_;
  const MPI_Comm comm_;
  std::shared_ptr<const detail::LocalTiles> local_;
  detail::MemoryRun run_;
};

}  // namespace tile

/// A dense matrix in tiles of which each rank of a communicator has those that the distribution
/// gives it. All ranks make it together, of the same shape. Not copied by mistake: only moved.
template <Scalar T>
class DistributedMatrix {
 public:
  using element = T;

  /// A matrix of zeros in square tiles, 2D block-cyclic on the nearest grid to a square.
  DistributedMatrix(std::int64_t rows, std::int64_t cols, std::int64_t tile,
                    MPI_Comm comm = MPI_COMM_WORLD)
      : DistributedMatrix(rows, cols, tile, tile, standard(comm), comm) {}

  /// A matrix of zeros. Throws input_error on an impossible shape, and on a distribution over more
  /// ranks than there are, over other dimensions than 0 and 1, or that is replicated.
  DistributedMatrix(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                    std::int64_t tile_cols, Distribution distribution,
                    MPI_Comm comm = MPI_COMM_WORLD)
      : grid_(tile::detail::make_grid(rows, cols, tile_rows, tile_cols, sizeof(T))),
        distribution_(std::move(distribution)),
        comm_(comm),
        local_(std::make_shared<tile::detail::LocalTiles>()) {
    exec::detail::mpi_threads_allowed();
    int size = 0;
    MPI_Comm_rank(comm, &rank_);
    MPI_Comm_size(comm, &size);
    require_fit(size);
    const std::vector<std::int64_t> extents{grid_.tiles_down(), grid_.tiles_across()};
    exec::distributed::OwnTiles tiles(extents, distribution_, rank_);
    for (Indices at; tiles.next(at);) add(at[0], at[1]);
  }

  DistributedMatrix(DistributedMatrix&&) = default;
  DistributedMatrix& operator=(DistributedMatrix&&) = default;

  std::int64_t rows() const { return grid_.rows; }
  std::int64_t cols() const { return grid_.cols; }
  std::int64_t tile_rows() const { return grid_.tile_rows; }
  std::int64_t tile_cols() const { return grid_.tile_cols; }
  /// Number of tiles down and across, on all ranks together.
  std::array<std::int64_t, 2> extents() const { return {grid_.tiles_down(), grid_.tiles_across()}; }

  const Distribution& distribution() const { return distribution_; }
  MPI_Comm comm() const { return comm_; }
  /// A matrix of zeros on the same ranks, whose tiles are distributed in the same way.
  DistributedMatrix like(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows,
                         std::int64_t tile_cols) const {
    return DistributedMatrix(rows, cols, tile_rows, tile_cols, distribution_, comm_);
  }
  /// The tiles of this rank.
  const std::vector<std::array<std::int64_t, 2>>& own_tiles() const { return local_->own; }
  bool owns(std::int64_t i, std::int64_t j) const {
    return grid_.has(i, j) && local_->at.contains(grid_.place(i, j));
  }

  /// Tile (i, j), from 0, which must be this rank's. Throws input_error if it is not, or if a
  /// failed run has left the matrix incomplete.
  tile::Dense<T>& tile(std::int64_t i, std::int64_t j) {
    return local_->tiles->writable(position(i, j), [&] { return describe(); })
        .template get<tile::Dense<T>>();
  }
  const tile::Dense<T>& tile(std::int64_t i, std::int64_t j) const {
    return std::as_const(local_->tiles->visible(position(i, j), [&] { return describe(); }))
        .template get<tile::Dense<T>>();
  }

  /// Sets every element of this rank's tiles to element(i, j), with the place in the whole matrix.
  /// What a failed run has left here is of no matter then.
  template <class Element>
  void fill(Element&& element) {
    put(fresh_tiles());
    for (const auto& [i, j] : own_tiles()) {
      tile::Dense<T>& mine = own_tile(i, j);
      for (std::int64_t q = 0; q < mine.cols(); ++q)
        for (std::int64_t p = 0; p < mine.rows(); ++p)
          mine(p, q) = element(grid_.first_row(i) + p, grid_.first_col(j) + q);
    }
    local_->tiles->complete = true;
  }

  /// All ranks call it: sends the tiles of `root`'s matrix, which is of this shape and in these
  /// tiles, to their owners. What other ranks pass is not looked at, nor what a failed run has left
  /// here. Throws input_error on all ranks if the shapes differ, or if a run uses the matrix on
  /// one.
  void scatter(const TiledMatrix<T>& matrix, int root = 0) {
    const exec::detail::Communicator& comm = exec::detail::private_communicator(comm_);
    std::vector<tile::Tile> fresh;
    exec::detail::together(comm, [&] {
      const bool fits = matrix.rows() == rows() && matrix.cols() == cols() &&
                        matrix.tile_rows() == tile_rows() && matrix.tile_cols() == tile_cols();
      if (rank_ == root && !fits)
        tile::detail::refuse({"the matrix of rank ", root, " that is scattered to ", describe(),
                              " has another shape or other tiles; cut it alike"});
      require_sendable();
      if (rank_ == root)
        for_each_tile([&](std::int64_t i, std::int64_t j, int) { matrix.tile(i, j); });
      fresh = fresh_tiles();
    });
    put(std::move(fresh));
    std::vector<MPI_Request> requests;
    for_each_tile([&](std::int64_t i, std::int64_t j, int owner) {
      if (rank_ == owner) {
        tile::Dense<T>& to = own_tile(i, j);
        if (rank_ == root)
          to = matrix.tile(i, j);
        else
          requests.push_back(receive(to, root, comm));
      } else if (rank_ == root) {
        requests.push_back(send(matrix.tile(i, j), owner, comm));
      }
    });
    finish(requests);
    local_->tiles->complete = true;
  }

  /// All ranks call it: the whole matrix on `root`, a 0 x 0 one on the others. Throws input_error
  /// on all ranks if a failed run has left the matrix incomplete on one, or one changes it.
  TiledMatrix<T> gather(int root = 0) const {
    const exec::detail::Communicator& comm = exec::detail::private_communicator(comm_);
    TiledMatrix<T> all;
    exec::detail::together(comm, [&] {
      const auto what = [&] { return describe(); };
      local_->tiles->require_no_writer(what);
      local_->tiles->require_complete(what);
      require_sendable();
      if (rank_ == root) all = TiledMatrix<T>(rows(), cols(), tile_rows(), tile_cols());
    });
    std::vector<MPI_Request> requests;
    for_each_tile([&](std::int64_t i, std::int64_t j, int owner) {
      if (rank_ == root && owner == root)
        all.tile(i, j) = tile(i, j);
      else if (rank_ == root)
        requests.push_back(receive(all.tile(i, j), owner, comm));
      else if (rank_ == owner)
        requests.push_back(send(tile(i, j), root, comm));
    });
    finish(requests);
    return all;
  }

  /// The matrix as an array of a run of lp::mpi; see TiledMatrix::store for the rank.
  std::shared_ptr<tile::Store> store(int rank) { return make_store(rank, true); }
  std::shared_ptr<tile::Store> store(int rank) const { return make_store(rank, false); }

 private:
  static Distribution standard(MPI_Comm comm) {
    exec::detail::mpi_threads_allowed();
    int size = 1;
    MPI_Comm_size(comm, &size);
    return Distribution::block_cyclic(ProcessGrid::of(size));
  }

  void require_fit(int size) const {
    if (distribution_.is_replicated())
      tile::detail::refuse({describe(),
                            " cannot be replicated; use an lp::TiledMatrix, of which "
                            "each rank has all"});
    if (distribution_.ranks() > size)
      tile::detail::refuse({describe(), " cannot be spread over ", distribution_.ranks(),
                            " ranks; there are ", size,
                            ": name ranks from 0 on, or start more with mpirun -n"});
    if (distribution_.dimensions() > 2)
      tile::detail::refuse({describe(), " cannot be spread by ", distribution_.dimensions(),
                            " indices; it has 2: spread it by rows, by columns or by both"});
    if (!distribution_.is_function()) return;
    for_each_tile([&](std::int64_t i, std::int64_t j, int owner) {
      if (owner < 0 || owner >= size)
        tile::detail::refuse({"tile (", i, ", ", j, ") of ", describe(), " is given to rank ",
                              owner, ", but there are ", size,
                              " ranks from 0 on; check the function that distributes it"});
    });
  }

  void add(std::int64_t i, std::int64_t j) {
    local_->at.emplace(grid_.place(i, j), local_->own.size());
    local_->own.push_back({i, j});
    local_->tiles->tiles.push_back(
        tile::Tile::make(tile::Dense<T>::zeros(grid_.rows_at(i), grid_.cols_at(j))));
  }

  std::string describe() const {
    return grid_.describe("a distributed matrix", tile::scalar_name<T>());
  }

  std::size_t position(std::int64_t i, std::int64_t j) const {
    if (!owns(i, j))
      tile::detail::refuse({"tile (", i, ", ", j, ") of ", describe(), " is not on rank ", rank_,
                            "; a rank has the tiles that own_tiles() lists"});
    return local_->at.at(grid_.place(i, j));
  }

  std::shared_ptr<tile::Store> make_store(int rank, bool writable) const {
    return std::make_shared<tile::DistributedStore<T>>(local_, grid_, distribution_, comm_, rank,
                                                       writable);
  }

  // Before all own tiles are written: those that a failed run has taken or that others see too,
  // made anew; for the others nothing. Throws input_error if a run uses the matrix.
  std::vector<tile::Tile> fresh_tiles() const {
    const tile::detail::MemoryTiles& tiles = *local_->tiles;
    if (tiles.users.load() != 0)
      tile::detail::refuse(
          {describe(), " is in use by a run; wait for the run, and write it then"});
    std::vector<tile::Tile> fresh(tiles.tiles.size());
    for (std::size_t k = 0; k < fresh.size(); ++k) {
      const auto [i, j] = local_->own[k];
      if (!tiles.tiles[k] || !tiles.tiles[k].unique())
        fresh[k] = tile::Tile::make(tile::Dense<T>::zeros(grid_.rows_at(i), grid_.cols_at(j)));
    }
    return fresh;
  }
  void put(std::vector<tile::Tile> fresh) {
    for (std::size_t k = 0; k < fresh.size(); ++k)
      if (fresh[k]) local_->tiles->tiles[k] = std::move(fresh[k]);
  }
  tile::Dense<T>& own_tile(std::int64_t i, std::int64_t j) {
    return local_->tiles->tiles[position(i, j)].template get<tile::Dense<T>>();
  }

  void require_sendable() const {
    const auto bytes =
        static_cast<std::size_t>(tile_rows()) * static_cast<std::size_t>(tile_cols()) * sizeof(T);
    if (bytes > INT_MAX)
      tile::detail::refuse({"a tile of ", bytes, " bytes of ", describe(),
                            " cannot be sent in one message of MPI; use smaller tiles"});
  }

  // One rank's messages come in the order of the tiles, so one tag is enough.
  template <class F>
  void for_each_tile(F&& f) const {
    for (std::int64_t j = 0; j < grid_.tiles_across(); ++j)
      for (std::int64_t i = 0; i < grid_.tiles_down(); ++i) {
        f(i, j, distribution_.owner(std::array{i, j}));
      }
  }

  static int bytes_of(const tile::Dense<T>& tile) {
    return static_cast<int>(tile.size() * sizeof(T));
  }
  static MPI_Request send(const tile::Dense<T>& tile, int to, MPI_Comm comm) {
    MPI_Request request = MPI_REQUEST_NULL;
    exec::detail::mpi_check(MPI_Isend(tile.data(), bytes_of(tile), MPI_BYTE, to, 0, comm, &request),
                            "send a tile");
    return request;
  }
  static MPI_Request receive(tile::Dense<T>& tile, int from, MPI_Comm comm) {
    MPI_Request request = MPI_REQUEST_NULL;
    exec::detail::mpi_check(
        MPI_Irecv(tile.data(), bytes_of(tile), MPI_BYTE, from, 0, comm, &request),
        "receive a tile");
    return request;
  }
  static void finish(std::vector<MPI_Request>& requests) {
    exec::detail::mpi_check(
        MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE),
        "move the tiles of a matrix");
  }

  tile::detail::Grid grid_;
  Distribution distribution_;
  MPI_Comm comm_;
  int rank_ = 0;
  std::shared_ptr<tile::detail::LocalTiles> local_;
};

/// A distributed matrix as an argument of a run: see bind.hpp.
template <Scalar T>
std::shared_ptr<tile::Store> bind(DistributedMatrix<T>& matrix, int rank) {
  return matrix.store(rank);
}
template <Scalar T>
std::shared_ptr<tile::Store> bind(const DistributedMatrix<T>& matrix, int rank) {
  return matrix.store(rank);
}

}  // namespace lambdapack
