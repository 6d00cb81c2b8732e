// The convex pieces of lifted relations, as a form walks over them.
//
// Many forms ask for the same pieces: the successors of a node and the readers of its outputs, the
// readers of arrays that are always named together. So pieces are remembered by the maps that they
// come from.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/walk_bounds.hpp"

namespace lambdapack::analysis {

/// What a form is asked about: the lifted tuple of a statement, a tile, or the one behind the
/// other.
struct LiftedPoint {
  isl::Set set;                      ///< all points that will be asked about
  std::vector<LiftedDim> dims = {};  ///< of a statement
  std::size_t tile = 0;              ///< number of tile indices behind them
};

/// A convex piece. The variables of its bounds are the sizes, the functions of sizes, the point,
/// and the dimensions of the walked statement's tuple, in this order.
struct LiftedPiece {
  std::vector<LinearConstraints> bounds;  ///< [0]: of no dimension; [k + 1]: of dimension k
  std::vector<bool> linked;  ///< dimensions that are functions with a multiple of a known value
  std::vector<bool> needed;  ///< dimensions that are functions on which something depends

  /// Whether the value of dimension k, which is a function and that variable, follows from values
  /// before it, so that it need not be computed.
  bool tells(std::size_t k, std::size_t variable) const {
    const std::vector<LinearSum>& rows = bounds[k + 1].equations;
    return linked[k] && std::any_of(rows.begin(), rows.end(), [&](const LinearSum& row) {
             return row.coefficient(variable) != 0;
           });
  }
};

/// Takes lifted maps apart.
class LiftedPieces {
 public:
  /// For maps into no statement.
  static constexpr std::size_t no_statement = static_cast<std::size_t>(-1);

  LiftedPieces(const ir::Program& program, const Lifted& lifted)
      : program_(program),
        lifted_(lifted),
        sizes_(program.parameters.size()),
        known_(sizes_ + lifted.parameter_functions.size()) {}

  /// Disjoint pieces of all that the maps lead to from a point; the tuples of statement `line`.
  const std::vector<LiftedPiece>& of(std::size_t line, const std::vector<isl::Map>& maps,
                                     const LiftedPoint& point) {
    std::vector<isl::Map> distinct;
    for (const isl::Map& m : maps)
      if (!contains(distinct, m)) distinct.push_back(m);
    for (const Remembered& r : remembered_)
      if (r.line == line && r.point.get() == point.set.get() && r.maps.size() == distinct.size() &&
          std::all_of(distinct.begin(), distinct.end(),
                      [&](const isl::Map& m) { return contains(r.maps, m); }))
        return r.pieces;
    std::vector<LiftedPiece> pieces = take_apart(line, distinct, point);
    return remembered_.emplace_back(line, std::move(distinct), point.set, std::move(pieces)).pieces;
  }

 private:
  // The maps and the set are kept, so that no others take their addresses.
  struct Remembered {
    Remembered(std::size_t l, std::vector<isl::Map> m, isl::Set p, std::vector<LiftedPiece> found)
        : line(l), maps(std::move(m)), point(std::move(p)), pieces(std::move(found)) {}
    std::size_t line;
    std::vector<isl::Map> maps;
    isl::Set point;
    std::vector<LiftedPiece> pieces;
  };

  static bool contains(const std::vector<isl::Map>& maps, const isl::Map& map) {
    return std::any_of(maps.begin(), maps.end(),
                       [&](const isl::Map& m) { return m.get() == map.get(); });
  }

