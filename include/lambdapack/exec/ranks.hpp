// Which of several ready tasks to run first.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/task_graph.hpp"

namespace lambdapack::exec {

/// The rank of a task is the number of tasks on the longest path from it to a sink; the higher, the
/// sooner it should run (Topcuoglu et al., "Performance-effective and low-complexity task
/// scheduling", 2002, upward rank). It is estimated for each statement by an affine function of
/// the sizes and indices, which is fitted to graphs of the program whose sizes are cut to a few
/// tiles. That is exact for Cholesky, and an order among others for any program: ranks never decide
/// what is computed.
class Ranks {
 public:
  /// Fits the functions, unless those of the same forms, at sizes that are the same when cut, were
  /// fitted in this process before.
  static std::shared_ptr<const Ranks> of(const TaskGraph& graph) {
    static Cache cache;
    const std::lock_guard lock(cache.mutex);
    std::erase_if(cache.ranks, [](const auto& entry) { return entry.second.first.expired(); });
    auto& [forms, ranks] = cache.ranks[{&graph.forms(), cut(graph.parameters(), largest_sample)}];
    if (!ranks) {
      ranks.reset(new Ranks(graph));
      forms = graph.shared_forms();
    }
    return ranks;
  }

  /// The function of a statement at given sizes.
  struct Function {
    double constant = 0;
    std::array<double, ir::max_depth> factors{};

    double operator()(const Indices& indices) const {
      double rank = constant;
      for (std::size_t d = 0; d < indices.size(); ++d)
        rank += factors[d] * static_cast<double>(indices[d]);
      return rank;
    }
  };

  /// One function for each statement.
  std::vector<Function> at(const std::vector<std::int64_t>& sizes) const {
    std::vector<Function> functions;
    for (const std::vector<double>& c : coefficients_) {
      Function f;
      f.constant = c[0];
      for (std::size_t p = 0; p < sizes.size(); ++p)
        f.constant += c[1 + p] * static_cast<double>(sizes[p]);
      for (std::size_t d = 1 + sizes.size(); d < c.size(); ++d)
        f.factors[d - 1 - sizes.size()] = c[d];
      functions.push_back(f);
    }
    return functions;
  }

 private:
  struct Cache {
    std::mutex mutex;
    std::map<std::pair<const form::ClosedForms*, std::vector<std::int64_t>>,
             std::pair<std::weak_ptr<const form::ClosedForms>, std::shared_ptr<const Ranks>>>
        ranks;
  };

  static constexpr std::int64_t largest_sample = 7;

  static std::vector<std::int64_t> cut(std::vector<std::int64_t> sizes, std::int64_t most) {
    for (std::int64_t& s : sizes) s = std::min(s, most);
    return sizes;
  }

  // Least squares by the normal equations: sum of x xᵀ, and of x y.
  struct Fit {
    explicit Fit(std::size_t unknowns) : n(unknowns), matrix(n * n), right(n) {}

    void add(const std::vector<double>& x, double y) {
      for (std::size_t i = 0; i < n; ++i) {
        right[i] += x[i] * y;
        for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] += x[i] * x[j];
      }
    }

    // A little is added to the diagonal, for sizes and indices that always change together.
    std::vector<double> solve() {
      for (std::size_t k = 0; k < n; ++k) matrix[k * n + k] += 1e-6;
      for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = k + 1; i < n; ++i) {
          const double factor = matrix[i * n + k] / matrix[k * n + k];
          for (std::size_t j = k; j < n; ++j) matrix[i * n + j] -= factor * matrix[k * n + j];
          right[i] -= factor * right[k];
        }
      for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) right[k] -= matrix[k * n + j] * right[j];
        right[k] /= matrix[k * n + k];
      }
      return right;
    }

    std::size_t n;
    std::vector<double> matrix, right;
  };

  explicit Ranks(const TaskGraph& graph) {
    const form::ClosedForms& forms = graph.forms();
    std::vector<Fit> fits;
    for (const form::StatementForms& s : forms.statements)
      fits.emplace_back(1 + forms.parameters.size() + static_cast<std::size_t>(s.depth));
    int samples = 0;
    for (std::int64_t size = largest_sample; size > 1 && samples < 3; --size)
      if (add_sample(graph, size, fits)) ++samples;
    for (Fit& fit : fits) coefficients_.push_back(fit.solve());
  }

  // Adds the tasks of a graph none of whose sizes is above `size`, if it is one and not too large.
  static bool add_sample(const TaskGraph& graph, std::int64_t size, std::vector<Fit>& fits) {
    constexpr std::size_t most = 1500;
    const std::vector<std::int64_t> sizes = cut(graph.parameters(), size);
    std::vector<Node> nodes;
    std::unordered_map<Node, std::size_t, NodeHash> place;
    try {
      const TaskGraph small(graph.shared_forms(), sizes);
      NodeCursor tasks = small.tasks();
      for (Node node; tasks.next(node);) {
        if (nodes.size() == most) return false;
        place.emplace(node, nodes.size());
        nodes.push_back(node);
      }
      std::vector<double> rank(nodes.size(), 1);
      for (std::size_t k = nodes.size(); k-- > 0;) {
        small.successors(nodes[k], [&](const Node& next) {
          rank[k] = std::max(rank[k], 1 + rank[place.at(next)]);
        });
        std::vector<double> x{1};
        for (const std::int64_t s : sizes) x.push_back(static_cast<double>(s));
        for (const std::int64_t i : nodes[k].indices) x.push_back(static_cast<double>(i));
        fits[static_cast<std::size_t>(nodes[k].line)].add(x, rank[k]);
      }
    } catch (const input_error&) {
      return false;  // The program cannot run at these sizes.
    }
    return !nodes.empty();
  }

  std::vector<std::vector<double>> coefficients_;  // per statement: of 1, of sizes, of indices
};

}  // namespace lambdapack::exec
