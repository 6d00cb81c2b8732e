// The sizes that a question is about: those that a program allows.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "lambdapack/analysis/known_set.hpp"
#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/analysis/statement_cases.hpp"

namespace lambdapack::analysis {

/// What sizes have to meet: `roughly`, and one of `exactly`. Most questions need only the first,
/// and that is quicker.
struct AllowedSizes {
  Case roughly;
  Cases exactly{{}};
  bool is_exact = true;  ///< otherwise other sizes meet them too
};

/// These have the values that they have at a point.
inline Case exactly(const LinearTuple& all, const Assignment& point) {
  Case same;
  for (const Linear& e : all) same.push_back(equal(e, Linear::of(value_at(e, point))));
  return same;
}

/// An answer to a question for allowed sizes that are as small as can be, one after the other;
/// nothing if there is none. `question(case)` looks for an answer that meets the case. Throws
/// Undecided where an answer may be for sizes that are not allowed.
template <class Question>
std::optional<Assignment> smallest_among(const AllowedSizes& allowed, const LinearTuple& sizes,
                                         Question&& question) {
  if (!question(allowed.roughly)) return std::nullopt;
  if (!allowed.is_exact) throw Undecided{"the requirements have too many cases"};
  const auto ask = [&](const Case& also) {
    std::optional<Assignment> found;
    for (const Case& one : both({allowed.roughly}, allowed.exactly))
      if (!found) found = question(both({one}, {also})[0]);
    return found;
  };
  std::optional<Assignment> best = ask({});
  if (!best) return best;
  Case smaller;
  for (const Linear& size : sizes) {
    while (value_at(size, *best) > 0) {
      smaller.push_back(below(size, Linear::of(value_at(size, *best))));
      auto found = ask(smaller);
      smaller.pop_back();
      if (!found) break;
      best = std::move(found);
    }
    smaller.push_back(equal(size, Linear::of(value_at(size, *best))));
  }
  return best;
}

}  // namespace lambdapack::analysis
