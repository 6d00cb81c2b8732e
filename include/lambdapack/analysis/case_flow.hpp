// Which nodes may see what others write, in a program with powers and logarithms, as cases over
// terms; and for which arrays that is the flow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/allowed_sizes.hpp"
#include "lambdapack/analysis/cover.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/solve.hpp"
#include "lambdapack/analysis/statement_cases.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// The unknowns that all claims about one program share.
struct ClaimSpace {
  Terms terms;
  LinearTuple sizes;
  LinearTuple point;  ///< what a form is asked about
  LinearTuple tuple;  ///< what it emits
  LinearTuple later;  ///< what it emits after that

  explicit ClaimSpace(std::size_t parameters)
      : sizes(unknowns(parameters)),
        point(unknowns(form::max_tuple + ir::max_rank)),
        tuple(unknowns(form::max_tuple)),
        later(unknowns(form::max_tuple)) {}

  static LinearTuple first(const LinearTuple& all, std::size_t n) {
    return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n)};
  }

  LinearTuple unknowns(std::size_t n) {
    LinearTuple all;
    for (std::size_t k = 0; k < n; ++k) all.push_back(Linear::unknown(terms.fresh()));
    return all;
  }

  /// Indices that may occur: larger ones, at which 64 bits might end, are not asked about.
  Case reasonable(const LinearTuple& indices) const {
    constexpr std::int64_t most = std::int64_t{1} << 40;
    Case all;
    for (const Linear& x : indices) {
      all.push_back(at_least(x, Linear::of(-most)));
      all.push_back(at_most(x, Linear::of(most)));
    }
    return all;
  }

  static int id(const Linear& unknown) { return unknown.terms[0].first; }
};

/// Write `write` of `writer` and read `read` of `reader` name one array.
struct CaseEdge {
  std::size_t writer = 0, write = 0, reader = 0, read = 0;
  int array = 0;

  int source() const { return form::source_tag(static_cast<int>(writer), static_cast<int>(write)); }
};

/// All pairs of accesses to one array.
class CaseFlow {
 public:
  /// `sizes` are those that the program allows.
  CaseFlow(const ir::Program& program, ClaimSpace& space, const LevelSearch& search,
           AllowedSizes sizes)
      : program_(program),
        space_(space),
        search_(search),
        words_(program, space.terms, space.sizes),
        sizes_(std::move(sizes)) {
    for (std::size_t w = 0; w < program.statements.size(); ++w)
      for (std::size_t r = 0; r < program.statements.size(); ++r) add_edges(w, r);
  }

  const std::vector<CaseEdge>& edges() const { return edges_; }
  const StatementCases& words() const { return words_; }

  /// The two nodes, which exist, name one tile, and the writer comes first. Where each tile is
  /// written once and before it is read, the order need not be asked for.
  Cases related(const CaseEdge& e, const LinearTuple& writer, const LinearTuple& reader) const {
    const Cases same{same_tile(e, writer, reader)};
    return is_once(e.array) ? same : both(same, words_.before(e.writer, writer, e.reader, reader));
  }

  /// The tile that a write names.
  LinearTuple written_tile(std::size_t line, std::size_t write, const LinearTuple& node) const {
    LinearTuple tile;
    for (const ir::Subscript& s : program_.statements[line].writes[write].subscripts)
      tile.push_back(words_.value(line, s.at, node));
    return tile;
  }

  /// Whether each tile of the array is written at most once, and before its reads. Throws Undecided
  /// if that stays open.
  bool is_once(int array) const {
    if (!once_.contains(array)) once_[array] = decided_once(array);
    const std::optional<bool>& once = once_[array];
    if (!once)
      throw Undecided{text({"it is not decided whether tiles of ",
                            program_.arrays[static_cast<std::size_t>(array)].name,
                            " are written once, before they are read"})};
    return *once;
  }

  /// Whether some node sees what another may have written. Throws Undecided if that stays open.
  bool happens(const CaseEdge& e) const {
    return search_.granted([&] {
      const LinearTuple w = tuple(e.writer), r = later(e.reader);
      return happens(both(nodes(e.writer, w, e.reader, r), related(e, w, r)));
    });
  }

  /// Cases in which a node of the other side of the edge, which is made of unknowns of its own, is
  /// related to `node`, a node of the reader if `is_reader`.
  Cases partners(const CaseEdge& e, const LinearTuple& node, bool is_reader) const {
    const std::size_t line = is_reader ? e.writer : e.reader;
    const LinearTuple other = later(line);
    return both(words_.domain(line, other),
                is_reader ? related(e, other, node) : related(e, node, other));
  }

  /// The same without those unknowns. The cases need not be all: where the equations do not give
  /// the other node, its indices are tried at the ends of their ranges.
  Cases has_partner(const CaseEdge& e, const LinearTuple& node, bool is_reader) const {
    return without(partners(e, node, is_reader), later(is_reader ? e.writer : e.reader));
  }

  /// Cases in which values for `unknowns` exist that meet one of `cases`; not always all of them.
  Cases without(const Cases& cases, const LinearTuple& unknowns) const {
    Cases all;
    std::vector<int> ids;
    for (const Linear& u : unknowns) ids.push_back(ClaimSpace::id(u));
    for (const Case& c : cases) eliminate(c, ids, all);
    return all;
  }

