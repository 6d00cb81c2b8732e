// How large indices can become, for they are computed with 64 bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/lifted.hpp"
#include "lambdapack/analysis/sizes_text.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/ir/expressions.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::analysis {

/// Bounds the values of a program's index expressions by multiples of its largest size.
class Magnitude {
 public:
  explicit Magnitude(const ir::Program& program) : program_(program) {}

  /// No index expression, bound or part of a condition exceeds this many times the largest size
  /// (or 1, if that is larger); powers count as their largest value over `largest_size`.
  double factor() const {
    double most = 1;
    ir::for_each_expr(program_, [&](const ir::Expr& e) { most = std::max(most, of(e)); });
    return most;
  }

 private:
  double of(const ir::Expr& e) const {
    double sum = static_cast<double>(std::abs(e.constant));
    for (const ir::Term& t : e.terms)
      sum += static_cast<double>(std::abs(t.coefficient)) * of(t.symbol);
    return sum;
  }

  double of(const ir::Symbol& s) const {
    if (s.kind == ir::Symbol::Kind::parameter) return 1;
    const auto id = static_cast<std::size_t>(s.id);
    if (s.kind == ir::Symbol::Kind::loop) {
      const auto& loop = std::get<ir::Loop>(program_.scopes[id].what);
      return std::max(of(loop.lower), of(loop.upper));
    }
    const ir::Function& f = program_.functions[id];
    switch (f.kind) {
      case ir::Function::Kind::quotient:
        return of(f.argument) / static_cast<double>(f.base) + 1;
      case ir::Function::Kind::remainder:
        return static_cast<double>(f.base);
      case ir::Function::Kind::power:
        return static_cast<double>(form::max_power) / static_cast<double>(largest_size);
      case ir::Function::Kind::log_floor:
      case ir::Function::Kind::log_ceil:
        break;
    }
    return 64;
  }

  const ir::Program& program_;
};

/// The largest size, no larger than `most`, at which all indices fit into 64 bits, with some room
/// for sums of indices.
inline std::int64_t largest_size_of_indices(const ir::Program& program, std::int64_t most) {
  constexpr double room = static_cast<double>(std::int64_t{1} << 60);
  const double limit = room / Magnitude(program).factor();
  if (limit >= static_cast<double>(most)) return most;
  // Constants of forms have 32 bits.
  constexpr std::int64_t largest_constant = std::numeric_limits<std::int32_t>::max();
  return std::min(largest_constant, static_cast<std::int64_t>(limit));
}

/// Those of the sizes, of which none exceeds `most`, at which all indices fit into 64 bits.
inline isl::Set with_small_indices(const ir::Program& program, std::int64_t most,
                                   const isl::Set& sizes) {
  const std::int64_t largest = largest_size_of_indices(program, most);
  if (largest == most) return sizes;
  isl_set* small = sizes.copy();
  for (unsigned p = 0; p < program.parameters.size(); ++p)
    small =
        isl_set_upper_bound_val(small, isl_dim_param, p, isl_val_int_from_si(sizes.ctx(), largest));
  return {sizes.ctx(), small};
}

/// Takes the other sizes out of `asked`.
inline void ask_for_small_indices(const ir::Program& program, std::int64_t most, isl::Set& asked,
                                  std::vector<SizeCondition>& conditions) {
  const isl::Set small = with_small_indices(program, most, asked);
  if (isl::decide(asked.ctx(), isl_set_is_equal(small.get(), asked.get()))) return;
  conditions.push_back({asked, small,
                        text({"the factors in the program's indices are so large that 64 bits "
                              "hold its indices for sizes up to ",
                              largest_size_of_indices(program, most), " only"})});
  asked = small;
}

}  // namespace lambdapack::analysis
