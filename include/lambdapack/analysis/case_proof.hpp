// Proves one claim about a form of a program with powers and logarithms for all sizes and points,
// or says where it fails.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/case_claims.hpp"
#include "lambdapack/analysis/claim_text.hpp"
#include "lambdapack/analysis/form_cases.hpp"
#include "lambdapack/analysis/sizes_text.hpp"

namespace lambdapack::analysis {

/// One claim against what its forms emit. A form that fails is a WrongForm.
class CaseProof {
 public:
  CaseProof(const ir::Program& program, ClaimSpace& space, const CaseFlow& flow,
            const LevelSearch& search, const AllowedSizes& sizes, const CaseClaim& claim)
      : program_(program),
        space_(space),
        flow_(flow),
        search_(search),
        cover_(search),
        sizes_(sizes),
        claim_(claim),
        point_(ClaimSpace::first(space.point, claim.point)) {}

  /// That the forms emit what they ought to, nothing else, nothing twice, and in their order.
  void prove(const std::vector<form::Word>& code) {
    FormCases run(space_.terms, space_.sizes);
    for (const form::Entry e : claim_.entries)
      for (EmitCases& c : run.run(code, e, point_)) sites_.push_back(solved(std::move(c)));
    for (const auto& [tag, truth] : claim_.truth) leaves_nothing_out(tag, truth);
    for (const Site& s : sites_) emits_with_cause(s);
    for (std::size_t a = 0; a < sites_.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) emits_nothing_twice(sites_[a], sites_[b]);
    if (claim_.order == CaseClaim::Order::none) return;
    for (const Site& a : sites_)
      for (const Site& b : sites_) emits_in_order(a, b);
  }

 private:
  // An emit whose loop counters are told by the tuple: it emits nothing twice.
  struct Site {
    EmitCases emit;
    Cases cases;           // over sizes, point and tuple
    LinearTuple counters;  // the same
  };

  using Question = std::function<std::optional<Assignment>(const Case& sizes)>;

  Site solved(EmitCases emit) {
    const LinearTuple tuple = ClaimSpace::first(space_.tuple, emit.tuple.size());
    std::vector<Linear> equations;
    for (std::size_t k = 0; k < tuple.size(); ++k)
      equations.push_back(emit.tuple[k].minus(tuple[k]));
    Solution s = Solver(space_.terms, equations, emit.counters).solve();
    if (!s.open.empty())
      throw NotDecompilable{"what it emits does not say in which iteration of its loops"};
    Site site{std::move(emit), {}, {}};
    site.cases = both({s.rest}, space_.terms.replaced(site.emit.when, s.values));
    for (const int c : site.emit.counters) site.counters.push_back(s.values.at(c));
    return site;
  }

  void emits_with_cause(const Site& site) {
    const auto& tags = claim_.at_least ? claim_.allowed : claim_.truth;
    const auto found = tags.find(site.emit.tag);
    const bool fits = found != tags.end() && found->second.values == site.emit.tuple.size();
    const Cases emitted = both(claim_.known, site.cases);
    const char* how = found != tags.end() && !fits ? "emits, with too many or too few values,"
                                                   : "emits without cause";
    none(site.emit.tag, site.emit.tuple.size(), how, [&](const Case& sizes) {
      return cover_.gap(both({sizes}, emitted), fits ? found->second.cases : Cases{});
    });
    if (claim_.forbidden.empty()) return;
    none(site.emit.tag, site.emit.tuple.size(), how,
         [&](const Case& sizes) { return any(both({sizes}, both(emitted, claim_.forbidden))); });
  }

  void leaves_nothing_out(int tag, const EmittedCases& truth) {
    Cases emitted = claim_.excused;
    for (const Site& s : sites_)
      if (s.emit.tag == tag && s.emit.tuple.size() == truth.values)
        emitted.insert(emitted.end(), s.cases.begin(), s.cases.end());
    const auto found = smallest([&](const Case& sizes) {
      return cover_.gap(both({sizes}, both(claim_.known, truth.cases)), emitted);
    });
    if (!found) return;
    has_no_partner(*found, truth.values);
    fail(tag, truth.values, "leaves out", *found);
  }

  // That what is left out is not excused after all: the search for partners does not find all.
  void has_no_partner(const Assignment& at, std::size_t n) const {
    if (claim_.partners.empty()) return;
    LinearTuple given = space_.sizes;
    const LinearTuple tuple = ClaimSpace::first(space_.tuple, n);
    given.insert(given.end(), tuple.begin(), tuple.end());
    if (any(both({exactly(given, at)}, claim_.partners)))
      throw Undecided{"not all partners are found for all sizes at once"};
  }

