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

/// A map from what is asked about to the lifted tuple of statement `line`, to be emitted with `tag`.
struct LiftedImages {
  int tag = 0;
  std::size_t line = 0;
  isl::Map map;
};

/// What a form is asked about: the lifted tuple of a statement, a tile, or the one behind the other.
struct LiftedPoint {
  isl::Set set;                     ///< all points that will be asked about
  std::vector<LiftedDim> dims;      ///< of a statement
  std::size_t tile = 0;             ///< number of tile indices behind them
};

/// Writes forms into the code of `writer`.
class LiftedWriter {
 public:
  LiftedWriter(const ir::Program& program, const Lifted& lifted, FormWriter& writer)
      : program_(program), lifted_(lifted), writer_(writer) {}

  /// (point) -> every node that one of the maps leads to, each once per tag.
  form::Entry images(const std::vector<LiftedImages>& maps, const LiftedPoint& point) {
    return form(pieces_of(maps, point), point, true);
  }

  /// (point) -> nodes in the order of the program, or against it; one form for each convex piece.
  std::vector<form::Entry> walks(const LiftedImages& images, const LiftedPoint& point,
                                 bool forward) {
    std::vector<form::Entry> entries;
    for (const Piece& piece : pieces_of({images}, point))
      entries.push_back(form({piece}, point, forward));
    return entries;
  }

  /// () -> yes, for sizes in `set`.
  form::Entry holds(const isl::Set& set, const isl::Set& among) {
    const isl::Map map(set.ctx(), isl_map_from_range(isl_set_from_params(set.copy())));
    const LiftedPoint nothing{isl::Set(among.ctx(), isl_set_from_params(among.copy())), {}, 0};
    return form(pieces_of({{0, no_statement, map}}, nothing), nothing, true);
  }

 private:
  static constexpr std::size_t no_statement = static_cast<std::size_t>(-1);

  struct Piece {
    int tag;
    std::size_t line;
    isl::BasicSet set;
    std::vector<bool> linked = {};  // dimensions that are functions with the value of a known one
  };

  std::vector<Piece> pieces_of(const std::vector<LiftedImages>& maps,
                               const LiftedPoint& point) const {
    std::map<std::pair<int, std::size_t>, isl::Map> merged;
    for (const LiftedImages& i : maps) {
      isl::Map& m = merged[{i.tag, i.line}];
      m = m ? isl::Map(m.ctx(), isl_map_union(m.copy(), i.map.copy())) : i.map;
    }
    const isl::Set context = context_of(point);
    std::vector<Piece> pieces;
    for (const auto& [key, map] : merged) {
      const isl::Set images(map.ctx(), isl_set_intersect_params(images_of(map), context.copy()));
      isl::for_each_piece(images, [&](const isl::Set& piece) {
        Piece with_links = linked(key.first, key.second, piece, point);
        if (isl_basic_set_is_empty(with_links.set.get()) != isl_bool_true)
          pieces.push_back(std::move(with_links));
      });
    }
    return pieces;
  }

  // A function of the walked statement whose argument is that of a known one, or the same but for a
  // constant, has a known value.
  Piece linked(int tag, std::size_t line, const isl::Set& piece, const LiftedPoint& point) const {
    Piece result{tag, line, {}, {}};
    isl::Set set = piece;
    if (line != no_statement) {
      const std::vector<LiftedDim>& dims = lifted_.statements[line].dims;
      result.linked.assign(dims.size(), false);
      for (std::size_t k = 0; k < dims.size(); ++k)
        if (!dims[k].is_loop) result.linked[k] = link(set, dims, k, point);
    }
    result.set = isl::BasicSet(set.ctx(), isl_set_simple_hull(set.copy()));
    return result;
  }

