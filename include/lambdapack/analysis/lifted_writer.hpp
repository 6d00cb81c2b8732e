// Forms of lifted relations: the counterpart of form_writer.hpp for programs with powers and
// logarithms.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/form_writer.hpp"
#include "lambdapack/analysis/lifted_to_form.hpp"

namespace lambdapack::analysis {

/// A map from what is asked about to the lifted tuple of statement `line`, to be emitted with
/// `tag`.
struct LiftedImages {
  int tag = 0;
  std::size_t line = 0;
  isl::Map map;
};

/// Writes forms into the code of `writer`.
class LiftedWriter {
 public:
  LiftedWriter(const ir::Program& program, const Lifted& lifted, FormWriter& writer)
      : program_(program), lifted_(lifted), writer_(writer), pieces_(program, lifted) {}

  /// (point) -> every node that one of the maps leads to, each once per tag.
  form::Entry images(const std::vector<LiftedImages>& maps, const LiftedPoint& point) {
    return form(pieces_of(maps, point), point, true);
  }

  /// (point) -> nodes in the order of the program, or against it; one form for each convex piece.
  std::vector<form::Entry> walks(const LiftedImages& images, const LiftedPoint& point,
                                 bool forward) {
    std::vector<form::Entry> entries;
    for (const Tagged& piece : pieces_of({images}, point))
      entries.push_back(form({piece}, point, forward));
    return entries;
  }

  /// () -> yes, for sizes in `set`.
  form::Entry holds(const isl::Set& set, const isl::Set& among) {
    const isl::Map map(set.ctx(), isl_map_from_range(isl_set_from_params(set.copy())));
    const LiftedPoint nothing{isl::Set(among.ctx(), isl_set_from_params(among.copy()))};
    return form(pieces_of({{0, LiftedPieces::no_statement, map}}, nothing), nothing, true);
  }

 private:
  struct Tagged {
    int tag;
    std::size_t line;
    const LiftedPiece* piece;
  };

  std::vector<Tagged> pieces_of(const std::vector<LiftedImages>& maps, const LiftedPoint& point) {
    std::map<std::pair<int, std::size_t>, std::vector<isl::Map>> merged;
    for (const LiftedImages& i : maps) merged[{i.tag, i.line}].push_back(i.map);
    std::vector<Tagged> all;
    for (const auto& [key, of_key] : merged)
      for (const LiftedPiece& p : pieces_.of(key.second, of_key, point))
        all.push_back({key.first, key.second, &p});
    return all;
  }

  form::Entry form(const std::vector<Tagged>& pieces, const LiftedPoint& point, bool forward) {
    if (pieces.empty()) return {};
    std::map<int, int> loops;
    int registers = static_cast<int>(program_.parameters.size());
    for (const LiftedDim& d : point.dims)
      if (d.is_loop) loops[d.id] = registers++;
    const int first_tile = registers;
    form::Assembler out(registers + static_cast<int>(point.tile));
    KnownValues functions(out, program_, loops);

    std::vector<form::Affine> known;
    for (int p = 0; p < static_cast<int>(program_.parameters.size()); ++p)
      known.push_back(form::Affine::of_register(p));
    known.resize(known.size() + lifted_.parameter_functions.size());
    for (const LiftedDim& d : point.dims) {
      if (d.is_loop)
        known.push_back(form::Affine::of_register(loops[d.id]));
      else
        known.push_back(involved(pieces, known.size()) ? functions.function(d.id)
                                                       : form::Affine::of(0));
    }
    for (int t = 0; t < static_cast<int>(point.tile); ++t)
      known.push_back(form::Affine::of_register(first_tile + t));
    std::map<int, form::Affine> of_sizes;
    for (std::size_t q = 0; q < lifted_.parameter_functions.size(); ++q) {
      const int f = lifted_.parameter_functions[q];
      const std::size_t variable = program_.parameters.size() + q;
      if (involved(pieces, variable) || used_in_walk(pieces, f, known.size()))
        of_sizes[f] = known[variable] = functions.function(f);
    }

    for (const Tagged& t : pieces)
      LiftedWalk(out, program_, statement(t.line), known, of_sizes)
          .write(*t.piece, forward,
                 [&](const std::vector<form::Affine>& loop_values, form::Assembler::Label) {
                   out.emit(t.tag, loop_values);
                 });
    out.end();
    return writer_.intern(out.finish());
  }

  const LiftedStatement& statement(std::size_t line) const {
    static const LiftedStatement nothing;
    return line == LiftedPieces::no_statement ? nothing : lifted_.statements[line];
  }

  // Whether a walk looks at the variable.
  bool involved(const std::vector<Tagged>& pieces, std::size_t variable) const {
    const auto uses = [&](const std::vector<LinearSum>& rows) {
      return std::any_of(rows.begin(), rows.end(),
                         [&](const LinearSum& row) { return row.coefficient(variable) != 0; });
    };
    return std::any_of(pieces.begin(), pieces.end(), [&](const Tagged& t) {
      const auto looks_at = [&](std::size_t k) {
        return k == 0 || t.piece->needed[k - 1] || statement(t.line).dims[k - 1].is_loop;
      };
      for (std::size_t k = 0; k < t.piece->bounds.size(); ++k) {
        const LinearConstraints& b = t.piece->bounds[k];
        if (looks_at(k) && (uses(b.equations) || uses(b.inequalities))) return true;
      }
      return false;
    });
  }

  // Whether a walked statement, whose dimensions begin at variable `first`, needs function f to
  // compute a stride or another function.
  bool used_in_walk(const std::vector<Tagged>& pieces, int f, std::size_t first) const {
    const auto uses = [&](const ir::Expr& e) {
      return std::any_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
        return t.symbol.kind == ir::Symbol::Kind::function &&
               (t.symbol.id == f || scaled(program_, t.symbol.id).id == f);
      });
    };
    for (const Tagged& t : pieces) {
      const LiftedStatement& to = statement(t.line);
      for (const Stride& s : to.strides)
        if (uses(s.lower) || uses(s.step)) return true;
      for (std::size_t k = 0; k < to.dims.size(); ++k)
        if (t.piece->needed[k] && !t.piece->tells(k, first + k) &&
            uses(program_.functions[static_cast<std::size_t>(to.dims[k].id)].argument))
          return true;
    }
    return false;
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  FormWriter& writer_;
  LiftedPieces pieces_;
};

}  // namespace lambdapack::analysis
