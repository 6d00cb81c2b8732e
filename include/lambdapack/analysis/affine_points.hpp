// Cases without functions as a set of isl's.
#pragma once

#include <cstddef>
#include <map>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/analysis/linear_isl.hpp"
#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/analysis/statement_cases.hpp"

namespace lambdapack::analysis {

/// The points that meet one of the cases, for all of the sizes in `context`; `sizes` and `point`
/// are the unknowns that stand for its parameters and for a point. Throws NotDecompilable where
/// another unknown matters.
inline isl::Set affine_points(const isl::Set& context, const LinearTuple& sizes,
                              const LinearTuple& point, const Cases& cases) {
  std::map<int, std::size_t> variables;
  for (const LinearTuple* unknowns : {&sizes, &point})
    for (const Linear& x : *unknowns) variables.emplace(x.terms[0].first, variables.size());

  isl_space* space = isl_space_set_from_params(isl_set_get_space(context.get()));
  space = isl_space_add_dims(space, isl_dim_set, static_cast<unsigned>(point.size()));
  const isl::Set anywhere(
      context.ctx(),
      isl_set_intersect_params(isl_set_universe(isl_space_copy(space)), context.copy()));
  isl::Set all(context.ctx(), isl_set_empty(space));
  for (const Case& c : cases) {
    LinearConstraints rows;
    for (const Constraint& k : c) {
      LinearSum sum;
      sum.constant = k.value.constant;
      std::map<std::size_t, std::int64_t> terms;
      for (const auto& [unknown, coefficient] : k.value.terms) {
        const auto found = variables.find(unknown);
        if (found == variables.end())
          throw NotDecompilable{"a function matters to which sizes or points there are"};
        terms[found->second] += coefficient;
      }
      for (const auto& [variable, coefficient] : terms)
        sum.terms.push_back({variable, coefficient});
      (k.equality ? rows.equations : rows.inequalities).push_back(std::move(sum));
    }
    const isl::Set there = where(anywhere, rows);
    all = isl::Set(context.ctx(), isl_set_union(all.copy(), there.copy()));
  }
  return all;
}

}  // namespace lambdapack::analysis