  bool link(isl::Set& set, const std::vector<LiftedDim>& dims, std::size_t k,
            const LiftedPoint& point) const {
    const ir::Function& mine = program_.functions[static_cast<std::size_t>(dims[k].id)];
    std::vector<std::pair<int, std::string>> known;
    for (int f : lifted_.parameter_functions) known.emplace_back(f, text({"q", f}));
    for (std::size_t d = 0; d < point.dims.size(); ++d)
      if (!point.dims[d].is_loop) known.emplace_back(point.dims[d].id, text({"x", d}));
    for (const auto& [id, name] : known) {
      const ir::Function& other = program_.functions[static_cast<std::size_t>(id)];
      if (other.kind != mine.kind || other.base != mine.base) continue;
      Sum argument;
      argument.add(mine.argument, dims, "y", 1, program_);
      argument.add(other.argument, point.dims, "x", -1, program_);
      Sum positive;
      positive.add(other.argument, point.dims, "x", 1, program_);
      std::int64_t factor = 1;
      const int most = mine.kind == ir::Function::Kind::power ? 2 : 0;
      for (int c = 0; c <= most; ++c, factor *= mine.base, --argument.constant) {
        const isl::Set same = zero_of(set, argument);
        if (isl_set_is_subset(set.get(), same.get()) != isl_bool_true) continue;
        if (c > 0 && isl_set_is_subset(set.get(), not_negative(set, positive).get()) !=
                         isl_bool_true)
          continue;
        Sum value;
        value.terms[text({"y", k})] = 1;
        value.terms[name] -= factor;
        set = isl::Set(set.ctx(), isl_set_intersect(set.copy(), zero_of(set, value).copy()));
        return true;
      }
    }
    return false;
  }

  // An affine expression over the walked dimensions y0, y1, ..., the point's x0, x1, ..., and sizes.
  struct Sum {
    std::int64_t constant = 0;
    std::map<std::string, std::int64_t> terms;

    void add(const ir::Expr& e, const std::vector<LiftedDim>& dims, const char* var,
             std::int64_t times, const ir::Program& program) {
      constant += times * e.constant;
      for (const ir::Term& t : e.terms) {
        const bool is_loop = t.symbol.kind == ir::Symbol::Kind::loop;
        const bool is_function = t.symbol.kind == ir::Symbol::Kind::function;
        const ScaledFunction f =
            is_function ? scaled(program, t.symbol.id) : ScaledFunction{t.symbol.id, 1};
        std::string name = text({is_function ? "q" : "p", f.id});
        for (std::size_t d = 0; d < dims.size(); ++d)
          if ((is_loop || is_function) && dims[d].is_loop == is_loop && dims[d].id == f.id)
            name = text({var, d});
        terms[name] += times * t.coefficient * f.factor;
      }
    }
  };

  static isl_aff* affine(const isl::Set& set, const Sum& sum) {
    isl_space* space = isl_set_get_space(set.get());
    isl_aff* a = isl_aff_zero_on_domain(isl_local_space_from_space(isl_space_copy(space)));
    a = isl_aff_add_constant_si(a, static_cast<int>(sum.constant));
    for (const auto& [name, coefficient] : sum.terms) {
      const bool is_dim = name[0] == 'y';
      const int at = is_dim ? std::stoi(name.substr(1))
                            : isl_space_find_dim_by_name(space, isl_dim_param, name.c_str());
      a = isl_aff_add_coefficient_si(a, is_dim ? isl_dim_in : isl_dim_param, at,
                                     static_cast<int>(coefficient));
    }
    isl_space_free(space);
    return a;
  }

  static isl::Set zero_of(const isl::Set& set, const Sum& sum) {
    return {set.ctx(), isl_set_from_basic_set(isl_aff_zero_basic_set(affine(set, sum)))};
  }
  static isl::Set not_negative(const isl::Set& set, const Sum& sum) {
    isl_aff* below = isl_aff_add_constant_si(isl_aff_neg(affine(set, sum)), -1);
    return {set.ctx(), isl_set_from_basic_set(isl_aff_neg_basic_set(below))};
  }

  // The point becomes parameters x0, x1, ... behind the others.
  static isl_set* images_of(const isl::Map& map) {
    isl_map* m = map.copy();
    const auto n = static_cast<unsigned>(isl_map_dim(m, isl_dim_in));
    const auto p = static_cast<unsigned>(isl_map_dim(m, isl_dim_param));
    m = isl_map_move_dims(m, isl_dim_param, p, isl_dim_in, 0, n);
    for (unsigned k = 0; k < n; ++k)
      m = isl_map_set_dim_name(m, isl_dim_param, p + k, text({"x", k}).c_str());
    return isl_map_range(m);
  }

