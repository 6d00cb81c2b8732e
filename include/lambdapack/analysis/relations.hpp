// A program as relations: where statements run, what they touch, and in which order.
//
// Names in isl: parameter k is `pk`, the loops of a statement from the outermost in are `i0, i1`.
// Each access gets a copy of its statement's domain, so that flow can tell slots apart:
//   S3        statement 3            T2    tiles of array 2
//   R3_1      its read 1             I2    a writer before everything: the initial tiles of array 2
//   W3_0      its output 0           O2    a reader after everything: the final tiles of array 2
#pragma once

#include <string>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The relations of one program.
struct Relations {
  isl::Set context;                            ///< parameters are not negative
  std::vector<isl::Set> domains;               ///< per statement: S
  std::vector<std::vector<isl::Map>> reads;    ///< per statement and read: R -> T
  std::vector<std::vector<isl::Map>> writes;   ///< per statement and output: W -> T
  std::vector<isl::Set> boxes;                 ///< per array: T within its extents; null for a temp
  isl::UnionMap all_reads, all_writes;         ///< the same in one, with I and O
  isl::UnionMap schedule;                      ///< R, W, I, O -> time
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
    return "[" + list("p", program_.parameters.size()) + "] -> ";
  }

  std::string context() const {
    std::string text = parameters() + "{ : ";
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      text += (p > 0 ? " and p" : "p") + std::to_string(p) + " >= 0";
    return text + " }";
  }

  /// "name[i0, i1]" with the loops of statement `line`.
  std::string node(const std::string& name, std::size_t line) const {
    return name + "[" + list("i", loops_[line].size()) + "]";
  }

  /// The constraints under which statement `line` runs, never empty text.
  std::string domain(std::size_t line) const {
    std::string text = "true";
    std::size_t level = loops_[line].size();
    for (int s = program_.statements[line].scope; s >= 0; s = scope(s).parent) {
      if (const auto* loop = std::get_if<ir::Loop>(&scope(s).what))
        text += " and " + bounds(*loop, --level, line);
      else
        text += " and " + condition(std::get<ir::Condition>(scope(s).what), line);
    }
    return text;
  }

  /// "T2[i, k] : constraints" for an access of statement `line`.
  std::string access(const ir::Access& access, std::size_t line) const {
    std::string tile, where;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const ir::Subscript& subscript = access.subscripts[d];
      tile += d > 0 ? ", " : "";
      if (!subscript.run) {
        tile += expr(subscript.at, line);
        continue;
      }
      const std::string t = "t" + std::to_string(d);
      tile += t;
      where += " and " + progression(t, expr(subscript.at, line), expr(subscript.run->end, line),
                                     subscript.run->step);
    }
    return "T" + std::to_string(access.array) + "[" + tile + "] : " + domain(line) + where;
  }

  /// "T2[t0, t1] : within the extents".
  std::string box(std::size_t array, const std::string& tuple) const {
    const std::vector<int>& extents = program_.arrays[array].extents;
    std::string text = tuple + std::to_string(array) + "[" + list("t", extents.size()) + "] : true";
    for (std::size_t d = 0; d < extents.size(); ++d)
      text += " and 0 <= t" + std::to_string(d) + " < p" + std::to_string(extents[d]);
    return text;
  }

  /// The time of a phase (0 reads, 1 + slot writes) of statement `line`: alternating positions in
  /// the text and loop indices, padded to one length. A loop's position is its first statement.
  std::string time(std::size_t line, std::size_t phase) const {
    std::string text = "[0";
    for (std::size_t level = 0; level < deepest_; ++level) {
      if (level < loops_[line].size()) {
        const int s = loops_[line][level];
        const bool down = std::get<ir::Loop>(scope(s).what).step < 0;
        text += ", " + std::to_string(first_line(s)) + (down ? ", -i" : ", i") +
                std::to_string(level);
      } else {
        text += ", " + std::to_string(line) + ", 0";
      }
    }
    return text + ", " + std::to_string(line) + ", " + std::to_string(phase) + "]";
  }

  /// The time before everything (-1) or after it (1).
  std::string edge_of_time(int side) const {
    std::string text = "[" + std::to_string(side);
    for (std::size_t k = 0; k < 2 * deepest_ + 2; ++k) text += ", 0";
    return text + "]";
  }

  static std::string list(const std::string& name, std::size_t n) {
    std::string text;
    for (std::size_t k = 0; k < n; ++k) text += (k > 0 ? ", " : "") + name + std::to_string(k);
    return text;
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
    if (s.kind == ir::Symbol::Kind::parameter) return "p" + std::to_string(s.id);
    const std::vector<int>& loops = loops_[line];
    for (std::size_t level = 0; level < loops.size(); ++level)
      if (loops[level] == s.id) return "i" + std::to_string(level);
    throw internal_error("an index expression uses a loop that is not around it");
  }

  std::string expr(const ir::Expr& e, std::size_t line) const {
    std::string text = "(" + std::to_string(e.constant);
    for (const ir::Term& t : e.terms)
      text += " + " + std::to_string(t.coefficient) + "*" + symbol(t.symbol, line);
    return text + ")";
  }

  static std::string progression(const std::string& var, const std::string& lower,
                                 const std::string& upper, std::int64_t step) {
    std::string text = step > 0 ? lower + " <= " + var + " < " + upper
                                : upper + " < " + var + " <= " + lower;
    if (step != 1 && step != -1)
      text += " and (" + var + " - " + lower + ") mod " + std::to_string(std::abs(step)) + " = 0";
    return "(" + text + ")";
  }

  std::string bounds(const ir::Loop& loop, std::size_t level, std::size_t line) const {
    return progression("i" + std::to_string(level), expr(loop.lower, line),
                       expr(loop.upper, line), loop.step);
  }

  std::string condition(const ir::Condition& c, std::size_t line) const {
    static const char* const relations[] = {"<", "<=", "=", "!=", ">=", ">"};
    std::string text = "(false";
    for (const auto& all_of : c.any_of) {
      text += " or (true";
      for (const ir::Comparison& x : all_of)
        text += " and " + expr(x.left, line) + " " + relations[static_cast<int>(x.relation)] + " " +
                expr(x.right, line);
      text += ")";
    }
    return text + ")";
  }

  const ir::Program& program_;
  std::vector<std::vector<int>> loops_;
  std::size_t deepest_ = 0;
};

}  // namespace detail

