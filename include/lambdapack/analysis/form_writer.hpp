// Compiles relations and programs to closed forms.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/ast_to_form.hpp"
#include "lambdapack/analysis/piece_to_form.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// A relation whose images a form shall emit with a tag.
struct Tagged {
  int tag = 0;
  isl::Map map;
};

/// Collects the forms of one program; equal forms are stored once.
class FormWriter {
 public:
  explicit FormWriter(int parameters) : parameters_(parameters) {}

  /// (x) -> every y with x -> y in one of the maps, each once per tag. The maps share their input
  /// tuple; `known` holds all points x that the form will ever be asked about.
  form::Entry images(std::vector<Tagged> maps, const isl::Set& known) {
    const int point = static_cast<int>(isl_set_dim(known.get(), isl_dim_set));
    form::Assembler out(parameters_ + point);
    const isl::Set context = point_as_parameters(known);
    bool any = false;
    for (const auto& [tag, map] : merge_by_tag(std::move(maps))) {
      const isl::Set asked(map.ctx(),
                           isl_set_intersect_params(images_of_point(map).copy(), context.copy()));
      isl::for_each_piece(asked, [&](const isl::Set& piece) {
        any = true;
        if (const auto bounds = PieceBounds::of(piece, context, names(point)))
          PieceToForm(out, *bounds, tag).write();
        else
          AstToForm(out, names(point), tag).node(scan(piece, context));
      });
    }
    if (!any) return {};
    out.end();
    return intern(out.finish());
  }

  /// (x) -> yes, for x in `set`; `known` as above.
  form::Entry contains(const isl::Set& set, const isl::Set& known) {
    return images({{0, isl::Map(set.ctx(), isl_map_from_domain(set.copy()))}}, known);
  }

  /// () -> every point of the set.
  form::Entry points(const isl::Set& set, int tag, const isl::Set& context) {
    return points(std::vector<std::pair<int, isl::Set>>{{tag, set}}, context);
  }

  form::Entry points(const std::vector<std::pair<int, isl::Set>>& sets, const isl::Set& context) {
    const isl::Set known(context.ctx(), isl_set_from_params(context.copy()));
    std::vector<Tagged> maps;
    for (const auto& [tag, set] : sets)
      maps.push_back({tag, isl::Map(set.ctx(), isl_map_from_range(set.copy()))});
    return images(std::move(maps), known);
  }

  /// () -> yes, for the parameters in `set`.
  form::Entry holds(const isl::Set& set, const isl::Set& context) {
    const isl::Set known(context.ctx(), isl_set_from_params(context.copy()));
    return contains(isl::Set(set.ctx(), isl_set_from_params(set.copy())), known);
  }

  /// Stores finished code.
  form::Entry intern(std::vector<form::Word> code) {
    const auto [at, fresh] =
        offsets_.try_emplace(std::move(code), static_cast<std::int32_t>(code_.size()));
    if (fresh) code_.insert(code_.end(), at->first.begin(), at->first.end());
    return {at->second};
  }

  std::vector<form::Word> take_code() { return std::move(code_); }

 private:
  static std::map<int, isl::Map> merge_by_tag(std::vector<Tagged> maps) {
    std::map<int, isl::Map> merged;
    for (Tagged& t : maps) {
      isl::Map& m = merged[t.tag];
      m = m ? isl::Map(t.map.ctx(), isl_map_union(m.copy(), t.map.copy())) : std::move(t.map);
    }
    return merged;
  }

  // x in `set` becomes parameters x0, x1, ... behind the program's own.
  isl::Set point_as_parameters(const isl::Set& set) const {
    return isl::Set(
        set.ctx(),
        isl_set_params(
            images_of_point(isl::Map(set.ctx(), isl_map_from_domain(set.copy()))).copy()));
  }

  isl::Set images_of_point(const isl::Map& map) const {
    isl_map* m = map.copy();
    const auto n = static_cast<unsigned>(isl_map_dim(m, isl_dim_in));
    const auto p = static_cast<unsigned>(isl_map_dim(m, isl_dim_param));
    m = isl_map_move_dims(m, isl_dim_param, p, isl_dim_in, 0, n);
    for (unsigned k = 0; k < n; ++k)
      m = isl_map_set_dim_name(m, isl_dim_param, p + k, text({"x", k}).c_str());
    return isl::Set(map.ctx(), isl_map_range(m));
  }

  // isl 0.25 frees an expression twice if its budget ends inside of isl_ast_build_expr.
  static isl::AstNode scan(const isl::Set& piece, const isl::Set& context) {
    const isl::WithoutBudget unlimited(piece.ctx());
    const isl::AstBuild build(piece.ctx(), isl_ast_build_from_context(context.copy()));
    isl_set* domain = piece.copy();
    if (isl_set_has_tuple_name(domain) != isl_bool_true)
      domain = isl_set_set_tuple_name(domain, "y");
    isl_map* order = isl_set_identity(domain);
    order = isl_map_reset_tuple_id(order, isl_dim_out);
    return isl::AstNode(piece.ctx(), isl_ast_build_node_from_schedule_map(
                                         build.get(), isl_union_map_from_map(order)));
  }

  std::map<std::string, form::Affine> names(int point) const {
    std::map<std::string, form::Affine> names;
    for (int k = 0; k < parameters_; ++k) names[text({"p", k})] = form::Affine::of_register(k);
    for (int k = 0; k < point; ++k)
      names[text({"x", k})] = form::Affine::of_register(parameters_ + k);
    return names;
  }

  int parameters_;
  std::vector<form::Word> code_;
  std::map<std::vector<form::Word>, std::int32_t> offsets_;
};

}  // namespace lambdapack::analysis
