// Where the corners of a convex set are, as functions of the sizes.
#pragma once

#include <isl/vertices.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/listing.hpp"

namespace lambdapack::analysis {

namespace detail {

/// Calls f(Set) for each convex piece of a set, overlapping or not.
template <class F>
void for_each_basic_set(const isl::Set& set, F&& f) {
  isl_basic_set_list* list = isl_set_get_basic_set_list(set.get());
  if (list == nullptr) isl::fail(set.ctx());
  struct Free {
    isl_basic_set_list* list;
    ~Free() { isl_basic_set_list_free(list); }
  } const free{list};
  for (int k = 0; k < isl_basic_set_list_n_basic_set(list); ++k)
    f(isl::BasicSet(set.ctx(), isl_basic_set_list_get_basic_set(list, k)));
}

/// What is needed of the corners of a polytope.
struct Corners {
  std::vector<isl::Set> cells;  ///< sizes for which the corners stay the same
  std::int64_t denominator = 1;
  std::size_t dimension = 0;
};

/// A convex set as a polytope with the same number of points: its divisions become dimensions.
inline isl::BasicSet without_divisions(const isl::BasicSet& convex) {
  if (isl_basic_set_dim(convex.get(), isl_dim_div) == 0) return convex;
  const isl::BasicSet lifted(convex.ctx(), isl_basic_set_lift(convex.copy()));
  const isl::Map divisions(convex.ctx(), isl_set_unwrap(isl_set_from_basic_set(lifted.copy())));
  const isl::Set points(convex.ctx(), isl_map_domain(divisions.copy()));
  const isl::Set all(convex.ctx(), isl_set_from_basic_set(convex.copy()));
  if (!isl::decide(all.ctx(), isl_map_is_single_valued(divisions.get())) ||
      !isl::decide(all.ctx(), isl_set_is_equal(points.get(), all.get())))
    throw NotDecompilable{"its domain has strides that are not divisions"};
  return {convex.ctx(), isl_basic_set_flatten(lifted.copy())};
}

/// A polytope of fewer dimensions with the same number of points: without those that an equation
/// gives as a whole number from the others.
inline isl::BasicSet without_equations(isl::BasicSet polytope) {
  const auto given = [](const isl::BasicSet& p) {
    int dimension = -1;
    const int n = isl_basic_set_dim(p.get(), isl_dim_set);
    isl::for_each_constraint(p, [&](isl_constraint* c) {
      if (isl_constraint_is_equality(c) != isl_bool_true) return;
      for (int d = 0; d < n && dimension < 0; ++d) {
        const std::int64_t x = isl::take_integer(
            p.ctx(), isl_constraint_get_coefficient_val(c, isl_dim_set, static_cast<int>(d)));
        if (x == 1 || x == -1) dimension = d;
      }
    });
    return dimension;
  };
  for (int d = given(polytope); d >= 0; d = given(polytope))
    polytope = isl::BasicSet(
        polytope.ctx(),
        isl_basic_set_project_out(polytope.copy(), isl_dim_set, static_cast<unsigned>(d), 1));
  return polytope;
}

inline Corners corners(const isl::BasicSet& polytope) {
  struct Vertices {
    isl_vertices* vertices;
    ~Vertices() { isl_vertices_free(vertices); }
  } const owner{isl_basic_set_compute_vertices(polytope.get())};
  if (owner.vertices == nullptr) isl::fail(polytope.ctx());
  Corners found;
  found.dimension = static_cast<std::size_t>(isl_basic_set_dim(polytope.get(), isl_dim_set));
  isl_vertices_foreach_vertex(
      owner.vertices,
      [](isl_vertex* vertex, void* user) {
        auto& denominator = *static_cast<std::int64_t*>(user);
        isl_multi_aff* at = isl_vertex_get_expr(vertex);
        for (int k = 0; k < isl_multi_aff_dim(at, isl_dim_out); ++k) {
          isl_aff* a = isl_multi_aff_get_aff(at, k);
          isl_val* d = isl_aff_get_denominator_val(a);
          denominator = std::lcm(denominator, std::int64_t{isl_val_get_num_si(d)});
          isl_val_free(d);
          isl_aff_free(a);
        }
        isl_multi_aff_free(at);
        isl_vertex_free(vertex);
        return isl_stat_ok;
      },
      &found.denominator);
  isl_vertices_foreach_cell(
      owner.vertices,
      [](isl_cell* cell, void* user) {
        isl_ctx* ctx = isl_cell_get_ctx(cell);
        isl_basic_set* b = isl_cell_get_domain(cell);
        isl_cell_free(cell);
        if (b == nullptr) return isl_stat_error;
        static_cast<std::vector<isl::Set>*>(user)->emplace_back(
            ctx, isl_set_params(isl_set_from_basic_set(b)));
        return isl_stat_ok;
      },
      &found.cells);
  return found;
}

}  // namespace detail

}  // namespace lambdapack::analysis