/// The relations of `program`, which must have passed ir::validate.
inline Relations relations(const isl::Context& ctx, const ir::Program& program) {
  const detail::IslText text(program);
  Relations r;
  r.context = isl::read_set(ctx, text.context());
  std::string all_reads = text.parameters() + "{ ", all_writes = all_reads, schedule = all_reads;

  const auto add = [&](std::string& all, const std::string& from, const std::string& to,
                       const std::string& time) {
    all += from + " -> " + to + "; ";
    schedule += from + " -> " + time + "; ";
    return isl::read_map(ctx, text.parameters() + "{ " + from + " -> " + to + " }");
  };

  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& statement = program.statements[l];
    const std::string line = std::to_string(l);
    r.domains.push_back(isl::read_set(
        ctx, text.parameters() + "{ " + text.node("S" + line, l) + " : " + text.domain(l) + " }"));
    r.reads.emplace_back();
    for (std::size_t k = 0; k < statement.reads.size(); ++k)
      r.reads[l].push_back(add(all_reads, text.node("R" + line + "_" + std::to_string(k), l),
                               text.access(statement.reads[k], l), text.time(l, 0)));
    r.writes.emplace_back();
    for (std::size_t k = 0; k < statement.writes.size(); ++k)
      r.writes[l].push_back(add(all_writes, text.node("W" + line + "_" + std::to_string(k), l),
                                text.access(statement.writes[k], l), text.time(l, 1 + k)));
  }

  for (std::size_t a = 0; a < program.arrays.size(); ++a) {
    const ir::Array& array = program.arrays[a];
    if (array.role == ir::ArrayRole::temp) {
      r.boxes.emplace_back();
      continue;
    }
    r.boxes.push_back(isl::read_set(ctx, text.parameters() + "{ " + text.box(a, "T") + " }"));
    const std::string tile = std::to_string(a) + "[" +
                             text.list("t", static_cast<std::size_t>(array.rank)) + "]";
    if (array.role != ir::ArrayRole::out)
      add(all_writes, "I" + tile, text.box(a, "T"), text.edge_of_time(-1));
    if (array.role != ir::ArrayRole::in)
      add(all_reads, "O" + tile, text.box(a, "T"), text.edge_of_time(1));
  }

  const auto read_union = [&](const std::string& maps) {
    return isl::UnionMap(ctx.get(),
                         isl_union_map_read_from_str(ctx.get(), (maps + "}").c_str()));
  };
  r.all_reads = read_union(all_reads);
  r.all_writes = read_union(all_writes);
  r.schedule = read_union(schedule);
  return r;
}

}  // namespace lambdapack::analysis
