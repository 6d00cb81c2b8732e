// Powers next to logarithms: where the exponent lies beside the logarithm, the power lies beside
// the logarithm's argument.
//
// base^e < x where e < log_ceil(x), and base^e <= x where e <= log_floor(x), and so on. It holds
// for all sizes at once, and so makes conditions on sizes of a few affine pieces where the levels
// of a power would make dozens. It is no part of a lifted domain: each pair of functions has five
// cases, and most questions are answered without.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/lifted.hpp"

namespace lambdapack::analysis {

/// Writes what is true of a statement's powers next to its logarithms.
class PowerOrder {
 public:
  PowerOrder(const ir::Program& program, const LiftedText& words)
      : program_(program), words_(words) {}

  /// One condition in isl's notation over the tuple of statement `line` for each of its powers and
  /// each logarithm of the same base.
  std::vector<std::string> of_statement(std::size_t line) const {
    const std::vector<int> known = known_functions(line);
    const std::vector<int> loops = ir::loops_around(program_, program_.statements[line].scope);
    std::vector<std::string> all;
    for (int p = 0; p < static_cast<int>(program_.functions.size()); ++p) {
      const ir::Function& power = function(p);
      if (power.kind != ir::Function::Kind::power || !contains(known, scaled(program_, p).id))
        continue;
      for (const int l : known)
        if (function(l).base == power.base && is_logarithm(function(l)))
          all.push_back(condition(p, l, loops));
    }
    return all;
  }

 private:
  struct Pair {
    std::string exponent, power, logarithm, argument;
    std::int64_t base;
    bool is_bounded;  // the argument is below where powers are cut off
  };

  const ir::Function& function(int f) const {
    return program_.functions[static_cast<std::size_t>(f)];
  }

  static bool is_logarithm(const ir::Function& f) {
    return f.kind == ir::Function::Kind::log_ceil || f.kind == ir::Function::Kind::log_floor;
  }

  static bool contains(const std::vector<int>& all, int f) {
    return std::find(all.begin(), all.end(), f) != all.end();
  }

  // Those of sizes, and those in the statement's tuple.
  std::vector<int> known_functions(std::size_t line) const {
    std::vector<int> all = words_.parameter_functions();
    for (const int f : words_.functions_of(line)) all.push_back(f);
    return all;
  }

  std::string condition(int power, int logarithm, const std::vector<int>& loops) const {
    const auto value = [&](int f) {
      return words_.expr({0, {{1, {ir::Symbol::Kind::function, f}}}}, loops);
    };
    const ir::Function& log = function(logarithm);
    const auto most = words_.largest_argument(log);
    const Pair pair{words_.expr(function(power).argument, loops),
                    value(power),
                    value(logarithm),
                    words_.expr(log.argument, loops),
                    log.base,
                    most && *most < form::max_power / log.base};
    return log.kind == ir::Function::Kind::log_ceil ? beside_ceil(pair) : beside_floor(pair);
  }

  // Powers of large exponents are cut off, and so are at least the argument only if that is small.
  static std::string if_bounded(const Pair& p, const std::string& fact) {
    return p.is_bounded ? " and " + fact : "";
  }

  static std::string beside_ceil(const Pair& p) {
    const auto& [e, f, g, x, b, bounded] = p;
    const std::string bf = text({b, " * ", f}), bx = text({b, " * ", x});
    return text({"(",
                 e,
                 " < 0 or (0 <= ",
                 e,
                 " <= ",
                 g,
                 " - 2 and ",
                 bf,
                 " < ",
                 x,
                 ") or (0 <= ",
                 e,
                 " and ",
                 e,
                 " = ",
                 g,
                 " - 1 and ",
                 f,
                 " < ",
                 x,
                 if_bounded(p, x + " <= " + bf),
                 ") or (1 <= ",
                 e,
                 " and ",
                 e,
                 " = ",
                 g,
                 " and ",
                 f,
                 " <= ",
                 bx,
                 " - ",
                 b,
                 if_bounded(p, x + " <= " + f),
                 ") or (",
                 e,
                 " >= ",
                 g,
                 " and (",
                 e,
                 " > ",
                 g,
                 " or ",
                 g,
                 " = 0)",
                 if_bounded(p, x + " <= " + f),
                 "))"});
  }

  static std::string beside_floor(const Pair& p) {
    const auto& [e, f, g, x, b, bounded] = p;
    const std::string bf = text({b, " * ", f});
    return text({"(",
                 e,
                 " < 0 or ",
                 x,
                 " < 1 or (0 <= ",
                 e,
                 " < ",
                 g,
                 " and ",
                 bf,
                 " <= ",
                 x,
                 ") or (0 <= ",
                 e,
                 " and ",
                 e,
                 " = ",
                 g,
                 " and ",
                 f,
                 " <= ",
                 x,
                 if_bounded(p, x + " < " + bf),
                 ") or (",
                 e,
                 " > ",
                 g,
                 if_bounded(p, x + " < " + f),
                 "))"});
  }

  const ir::Program& program_;
  const LiftedText& words_;
};

/// Nodes of statement `line`, or what has their tuple as its domain, with these facts.
inline isl::Set with_power_order(const ir::Program& program, std::size_t line,
                                 const LiftedStatement& statement, const isl::Set& nodes) {
  const LiftedText words(program);
  const std::string node = words.node(line, statement.dims);
  isl::Set all = nodes;
  for (const std::string& fact : PowerOrder(program, words).of_statement(line)) {
    isl_set* holds = isl_set_read_from_str(
        all.ctx(), text({words.parameters(), "{ ", node, " : ", fact, " }"}).c_str());
    all = isl::Set(all.ctx(), isl_set_coalesce(isl_set_intersect(all.copy(), holds)));
  }
  return all;
}

}  // namespace lambdapack::analysis