  static isl::Set context_of(const LiftedPoint& point) {
    const isl::Map domain(point.set.ctx(), isl_map_from_domain(point.set.copy()));
    return {point.set.ctx(), isl_set_params(images_of(domain))};
  }

  form::Entry form(const std::vector<Piece>& pieces, const LiftedPoint& point, bool forward) {
    if (pieces.empty()) return {};
    const auto parameters = static_cast<int>(program_.parameters.size());
    std::map<int, int> loops;
    int registers = parameters;
    for (const LiftedDim& d : point.dims)
      if (d.is_loop) loops[d.id] = registers++;
    const int first_tile = registers;
    form::Assembler out(registers + static_cast<int>(point.tile));
    KnownValues known(out, program_, loops);

    std::map<std::string, form::Affine> names;
    for (int p = 0; p < parameters; ++p) names[text({"p", p})] = form::Affine::of_register(p);
    for (std::size_t k = 0; k < point.dims.size() + point.tile; ++k) {
      const std::string name = text({"x", k});
      if (k >= point.dims.size())
        names[name] = form::Affine::of_register(first_tile + static_cast<int>(k - point.dims.size()));
      else if (point.dims[k].is_loop)
        names[name] = form::Affine::of_register(loops[point.dims[k].id]);
      else if (involved(pieces, name))
        names[name] = known.function(point.dims[k].id);
    }
    std::map<int, form::Affine> functions;
    for (int f : lifted_.parameter_functions)
      if (involved(pieces, text({"q", f})) || used_in_walk(pieces, f))
        functions[f] = names[text({"q", f})] = known.function(f);

    const isl::Set context = context_of(point);
    for (const Piece& piece : pieces) {
      const LiftedStatement& to =
          piece.line == no_statement ? nothing_in(piece.set) : lifted_.statements[piece.line];
      LiftedWalk(out, program_, to, names, functions)
          .write(piece.set, piece.linked, context, forward,
                 [&](const std::vector<form::Affine>& loop_values, form::Assembler::Label) {
                   out.emit(piece.tag, loop_values);
                 });
    }
    out.end();
    return writer_.intern(out.finish());
  }

  // Stands for the statement where a form says yes or no.
  const LiftedStatement& nothing_in(const isl::BasicSet& set) {
    nothing_.facts = isl::Set(
        set.ctx(), isl_set_universe(isl_basic_set_get_space(set.get())));
    return nothing_;
  }

  static bool involved(const std::vector<Piece>& pieces, const std::string& name) {
    for (const Piece& p : pieces) {
      const isl::Set set(p.set.ctx(), isl_set_from_basic_set(p.set.copy()));
      const int at = isl_set_find_dim_by_name(set.get(), isl_dim_param, name.c_str());
      if (at >= 0 && isl_basic_set_involves_dims(p.set.get(), isl_dim_param,
                                                 static_cast<unsigned>(at), 1) == isl_bool_true)
        return true;
    }
    return false;
  }

  // Whether a walked statement needs function f to compute a stride or another function.
  bool used_in_walk(const std::vector<Piece>& pieces, int f) const {
    const auto uses = [&](const ir::Expr& e) {
      return std::any_of(e.terms.begin(), e.terms.end(), [&](const ir::Term& t) {
        return t.symbol == ir::Symbol{ir::Symbol::Kind::function, f};
      });
    };
    for (const Piece& p : pieces) {
      if (p.line == no_statement) continue;
      const LiftedStatement& to = lifted_.statements[p.line];
      for (const Stride& s : to.strides)
        if (uses(s.lower) || uses(s.step)) return true;
      for (const LiftedDim& d : to.dims)
        if (!d.is_loop && uses(program_.functions[static_cast<std::size_t>(d.id)].argument))
          return true;
    }
    return false;
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  FormWriter& writer_;
  LiftedStatement nothing_;
};

}  // namespace lambdapack::analysis
