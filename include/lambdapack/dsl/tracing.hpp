// The body of the Recorder: how a trace becomes a Program.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/source_names.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

inline ir::Location location(const std::source_location& at) {
  return {at.file_name(), static_cast<int>(at.line())};
}

inline std::string positional_name(std::size_t position) {
  std::string name(1, static_cast<char>('A' + position % 26));
  return position < 26 ? name : text({name, position / 26});
}

inline std::string extent_name(const std::string& array, std::size_t dimension) {
  return text({array, ".extent(", dimension, ")"});
}

inline ir::ParameterRole role_of(kernel::Role r) {
  switch (r) {
    case kernel::Role::in:
      return ir::ParameterRole::in;
    case kernel::Role::out:
      return ir::ParameterRole::out;
    case kernel::Role::inout:
      return ir::ParameterRole::inout;
    case kernel::Role::in_list:
      return ir::ParameterRole::in_list;
    case kernel::Role::scalar:
      break;
  }
  return ir::ParameterRole::scalar;
}

LAMBDAPACK_API Recorder::Recorder()
    : outer_(std::exchange(active(), this)), names_(std::make_shared<SourceNames>()) {
  traced_.program.name = "program";
}

LAMBDAPACK_API Recorder::~Recorder() { active() = outer_; }

LAMBDAPACK_API Recorder& Recorder::current(const char* word) {
  if (active() == nullptr)
    throw program_error(text({"lambdapack: ", word,
                              " was used outside of a program; write it in a function and hand "
                              "that function to lp::run, lp::start or lp::trace"}),
                        codes::unbounded);
  return *active();
}

LAMBDAPACK_API int Recorder::declare_integer(std::size_t position) {
  traced_.program.parameters.push_back({positional_name(position)});
  return static_cast<int>(traced_.program.parameters.size()) - 1;
}

LAMBDAPACK_API int Recorder::declare_array(std::size_t position, std::string element, int rank,
                                           ir::ArrayRole role) {
  ir::Program& p = traced_.program;
  ir::Array array{positional_name(position), std::move(element), rank, role, {}, {}};
  for (int d = 0; d < rank; ++d) {
    array.extents.push_back(static_cast<int>(p.parameters.size()));
    p.parameters.push_back({extent_name(array.name, static_cast<std::size_t>(d))});
  }
  p.arrays.push_back(std::move(array));
  return static_cast<int>(p.arrays.size()) - 1;
}

LAMBDAPACK_API int Recorder::declare_temp(std::string name, std::string element, int rank) {
  traced_.program.arrays.push_back(
      {std::move(name), std::move(element), rank, ir::ArrayRole::temp, {}, {}});
  return static_cast<int>(traced_.program.arrays.size()) - 1;
}

LAMBDAPACK_API void Recorder::set_unwritten(int array) {
  traced_.program.arrays[static_cast<std::size_t>(array)].unwritten.emplace();
}

LAMBDAPACK_API int Recorder::extent(int array, int dimension) const {
  const ir::Array& a = traced_.program.arrays[static_cast<std::size_t>(array)];
  if (dimension < 0 || dimension >= a.rank)
    throw program_error(text({"lambdapack: extent(", dimension, ") of an array of rank ", a.rank,
                              "; dimensions count from 0, give one that it has"}),
                        codes::ill_formed);
  return a.extents[static_cast<std::size_t>(dimension)];
}

LAMBDAPACK_API int Recorder::open_loop(const ir::Expr& lower, const ir::Expr& upper,
                                       const ir::Expr& step, const std::source_location& at) {
  std::vector<ir::Scope>& scopes = traced_.program.scopes;
  const std::size_t depth = ir::loops_around(traced_.program, scope_).size();
  std::string name =
      names_->loop(at.file_name(), static_cast<int>(at.line()), static_cast<int>(at.column()))
          .value_or(text({"i", depth}));
  scopes.push_back({scope_, ir::Loop{std::move(name), lower, upper, step}, location(at)});
  return scope_ = static_cast<int>(scopes.size()) - 1;
}

LAMBDAPACK_API int Recorder::open_guard(const ir::Condition& condition,
                                        const std::source_location& at) {
  traced_.program.scopes.push_back({scope_, condition, location(at)});
  return scope_ = static_cast<int>(traced_.program.scopes.size()) - 1;
}

LAMBDAPACK_API void Recorder::close(int scope) {
  if (scope_ == scope)
    scope_ = traced_.program.scopes[static_cast<std::size_t>(scope)].parent;
  else
    fault(
        "a loop or guard was left while one inside it was still open; a program may not break, "
        "continue, return or throw out of a loop");
}

LAMBDAPACK_API ir::Access Recorder::access(int array, std::vector<ir::Subscript> subscripts,
                                           const std::source_location& at) {
  if (first_place_.line() == 0) first_place_ = at;
  return {array, std::move(subscripts), location(at)};
}

LAMBDAPACK_API int Recorder::add_kernel(const std::shared_ptr<const kernel::Function>& function) {
  for (std::size_t k = 0; k < traced_.kernels.size(); ++k)
    if (traced_.kernels[k] == function) return static_cast<int>(k);
  ir::Kernel kernel{function->name, {}};
  for (const kernel::Parameter& p : function->parameters)
    kernel.parameters.push_back({role_of(p.role), p.element});
  traced_.program.kernels.push_back(std::move(kernel));
  traced_.kernels.push_back(function);
  return static_cast<int>(traced_.kernels.size()) - 1;
}

LAMBDAPACK_API void Recorder::add_statement(std::vector<ir::Access> writes, int kernel,
                                            std::vector<ir::Access> reads,
                                            std::vector<ir::Scalar> scalars) {
  ir::Location place = writes.front().location;
  traced_.program.statements.push_back(
      {scope_, kernel, std::move(writes), std::move(reads), std::move(scalars), std::move(place)});
}

LAMBDAPACK_API void Recorder::fault(const char* what) {
  if (fault_.empty()) fault_ = what;
}

LAMBDAPACK_API Traced Recorder::finish(const std::vector<bool>& is_array,
                                       const std::vector<bool>& is_integer) {
  if (!fault_.empty()) throw program_error(text({"lambdapack: ", fault_}), codes::unbounded);
  rename(is_array, is_integer);
  return std::move(traced_);
}

// Puts the author's names in place of the positional ones, as far as they can be found.
LAMBDAPACK_API void Recorder::rename(const std::vector<bool>& is_array,
                                     const std::vector<bool>& is_integer) {
  ir::Program& p = traced_.program;
  const std::string function = plain_function_name(first_place_.function_name());
  if (!function.empty()) p.name = function;
  const std::vector<std::string> names =
      names_->parameters(first_place_.file_name(), function, static_cast<int>(first_place_.line()));
  if (names.size() != is_array.size()) return;
  std::size_t array = 0, parameter = 0;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (is_integer[k]) p.parameters[parameter++].name = names[k];
    if (!is_array[k]) continue;
    ir::Array& a = p.arrays[array++];
    a.name = names[k];
    for (std::size_t d = 0; d < a.extents.size(); ++d)
      p.parameters[parameter++].name = extent_name(a.name, d);
  }
}

}  // namespace lambdapack::detail
