// What a program is written into while it is traced.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/api.hpp"
#include "lambdapack/ir/constant.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack {

/// A program with the kernels that it calls: kernels[k] runs program.kernels[k].
struct Traced {
  ir::Program program;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
  std::vector<ir::Constant> constants = {};  ///< in the order of the program's parameters
};

namespace detail {

class SourceNames;

/// The program under way. One per trace; the language finds it through `current`.
class Recorder {
 public:
  LAMBDAPACK_API Recorder();
  /// What has been written down.
  const ir::Program& program() const { return traced_.program; }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  LAMBDAPACK_API ~Recorder();

  /// The recorder of the innermost trace on this thread; `word` is what the user wrote.
  LAMBDAPACK_API static Recorder& current(const char* word);

  /// The recorder of the innermost trace on this thread, or null.
  static Recorder* current_or_null() { return active(); }

  /// Declares parameter `position` of the program's function: an integer, or an array. Returns
  /// the integer's parameter id, or the array's id. A name that is not known yet is empty.
  LAMBDAPACK_API int declare_integer(std::size_t position);
  LAMBDAPACK_API int declare_array(std::size_t position, std::string element, int rank,
                                   ir::ArrayRole role, std::string name = {});
  /// `extents` are there for all dimensions or for none.
  LAMBDAPACK_API int declare_temp(std::string name, std::string element, int rank,
                                  std::vector<ir::Expr> extents);
  /// An array's extent. Throws program_error if it has none in this dimension.
  LAMBDAPACK_API ir::Expr extent(int array, int dimension) const;
  /// Throws program_error unless the array may be handed to a program, at this place.
  LAMBDAPACK_API void hand_over(int array, const std::source_location& at) const;

  /// Says what tiles of the array hold that nothing writes: what `kernel` makes, or zero if it is
  /// null. Throws program_error if the array has initial contents, or another rule.
  LAMBDAPACK_API void set_unwritten(int array,
                                    const std::shared_ptr<const kernel::Function>& kernel);

  /// The function's id; equal ones have one.
  LAMBDAPACK_API int function(const ir::Function& function);
  bool is_power(int function) const {
    return traced_.program.functions[static_cast<std::size_t>(function)].kind ==
           ir::Function::Kind::power;
  }

  /// Opens a loop or a guard; statements go into it until it is closed.
  LAMBDAPACK_API int open_loop(const ir::Expr& lower, const ir::Expr& upper, const ir::Expr& step,
                               const std::source_location& at);
  LAMBDAPACK_API int open_guard(const ir::Condition& condition, const std::source_location& at);
  LAMBDAPACK_API void close(int scope);

  /// Remembers a place in the text of the program, or of one that it calls: that is where names
  /// are looked for.
  LAMBDAPACK_API void see(const std::source_location& at);

  /// An access at a place, which is seen.
  LAMBDAPACK_API ir::Access access(int array, std::vector<ir::Subscript> subscripts,
                                   const std::source_location& at);

  /// The kernel's position in the program; a kernel is one function object, not one name. `shapes`
  /// is as in ir::Kernel.
  LAMBDAPACK_API int add_kernel(const std::shared_ptr<const kernel::Function>& function,
                                std::string shapes = "");

  LAMBDAPACK_API void add_statement(std::vector<ir::Access> writes, int kernel,
                                    std::vector<ir::Access> reads, std::vector<ir::Scalar> scalars,
                                    bool reduction = false);

  /// Ends the innermost loop where `flag` says so; `kernel` makes a control tile of it and of the
  /// one before. Throws program_error where a loop cannot be ended so.
  LAMBDAPACK_API void stop_if(const ir::Access& flag,
                              const std::shared_ptr<const kernel::Function>& kernel,
                              const std::source_location& at);

  /// Remembers the first mistake that could not be thrown where it was seen.
  LAMBDAPACK_API void fault(const char* what);

  /// Ends the trace. `is_array` and `is_integer` tell what each parameter of the program's
  /// function is. Throws program_error if there was a mistake.
  LAMBDAPACK_API Traced finish(const std::vector<bool>& is_array,
                               const std::vector<bool>& is_integer);

 private:
  /// A loop that stop_if may end.
  struct Stop {
    int loop;
    int array;              // of control tiles
    std::size_t statement;  // the stop_if itself
  };

  LAMBDAPACK_API void rename(const std::vector<bool>& is_array,
                             const std::vector<bool>& is_integer);
  LAMBDAPACK_API std::source_location own_place(const std::vector<bool>& is_array,
                                                const std::vector<bool>& is_integer) const;
  LAMBDAPACK_API int loop_to_stop(const std::source_location& at) const;
  LAMBDAPACK_API ir::Access control_tile(const Stop& stop, bool before,
                                         const ir::Location& at) const;
  LAMBDAPACK_API void make_stoppable(const Stop& stop);
  bool is_inside(int scope, int around) const {
    for (; scope >= 0; scope = traced_.program.scopes[static_cast<std::size_t>(scope)].parent)
      if (scope == around) return true;
    return false;
  }

  static Recorder*& active() {
    thread_local Recorder* recorder = nullptr;
    return recorder;
  }

  Recorder* outer_;
  Traced traced_;
  std::shared_ptr<SourceNames> names_;
  std::vector<std::source_location> places_;    // the first in each function
  std::vector<std::vector<ir::Expr>> extents_;  // of each array
  std::vector<Stop> stops_;
  int scope_ = -1;
  std::string fault_;
};

/// Throws program_error unless this can be the step of the lp::range at this place.
LAMBDAPACK_API void check_step(const ir::Expr& step, const std::source_location& at);

}  // namespace detail

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/dsl/tracing.hpp"
#endif
