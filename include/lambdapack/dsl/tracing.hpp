// The body of the Recorder: how a trace becomes a Program.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/dsl/naming.hpp"
#include "lambdapack/dsl/numbering.hpp"
#include "lambdapack/dsl/places.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/source_names.hpp"
#include "lambdapack/dsl/stopping.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::detail {

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
                                           ir::ArrayRole role, std::string name) {
  ir::Program& p = traced_.program;
  if (name.empty()) name = positional_name(position);
  ir::Array array{std::move(name), std::move(element), rank, role, {}, {}};
  for (int d = 0; d < rank; ++d) {
    array.extents.push_back(static_cast<int>(p.parameters.size()));
    p.parameters.push_back({extent_name(array.name, static_cast<std::size_t>(d))});
  }
  extents_.emplace_back();
  for (const int extent : array.extents)
    extents_.back().push_back({0, {{1, {ir::Symbol::Kind::parameter, extent}}}});
  p.arrays.push_back(std::move(array));
  return static_cast<int>(p.arrays.size()) - 1;
}

LAMBDAPACK_API int Recorder::declare_temp(std::string name, std::string element, int rank,
                                          std::vector<ir::Expr> extents) {
  traced_.program.arrays.push_back(
      {std::move(name), std::move(element), rank, ir::ArrayRole::temp, {}, {}});
  extents_.push_back(std::move(extents));
  return static_cast<int>(traced_.program.arrays.size()) - 1;
}

LAMBDAPACK_API ir::Expr Recorder::extent(int array, int dimension) const {
  const ir::Array& a = traced_.program.arrays[static_cast<std::size_t>(array)];
  const std::vector<ir::Expr>& extents = extents_[static_cast<std::size_t>(array)];
  if (dimension < 0 || dimension >= a.rank)
    throw program_error(text({"lambdapack: extent(", dimension, ") of an array of rank ", a.rank,
                              "; dimensions count from 0, give one that it has"}),
                        codes::ill_formed);
  if (extents.empty())
    throw program_error(text({"lambdapack: extent(", dimension, ") of the temporary ", a.name,
                              ", which has none; declare it with its extents, lp::temp<T, rank>(\"",
                              a.name, "\", lp::extents(n, m))"}),
                        codes::ill_formed);
  return extents[static_cast<std::size_t>(dimension)];
}

LAMBDAPACK_API void Recorder::hand_over(int array, const std::source_location& at) const {
  const ir::Array& a = traced_.program.arrays[static_cast<std::size_t>(array)];
  if (extents_[static_cast<std::size_t>(array)].size() != static_cast<std::size_t>(a.rank))
    throw program_error(text({"lambdapack: line ", at.line(), " hands the temporary ", a.name,
                              " to a program, which may ask for its extents; declare it with them, "
                              "lp::temp<T, rank>(\"",
                              a.name, "\", lp::extents(n, m))"}),
                        codes::ill_formed);
}

LAMBDAPACK_API void Recorder::set_unwritten(int array,
                                            const std::shared_ptr<const kernel::Function>& kernel) {
  const ir::Unwritten rule{kernel ? add_kernel(kernel) : -1};
  ir::Array& a = traced_.program.arrays[static_cast<std::size_t>(array)];
  if (a.role == ir::ArrayRole::in || a.role == ir::ArrayRole::inout)
    throw program_error(text({"lambdapack: unwritten(...) of ", a.name,
                              ", which has initial contents, as an lp::In or lp::InOut of the "
                              "calling program; leave "
                              "it out, or hand in an lp::Out or a temporary"}),
                        codes::ill_formed);
  if (a.unwritten && *a.unwritten != rule)
    throw program_error(text({"lambdapack: two rules for what unwritten tiles of ", a.name,
                              " hold; give the array one"}),
                        codes::ill_formed);
  a.unwritten = rule;
}

