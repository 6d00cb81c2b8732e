// Where the nodes of an acyclic graph stand in a picture, after Sugiyama, Tagawa and Toda (1981):
// a column for each step of the longest paths, columns ordered so that few edges cross, heights so
// that edges are nearly level. An edge over several columns gets a bend in each between.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "lambdapack/report/detail/task_list.hpp"

namespace lambdapack::report::detail {

/// A node or a bend: its column from the left, and its height where 1 is from node to node.
struct Place {
  std::size_t column = 0;
  double height = 0;
};

/// Places for nodes 0 .. n - 1 whose edges lead from lower to higher numbers.
class Layers {
 public:
  Layers(std::size_t nodes, const std::vector<Edge>& edges) : nodes_(nodes), places_(nodes) {
    assign_columns(edges);
    add_bends(edges);
    order_columns();
    assign_heights();
  }

  std::size_t columns() const { return order_.size(); }
  /// The height of the lowest place; the highest is at 0.
  double height() const { return height_; }
  const Place& node(std::size_t k) const { return places_[k]; }
  /// The places that edge k leads through, ends included.
  std::vector<Place> route(std::size_t k) const {
    std::vector<Place> route;
    for (const std::size_t v : routes_[k]) route.push_back(places_[v]);
    return route;
  }

 private:
  static constexpr std::size_t most_bends = 20'000;
  static constexpr int order_sweeps = 24;
  static constexpr int height_sweeps = 60;
  using Neighbours = std::vector<std::vector<std::size_t>>;

  bool is_bend(std::size_t v) const { return v >= nodes_; }

  void assign_columns(const std::vector<Edge>& edges) {
    std::vector<Edge> sorted = edges;
    std::sort(sorted.begin(), sorted.end(),
              [](const Edge& a, const Edge& b) { return a.from < b.from; });
    for (const Edge& e : sorted)
      places_[e.to].column = std::max(places_[e.to].column, places_[e.from].column + 1);
  }

  // Edges go without bends where there would be too many: the picture is a thicket anyway.
  void add_bends(const std::vector<Edge>& edges) {
    std::size_t bends = 0;
    for (const Edge& e : edges) bends += places_[e.to].column - places_[e.from].column - 1;
    for (const Edge& e : edges) {
      std::vector<std::size_t> route{e.from};
      if (bends <= most_bends)
        for (std::size_t c = places_[e.from].column + 1; c < places_[e.to].column; ++c) {
          route.push_back(places_.size());
          places_.push_back({c, 0});
        }
      route.push_back(e.to);
      routes_.push_back(std::move(route));
    }
    before_.resize(places_.size());
    after_.resize(places_.size());
    for (const std::vector<std::size_t>& route : routes_)
      for (std::size_t k = 1; k < route.size(); ++k) {
        after_[route[k - 1]].push_back(route[k]);
        before_[route[k]].push_back(route[k - 1]);
      }
  }

  void order_columns() {
    for (std::size_t v = 0; v < places_.size(); ++v) {
      if (places_[v].column >= order_.size()) order_.resize(places_[v].column + 1);
      order_[places_[v].column].push_back(v);
    }
    rank_.resize(places_.size());
    for (const auto& column : order_) number_column(column);
    auto best = order_;
    std::size_t fewest = crossings();
    for (int sweep = 0; sweep < order_sweeps && fewest > 0; ++sweep) {
      const bool forward = sweep % 2 == 0;
      for (std::size_t c = 0; c < order_.size(); ++c)
        sort_column(order_[forward ? c : order_.size() - 1 - c], forward ? before_ : after_);
      const std::size_t now = crossings();
      if (now < fewest) {
        fewest = now;
        best = order_;
      }
    }
    order_ = std::move(best);
    for (const auto& column : order_) number_column(column);
  }

  void number_column(const std::vector<std::size_t>& column) {
    for (std::size_t k = 0; k < column.size(); ++k)
      rank_[column[k]] = (static_cast<double>(k) + 0.5) / static_cast<double>(column.size());
  }

