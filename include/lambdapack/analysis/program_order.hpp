// Where a program's loops stand in its text: what tells which of two nodes comes first. It says
// the same as the schedule in relations.hpp, without isl.
#pragma once

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// The loops around statement `line` from the outermost in.
inline std::vector<form::LoopPosition> loop_positions(const ir::Program& program,
                                                      std::size_t line) {
  const auto around = [&](std::size_t l) {
    return ir::loops_around(program, program.statements[l].scope);
  };
  std::vector<form::LoopPosition> positions;
  for (const int loop : around(line)) {
    std::size_t first = 0;
    for (bool inside = false; !inside;) {
      const std::vector<int> loops = around(first);
      inside = std::find(loops.begin(), loops.end(), loop) != loops.end();
      if (!inside) ++first;
    }
    const auto& scope = program.scopes[static_cast<std::size_t>(loop)];
    positions.push_back(
        {static_cast<int>(first), ir::goes_down(std::get<ir::Loop>(scope.what).step)});
  }
  return positions;
}

}  // namespace lambdapack::analysis
