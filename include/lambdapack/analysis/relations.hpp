// A program as relations: where statements run, what they touch, and in which order.
//
// Names in isl: parameter k is `pk`, the loops of a statement from the outermost in are `i0, i1`.
// Each access gets a copy of its statement's domain, so that flow can tell slots apart:
//   S3        statement 3            T2    tiles of array 2
//   R3_1      its read 1             I2    a writer before everything: the initial tiles of array 2
//   W3_0      its output 0           O2    a reader after everything: the final tiles of array 2
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// The relations of one program.
struct Relations {
  isl::Set context;                           ///< the sizes that are allowed
  std::vector<isl::Set> domains;              ///< per statement: S
  std::vector<std::vector<isl::Map>> reads;   ///< per statement and read: R -> T
  std::vector<std::vector<isl::Map>> writes;  ///< per statement and output: W -> T
  std::vector<isl::Set> boxes;                ///< per array: T within its extents; null for a temp
  isl::UnionMap all_reads, all_writes;        ///< the same in one, with I and O
  isl::UnionMap schedule;                     ///< R, W, I, O -> time
};

namespace detail {

/// Writes the pieces of isl's own notation for one program.
class IslText {
 public:
  explicit IslText(const ir::Program& program) : program_(program) {
    for (std::size_t l = 0; l < program.statements.size(); ++l)
      loops_.push_back(ir::loops_around(program, program.statements[l].scope));
    for (const std::vector<int>& loops : loops_) deepest_ = std::max(deepest_, loops.size());
  }

  /// "[p0, p1] -> ".
  std::string parameters() const {
    return text({"[", numbered("p", program_.parameters.size()), "] -> "});
  }

  std::string context() const {
    std::string all = text({parameters(), "{ : true"});
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      all += text({" and p", p, " >= 0"});
    return all + " }";
  }

  /// "S3[i0, i1]" for the given prefix, with the loops of statement `line`.
  std::string node(std::string_view prefix, std::size_t line) const {
    return text({prefix, line, "[", numbered("i", loops_[line].size()), "]"});
  }
  /// "R3_1[i0, i1]".
  std::string slot(std::string_view prefix, std::size_t line, std::size_t slot) const {
    return text({prefix, line, "_", slot, "[", numbered("i", loops_[line].size()), "]"});
  }
  /// "I2[t0, t1]".
  std::string tile(std::string_view prefix, std::size_t array) const {
    const auto rank = static_cast<std::size_t>(program_.arrays[array].rank);
    return text({prefix, array, "[", numbered("t", rank), "]"});
  }

  /// The constraints under which statement `line` runs, never empty text.
  std::string domain(std::size_t line) const {
    std::string all = "true";
    std::size_t level = loops_[line].size();
    for (int s = program_.statements[line].scope; s >= 0; s = scope(s).parent) {
      if (const auto* loop = std::get_if<ir::Loop>(&scope(s).what))
        all += text({" and ", bounds(*loop, --level, line)});
      else
        all += text({" and ", condition(std::get<ir::Condition>(scope(s).what), line)});
    }
    return all;
  }

  /// "T2[i, k] : constraints" for an access of statement `line`.
  std::string access(const ir::Access& access, std::size_t line) const {
    std::string tile, where;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& subscript = access.subscripts[d];
      if (d > 0) tile += ", ";
      if (!subscript.run) {
        tile += expr(subscript.at, line);
        continue;
      }
      const std::string t = text({"t", d});
      tile += t;
      where += text({" and ", progression(t, expr(subscript.at, line),
                                          expr(subscript.run->end, line), subscript.run->step)});
    }
    return text({"T", access.array, "[", tile, "] : ", domain(line), where});
  }

  /// The value of an index expression of statement `line`.
  std::string value(const ir::Expr& e, std::size_t line) const { return expr(e, line); }

  /// "T2[t0, t1] : within the extents".
  std::string box(std::size_t array) const {
    const std::vector<int>& extents = program_.arrays[array].extents;
    std::string all = text({tile("T", array), " : true"});
    for (std::size_t d = 0; d < extents.size(); ++d)
      all += text({" and 0 <= t", d, " < p", extents[d]});
    return all;
  }

  /// The time of a phase (0 reads, 1 + slot writes) of statement `line`: alternating positions in
  /// the text and loop indices, padded to one length. A loop's position is its first statement.
  std::string time(std::size_t line, std::size_t phase) const {
    std::string all = "[0";
    for (std::size_t level = 0; level < deepest_; ++level) {
      if (level < loops_[line].size()) {
        const int s = loops_[line][level];
        const bool down = ir::goes_down(std::get<ir::Loop>(scope(s).what).step);
        all += text({", ", first_line(s), down ? ", -i" : ", i", level});
      } else {
        all += text({", ", line, ", 0"});
      }
    }
    return text({all, ", ", line, ", ", phase, "]"});
  }

  /// The time before everything (-1) or after it (1).
  std::string edge_of_time(int side) const {
    std::string all = text({"[", side});
    for (std::size_t k = 0; k < 2 * deepest_ + 2; ++k) all += ", 0";
    return all + "]";
  }

 private:
  const ir::Scope& scope(int s) const { return program_.scopes[static_cast<std::size_t>(s)]; }

  std::size_t first_line(int loop) const {
    for (std::size_t l = 0; l < loops_.size(); ++l)
      for (int s : loops_[l])
        if (s == loop) return l;
    throw internal_error("a loop without a statement was asked for its position");
  }