  void sort_column(std::vector<std::size_t>& column, const Neighbours& neighbours) {
    std::vector<std::pair<double, std::size_t>> keyed;
    for (const std::size_t v : column) {
      double key = rank_[v];
      if (!neighbours[v].empty()) {
        key = 0;
        for (const std::size_t u : neighbours[v]) key += rank_[u];
        key /= static_cast<double>(neighbours[v].size());
      }
      keyed.emplace_back(key, keyed.size());
    }
    std::sort(keyed.begin(), keyed.end());
    const std::vector<std::size_t> before = column;
    for (std::size_t k = 0; k < column.size(); ++k) column[k] = before[keyed[k].second];
    number_column(column);
  }

  // Pairs of edges between two columns that cross: inversions, counted by a Fenwick tree.
  std::size_t crossings() const {
    std::vector<std::size_t> position(places_.size());
    for (const auto& column : order_)
      for (std::size_t k = 0; k < column.size(); ++k) position[column[k]] = k;
    std::size_t total = 0;
    for (std::size_t c = 1; c < order_.size(); ++c) {
      std::vector<std::size_t> tree(order_[c].size() + 1, 0), ends;
      std::size_t seen = 0;
      for (const std::size_t u : order_[c - 1]) {
        ends.clear();
        for (const std::size_t v : after_[u])
          if (places_[v].column == c) ends.push_back(position[v]);
        for (const std::size_t end : ends) {
          total += seen;
          for (std::size_t k = end + 1; k > 0; k &= k - 1) total -= tree[k];
        }
        for (const std::size_t end : ends)
          for (std::size_t k = end + 1; k < tree.size(); k += k & (~k + 1)) ++tree[k];
        seen += ends.size();
      }
    }
    return total;
  }

  void assign_heights() {
    for (const auto& column : order_) settle(column, std::vector<double>(column.size(), 0));
    for (int sweep = 0; sweep < height_sweeps; ++sweep)
      for (std::size_t c = 0; c < order_.size(); ++c) {
        const auto& column = order_[sweep % 2 == 0 ? c : order_.size() - 1 - c];
        std::vector<double> wanted;
        for (const std::size_t v : column) wanted.push_back(wanted_height(v));
        settle(column, wanted);
      }
    double top = 0, bottom = 0;
    for (std::size_t v = 0; v < places_.size(); ++v) {
      top = v == 0 ? places_[v].height : std::min(top, places_[v].height);
      bottom = v == 0 ? places_[v].height : std::max(bottom, places_[v].height);
    }
    for (Place& p : places_) p.height -= top;
    height_ = bottom - top;
  }

  // The mean of the neighbours' heights; from bend to bend an edge pulls harder than at its ends.
  double wanted_height(std::size_t v) const {
    double sum = 0, weights = 0;
    for (const Neighbours* side : {&before_, &after_})
      for (const std::size_t u : (*side)[v]) {
        const double weight = is_bend(u) && is_bend(v) ? 8 : is_bend(u) || is_bend(v) ? 2 : 1;
        sum += weight * places_[u].height;
        weights += weight;
      }
    return weights > 0 ? sum / weights : places_[v].height;
  }

  double distance(std::size_t a, std::size_t b) const {
    return is_bend(a) && is_bend(b) ? 0.4 : is_bend(a) || is_bend(b) ? 0.75 : 1;
  }

  // The heights closest to the wanted ones, in least squares, that keep order and distances: pool
  // adjacent violators.
  void settle(const std::vector<std::size_t>& column, const std::vector<double>& wanted) {
    struct Pool {
      double sum;
      std::size_t size;
      double mean() const { return sum / static_cast<double>(size); }
    };
    std::vector<double> offset(column.size(), 0);
    for (std::size_t k = 1; k < column.size(); ++k)
      offset[k] = offset[k - 1] + distance(column[k - 1], column[k]);
    std::vector<Pool> pools;
    for (std::size_t k = 0; k < column.size(); ++k) {
      pools.push_back({wanted[k] - offset[k], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().size += last.size;
      }
    }
    std::size_t k = 0;
    for (const Pool& pool : pools)
      for (std::size_t n = 0; n < pool.size; ++n, ++k)
        places_[column[k]].height = pool.mean() + offset[k];
  }

  std::size_t nodes_;
  std::vector<Place> places_;                     // nodes, then bends
  std::vector<std::vector<std::size_t>> routes_;  // for each edge, positions in places_
  Neighbours before_, after_;
  std::vector<std::vector<std::size_t>> order_;  // for each column, from the top
  std::vector<double> rank_;                     // place in its column, from 0 to 1
  double height_ = 0;
};

}  // namespace lambdapack::report::detail
