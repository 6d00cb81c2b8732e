// The unrolled task graph as JSON.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/report/graph_json.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

constexpr std::int64_t most_listed = 10'000'000;

}  // namespace

std::string tasks(const Unit& unit, const Sizes& sizes) {
  const TaskGraph at = graph(unit, sizes);
  if (at.size() > most_listed)
    throw input_error(text({"lpc: at these sizes ", unit.program.name, " has ", at.size(),
                            " tasks, and --emit=tasks writes at most ", most_listed,
                            "; choose smaller ones, or ask about single tasks with --successors"}));
  std::vector<NamedSize> named;
  for (std::size_t p = 0; p < unit.program.parameters.size(); ++p)
    named.emplace_back(unit.program.parameters[p].name, at.parameters()[p]);
  return graph_json(unit.program.name, named, at);
}

}  // namespace lambdapack::lpc
