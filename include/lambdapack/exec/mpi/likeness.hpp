// Whether all ranks run the same: a few numbers for what each was given.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/distributed_store.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/ir/content_hash.hpp"
#include "lambdapack/text.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/detail/hash.hpp"

namespace lambdapack::exec::detail {

/// What must be the same on all ranks of a run, in numbers. A distribution that is a function is
/// asked for the owners of some tiles; a placement by a function of tasks counts as any other.
class Likeness {
 public:
  Likeness() = default;
  Likeness(const Job& job, const std::vector<distributed::ArrayPlace>& places, bool has_rule)
      : name_(job.program->name) {
    const std::string program = ir::content_hash(*job.program);
    add("the program", name_, [&](auto& hash) { hash.add(program.data(), program.size()); });
    std::string sizes;
    for (const std::int64_t p : job.graph.parameters())
      sizes += (sizes.empty() ? "" : ", ") + std::to_string(p);
    add("its sizes", "(" + sizes + ")", [&](auto& hash) {
      for (const std::int64_t p : job.graph.parameters()) hash.add(p);
    });
    for (std::size_t a = 0; a < job.arrays.size(); ++a)
      if (job.arrays[a])
        add("what it is given for " + job.program->arrays[a].name, job.arrays[a]->describe(),
            [&](auto& hash) { add_array(hash, *job.arrays[a]); });
    add("the payloads of its kernels", "its own", [&](auto& hash) {
      for (const auto& kernel : job.kernels)
        for (const kernel::Parameter& p : kernel->parameters)
          if (p.payload != nullptr) hash.add(p.payload->name.data(), p.payload->name.size());
    });
    for (std::size_t a = 0; a < places.size(); ++a)
      add("the grid and distribution of " + job.program->arrays[a].name, "one of its own",
          [&](auto& hash) {
            for (const Distribution* d : {&places[a].initial, &places[a].tasks, &places[a].final}) {
              d->for_each_number([&](std::int64_t x) { hash.add(x); });
              if (d->is_function() && job.arrays[a]) add_owners(hash, *d, job.arrays[a]->extents());
            }
          });
    add("whether a function places its tasks", has_rule ? "one" : "none",
        [&](auto& hash) { hash.add(has_rule); });
  }

  /// All ranks call it: throws input_error on all if they differ.
  void require(const Communicator& comm) const {
    // Of different programs the numbers may be so many, or so many others.
    tile::detail::Hash all;
    for (const std::uint64_t x : numbers_) all.add(x);
    if (comm.first_difference({all.value()}) == 1) return;
    const bool as_many = comm.first_difference({numbers_.size()}) == 1;
    const std::size_t k =
        as_many ? comm.first_difference(numbers_) : comm.first_difference({numbers_.front()});
    const std::size_t which = k < numbers_.size() ? k : 0;
    throw input_error(text({"lambdapack: the ranks of a run of ", name_, " do not agree on ",
                            what_[which], "; rank ", comm.rank(), " has ", mine_[which],
                            ". Start it on all ranks with the same program, sizes, arrays, "
                            "distributions and options"}));
  }

 private:
  template <class F>
  void add(std::string what, std::string mine, F&& f) {
    tile::detail::Hash hash;
    f(hash);
    numbers_.push_back(hash.value());
    what_.push_back(std::move(what));
    mine_.push_back(std::move(mine));
  }

  static void add_array(tile::detail::Hash& hash, const tile::Store& array) {
    std::vector<std::int64_t> last;
    for (const std::int64_t extent : array.extents()) {
      hash.add(extent);
      last.push_back(extent - 1);
    }
    hash.add(array.payload().name.data(), array.payload().name.size());
    hash.add(static_cast<int>(array.sharing()));
    hash.add(array.keeps());
    hash.add(dynamic_cast<const Distributed*>(&array) != nullptr);
    add_grid<double>(hash, array);
    add_grid<float>(hash, array);
    add_grid<std::complex<double>>(hash, array);
    add_grid<std::complex<float>>(hash, array);
    // Tiles of another size begin elsewhere.
    for (const std::int64_t index : last)
      if (index < 0) return;
    const tile::Origin origin = array.origin(last);
    hash.add(origin.row);
    hash.add(origin.column);
  }

  template <Scalar T>
  static void add_grid(tile::detail::Hash& hash, const tile::Store& array) {
    const auto* const matrix = dynamic_cast<const tile::detail::GridStore<T>*>(&array);
    if (matrix == nullptr) return;
    const tile::detail::Grid& grid = matrix->grid();
    for (const std::int64_t x : {grid.rows, grid.cols, grid.tile_rows, grid.tile_cols}) hash.add(x);
  }

  static void add_owners(tile::detail::Hash& hash, const Distribution& d,
                         const std::vector<std::int64_t>& extents) {
    constexpr std::int64_t some = 16;
    for (std::int64_t k = 0; k <= some; ++k) {
      std::vector<std::int64_t> index;
      for (const std::int64_t extent : extents) {
        if (extent == 0) return;
        index.push_back((extent - 1) * k / some);
      }
      hash.add(d.owner(index));
    }
  }

  std::string name_;
  std::vector<std::uint64_t> numbers_;
  std::vector<std::string> what_, mine_;
};

}  // namespace lambdapack::exec::detail
