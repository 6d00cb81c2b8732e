// Between which numbers unknowns lie, as far as single constraints tell.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>

#include "lambdapack/analysis/linear.hpp"

namespace lambdapack::analysis {

/// From low to high, both included; numbers of this size stand for no bound.
struct Interval {
  static constexpr std::int64_t infinite = std::int64_t{1} << 60;

  std::int64_t low = -infinite, high = infinite;

  bool has_low() const { return low > -infinite; }
  bool has_high() const { return high < infinite; }
};

/// Intervals of unknowns, narrowed step by step.
class Bounds {
 public:
  Interval of(const Linear& e) const {
    Interval sum{e.constant, e.constant};
    for (const Linear::Term& t : e.terms) {
      const Interval term = scaled(t);
      sum.low = term.has_low() && sum.has_low() ? limited(sum.low + term.low) : -Interval::infinite;
      sum.high =
          term.has_high() && sum.has_high() ? limited(sum.high + term.high) : Interval::infinite;
    }
    return sum;
  }

  /// Takes note that e >= 0. False if that cannot be.
  bool narrow(const Linear& e) {
    for (std::size_t k = 0; k < e.terms.size(); ++k) {
      const auto& [id, coefficient] = e.terms[k];
      std::int64_t rest = e.constant;
      bool known = true;
      for (std::size_t j = 0; j < e.terms.size() && known; ++j) {
        if (j == k) continue;
        const Interval term = scaled(e.terms[j]);
        known = term.has_high();
        if (known) rest = limited(rest + term.high);
      }
      if (!known || rest >= Interval::infinite || rest <= -Interval::infinite) continue;
      Interval& mine = intervals_[id];
      if (coefficient > 0)
        mine.low = std::max(mine.low, ceil_of(-rest, coefficient));
      else
        mine.high = std::min(mine.high, floor_of(rest, -coefficient));
      if (mine.low > mine.high) return false;
    }
    return !e.is_constant() || e.constant >= 0;
  }

 private:
  static std::int64_t limited(std::int64_t x) {
    return std::clamp(x, -Interval::infinite, Interval::infinite);
  }

  Interval scaled(const Linear::Term& t) const {
    const auto found = intervals_.find(t.first);
    if (found == intervals_.end()) return {};
    const Interval& i = found->second;
    const auto times = [&](std::int64_t bound, bool is_bound, std::int64_t otherwise) {
      std::int64_t product = 0;
      const bool fits = is_bound && !__builtin_mul_overflow(bound, t.second, &product);
      return fits && product < Interval::infinite && product > -Interval::infinite ? product
                                                                                   : otherwise;
    };
    constexpr std::int64_t none = Interval::infinite;
    if (t.second > 0) return {times(i.low, i.has_low(), -none), times(i.high, i.has_high(), none)};
    return {times(i.high, i.has_high(), -none), times(i.low, i.has_low(), none)};
  }

  std::map<int, Interval> intervals_;
};

}  // namespace lambdapack::analysis
