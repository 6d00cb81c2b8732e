// The tiles of an array that one rank owns, one at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lambdapack/exec/mpi/distribution.hpp"
#include "lambdapack/graph/node.hpp"

namespace lambdapack::exec::distributed {

/// A walk over the tiles that `rank` has of an array with these extents, first index fastest, that
/// can be left and taken up again. It passes over the others without looking at them, except where
/// the distribution is a function. The extents and the distribution must outlive it.
class OwnTiles {
 public:
  OwnTiles(const std::vector<std::int64_t>& extents, const Distribution& distribution, int rank)
      : extents_(extents), distribution_(distribution), rank_(rank), wanted_(extents.size(), -1) {
    const std::vector<CyclicAxis>& axes = distribution.axes();
    axis_of_.assign(extents.size(), nullptr);
    for (std::size_t a = 0; a < axes.size(); ++a) {
      const int group = distribution.group_of(a, rank);
      done_ = done_ || group < 0;
      axis_of_[axes[a].dimension] = &axes[a];
      wanted_[axes[a].dimension] = group;
    }
    if (axes.empty() && !distribution.is_function() && !distribution.is_replicated())
      done_ = distribution.owner({}) != rank;
    at_.resize(extents.size());
    for (std::size_t d = 0; d < extents.size(); ++d) {
      at_[d] = first(d);
      done_ = done_ || at_[d] >= extents[d];
    }
  }

  /// The next tile; false if there is none left.
  bool next(Indices& index) {
    while (!done_) {
      std::copy(at_.begin(), at_.end(), index.data());
      index.resize(at_.size());
      step();
      if (!distribution_.is_function() || distribution_.owner(index) == rank_) return true;
    }
    return false;
  }

 private:
  std::int64_t first(std::size_t d) const {
    return axis_of_[d] == nullptr ? 0 : axis_of_[d]->distance(0, wanted_[d], true);
  }

  void step() {
    for (std::size_t d = 0; d < at_.size(); ++d) {
      ++at_[d];
      if (axis_of_[d] != nullptr) at_[d] += axis_of_[d]->distance(at_[d], wanted_[d], true);
      if (at_[d] < extents_[d]) return;
      at_[d] = first(d);
    }
    done_ = true;
  }

  const std::vector<std::int64_t>& extents_;
  const Distribution& distribution_;
  const int rank_;
  std::vector<const CyclicAxis*> axis_of_;  // per dimension; null if it is not dealt out
  std::vector<int> wanted_;
  std::vector<std::int64_t> at_;
  bool done_ = false;
};

}  // namespace lambdapack::exec::distributed
