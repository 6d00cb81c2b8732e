// What a program is written into while it is traced.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/api.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack {

/// A program with the kernels that it calls: kernels[k] runs program.kernels[k].
struct Traced {
  ir::Program program;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
};

namespace detail {

class SourceNames;

/// The program under way. One per trace; the language finds it through `current`.
class Recorder {
 public:
  LAMBDAPACK_API Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  LAMBDAPACK_API ~Recorder();

  /// The recorder of the innermost trace on this thread; `word` is what the user wrote.
  LAMBDAPACK_API static Recorder& current(const char* word);

  /// The recorder of the innermost trace on this thread, or null.
  static Recorder* current_or_null() { return active(); }

  /// Declares parameter `position` of the program's function: an integer, or an array. Returns
  /// the integer's parameter id, or the array's id.
  LAMBDAPACK_API int declare_integer(std::size_t position);
  LAMBDAPACK_API int declare_array(std::size_t position, std::string element, int rank,
                                   ir::ArrayRole role);
  LAMBDAPACK_API int declare_temp(std::string name, std::string element, int rank);
  /// Says that unwritten tiles of the array hold zero.
  LAMBDAPACK_API void set_unwritten(int array);
  /// The parameter id of an array's extent.
  LAMBDAPACK_API int extent(int array, int dimension) const;

  /// Opens a loop or a guard; statements go into it until it is closed.
  LAMBDAPACK_API int open_loop(const ir::Expr& lower, const ir::Expr& upper, const ir::Expr& step,
                               const std::source_location& at);
  LAMBDAPACK_API int open_guard(const ir::Condition& condition, const std::source_location& at);
  LAMBDAPACK_API void close(int scope);

  /// An access at a place, which is also where the program's text is.
  LAMBDAPACK_API ir::Access access(int array, std::vector<ir::Subscript> subscripts,
                                   const std::source_location& at);

  /// The kernel's position in the program; a kernel is one function object, not one name.
  LAMBDAPACK_API int add_kernel(const std::shared_ptr<const kernel::Function>& function);

  LAMBDAPACK_API void add_statement(std::vector<ir::Access> writes, int kernel,
                                    std::vector<ir::Access> reads, std::vector<ir::Scalar> scalars);

  /// Remembers the first mistake that could not be thrown where it was seen.
  LAMBDAPACK_API void fault(const char* what);

  /// Ends the trace. `is_array` and `is_integer` tell what each parameter of the program's
  /// function is. Throws program_error if there was a mistake.
  LAMBDAPACK_API Traced finish(const std::vector<bool>& is_array,
                               const std::vector<bool>& is_integer);

 private:
  LAMBDAPACK_API void rename(const std::vector<bool>& is_array,
                             const std::vector<bool>& is_integer);

  static Recorder*& active() {
    thread_local Recorder* recorder = nullptr;
    return recorder;
  }

  Recorder* outer_;
  Traced traced_;
  std::shared_ptr<SourceNames> names_;
  std::source_location first_place_;
  int scope_ = -1;
  std::string fault_;
};

}  // namespace detail

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/dsl/tracing.hpp"
#endif
