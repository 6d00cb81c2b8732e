// How a claim about a form speaks of what is emitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/claims.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

namespace detail {

inline std::string tuple(const std::vector<std::int64_t>& values) {
  std::string all = "(";
  for (std::size_t k = 0; k < values.size(); ++k) all += text({k > 0 ? ", " : "", values[k]});
  return all + ")";
}

}  // namespace detail

/// Names tuples and points.
class ClaimText {
 public:
  ClaimText(const ir::Program& program, Claim::Emits emits, int line)
      : program_(program), emits_(emits), line_(line) {}

  /// "the node syrk[k=0,i=2,j=1]"; what has no better name is a tuple with its tag.
  std::string what(int tag, const std::vector<std::int64_t>& values) const {
    const std::string plain = text({" (", detail::tuple(values), " with tag ", tag, ")"});
    switch (emits_) {
      case Claim::Emits::answers:
        return values.empty() && tag == 0 ? "its yes" : "an answer" + plain;
      case Claim::Emits::nodes:
        return text({"the node ", node(tag, values), plain});
      case Claim::Emits::values:
        return tag < 0 ? text({"the initial tile ", detail::tuple(values), plain})
                       : text({"output ", form::source_slot(tag), " of ",
                               node(form::source_line(tag), values), plain});
      case Claim::Emits::tiles:
        break;
    }
    return "the tuple" + plain;
  }

  /// " at syrk[k=0,i=2,j=1]", or nothing where there is no point.
  std::string where(const std::vector<std::int64_t>& point) const {
    if (point.empty()) return "";
    return " at " + (line_ >= 0 ? node(line_, point) : detail::tuple(point));
  }

 private:
  std::string node(int line, const std::vector<std::int64_t>& indices) const {
    const auto l = static_cast<std::size_t>(line);
    const bool exists =
        line >= 0 && l < program_.statements.size() &&
        ir::loops_around(program_, program_.statements[l].scope).size() == indices.size();
    return exists ? ir::node_name(program_, line, indices) : detail::tuple(indices);
  }

  const ir::Program& program_;
  Claim::Emits emits_;
  int line_;
};

}  // namespace lambdapack::analysis
