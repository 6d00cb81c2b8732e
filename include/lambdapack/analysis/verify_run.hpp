// The body of `verify`.
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/claims.hpp"
#include "lambdapack/analysis/count_proof.hpp"
#include "lambdapack/analysis/counted.hpp"
#include "lambdapack/analysis/deciding.hpp"
#include "lambdapack/analysis/decompile.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/magnitude.hpp"
#include "lambdapack/analysis/proof.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/analysis/tree_verify.hpp"
#include "lambdapack/analysis/verify.hpp"

namespace lambdapack::analysis {

namespace detail {

/// The sizes for which every access stays inside its array.
inline isl::Set sizes_inside(const ir::Program& program, const Relations& r) {
  isl::Set sizes = r.context;
  const auto exclude = [&](const ir::Access& access, const isl::Map& map) {
    const isl::Set& box = r.boxes[static_cast<std::size_t>(access.array)];
    if (!box) return;
    isl_set* outside =
        isl_map_domain(isl_map_intersect_range(map.copy(), isl_set_complement(box.copy())));
    sizes = isl::Set(box.ctx(), isl_set_subtract(sizes.copy(), isl_set_params(outside)));
  };
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    for (std::size_t k = 0; k < s.reads.size(); ++k)
      if (!program.arrays[static_cast<std::size_t>(s.reads[k].array)].unwritten)
        exclude(s.reads[k], r.reads[l][k]);
    for (std::size_t k = 0; k < s.writes.size(); ++k) exclude(s.writes[k], r.writes[l][k]);
  }
  return {sizes.ctx(), isl_set_coalesce(sizes.copy())};
}

/// Of the sizes in `r.context`, those for which the program writes all of every output that has no
/// rule for unwritten tiles.
inline isl::Set sizes_filled(const ir::Program& program, const Relations& r) {
  isl::Set sizes = r.context;
  for (std::size_t a = 0; a < program.arrays.size(); ++a) {
    const ir::Array& array = program.arrays[a];
    if (array.role != ir::ArrayRole::out || array.unwritten) continue;
    isl_set* missing = isl_set_intersect_params(r.boxes[a].copy(), r.context.copy());
    for (std::size_t l = 0; l < program.statements.size(); ++l)
      for (std::size_t k = 0; k < r.writes[l].size(); ++k)
        if (program.statements[l].writes[k].array == static_cast<int>(a))
          missing = isl_set_subtract(missing, isl_map_range(r.writes[l][k].copy()));
    sizes = isl::Set(sizes.ctx(), isl_set_subtract(sizes.copy(), isl_set_params(missing)));
  }
  return {sizes.ctx(), isl_set_coalesce(sizes.copy())};
}

inline void agree(bool same, const std::string& what) {
  if (!same) throw internal_error(text({"the forms and their program differ in ", what}));
}

/// What forms say without code: how many there are, of what, and in which array.
inline void check_shape(const ir::Program& program, const form::ClosedForms& forms) {
  agree(forms.parameters.size() == program.parameters.size(), "the number of sizes");
  agree(forms.statements.size() == program.statements.size(), "the number of statements");
  agree(forms.counts.size() == program.statements.size(), "the number of counts");
  agree(forms.arrays.size() == program.arrays.size(), "the number of arrays");
  for (std::size_t a = 0; a < program.arrays.size(); ++a)
    agree(forms.arrays[a].rank == program.arrays[a].rank &&
              forms.arrays[a].extents == program.arrays[a].extents,
          text({"the shape of array ", program.arrays[a].name}));
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    const form::StatementForms& f = forms.statements[l];
    const std::string name = ClaimMaker::name(program, l);
    agree(f.depth == static_cast<int>(ir::loops_around(program, s.scope).size()),
          "the depth of " + name);
    for (const form::CountPiece& piece : forms.counts[l].pieces)
      for (const form::Monomial& m : piece.terms)
        agree(m.exponents.size() == program.parameters.size(), "the count of " + name);
    agree(f.outputs.size() == s.writes.size() && f.inputs.size() == s.reads.size() &&
              f.scalars.size() == s.scalars.size(),
          "the arguments of " + name);
    for (std::size_t k = 0; k < s.writes.size(); ++k)
      agree(f.outputs[k].array == s.writes[k].array, text({"output ", k, " of ", name}));
    for (std::size_t k = 0; k < s.reads.size(); ++k) {
      bool list = false;
      for (const ir::Subscript& x : s.reads[k].subscripts) list = list || x.run.has_value();
      agree(f.inputs[k].array == s.reads[k].array && f.inputs[k].list == list,
            text({"input ", k, " of ", name}));
    }
    for (std::size_t k = 0; k < s.scalars.size(); ++k) {
      std::complex<double> value = 0;
      if (const auto* x = std::get_if<double>(&s.scalars[k])) value = *x;
      if (const auto* x = std::get_if<std::complex<double>>(&s.scalars[k])) value = *x;
      agree(f.scalars[k].real == value.real() && f.scalars[k].imaginary == value.imag(),
            text({"scalar ", k, " of ", name}));
    }
  }
}

}  // namespace detail

/// Goes through all claims about one affine program, each with a budget of its own.
class Verifier {
 public:
  Verifier(const ir::Program& program, const form::ClosedForms& forms, const VerifyOptions& options)
      : program_(program), forms_(forms), ctx_(options.max_operations), deciding_(ctx_) {}

