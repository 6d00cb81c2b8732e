// The body of reduce_by_tree: which reductions, and the kernels that add their tiles.
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/dsl/reduce.hpp"
#include "lambdapack/dsl/tracing.hpp"
#include "lambdapack/dsl/words.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/reduce.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

namespace detail {

using FunctionPointer = std::shared_ptr<const kernel::Function>;

/// The two kernels of a tree, add(inout, in) and sum(out, in_list).
struct TreeKernels {
  FunctionPointer add;
  FunctionPointer sum;
};

/// The library's, for tiles of numbers; null for others.
inline TreeKernels dense_tree_kernels(const std::string& element) {
  TreeKernels found;
  const auto consider = [&]<Scalar T>(T) {
    if (element == tile::scalar_name<T>())
      found = {word<&kernel::add<T>>("add").shared(), word<&kernel::sum<T>>("sum").shared()};
  };
  consider(float());
  consider(double());
  consider(std::complex<float>());
  consider(std::complex<double>());
  return found;
}

/// Those of a kernel that adds one tile to another: a sum begins with zero, a fresh payload.
inline TreeKernels tree_kernels_of(const kernel::Function& add) {
  kernel::Function sum{add.name + "_all", add.parameters, {}};
  sum.parameters[0].role = kernel::Role::out;
  sum.parameters[1].role = kernel::Role::in_list;
  sum.call = [one = add.call](std::span<const kernel::Slot> slots) {
    kernel::Slot pair[2];
    pair[0].write = slots[0].write;
    for (const void* payload : slots[1].list) {
      pair[1].read = payload;
      one(pair);
    }
  };
  return {std::make_shared<const kernel::Function>(add),
          std::make_shared<const kernel::Function>(std::move(sum))};
}

/// Makes trees of one traced program's reductions.
class TreeReductionPass {
 public:
  TreeReductionPass(Traced traced, const TreeReductions& which)
      : traced_(std::move(traced)), which_(which) {
    if (!which.combine) return;
    const std::vector<kernel::Parameter>& p = which.combine->parameters;
    if (p.size() != 2 || p[0].role != kernel::Role::inout || p[1].role != kernel::Role::in ||
        p[0].element != p[1].element)
      throw program_error(text({"lambdapack: the kernel ", which.combine->name,
                                " cannot combine the tiles of a reduction; give one with the "
                                "parameters (lp::inout<P>, lp::in<P>)"}));
    combined_ = tree_kernels_of(*which.combine);
  }

  Traced run() {
    bool any = false;
    for (std::size_t l = traced_.program.statements.size(); l-- > 0;) {
      if (!is_chosen(traced_.program.statements[l])) continue;
      any = true;
      reduce(l);
    }
    if (!any) refuse_choice();
    return std::move(traced_);
  }

 private:
  bool is_chosen(const ir::Statement& s) const {
    const ir::Program& p = traced_.program;
    return s.reduction &&
           (which_.kernel.empty() ||
            which_.kernel == p.kernels[static_cast<std::size_t>(s.kernel)].name) &&
           (which_.source_line == 0 || which_.source_line == s.location.line);
  }

  void reduce(std::size_t line) {
    const ir::Access& target = traced_.program.statements[line].writes.front();
    const std::string& element =
        traced_.program.arrays[static_cast<std::size_t>(target.array)].element;
    const bool own = which_.combine && which_.combine->parameters[0].element == element;
    const TreeKernels kernels = own ? combined_ : dense_tree_kernels(element);
    if (!kernels.add)
      throw program_error(
          text({"lambdapack: nothing says how the tiles of ",
                ir::to_string(traced_.program, traced_.program.statements[line]), " at ",
                ir::where(traced_.program.statements[line].location), " are added up, which hold ",
                element,
                "; give lp::TreeReductions::combine a kernel (lp::inout<P>, lp::in<P>) that adds "
                "one to another"}));
    const int add = add_kernel(traced_, kernels.add), sum = add_kernel(traced_, kernels.sum);
    traced_.program = ir::reduce_by_tree(std::move(traced_.program), static_cast<int>(line),
                                         {which_.base, add, sum});
  }

  [[noreturn]] void refuse_choice() const {
    const std::string by = which_.kernel.empty() ? "" : " by the kernel " + which_.kernel;
    const std::string at = which_.source_line == 0 ? "" : text({" on line ", which_.source_line});
    throw program_error(text({"lambdapack: ", traced_.program.name, " has no reduction", by, at,
                              " that could become a tree; write it as tile += kernel(...), or "
                              "check what lp::TreeReductions names"}));
  }

  Traced traced_;
  const TreeReductions& which_;
  TreeKernels combined_;
};

}  // namespace detail

LAMBDAPACK_API Traced reduce_by_tree(Traced traced, const TreeReductions& which) {
  return detail::TreeReductionPass(std::move(traced), which).run();
}

}  // namespace lambdapack
