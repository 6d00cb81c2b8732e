// Whether some cases cover all that meets certain constraints.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/level_search.hpp"

namespace lambdapack::analysis {

/// Looks for what is left out.
class Cover {
 public:
  explicit Cover(const LevelSearch& search) : search_(search) {}

  /// A point that meets `known` and none of `cases`, if there is one.
  std::optional<Assignment> gap(const Case& known, const Cases& cases) const {
    Known all(search_.terms());
    all.add(known);
    return gap(std::move(all), cases, 0);
  }
  std::optional<Assignment> gap(const Cases& known, const Cases& cases) const {
    for (const Case& k : known)
      if (auto found = gap(k, cases)) return found;
    return std::nullopt;
  }

 private:
  // What is met by no case from number `next` on.
  std::optional<Assignment> gap(Known known, const Cases& cases, std::size_t next) const {
    if (search_.plainly_impossible(known)) return std::nullopt;
    while (next < cases.size() && excludes(known, cases[next])) ++next;
    if (next == cases.size()) return search_.find(std::move(known));
    for (const Constraint& c : cases[next]) {
      if (known.plainly(c)) continue;
      for (const Constraint& otherwise : negated(c)) {
        Known here = known;
        here.add(otherwise);
        if (auto found = gap(std::move(here), cases, next + 1)) return found;
      }
      known.add(c);
      if (search_.plainly_impossible(known)) return std::nullopt;
    }
    return std::nullopt;
  }

  bool excludes(const Known& known, const Case& c) const {
    Known both = known;
    both.add(c);
    return search_.impossible_by_facts(both);
  }

  const LevelSearch& search_;
};

}  // namespace lambdapack::analysis
