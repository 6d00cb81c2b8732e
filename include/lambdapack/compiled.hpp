// A program that has been analysed.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/api.hpp"
#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/constant.hpp"

namespace lambdapack {

/// A program with its closed forms: ready for any size, on any executor.
class Compiled {
 public:
  /// Takes the closed forms that generated code has brought for a program (form/registered.hpp), or
  /// analyses it, unless an equal one was analysed in this process before. Throws program_error if
  /// the program is wrong, or if there is no analysis (lambdapack/compiled_only.hpp).
  LAMBDAPACK_API explicit Compiled(Traced traced);

  const ir::Program& program() const { return *program_; }
  const std::shared_ptr<const form::ClosedForms>& forms() const { return forms_; }

  /// The task graph for these parameters: extents in tiles and integers, in the order of
  /// `program().parameters`. Throws input_error if the program cannot run at them.
  TaskGraph graph(std::vector<std::int64_t> parameters) const {
    return TaskGraph(forms_, std::move(parameters));
  }

  /// The job that runs the program on these arrays (one per array of the program, null for a
  /// temp) and integers (in the program's order). Throws input_error where they do not fit.
  LAMBDAPACK_API exec::Job job(std::vector<std::shared_ptr<tile::Store>> arrays,
                               const std::vector<std::int64_t>& integers) const;

 private:
  std::shared_ptr<const ir::Program> program_;
  std::vector<std::shared_ptr<const kernel::Function>> kernels_;
  std::vector<ir::Constant> constants_;
  std::shared_ptr<const form::ClosedForms> forms_;
};

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/compile.hpp"
#endif
