// What a program is written into while it is traced.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/dsl/source_names.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack::detail {

/// The program under way. One per trace; the language finds it through `current`.
class Recorder {
 public:
  Recorder() : outer_(std::exchange(active(), this)) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() { active() = outer_; }

  /// The recorder of the innermost trace on this thread; `word` is what the user wrote.
  static Recorder& current(const char* word) {
    if (active() == nullptr)
      throw program_error(std::string("lambdapack: ") + word +
                          " was used outside of a program; write it in a function and hand that "
                          "function to lp::run, lp::start or lp::trace");
    return *active();
  }

  /// The recorder of the innermost trace, or null.
  static Recorder* current_or_null() { return active(); }

  ir::Program program;
  std::vector<std::shared_ptr<const kernel::Function>> kernels;
  SourceNames names;

  static ir::Location location(const std::source_location& at) {
    return {at.file_name(), static_cast<int>(at.line())};
  }

  /// Opens a loop or a guard; statements go into it until it is closed.
  int open(decltype(ir::Scope::what) what, const std::source_location& at) {
    program.scopes.push_back({scope_, std::move(what), location(at)});
    return scope_ = static_cast<int>(program.scopes.size()) - 1;
  }

  void close(int scope) {
    if (scope_ != scope)
      fault("a loop or guard was left while one inside it was still open; a program may not break, "
            "continue, return or throw out of a loop");
    else
      scope_ = program.scopes[static_cast<std::size_t>(scope)].parent;
  }

  int scope() const { return scope_; }

  /// Remembers the first mistake that could not be thrown where it was seen.
  void fault(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }
  const std::string& fault() const { return fault_; }

  int add_array(ir::Array array) {
    program.arrays.push_back(std::move(array));
    return static_cast<int>(program.arrays.size()) - 1;
  }

  int add_parameter(std::string name) {
    program.parameters.push_back({std::move(name)});
    return static_cast<int>(program.parameters.size()) - 1;
  }

  /// The kernel's position in the program; a kernel is one function object, not one name.
  int add_kernel(const std::shared_ptr<const kernel::Function>& function) {
    for (std::size_t k = 0; k < kernels.size(); ++k)
      if (kernels[k] == function) return static_cast<int>(k);
    ir::Kernel kernel{function->name, {}};
    for (const kernel::Parameter& p : function->parameters)
      kernel.parameters.push_back({role(p.role), p.element});
    program.kernels.push_back(std::move(kernel));
    kernels.push_back(function);
    return static_cast<int>(kernels.size()) - 1;
  }

  /// Where the first statement was seen, to find the program's own name and text.
  std::source_location first_statement;

 private:
  static ir::ParameterRole role(kernel::Role r) {
    switch (r) {
      case kernel::Role::in: return ir::ParameterRole::in;
      case kernel::Role::out: return ir::ParameterRole::out;
      case kernel::Role::inout: return ir::ParameterRole::inout;
      case kernel::Role::in_list: return ir::ParameterRole::in_list;
      case kernel::Role::scalar: break;
    }
    return ir::ParameterRole::scalar;
  }

  static Recorder*& active() {
    thread_local Recorder* recorder = nullptr;
    return recorder;
  }

  Recorder* outer_;
  int scope_ = -1;
  std::string fault_;
};

}  // namespace lambdapack::detail