  std::vector<LiftedPiece> take_apart(std::size_t line, const std::vector<isl::Map>& maps,
                                      const LiftedPoint& point) {
    // Arrays with the same indices share their maps, so what the points are called says nothing.
    const auto unnamed = [](const isl::Map& m) {
      return isl::Map(m.ctx(), isl_map_reset_tuple_id(m.copy(), isl_dim_in));
    };
    isl::Map all = unnamed(maps.front());
    for (std::size_t k = 1; k < maps.size(); ++k)
      all = isl::Map(all.ctx(), isl_map_union(all.copy(), unnamed(maps[k]).copy()));
    const isl::Set context(
        all.ctx(),
        isl_set_params(images_of(isl::Map(all.ctx(), isl_map_from_domain(point.set.copy())))));
    const isl::Set images(all.ctx(), isl_set_intersect_params(images_of(all), context.copy()));
    const std::vector<LinearConstraints> asked = constraints_of_pieces(context);
    std::vector<LiftedPiece> pieces;
    isl::for_each_piece(images, [&](const isl::Set& piece) {
      isl::BasicSet convex = with_equations(isl::BasicSet(
          piece.ctx(), isl_set_simple_hull(without_divisions(piece, context).copy())));
      LiftedPiece p;
      if (line != no_statement) p.linked = link(convex, line, point);
      if (isl::decide(convex.ctx(), isl_basic_set_is_empty(convex.get()))) return;
      find_bounds(p, convex, line, point, asked);
      if (line != no_statement) find_needed(p, line, point);
      pieces.push_back(std::move(p));
    });
    return pieces;
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

  static isl::Set without_divisions(const isl::Set& piece, const isl::Set& context) {
    const isl::BasicSet convex(piece.ctx(), isl_set_simple_hull(piece.copy()));
    if (isl_basic_set_dim(convex.get(), isl_dim_div) == 0) return piece;
    return {piece.ctx(), isl_set_gist_params(piece.copy(), context.copy())};
  }

  static isl::BasicSet with_equations(const isl::BasicSet& set) {
    return {set.ctx(), isl_basic_set_detect_equalities(set.copy())};
  }

  // Throws where the piece is more than linear constraints.
  static LinearConstraints all_constraints_of(const isl::BasicSet& set) {
    LinearConstraints rows = constraints_of(set);
    if (rows.equations.size() + rows.inequalities.size() !=
        static_cast<std::size_t>(isl_basic_set_n_constraint(set.get())))
      throw internal_error("a lifted piece is not a plain polyhedron");
    return rows;
  }

  // The variable of dimension 0 of the walked tuple.
  std::size_t first_walked(const LiftedPoint& point) const {
    return known_ + point.dims.size() + point.tile;
  }

  std::size_t variables(std::size_t line, const LiftedPoint& point) const {
    return first_walked(point) + (line == no_statement ? 0 : lifted_.statements[line].dims.size());
  }

  // A function of the walked statement whose argument is that of a known one, or the same but for a
  // constant, has a known value, which is added to the piece.
  std::vector<bool> link(isl::BasicSet& piece, std::size_t line, const LiftedPoint& point) const {
    const std::vector<LiftedDim>& dims = lifted_.statements[line].dims;
    std::vector<bool> linked(dims.size());
    for (std::size_t k = 0; k < dims.size(); ++k) {
      if (dims[k].is_loop) continue;
      LinearConstraints rows = all_constraints_of(piece);
      const auto value = known_value(rows, line, k, point);
      if (!value) continue;
      linked[k] = true;
      rows.equations.push_back(LinearSum::variable(first_walked(point) + k).minus(*value));
      isl_space* space = isl_basic_set_get_space(piece.get());
      piece =
          with_equations(isl::BasicSet(piece.ctx(), detail::basic_set(piece.ctx(), space, rows)));
    }
    return linked;
  }

  std::optional<LinearSum> known_value(const LinearConstraints& rows, std::size_t line,
                                       std::size_t k, const LiftedPoint& point) const {
    const std::size_t n = variables(line, point);
    const LinearSystem system(n, rows);
    const Tuple walked{lifted_.statements[line].dims, first_walked(point)};
    const Tuple asked{point.dims, known_};
    const ir::Function& mine = function(walked.dims[k].id);
    const LinearSum argument = sum(mine.argument, walked);
    const auto from = [&](int id, std::size_t variable) -> std::optional<LinearSum> {
      const ir::Function& other = function(id);
      if (other.kind != mine.kind || other.base != mine.base) return std::nullopt;
      const LinearSum known = sum(other.argument, asked);
      const int most = mine.kind == ir::Function::Kind::power ? 2 : 0;
      std::int64_t factor = 1;
      for (int c = 0; c <= most; ++c, factor *= mine.base)
        if (system.vanishes(argument.minus(known).plus(-c)) &&
            (c == 0 || Redundancy(lifted_.context.ctx(), n).implied(known, rows)))
          return LinearSum::variable(variable).times(factor);
      return std::nullopt;
    };
    for (std::size_t q = 0; q < lifted_.parameter_functions.size(); ++q)
      if (auto value = from(lifted_.parameter_functions[q], sizes_ + q)) return value;
    for (std::size_t d = 0; d < point.dims.size(); ++d)
      if (!point.dims[d].is_loop)
        if (auto value = from(point.dims[d].id, known_ + d)) return value;
    return std::nullopt;
  }

  const ir::Function& function(int id) const {
    return program_.functions[static_cast<std::size_t>(id)];
  }

  struct Tuple {
    const std::vector<LiftedDim>& dims;
    std::size_t first;
  };

  LinearSum sum(const ir::Expr& e, const Tuple& tuple) const {
    LinearSum all = LinearSum::of(e.constant);
    for (const ir::Term& t : e.terms) {
      const bool is_function = t.symbol.kind == ir::Symbol::Kind::function;
      const ScaledFunction f =
          is_function ? scaled(program_, t.symbol.id) : ScaledFunction{t.symbol.id, 1};
      all.add(variable(t.symbol.kind, f.id, tuple), t.coefficient * f.factor);
    }
    return all;
  }

  std::size_t variable(ir::Symbol::Kind kind, int id, const Tuple& tuple) const {
    if (kind == ir::Symbol::Kind::parameter) return static_cast<std::size_t>(id);
    for (std::size_t d = 0; d < tuple.dims.size(); ++d)
      if (tuple.dims[d].is_loop == (kind == ir::Symbol::Kind::loop) && tuple.dims[d].id == id)
        return tuple.first + d;
    for (std::size_t q = 0; q < lifted_.parameter_functions.size(); ++q)
      if (lifted_.parameter_functions[q] == id) return sizes_ + q;
    throw internal_error("an expression uses what its tuple does not have");
  }

  // Dimension by dimension, from the innermost out: what is left of a dimension's constraints once
  // those that its function or the point meet anyway are gone.
  void find_bounds(LiftedPiece& p, const isl::BasicSet& piece, std::size_t line,
                   const LiftedPoint& point, const std::vector<LinearConstraints>& asked) {
    const Redundancy redundancy(piece.ctx(), variables(line, point));
    LinearConstraints rows = all_constraints_of(
        isl::BasicSet(piece.ctx(), isl_basic_set_remove_redundancies(piece.copy())));
    const std::size_t first = first_walked(point);
    const std::size_t dims = variables(line, point) - first;
    p.bounds.resize(dims + 1);
    for (std::size_t k = dims; k > 0; --k) {
      LinearConstraints mine = detail::take_involving(rows, first + k - 1);
      eliminate(rows, mine, first + k - 1, redundancy);
      if (!lifted_.statements[line].dims[k - 1].is_loop)
        mine = redundancy.not_implied(std::move(mine), rows, facts(line, k, first));
      p.bounds[k] = std::move(mine);
    }
    p.bounds[0] = redundancy.not_implied(std::move(rows), {}, asked);
    for (LinearConstraints& b : p.bounds) sort(b);
  }

  // The simplest first, and equal ones in equal order.
  static void sort(LinearConstraints& rows) {
    const auto before = [](const LinearSum& a, const LinearSum& b) {
      const auto key = [](const LinearSum::Term& t) {
        return std::pair(t.variable, t.coefficient);
      };
      if (a.terms.size() != b.terms.size()) return a.terms.size() < b.terms.size();
      for (std::size_t t = 0; t < a.terms.size(); ++t)
        if (key(a.terms[t]) != key(b.terms[t])) return key(a.terms[t]) < key(b.terms[t]);
      return a.constant < b.constant;
    };
    std::sort(rows.equations.begin(), rows.equations.end(), before);
    std::sort(rows.inequalities.begin(), rows.inequalities.end(), before);
  }

  // What is true of the first k dimensions of a statement, which begin at variable `first` here.
  std::vector<LinearConstraints> facts(std::size_t line, std::size_t k, std::size_t first) {
    const auto [at, fresh] = facts_.try_emplace({line, k});
    if (fresh) at->second = constraints_of_pieces(lifted_.statements[line].facts_of_first[k]);
    std::vector<LinearConstraints> moved = at->second;
    for (LinearConstraints& c : moved)
      for (auto* rows : {&c.equations, &c.inequalities})
        for (LinearSum& row : *rows)
          for (LinearSum::Term& t : row.terms)
            if (t.variable >= known_) t.variable += first - known_;
    return moved;
  }

  // Dimensions that are functions on which something depends: constraints, strides, or functions.
  void find_needed(LiftedPiece& p, std::size_t line, const LiftedPoint& point) const {
    const LiftedStatement& to = lifted_.statements[line];
    const std::size_t first = first_walked(point);
    p.needed.assign(to.dims.size(), false);
    const auto need = [&](const ir::Expr& e) {
      for (const ir::Term& t : e.terms) {
        if (t.symbol.kind != ir::Symbol::Kind::function) continue;
        const int id = scaled(program_, t.symbol.id).id;
        for (std::size_t k = 0; k < to.dims.size(); ++k)
          if (!to.dims[k].is_loop && to.dims[k].id == id) p.needed[k] = true;
      }
    };
    for (const Stride& s : to.strides) {
      need(s.lower);
      need(s.step);
    }
    for (std::size_t k = 0; k < to.dims.size(); ++k)
      for (const auto* rows : {&p.bounds[k + 1].equations, &p.bounds[k + 1].inequalities})
        for (const LinearSum& row : *rows)
          for (const LinearSum::Term& t : row.terms)
            if (t.variable >= first && t.variable != first + k) p.needed[t.variable - first] = true;
    for (std::size_t k = to.dims.size(); k-- > 0;) {
      if (to.dims[k].is_loop) continue;
      const std::size_t bounds =
          p.bounds[k + 1].equations.size() + p.bounds[k + 1].inequalities.size();
      const bool only_linked = p.linked[k] && bounds == 1;
      if (bounds > 0 && !only_linked) p.needed[k] = true;
      if (p.needed[k] && !p.linked[k]) need(function(to.dims[k].id).argument);
    }
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  std::size_t sizes_, known_;
  std::deque<Remembered> remembered_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<LinearConstraints>> facts_;
};

}  // namespace lambdapack::analysis
