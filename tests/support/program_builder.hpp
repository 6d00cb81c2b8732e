// Writes programs by hand, in the order of their text: loops are lambdas, expressions are sums.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace program_builder {

namespace ir = lambdapack::ir;

/// An index expression; sums and multiples of symbols and numbers.
struct Expr : ir::Expr {
  Expr(std::int64_t number = 0) : ir::Expr{number, {}} {}
  Expr(ir::Symbol symbol) : ir::Expr{0, {{1, symbol}}} {}

  friend Expr operator+(Expr a, const Expr& b) {
    a.constant += b.constant;
    for (const ir::Term& t : b.terms) a.add(t);
    return a;
  }
  friend Expr operator*(std::int64_t factor, Expr e) {
    e.constant *= factor;
    for (ir::Term& t : e.terms) t.coefficient *= factor;
    if (factor == 0) e.terms.clear();
    return e;
  }
  friend Expr operator-(Expr a, const Expr& b) { return std::move(a) + -1 * b; }

 private:
  void add(const ir::Term& term) {
    const auto at =
        std::lower_bound(terms.begin(), terms.end(), term,
                         [](const ir::Term& a, const ir::Term& b) { return a.symbol < b.symbol; });
    if (at == terms.end() || at->symbol != term.symbol)
      terms.insert(at, term);
    else if ((at->coefficient += term.coefficient) == 0)
      terms.erase(at);
  }
};

/// An array; A(i, j) is one of its tiles.
struct Array {
  int id = 0;

  template <class... Index>
  ir::Access operator()(const Index&... index) const {
    return at({Expr(index)...});
  }
  ir::Access at(const std::vector<Expr>& indices) const {
    ir::Access access{id, {}, {}};
    for (const Expr& e : indices) access.subscripts.push_back({e, {}});
    return access;
  }
};

/// The arguments of a kernel, in order.
struct Call {
  std::vector<ir::KernelParameter> parameters = {};
  std::vector<ir::Access> reads = {};
  std::vector<ir::Access> writes = {};
  std::vector<ir::Scalar> scalars = {};
  bool reduction = false;

  Call& in(const ir::Access& tile) { return read(ir::ParameterRole::in, tile); }
  Call& in_list(const ir::Access& run) { return read(ir::ParameterRole::in_list, run); }
  Call& inout(const ir::Access& tile) {
    writes.push_back(tile);
    return read(ir::ParameterRole::inout, tile);
  }
  /// An inout parameter that reads one tile and writes another.
  Call& inout(const ir::Access& from, const ir::Access& to) {
    writes.push_back(to);
    return read(ir::ParameterRole::inout, from);
  }
  Call& out(const ir::Access& tile) {
    parameters.push_back({ir::ParameterRole::out, "float64"});
    writes.push_back(tile);
    return *this;
  }
  Call& scalar(const ir::Scalar& value) {
    parameters.push_back({ir::ParameterRole::scalar, "int64"});
    scalars.push_back(value);
    return *this;
  }

 private:
  Call& read(ir::ParameterRole role, const ir::Access& access) {
    parameters.push_back({role, "float64"});
    reads.push_back(access);
    return *this;
  }
};

inline std::string name_of_file(const std::source_location& here) {
  const std::string path = here.file_name();
  return path.substr(path.find_last_of('/') + 1);
}

/// The program so far, and the scope that is open.
class Builder {
 public:
  using Here = std::source_location;

  explicit Builder(std::string name) { program_.name = std::move(name); }

  ir::Program done() { return std::move(program_); }
  const ir::Program& program() const { return program_; }

  /// An array of float64 tiles, whose unwritten tiles, if it is an out or temp array, are zeros.
  Array array(const std::string& name, ir::ArrayRole role, int rank) {
    const bool zeros = role == ir::ArrayRole::out || role == ir::ArrayRole::temp;
    return array(name, role, rank, zeros ? std::optional(ir::Unwritten{}) : std::nullopt);
  }
  Array array(const std::string& name, ir::ArrayRole role, int rank,
              std::optional<ir::Unwritten> unwritten) {
    ir::Array a{name, "float64", rank, role, {}, unwritten};
    for (int d = 0; d < rank && role != ir::ArrayRole::temp; ++d) {
      a.extents.push_back(static_cast<int>(program_.parameters.size()));
      program_.parameters.push_back({name + ".extent(" + std::to_string(d) + ")"});
    }
    program_.arrays.push_back(std::move(a));
    return {static_cast<int>(program_.arrays.size()) - 1};
  }
  Array in(const std::string& name, int rank) { return array(name, ir::ArrayRole::in, rank); }
  Array out(const std::string& name, int rank) { return array(name, ir::ArrayRole::out, rank); }
  Array inout(const std::string& name, int rank) { return array(name, ir::ArrayRole::inout, rank); }
  Array temp(const std::string& name, int rank) { return array(name, ir::ArrayRole::temp, rank); }

