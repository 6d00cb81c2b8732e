// What the tables of closed forms take over from their program.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <variant>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::form::detail {

inline bool is_list(const ir::Access& access) {
  return std::any_of(access.subscripts.begin(), access.subscripts.end(),
                     [](const ir::Subscript& s) { return s.run.has_value(); });
}

/// The numbers of loops, slots and indices of one valid program.
class ProgramShape {
 public:
  explicit ProgramShape(const ir::Program& program) : program_(program) {
    std::map<int, int> first_lines;
    for (std::size_t l = 0; l < program.statements.size(); ++l) {
      loops_.emplace_back();
      for (const int loop : ir::loops_around(program, program.statements[l].scope)) {
        const auto& what = program.scopes[static_cast<std::size_t>(loop)].what;
        const int first = first_lines.try_emplace(loop, static_cast<int>(l)).first->second;
        loops_[l].push_back({first, ir::goes_down(std::get<ir::Loop>(what).step)});
      }
    }
  }

  bool is_line(int line) const {
    return line >= 0 && static_cast<std::size_t>(line) < loops_.size();
  }
  const std::vector<LoopPosition>& loops(int line) const {
    return loops_[static_cast<std::size_t>(line)];
  }
  int depth(int line) const { return static_cast<int>(loops(line).size()); }
  int rank(int array) const { return program_.arrays[static_cast<std::size_t>(array)].rank; }

  /// Whether statement `line` has this input, or output, and it is of the array.
  bool is_input_of(int line, int slot, int array) const {
    return is_line(line) && is_slot_of(statement(line).reads, slot, array);
  }
  bool is_output_of(int line, int slot, int array) const {
    return is_line(line) && is_slot_of(statement(line).writes, slot, array);
  }

 private:
  const ir::Statement& statement(int line) const {
    return program_.statements[static_cast<std::size_t>(line)];
  }
  static bool is_slot_of(const std::vector<ir::Access>& accesses, int slot, int array) {
    return static_cast<std::size_t>(slot) < accesses.size() &&
           accesses[static_cast<std::size_t>(slot)].array == array;
  }

  const ir::Program& program_;
  std::vector<std::vector<LoopPosition>> loops_;
};

}  // namespace lambdapack::form::detail