 private:
  void add_edges(std::size_t w, std::size_t r) {
    const std::vector<ir::Access>& writes = program_.statements[w].writes;
    const std::vector<ir::Access>& reads = program_.statements[r].reads;
    for (std::size_t a = 0; a < writes.size(); ++a)
      for (std::size_t b = 0; b < reads.size(); ++b)
        if (writes[a].array == reads[b].array && meet({w, a, r, b, writes[a].array}))
          edges_.push_back({w, a, r, b, writes[a].array});
  }

  LinearTuple tuple(std::size_t line) const {
    return ClaimSpace::first(space_.tuple, words_.depth(line));
  }
  LinearTuple later(std::size_t line) const {
    return ClaimSpace::first(space_.later, words_.depth(line));
  }

  Case same_tile(const CaseEdge& e, const LinearTuple& writer, const LinearTuple& reader) const {
    return words_.names(e.reader, program_.statements[e.reader].reads[e.read], reader,
                        written_tile(e.writer, e.write, writer));
  }

  Cases nodes(std::size_t a, const LinearTuple& x, std::size_t b, const LinearTuple& y) const {
    return both(words_.domain(a, x), words_.domain(b, y));
  }

  // Whether facts alone leave it open that the accesses name one tile.
  bool meet(const CaseEdge& e) const {
    const LinearTuple w = tuple(e.writer), r = later(e.reader);
    for (const Case& c : both(nodes(e.writer, w, e.reader, r), {same_tile(e, w, r)}))
      if (!impossible(c)) return true;
    return false;
  }

  bool impossible(const Case& c) const {
    try {
      return search_.granted([&] {
        Known known(space_.terms);
        known.add(sizes_.roughly);
        known.add(c);
        return search_.impossible_by_facts(known);
      });
    } catch (const Undecided&) {
      return false;
    }
  }

  // Nothing if that stays open.
  std::optional<bool> decided_once(int array) const {
    if (program_.arrays[static_cast<std::size_t>(array)].role == ir::ArrayRole::inout) return false;
    try {
      return search_.granted([&] { return written_once(array); }) &&
             search_.granted([&] { return read_afterwards(array); });
    } catch (const Undecided&) {
      return std::nullopt;
    }
  }

  // For some allowed sizes there is something that none of `expected` covers.
  bool happens(const Cases& cases, const Cases& expected = {}) const {
    const auto gap = [&](const Case& sizes) {
      return Cover(search_).gap(both({sizes}, cases), expected);
    };
    return smallest_among(sizes_, {}, gap).has_value();
  }

  bool written_once(int array) const {
    struct Write {
      std::size_t line, slot;
    };
    std::vector<Write> writes;
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].writes.size(); ++k)
        if (program_.statements[l].writes[k].array == array) writes.push_back({l, k});
    for (std::size_t p = 0; p < writes.size(); ++p)
      for (std::size_t q = 0; q <= p; ++q) {
        const auto& [a, write] = writes[p];
        const auto& [b, other] = writes[q];
        const LinearTuple x = tuple(a), y = later(b);
        const LinearTuple tile = written_tile(a, write, x), again = written_tile(b, other, y);
        Case same;
        for (std::size_t d = 0; d < tile.size(); ++d) same.push_back(equal(tile[d], again[d]));
        Cases pairs = both({same}, nodes(a, x, b, y));
        if (p == q) pairs = both(pairs, words_.before(a, x, b, y));
        if (happens(pairs)) return false;
      }
    return true;
  }

  bool read_afterwards(int array) const {
    return std::all_of(edges_.begin(), edges_.end(), [&](const CaseEdge& e) {
      if (e.array != array) return true;
      const LinearTuple w = tuple(e.writer), r = later(e.reader);
      return !happens(both({same_tile(e, w, r)}, nodes(e.writer, w, e.reader, r)),
                      words_.before(e.writer, w, e.reader, r));
    });
  }

  // One unknown after the other: by an equation, or at each of its bounds.
  void eliminate(const Case& c, const std::vector<int>& unknowns, Cases& found) const {
    std::vector<Linear> equations;
    Case others;
    for (const Constraint& one : c)
      if (one.equality && !has_remainder(one.value))
        equations.push_back(one.value);
      else
        others.push_back(one);
    Solution s = Solver(space_.terms, equations, unknowns).solve();
    others = space_.terms.replaced(std::move(others), s.values);
    others.insert(others.end(), s.rest.begin(), s.rest.end());
    if (s.open.empty()) {
      found.push_back(std::move(others));
      return;
    }
    const int unknown = s.open.front();
    std::size_t tried = 0;
    for (const Constraint& bound : others) {
      const std::int64_t k = bound.value.coefficient(unknown);
      if ((k != 1 && k != -1) || bound.equality || ++tried > 4) continue;
      Case at_bound = others;
      at_bound.push_back({bound.value, true});
      if (!space_.terms.involves(bound.value.plus(Linear::unknown(unknown), -k), unknown))
        eliminate(at_bound, s.open, found);
    }
  }

  bool has_remainder(const Linear& e) const {
    return std::any_of(e.terms.begin(), e.terms.end(), [&](const Linear::Term& t) {
      const FunctionTerm* f = space_.terms.function(t.first);
      return f != nullptr && f->kind == FunctionTerm::Kind::remainder;
    });
  }

  const ir::Program& program_;
  ClaimSpace& space_;
  const LevelSearch& search_;
  const StatementCases words_;
  const AllowedSizes sizes_;
  std::vector<CaseEdge> edges_;
  mutable std::map<int, std::optional<bool>> once_;  // by array
};

}  // namespace lambdapack::analysis
