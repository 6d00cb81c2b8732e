// Which colour each statement has: one for each kernel, in the order of the program.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/graph/node.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/report/detail/svg.hpp"

namespace lambdapack::report::detail {

/// The kernels of a program by name, each with its colour: `colour(slot(line))`.
class KernelColours {
 public:
  explicit KernelColours(const ir::Program& program) {
    for (const ir::Statement& s : program.statements) {
      const std::string& name = program.kernels[static_cast<std::size_t>(s.kernel)].name;
      const auto at = std::find(names_.begin(), names_.end(), name);
      slots_.push_back(static_cast<std::size_t>(at - names_.begin()));
      if (at == names_.end()) names_.push_back(name);
    }
  }

  const std::vector<std::string>& names() const { return names_; }
  std::size_t slot(int line) const { return slots_[static_cast<std::size_t>(line)]; }
  const std::string& name(int line) const { return names_[slot(line)]; }

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> slots_;
};

/// The heads of arrows in each kernel's colour: `marker-end: url(#a0)` for the first.
inline std::string arrow_heads(const KernelColours& kernels) {
  std::string s = "<defs>\n";
  for (std::size_t k = 0; k < kernels.names().size(); ++k)
    s += text({"<marker id=\"a", k,
               "\" viewBox=\"0 0 8 8\" refX=\"7.4\" refY=\"4\" markerWidth=\"7\" "
               "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0.8L8 4L0 7.2z\" fill=\"",
               colour(k).strong, "\"/></marker>\n"});
  return s + "</defs>\n";
}

/// "2,3,1".
inline std::string index_text(const Indices& indices) {
  std::string s;
  for (const std::int64_t x : indices) s += text({s.empty() ? "" : ",", x});
  return s;
}

/// "k,i,j": the loops around a statement.
inline std::string loop_text(const ir::Program& program, int line) {
  std::string s;
  for (const int loop :
       ir::loops_around(program, program.statements[static_cast<std::size_t>(line)].scope))
    s += text(
        {s.empty() ? "" : ",", ir::to_string(program, ir::Symbol{ir::Symbol::Kind::loop, loop})});
  return s;
}

/// "main.cpp:12"; empty where the line is not known.
inline std::string source_text(const ir::Program& program, int line) {
  return ir::where(program.statements[static_cast<std::size_t>(line)].location);
}

/// "cholesky: what" or "what" for a program without a name.
inline std::string headline(const ir::Program& program, std::string_view what) {
  return text({program.name, program.name.empty() ? "" : ": ", what});
}

}  // namespace lambdapack::report::detail