  void emits_nothing_twice(const Site& a, const Site& b) {
    if (a.emit.tag != b.emit.tag || a.emit.tuple.size() != b.emit.tuple.size()) return;
    none(a.emit.tag, a.emit.tuple.size(), "emits twice", [&](const Case& sizes) {
      return any(both({sizes}, both(claim_.known, both(a.cases, b.cases))));
    });
  }

  // What a emits before b is due before it.
  void emits_in_order(const Site& a, const Site& b) {
    const LinearTuple x = ClaimSpace::first(space_.tuple, a.emit.tuple.size()),
                      y = ClaimSpace::first(space_.later, b.emit.tuple.size());
    Terms::Replacement later;
    for (std::size_t k = 0; k < y.size(); ++k) later[ClaimSpace::id(space_.tuple[k])] = y[k];
    LinearTuple counters;
    for (const Linear& c : b.counters) counters.push_back(space_.terms.replaced(c, later));
    const Cases first = emitted_before(a, b, counters);
    if (first.empty()) return;
    const Cases pairs =
        both(both(claim_.known, a.cases), both(space_.terms.replaced(b.cases, later), first));
    const Cases due = due_before(a.emit.tag, x, b.emit.tag, y);
    const auto found =
        smallest([&](const Case& sizes) { return cover_.gap(both({sizes}, pairs), due); });
    if (found)
      throw WrongForm{
          text({"the form ", claim_.form, " emits in the wrong order: for ",
                detail::sizes(program_, {values(space_.sizes, *found), {}}),
                words().where(values(point_, *found)), words_between(a, x, b, y, *found)})};
  }

  std::string words_between(const Site& a, const LinearTuple& x, const Site& b,
                            const LinearTuple& y, const Assignment& at) const {
    return text({", ", words().what(a.emit.tag, values(x, at)), " before ",
                 words().what(b.emit.tag, values(y, at))});
  }

  // `counters` are those of b.
  static Cases emitted_before(const Site& a, const Site& b, const LinearTuple& counters) {
    const std::vector<int>&p = a.emit.positions, &q = b.emit.positions;
    Cases all;
    Case same;
    std::size_t d = 0;
    for (; d < a.counters.size() && d < counters.size() && p[d] == q[d]; ++d) {
      all.push_back(same);
      all.back().push_back(below(a.counters[d], counters[d]));
      same.push_back(equal(a.counters[d], counters[d]));
    }
    if (p[d] < q[d]) all.push_back(same);
    return all;
  }

  Cases due_before(int tag, const LinearTuple& x, int other, const LinearTuple& y) const {
    if (claim_.order == CaseClaim::Order::program)
      return flow_.words().before(static_cast<std::size_t>(tag), x, static_cast<std::size_t>(other),
                                  y);
    // Tiles of a run are due as its subscripts go, the first one slowest.
    Cases all;
    Case same;
    for (std::size_t d = 0; d < x.size(); ++d) {
      const auto& run = claim_.access->subscripts[d].run;
      all.push_back(same);
      all.back().push_back(run && ir::goes_down(run->step) ? below(y[d], x[d]) : below(x[d], y[d]));
      same.push_back(equal(x[d], y[d]));
    }
    return all;
  }

  std::optional<Assignment> any(const Cases& cases) const {
    for (const Case& c : cases) {
      Known known(space_.terms);
      known.add(c);
      if (auto found = search_.find(std::move(known))) return found;
    }
    return std::nullopt;
  }

  // Throws unless the question has no answer; `how` is what the form does with the tuple.
  void none(int tag, std::size_t n, const char* how, const Question& question) const {
    if (const auto found = smallest(question)) fail(tag, n, how, *found);
  }

  [[noreturn]] void fail(int tag, std::size_t n, const char* how, const Assignment& at) const {
    const LinearTuple tuple = ClaimSpace::first(space_.tuple, n);
    throw WrongForm{
        text({"the form ", claim_.form, " ", how, " ", words().what(tag, values(tuple, at)),
              ": for ", detail::sizes(program_, {values(space_.sizes, at), {}}),
              words().where(values(point_, at))})};
  }

  std::optional<Assignment> smallest(const Question& question) const {
    return smallest_among(sizes_, space_.sizes, question);
  }

  ClaimText words() const { return {program_, claim_.emits, claim_.line}; }

  static std::vector<std::int64_t> values(const LinearTuple& tuple, const Assignment& at) {
    std::vector<std::int64_t> all;
    for (const Linear& e : tuple) all.push_back(value_at(e, at));
    return all;
  }

  const ir::Program& program_;
  ClaimSpace& space_;
  const CaseFlow& flow_;
  const LevelSearch& search_;
  const Cover cover_;
  const AllowedSizes& sizes_;
  const CaseClaim& claim_;
  const LinearTuple point_;
  std::vector<Site> sites_;
};

}  // namespace lambdapack::analysis
