// The sizes that the requirements of a program with powers and logarithms allow, and whether they
// are the right ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/case_flow.hpp"
#include "lambdapack/analysis/form_cases.hpp"
#include "lambdapack/analysis/sizes_text.hpp"

namespace lambdapack::analysis {

/// What the requirements among `forms` say.
class CaseSizes {
 public:
  CaseSizes(const ir::Program& program, ClaimSpace& space, const LevelSearch& search,
            const form::ClosedForms& forms)
      : program_(program), space_(space), search_(search), forms_(forms) {}

  /// The sizes that the forms allow.
  AllowedSizes allowed() const {
    AllowedSizes all{at_least_zero()};
    std::vector<Cases> choices;
    for (const form::Requirement& r : forms_.requirements) {
      Cases holds;
      for (const EmitCases& e :
           FormCases(space_.terms, space_.sizes).run(forms_.code, r.holds, {})) {
        if (!e.counters.empty()) throw NotDecompilable{"a requirement has loops"};
        holds.insert(holds.end(), e.when.begin(), e.when.end());
      }
      if (holds.size() == 1)
        all.roughly.insert(all.roughly.end(), holds[0].begin(), holds[0].end());
      else
        choices.push_back(std::move(holds));
    }
    for (const Cases& holds : choices) {
      all.exactly = both_apart(all.roughly, all.exactly, holds);
      all.is_exact = all.exactly.size() <= most_cases;
      if (!all.is_exact) break;
    }
    if (!all.is_exact) all.exactly = {{}};
    return all;
  }

  /// That for the sizes in `allowed` no access leaves its array, and no output stays incomplete.
  void suffice(const CaseFlow& flow, const AllowedSizes& allowed) const {
    for (const Violation& v : leaving(flow)) refuse(allowed, v.cases, {}, [](const Assignment&) {});
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) {
      const ir::Array& array = program_.arrays[a];
      if (array.role != ir::ArrayRole::out || array.unwritten) continue;
      const LinearTuple tile =
          ClaimSpace::first(space_.point, static_cast<std::size_t>(array.rank));
      const std::vector<Writer> writers = writers_of(flow, a, tile);
      const Cases inside{flow.words().inside(a, tile)};
      refuse(allowed, inside, written(flow, writers),
             [&](const Assignment& at) { is_unwritten(writers, tile, at); });
    }
  }

  /// That no sizes up to the largest one are refused for which the accesses stay inside their
  /// arrays.
  void are_needed(const CaseFlow& flow, const AllowedSizes& allowed) const {
    if (!allowed.is_exact) throw Undecided{"the requirements have too many cases"};
    Cases covered = both({allowed.roughly}, allowed.exactly);
    for (const Violation& v : leaving(flow)) {
      const Cases some = flow.without(v.cases, v.unknowns);
      covered.insert(covered.end(), some.begin(), some.end());
    }
    Case all = at_least_zero();
    for (const Linear& s : space_.sizes) all.push_back(at_most(s, Linear::of(largest_size)));
    if (Cover(search_).gap(all, covered)) throw Undecided{"more may be asked than is needed"};
  }

 private:
  // Nodes with a tile outside of its array.
  struct Violation {
    Cases cases;
    LinearTuple unknowns;
  };

  static constexpr std::size_t most_cases = 64;

  // One of the first and one of the second, but what facts show to be impossible, or no choice. As
  // a rule requirements are alike, and there would be very many of the former.
  Cases both_apart(const Case& known, const Cases& a, const Cases& b) const {
    Cases all;
    for (const Case& x : a) {
      const auto here = met(known, x);
      if (!here) continue;
      const auto is_plain = [&](const Case& y) {
        return std::all_of(y.begin(), y.end(),
                           [&](const Constraint& c) { return here->plainly(c); });
      };
      if (std::any_of(b.begin(), b.end(), is_plain)) {
        all.push_back(x);
        continue;
      }
      for (const Case& one : both({x}, b))
        if (met(known, one)) all.push_back(one);
    }
    return all;
  }

