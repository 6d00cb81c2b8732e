// What formulas count: the nodes of a statement, and the edges between the nodes of two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "lambdapack/analysis/claims.hpp"
#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/code.hpp"

namespace lambdapack::analysis {

/// A formula, and how to count without it.
struct Counted {
  std::string form;              ///< the formula's name in messages
  const char* things = nullptr;  ///< what they are
  const form::CountForm& formula;
  std::vector<std::string> forms;  ///< which `number` believes
  std::function<std::int64_t(const std::vector<std::int64_t>& sizes)> number;

  /// Throws NotDecompilable unless all that `number` believes is proved.
  void rests_on(const std::set<std::string>& proved) const {
    for (const std::string& form : forms)
      if (!proved.contains(form)) throw NotDecompilable{"the " + form + " are not proved"};
  }
};

/// The nodes of a statement, by its `instances`.
inline Counted counted_nodes(const ir::Program& program, const form::ClosedForms& forms,
                             std::size_t line) {
  const std::string name = ClaimMaker::name(program, line);
  const auto number = [&forms, line](const std::vector<std::int64_t>& sizes) {
    return form::Cursor(forms.code.data(), forms.statements[line].instances, sizes).count();
  };
  return {"count of " + name, "nodes", forms.counts[line], {"instances of " + name}, number};
}

/// The edges of a family, by the `instances` of its readers and their `predecessors`.
inline Counted counted_edges(const ir::Program& program, const form::ClosedForms& forms,
                             const form::EdgeFamily& family) {
  const auto number = [&forms, &family](const std::vector<std::int64_t>& sizes) {
    const form::StatementForms& reader = forms.statements[static_cast<std::size_t>(family.to)];
    form::Cursor readers(forms.code.data(), reader.instances, sizes);
    int tag, size;
    std::int64_t node[form::max_tuple], other[form::max_tuple];
    std::int64_t edges = 0;
    while (readers.next(tag, size, node)) {
      form::Cursor writers(forms.code.data(), reader.predecessors, sizes,
                           {node, static_cast<std::size_t>(size)});
      while (writers.next(tag, size, other)) edges += tag == family.from ? 1 : 0;
    }
    return edges;
  };
  const std::string from = ClaimMaker::name(program, static_cast<std::size_t>(family.from)),
                    to = ClaimMaker::name(program, static_cast<std::size_t>(family.to));
  return {text({"count of edges from ", from, " to ", to}),
          "edges",
          family.count,
          {"instances of " + to, "predecessors of " + to},
          number};
}

}  // namespace lambdapack::analysis