  Expr extent(Array a, int d) const {
    const auto& extents = program_.arrays[static_cast<std::size_t>(a.id)].extents;
    return ir::Symbol{ir::Symbol::Kind::parameter, extents[static_cast<std::size_t>(d)]};
  }
  Expr integer(const std::string& name) {
    program_.parameters.push_back({name});
    return ir::Symbol{ir::Symbol::Kind::parameter,
                      static_cast<int>(program_.parameters.size()) - 1};
  }

  Expr quotient(const Expr& x, std::int64_t divisor) {
    return function(ir::Function::Kind::quotient, divisor, x);
  }
  Expr remainder(const Expr& x, std::int64_t divisor) {
    return function(ir::Function::Kind::remainder, divisor, x);
  }
  Expr power(std::int64_t base, const Expr& exponent) {
    return function(ir::Function::Kind::power, base, exponent);
  }
  Expr pow2(const Expr& exponent) { return power(2, exponent); }
  Expr log_ceil(std::int64_t base, const Expr& x) {
    return function(ir::Function::Kind::log_ceil, base, x);
  }
  Expr log_floor(std::int64_t base, const Expr& x) {
    return function(ir::Function::Kind::log_floor, base, x);
  }
  Expr log2_ceil(const Expr& x) { return log_ceil(2, x); }

  /// body(index) inside of `for index in lower : upper : step`.
  template <class Body>
  void loop(const std::string& index, const Expr& lower, const Expr& upper, const Expr& step,
            Body body, const Here& here = Here::current()) {
    const int s = open(ir::Loop{index, lower, upper, step}, here);
    body(Expr(ir::Symbol{ir::Symbol::Kind::loop, s}));
    close();
  }
  template <class Body>
  void loop(const std::string& index, const Expr& lower, const Expr& upper, Body body,
            const Here& here = Here::current()) {
    loop(index, lower, upper, 1, std::move(body), here);
  }

  /// body() inside of `when condition`.
  template <class Body>
  void when(ir::Condition condition, Body body, const Here& here = Here::current()) {
    open(std::move(condition), here);
    body();
    close();
  }
  template <class Body>
  void when_less(const Expr& left, const Expr& right, Body body,
                 const Here& here = Here::current()) {
    when({{{{left, ir::Relation::less, right}}}}, std::move(body), here);
  }

  /// writes = kernel(reads), with in and out parameters only.
  void call(const std::string& kernel, const std::vector<ir::Access>& writes,
            const std::vector<ir::Access>& reads, const Here& here = Here::current()) {
    Call c;
    for (const ir::Access& tile : reads) c.in(tile);
    for (const ir::Access& tile : writes) c.out(tile);
    statement(kernel, std::move(c), here);
  }

  /// (updated, made) = kernel(reads, updated): the tiles `updated` are inout parameters.
  void update(const std::string& kernel, const std::vector<ir::Access>& reads,
              const std::vector<ir::Access>& updated, const std::vector<ir::Access>& made = {},
              const Here& here = Here::current()) {
    Call c;
    for (const ir::Access& tile : reads) c.in(tile);
    for (const ir::Access& tile : updated) c.inout(tile);
    for (const ir::Access& tile : made) c.out(tile);
    statement(kernel, std::move(c), here);
  }

  /// A kernel of this name and these parameters, and its number.
  int kernel(const std::string& name, std::vector<ir::KernelParameter> parameters) {
    const ir::Kernel made{name, std::move(parameters)};
    const auto known = std::find(program_.kernels.begin(), program_.kernels.end(), made);
    const auto id = static_cast<int>(known - program_.kernels.begin());
    if (known == program_.kernels.end()) program_.kernels.push_back(made);
    return id;
  }

  /// A call of the kernel of this name and these parameters, in the scope that is open.
  void statement(const std::string& name, Call call, const Here& here = Here::current()) {
    for (ir::Access& a : call.writes) a.location = location(here);
    for (ir::Access& a : call.reads) a.location = location(here);
    program_.statements.push_back({scope_, kernel(name, std::move(call.parameters)),
                                   std::move(call.writes), std::move(call.reads),
                                   std::move(call.scalars), location(here), call.reduction, false});
  }

 private:
  static ir::Location location(const Here& here) {
    return {name_of_file(here), static_cast<int>(here.line())};
  }

  int open(decltype(ir::Scope::what) what, const Here& here) {
    program_.scopes.push_back({scope_, std::move(what), location(here)});
    return scope_ = static_cast<int>(program_.scopes.size()) - 1;
  }
  void close() { scope_ = program_.scopes[static_cast<std::size_t>(scope_)].parent; }

  Expr function(ir::Function::Kind kind, std::int64_t base, const ir::Expr& argument) {
    const ir::Function f{kind, base, argument};
    auto& all = program_.functions;
    const auto known = std::find(all.begin(), all.end(), f);
    const int id = static_cast<int>(known - all.begin());
    if (known == all.end()) all.push_back(f);
    return ir::Symbol{ir::Symbol::Kind::function, id};
  }

  ir::Program program_;
  int scope_ = -1;
};

}  // namespace program_builder