  // What is known of both, unless that is impossible.
  std::optional<Known> met(const Case& a, const Case& b) const {
    Known known(space_.terms);
    known.add(a);
    known.add(b);
    if (search_.impossible_by_facts(known)) return std::nullopt;
    return known;
  }

  Case at_least_zero() const {
    Case all;
    for (const Linear& s : space_.sizes) all.push_back(at_least(s, {}));
    return all;
  }

  std::vector<Violation> leaving(const CaseFlow& flow) const {
    std::vector<Violation> all;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (const ir::Access& a : s.writes) add_leaving(flow, l, a, all);
      for (const ir::Access& a : s.reads)
        if (!program_.arrays[static_cast<std::size_t>(a.array)].unwritten)
          add_leaving(flow, l, a, all);
    }
    return all;
  }

  void add_leaving(const CaseFlow& flow, std::size_t l, const ir::Access& access,
                   std::vector<Violation>& all) const {
    const auto array = static_cast<std::size_t>(access.array);
    if (program_.arrays[array].role == ir::ArrayRole::temp) return;
    const LinearTuple node = ClaimSpace::first(space_.tuple, flow.words().depth(l));
    const LinearTuple tile = ClaimSpace::first(space_.later, access.subscripts.size());
    Violation v{both(flow.words().domain(l, node), {flow.words().names(l, access, node, tile)}),
                node};
    v.unknowns.insert(v.unknowns.end(), tile.begin(), tile.end());
    Cases outside;
    for (const Constraint& c : flow.words().inside(array, tile)) outside.push_back(negated(c));
    v.cases = both(v.cases, outside);
    all.push_back(std::move(v));
  }

  // Nodes of one statement that write a tile.
  struct Writer {
    Cases cases;
    LinearTuple node;
  };

  std::vector<Writer> writers_of(const CaseFlow& flow, std::size_t array,
                                 const LinearTuple& tile) const {
    std::vector<Writer> all;
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].writes.size(); ++k) {
        if (program_.statements[l].writes[k].array != static_cast<int>(array)) continue;
        const LinearTuple node = ClaimSpace::first(space_.tuple, flow.words().depth(l));
        const LinearTuple written = flow.written_tile(l, k, node);
        Case same;
        for (std::size_t d = 0; d < tile.size(); ++d) same.push_back(equal(tile[d], written[d]));
        all.push_back({both({same}, flow.words().domain(l, node)), node});
      }
    return all;
  }

  // Cases in which one of them exists; not always all.
  static Cases written(const CaseFlow& flow, const std::vector<Writer>& writers) {
    Cases all;
    for (const Writer& w : writers) {
      const Cases some = flow.without(w.cases, w.node);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  // That the tile at this point is unwritten indeed.
  void is_unwritten(const std::vector<Writer>& writers, const LinearTuple& tile,
                    const Assignment& at) const {
    LinearTuple given = space_.sizes;
    given.insert(given.end(), tile.begin(), tile.end());
    for (const Writer& w : writers)
      for (const Case& c : both({exactly(given, at)}, w.cases)) {
        Known known(space_.terms);
        known.add(c);
        if (search_.find(std::move(known)))
          throw Undecided{"not all writers are found for all sizes at once"};
      }
  }

  // There are no such sizes that no case covers. `confirm` throws unless what is found counts.
  void refuse(const AllowedSizes& allowed, const Cases& bad, const Cases& cases,
              const std::function<void(const Assignment&)>& confirm) const {
    const auto found = smallest_among(allowed, space_.sizes, [&](const Case& sizes) {
      return Cover(search_).gap(both({sizes}, bad), cases);
    });
    if (!found) return;
    confirm(*found);
    std::vector<std::int64_t> sizes;
    for (const Linear& s : space_.sizes) sizes.push_back(value_at(s, *found));
    throw WrongForm{text({"the requirements allow sizes that the program does not: for ",
                          detail::sizes(program_, {sizes, {}})})};
  }

  const ir::Program& program_;
  ClaimSpace& space_;
  const LevelSearch& search_;
  const form::ClosedForms& forms_;
};

}  // namespace lambdapack::analysis
