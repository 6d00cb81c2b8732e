// The unrolled task graph as JSON.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/report/graph_json.hpp"

namespace lambdapack::lpc {

std::string tasks(const Unit& unit, const Sizes& sizes) {
  const TaskGraph at = graph(unit, sizes);
  std::vector<NamedSize> named;
  for (std::size_t p = 0; p < unit.program.parameters.size(); ++p)
    named.emplace_back(unit.program.parameters[p].name, at.parameters()[p]);
  return graph_json(unit.program.name, named, at);
}

}  // namespace lambdapack::lpc