LAMBDAPACK_API int Recorder::function(const ir::Function& function) {
  std::vector<ir::Function>& functions = traced_.program.functions;
  for (std::size_t f = 0; f < functions.size(); ++f)
    if (functions[f] == function) return static_cast<int>(f);
  functions.push_back(function);
  return static_cast<int>(functions.size()) - 1;
}

LAMBDAPACK_API void check_step(const ir::Expr& step, const std::source_location& at) {
  if (const auto constant = ir::constant_of(step)) {
    if (*constant != 0) return;
    throw program_error(text({"lambdapack: the lp::range at line ", at.line(),
                              " has step 0; give it a step that is not 0"}),
                        codes::unbounded);
  }
  const ir::Term& term = step.terms.front();
  if (step.terms.size() == 1 && step.constant == 0 && term.coefficient > 0 &&
      term.symbol.kind == ir::Symbol::Kind::function &&
      Recorder::current("lp::range").is_power(term.symbol.id))
    return;
  throw program_error(text({"lambdapack: the step of the lp::range at line ", at.line(),
                            " is neither a constant nor a positive multiple of one power; take it "
                            "from a parameter of the program that is an int, not an lp::Integer, "
                            "or write lp::pow2(level)"}),
                      codes::not_affine);
}

LAMBDAPACK_API int Recorder::open_loop(const ir::Expr& lower, const ir::Expr& upper,
                                       const ir::Expr& step, const std::source_location& at) {
  see(at);
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
  see(at);
  traced_.program.scopes.push_back({scope_, condition, location(at)});
  return scope_ = static_cast<int>(traced_.program.scopes.size()) - 1;
}

LAMBDAPACK_API void Recorder::close(int scope) {
  if (scope_ != scope)
    return fault(
        "a loop or guard was left while one inside it was still open; a program may not break, "
        "continue, return or throw out of a loop");
  if (!stops_.empty() && stops_.back().loop == scope) make_stoppable(stops_.back());
  scope_ = traced_.program.scopes[static_cast<std::size_t>(scope)].parent;
}

LAMBDAPACK_API ir::Access Recorder::access(int array, std::vector<ir::Subscript> subscripts,
                                           const std::source_location& at) {
  see(at);
  return {array, std::move(subscripts), location(at)};
}

/// The kernel's position in a program, to which it is added if it is not there.
inline int add_kernel(Traced& traced, const std::shared_ptr<const kernel::Function>& function,
                      std::string shapes = "") {
  for (std::size_t k = 0; k < traced.kernels.size(); ++k)
    if (traced.kernels[k] == function) return static_cast<int>(k);
  ir::Kernel kernel{function->name, {}, std::move(shapes)};
  for (const kernel::Parameter& p : function->parameters)
    kernel.parameters.push_back({role_of(p.role), p.element});
  traced.program.kernels.push_back(std::move(kernel));
  traced.kernels.push_back(function);
  return static_cast<int>(traced.kernels.size()) - 1;
}

LAMBDAPACK_API int Recorder::add_kernel(const std::shared_ptr<const kernel::Function>& function,
                                        std::string shapes) {
  return detail::add_kernel(traced_, function, std::move(shapes));
}

LAMBDAPACK_API void Recorder::add_statement(std::vector<ir::Access> writes, int kernel,
                                            std::vector<ir::Access> reads,
                                            std::vector<ir::Scalar> scalars, bool reduction) {
  ir::Location place = writes.front().location;
  traced_.program.statements.push_back({scope_, kernel, std::move(writes), std::move(reads),
                                        std::move(scalars), std::move(place), reduction});
}

LAMBDAPACK_API void Recorder::fault(const char* what) {
  if (fault_.empty()) fault_ = what;
}

LAMBDAPACK_API Traced Recorder::finish(const std::vector<bool>& is_array,
                                       const std::vector<bool>& is_integer) {
  if (!fault_.empty()) throw program_error(text({"lambdapack: ", fault_}), codes::unbounded);
  rename(is_array, is_integer);
  if (!traced_.program.functions.empty()) FunctionNumbering(traced_.program).renumber();
  return std::move(traced_);
}

}  // namespace lambdapack::detail