  Verification run() {
    std::vector<Claim> claims;
    if (!deciding_.decide("what the program says", [&] { claims = make_claims(); }))
      return deciding_.result;
    deciding_.decide("the requirements", [&] { requirements(); });
    deciding_.decide("the flow", [&] { flow_stays_inside(claims); });
    check_families();
    std::set<std::string> proved;
    for (const Claim& claim : claims)
      if (deciding_.decide(claim.form, [&] { prove(claim); })) proved.insert(claim.form);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      if (forms_.counts[l].known)
        prove_count(counted_nodes(program_, forms_, l), domains_[l], proved);
    for (const form::EdgeFamily& f : forms_.edges)
      if (f.count.known)
        prove_count(counted_edges(program_, forms_, f), families_.at({f.from, f.to}), proved);
    return deciding_.result;
  }

 private:
  std::vector<Claim> make_claims() {
    relations_ = relations(ctx_, program_);
    domains_ = relations_.domains;
    restrict_sizes(relations_, with_small_indices(program_, form::max_size,
                                                  detail::sizes_inside(program_, relations_)));
    ClaimMaker maker(ctx_, program_, relations_, flow(relations_), forms_);
    families_ = maker.edge_families();
    return maker.make();
  }

  // Together they ask for the sizes that keep every access inside its array and leave no output
  // incomplete, no more and no less.
  void requirements() {
    const isl::Set allowed = detail::sizes_filled(program_, relations_);
    isl_space* space = isl_set_get_space(relations_.context.get());
    isl::Set asked(ctx_.get(), isl_set_universe(space));
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      asked = isl::Set(ctx_.get(), isl_set_lower_bound_si(asked.copy(), isl_dim_param,
                                                          static_cast<unsigned>(p), 0));
    for (const form::Requirement& r : forms_.requirements) {
      isl::Set holds(ctx_.get(), isl_set_empty(isl_set_get_space(relations_.context.get())));
      for (const EmitSite& s : Decompiler(relations_.context, 0).run(forms_.code, r.holds))
        holds = isl::Set(ctx_.get(), isl_set_union(holds.copy(), isl_map_params(s.map.copy())));
      asked = isl::Set(ctx_.get(), isl_set_intersect(asked.copy(), holds.copy()));
    }
    same_sizes(asked, allowed, "allow sizes that the program does not");
    same_sizes(allowed, asked, "refuse sizes that the program allows");
  }

  void same_sizes(const isl::Set& these, const isl::Set& those, const char* otherwise) const {
    const isl::Set more(ctx_.get(), isl_set_subtract(these.copy(), those.copy()));
    if (isl::decide(ctx_.get(), isl_set_is_empty(more.get()))) return;
    const isl::Set points(ctx_.get(), isl_set_from_params(more.copy()));
    throw WrongForm{text({"the requirements ", otherwise, ": for ",
                          detail::sizes(program_, detail::small_example(points))})};
  }

  // Each pair of statements with edges is listed, in order, and no other.
  void check_families() const {
    std::vector<std::pair<int, int>> listed;
    for (const form::EdgeFamily& f : forms_.edges) listed.emplace_back(f.from, f.to);
    std::vector<std::pair<int, int>> there;
    for (const auto& [family, pairs] : families_) there.push_back(family);
    detail::agree(listed == there, "the families of edges");
  }

  // Every node that a claim about nodes names exists: with it, successors and predecessors, each
  // proved equal to the flow, are inverse to each other and stay in the graph.
  void flow_stays_inside(const std::vector<Claim>& claims) const {
    for (const Claim& claim : claims) {
      if (claim.emits != Claim::Emits::nodes) continue;
      for (const auto& [line, map] : claim.truth) {
        const isl::Set there = detail::plain(relations_.domains[static_cast<std::size_t>(line)]);
        isl_map* known = isl_map_intersect_domain(map.copy(), claim.known.copy());
        const isl::Set nodes(ctx_.get(), isl_map_range(known));
        if (!isl::decide(ctx_.get(), isl_set_is_subset(nodes.get(), there.get())))
          throw WrongForm{text({"the flow behind ", claim.form, " leaves the graph"})};
      }
    }
  }

  void prove(const Claim& claim) const {
    const auto point = static_cast<std::size_t>(isl_set_dim(claim.known.get(), isl_dim_set));
    Proof(program_, claim, Decompiler(relations_.context, point).run(forms_.code, claim.entry))
        .prove();
  }

  void prove_count(const Counted& counted, const isl::Set& points,
                   const std::set<std::string>& proved) {
    deciding_.decide(counted.form, [&] {
      counted.rests_on(proved);
      CountProof(program_, forms_, relations_.context, counted).prove(points);
    });
  }

  const ir::Program& program_;
  const form::ClosedForms& forms_;
  const isl::Context ctx_;
  Relations relations_;
  std::vector<isl::Set> domains_;  // for all sizes, allowed or not
  std::map<std::pair<int, int>, isl::Set> families_;
  Deciding deciding_;
};

LAMBDAPACK_API Verification verify(const ir::Program& program, const form::ClosedForms& forms,
                                   const VerifyOptions& options) {
  detail::check_shape(program, forms);
  return has_trees(program) ? TreeVerifier(program, forms, options).run()
                            : Verifier(program, forms, options).run();
}

}  // namespace lambdapack::analysis
