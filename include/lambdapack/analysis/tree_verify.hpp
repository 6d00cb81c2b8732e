// Verification of forms with powers and logarithms, for all sizes that the program allows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/affine_points.hpp"
#include "lambdapack/analysis/affine_statements.hpp"
#include "lambdapack/analysis/case_proof.hpp"
#include "lambdapack/analysis/case_sizes.hpp"
#include "lambdapack/analysis/count_proof.hpp"
#include "lambdapack/analysis/counted.hpp"
#include "lambdapack/analysis/deciding.hpp"
#include "lambdapack/analysis/verification.hpp"

namespace lambdapack::analysis {

/// Goes through all claims about one program, each with a budget of its own.
class TreeVerifier {
 public:
  TreeVerifier(const ir::Program& program, const form::ClosedForms& forms,
               const VerifyOptions& options)
      : program_(program),
        forms_(forms),
        ctx_(options.max_operations),
        deciding_(ctx_),
        space_(program.parameters.size()),
        search_(ctx_.get(), space_.terms, options.max_operations / 1000),
        sizes_(program, space_, search_, forms) {}

  Verification run() {
    if (!decide("what the program says", [&] { make_claims(); })) return deciding_.result;
    decide("the requirements", [&] { sizes_.suffice(*flow_, allowed_); });
    decide("the need for the requirements", [&] { sizes_.are_needed(*flow_, allowed_); });
    std::set<std::string> proved;
    for (const CaseClaim& c : claims_)
      if (decide(c.form, [&] { prove(c, allowed_); }))
        proved.insert(c.form);
      else
        prove_for_small_sizes(c);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      if (forms_.counts[l].known) prove_nodes(l, proved);
    for (const form::EdgeFamily& f : forms_.edges)
      if (f.count.known)
        prove_count(
            counted_edges(program_, forms_, f), proved, [&] { return affine_sizes(); },
            [&] { return pairs(f); });
    return std::move(deciding_.result);
  }

 private:
  template <class F>
  bool decide(const std::string& what, F&& proof) {
    search_.grant();
    return deciding_.decide(what, proof);
  }

  void make_claims() {
    allowed_ = sizes_.allowed();
    flow_.emplace(program_, space_, search_, allowed_);
    CaseClaimMaker maker(program_, space_, *flow_, forms_);
    claims_ = maker.make();
    deciding_.result.not_proved = maker.not_claimed();
  }

  void prove(const CaseClaim& claim, const AllowedSizes& sizes) {
    CaseProof(program_, space_, *flow_, search_, sizes, claim).prove(forms_.code);
  }

  void prove_nodes(std::size_t line, const std::set<std::string>& proved) {
    if (!runs_affinely(program_, line))
      throw internal_error(text({"the form count of ", ClaimMaker::name(program_, line),
                                 " is for a statement that is not affine"}));
    prove_count(
        counted_nodes(program_, forms_, line), proved, [&] { return all_sizes(ctx_, program_); },
        [&] { return affine_domain(ctx_, program_, line); });
  }

  template <class Sizes, class Points>
  void prove_count(const Counted& counted, const std::set<std::string>& proved, Sizes&& sizes,
                   Points&& points) {
    decide(counted.form, [&] {
      counted.rests_on(proved);
      CountProof(program_, forms_, sizes(), counted).prove(points());
    });
  }

  // The sizes that are allowed, for which alone a number of edges holds, and, where functions
  // matter to that, others.
  isl::Set affine_sizes() const {
    Case affine;
    for (const Constraint& c : allowed_.roughly)
      if (std::all_of(c.value.terms.begin(), c.value.terms.end(), [&](const Linear::Term& t) {
            return space_.terms.function(t.first) == nullptr;
          }))
        affine.push_back(c);
    const isl::Set sizes = affine_points(all_sizes(ctx_, program_), space_.sizes, {}, {affine});
    return {ctx_.get(), isl_set_params(sizes.copy())};
  }

  // The pairs of nodes of a family, as the claim about the predecessors of its readers has them.
  isl::Set pairs(const form::EdgeFamily& family) const {
    const std::string form =
        "predecessors of " + ClaimMaker::name(program_, static_cast<std::size_t>(family.to));
    const auto claim = std::find_if(claims_.begin(), claims_.end(),
                                    [&](const CaseClaim& c) { return c.form == form; });
    if (claim == claims_.end() || !claim->truth.contains(family.from))
      throw NotDecompilable{"no claim says which edges there are"};
    const EmittedCases& writers = claim->truth.at(family.from);
    LinearTuple nodes = ClaimSpace::first(space_.point, claim->point);
    const LinearTuple writer = ClaimSpace::first(space_.tuple, writers.values);
    nodes.insert(nodes.end(), writer.begin(), writer.end());
    return affine_points(all_sizes(ctx_, program_), space_.sizes, nodes,
                         both(claim->known, writers.cases));
  }

  // A claim that is not decided for all sizes may be for few levels.
  void prove_for_small_sizes(const CaseClaim& claim) {
    constexpr std::int64_t largest = 64;
    AllowedSizes small = allowed_;
    for (const Linear& s : space_.sizes) small.roughly.push_back(at_most(s, Linear::of(largest)));
    Verification& result = deciding_.result;
    const std::size_t open = result.not_proved.size();
    const int proved = result.proved;
    const bool holds = decide(claim.form, [&] { prove(claim, small); });
    result.proved = proved;
    result.not_proved.resize(open);
    if (holds) result.not_proved.back() += text({"; it is proved for sizes up to ", largest});
  }

  const ir::Program& program_;
  const form::ClosedForms& forms_;
  const isl::Context ctx_;
  Deciding deciding_;
  ClaimSpace space_;
  LevelSearch search_;
  const CaseSizes sizes_;
  AllowedSizes allowed_;
  std::optional<CaseFlow> flow_;
  std::vector<CaseClaim> claims_;
};

}  // namespace lambdapack::analysis
