// What the formulas of a task graph take.
#pragma once

#include <cstddef>

#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::detail {

/// Bytes of all the formulas, without names and sentences, and without what compiled functions
/// offer twice.
inline std::size_t formula_bytes(const form::ClosedForms& forms) {
  constexpr std::size_t entry = sizeof(form::Entry::offset);
  constexpr std::size_t candidates = sizeof(form::Candidates) - sizeof(form::Entry::native);
  std::size_t bytes = forms.code.size() * sizeof(form::Word);
  for (const form::StatementForms& s : forms.statements) {
    bytes += entry * (6 + 3 * s.outputs.size() + 2 * s.inputs.size()) +
             sizeof(form::ScalarForm) * s.scalars.size() +
             sizeof(form::LoopPosition) * s.loops.size();
    for (const form::Output& o : s.outputs) bytes += candidates * o.candidates.size();
    for (const form::Input& i : s.inputs) bytes += candidates * i.candidates.size();
  }
  for (const form::ArrayForms& a : forms.arrays)
    bytes += candidates * (a.first_readers.size() + a.last_writers.size());
  bytes += entry * (1 + 4 * forms.arrays.size() + forms.requirements.size());
  const auto add = [&](const form::CountForm& c) {
    for (const form::CountPiece& p : c.pieces) {
      bytes += entry + sizeof p.denominator;
      for (const form::Monomial& m : p.terms) bytes += sizeof m.coefficient + m.exponents.size();
    }
  };
  for (const form::CountForm& c : forms.counts) add(c);
  for (const form::EdgeFamily& e : forms.edges) {
    bytes += sizeof e.from + sizeof e.to;
    add(e.count);
  }
  return bytes;
}

}  // namespace lambdapack::detail