  std::string symbol(const ir::Symbol& s, std::size_t line) const {
    if (s.kind == ir::Symbol::Kind::parameter) return text({"p", s.id});
    if (s.kind == ir::Symbol::Kind::function) return function(s.id, line);
    const std::vector<int>& loops = loops_[line];
    for (std::size_t level = 0; level < loops.size(); ++level)
      if (loops[level] == s.id) return text({"i", level});
    throw internal_error("an index expression uses a loop that is not around it");
  }

  std::string expr(const ir::Expr& e, std::size_t line) const {
    std::string all = text({"(", e.constant});
    for (const ir::Term& t : e.terms)
      all += text({" + ", t.coefficient, "*", symbol(t.symbol, line)});
    return all + ")";
  }

  std::string function(int id, std::size_t line) const {
    const ir::Function& f = program_.functions[static_cast<std::size_t>(id)];
    const std::string argument = expr(f.argument, line);
    if (f.kind == ir::Function::Kind::quotient) return text({"floor(", argument, "/", f.base, ")"});
    if (f.kind == ir::Function::Kind::remainder) return text({"(", argument, " mod ", f.base, ")"});
    throw internal_error("a power or logarithm is not affine");
  }

  static std::string progression(const std::string& var, const std::string& lower,
                                 const std::string& upper, const ir::Expr& by) {
    const std::int64_t step = by.constant;
    std::string all = step > 0 ? text({"(", lower, " <= ", var, " < ", upper})
                               : text({"(", upper, " < ", var, " <= ", lower});
    if (step != 1 && step != -1)
      all += text({" and (", var, " - ", lower, ") mod ", std::abs(step), " = 0"});
    return all + ")";
  }

  std::string bounds(const ir::Loop& loop, std::size_t level, std::size_t line) const {
    return progression(text({"i", level}), expr(loop.lower, line), expr(loop.upper, line),
                       loop.step);
  }

  std::string condition(const ir::Condition& c, std::size_t line) const {
    static const char* const relations[] = {" < ", " <= ", " = ", " != ", " >= ", " > "};
    std::string all = "(false";
    for (const auto& all_of : c.any_of) {
      all += " or (true";
      for (const ir::Comparison& x : all_of)
        all += text({" and ", expr(x.left, line), relations[static_cast<int>(x.relation)],
                     expr(x.right, line)});
      all += ")";
    }
    return all + ")";
  }

  const ir::Program& program_;
  std::vector<std::vector<int>> loops_;
  std::size_t deepest_ = 0;
};

}  // namespace detail

/// The relations of `program`, which must have passed ir::validate.
inline Relations relations(const isl::Context& ctx, const ir::Program& program) {
  const detail::IslText words(program);
  const std::string parameters = words.parameters();
  std::string schedule;
  Relations r;
  r.context = isl::read_set(ctx, words.context());
  for (isl::UnionMap* all : {&r.all_reads, &r.all_writes})
    *all = isl::UnionMap(ctx.get(), isl_union_map_empty(isl_set_get_space(r.context.get())));

  const auto in_braces = [&](const std::string& body) {
    return text({parameters, "{ ", body, " }"});
  };
  const auto add = [&](isl::UnionMap& all, const std::string& from, const std::string& to,
                       const std::string& time) {
    const isl::Map map = isl::read_map(ctx, in_braces(text({from, " -> ", to})));
    all = isl::UnionMap(ctx.get(), isl_union_map_add_map(all.copy(), map.copy()));
    schedule += text({from, " -> ", time, "; "});
    return map;
  };

  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    r.domains.push_back(
        isl::read_set(ctx, in_braces(text({words.node("S", l), " : ", words.domain(l)}))));
    r.reads.emplace_back();
    for (std::size_t k = 0; k < s.reads.size(); ++k)
      r.reads[l].push_back(
          add(r.all_reads, words.slot("R", l, k), words.access(s.reads[k], l), words.time(l, 0)));
    r.writes.emplace_back();
    for (std::size_t k = 0; k < s.writes.size(); ++k)
      r.writes[l].push_back(add(r.all_writes, words.slot("W", l, k), words.access(s.writes[k], l),
                                words.time(l, 1 + k)));
  }

  for (std::size_t a = 0; a < program.arrays.size(); ++a) {
    const ir::ArrayRole role = program.arrays[a].role;
    r.boxes.emplace_back();
    if (role == ir::ArrayRole::temp) continue;
    r.boxes[a] = isl::read_set(ctx, in_braces(words.box(a)));
    if (role != ir::ArrayRole::out)
      add(r.all_writes, words.tile("I", a), words.box(a), words.edge_of_time(-1));
    if (role != ir::ArrayRole::in)
      add(r.all_reads, words.tile("O", a), words.box(a), words.edge_of_time(1));
  }

  r.schedule =
      isl::UnionMap(ctx.get(), isl_union_map_read_from_str(ctx.get(), in_braces(schedule).c_str()));
  return r;
}

/// Leaves only the given sizes in play.
inline void restrict_sizes(Relations& r, const isl::Set& sizes) {
  r.context = sizes;
  for (isl::Set& domain : r.domains)
    domain = isl::Set(domain.ctx(), isl_set_intersect_params(domain.copy(), sizes.copy()));
}

}  // namespace lambdapack::analysis
