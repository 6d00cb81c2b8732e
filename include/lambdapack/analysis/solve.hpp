// Solves equations between terms for some of their unknowns.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/analysis/terms.hpp"

namespace lambdapack::analysis {

/// Values of unknowns, and what else the equations say.
struct Solution {
  Terms::Replacement values;  ///< without unknowns that are solved
  std::vector<int> open;      ///< unknowns that equations do not give
  Case rest;                  ///< constraints that are left
};

/// Eliminates unknowns from equations, one by one.
class Solver {
 public:
  Solver(Terms& terms, std::vector<Linear> equations, std::vector<int> unknowns)
      : terms_(terms), equations_(std::move(equations)), open_(std::move(unknowns)) {}

  Solution solve() {
    while (take_one(true) || take_one(false)) {
    }
    Solution s{std::move(values_), open_, {}};
    for (const Linear& e : equations_)
      if (e != Linear{}) s.rest.push_back({e, true});
    return s;
  }

 private:
  // Solves an equation, if `alone` only one in which there is a single unknown.
  bool take_one(bool alone) {
    for (const Linear& e : equations_) {
      const auto here =
          std::count_if(open_.begin(), open_.end(), [&](int u) { return terms_.involves(e, u); });
      if (here == 0 || (alone && here > 1)) continue;
      for (const int u : open_)
        if (take(Linear(e), u, alone)) return true;
    }
    return false;
  }

  bool take(const Linear& e, int unknown, bool alone) {
    const std::int64_t c = e.coefficient(unknown);
    const bool unit = c == 1 || c == -1;
    if (c == 0 || (!unit && !alone)) return false;
    Linear rest = Linear::unknown(unknown).times(c).minus(e);
    if (terms_.involves(rest, unknown)) return false;
    if (c < 0) rest = rest.times(-1);
    replace(unknown,
            unit ? rest : terms_.value({FunctionTerm::Kind::quotient, c < 0 ? -c : c, rest}));
    return true;
  }

  void replace(int unknown, const Linear& value) {
    const Terms::Replacement one{{unknown, value}};
    for (auto& [u, e] : values_) e = terms_.replaced(e, one);
    for (Linear& e : equations_) e = terms_.replaced(e, one);
    values_[unknown] = value;
    std::erase(open_, unknown);
  }

  Terms& terms_;
  std::vector<Linear> equations_;
  std::vector<int> open_;
  Terms::Replacement values_;
};

}  // namespace lambdapack::analysis
