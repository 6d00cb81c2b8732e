// Closed forms from a JSON document, read with suspicion: whatever passes can be asked anything
// without a step outside of its tables. docs/metadata.md has the format.
#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/code_check.hpp"
#include "lambdapack/form/detail/program_shape.hpp"
#include "lambdapack/ir/detail/json_value.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::form::detail {

using ir::detail::JsonValue;
using ir::detail::list_of;

/// Reads the forms of one valid program.
class FormsReader {
 public:
  FormsReader(const ir::Program& program, const JsonValue& document)
      : shape_(program), program_(program), document_(document) {}

  ClosedForms read() {
    document_.expect_only(
        {"code", "tasks", "statements", "arrays", "requirements", "counts", "edges"});
    check_registers();
    ClosedForms forms;
    read_code(forms);
    forms.program = program_.name;
    for (const ir::Parameter& p : program_.parameters) forms.parameters.push_back(p.name);
    forms.tasks = entry(document_, "tasks", 0, node);
    const std::size_t lines = program_.statements.size();
    const auto each = [](const JsonValue& list, std::size_t n, const char* what, auto&& read) {
      list.expect_size(n, what);
      for (std::size_t k = 0; k < n; ++k) read(k, list[k]);
    };
    each(document_.member("statements"), lines, "a list of the forms of each statement",
         [&](std::size_t l, const JsonValue& v) { forms.statements.push_back(statement(l, v)); });
    each(document_.member("arrays"), program_.arrays.size(), "a list of the forms of each array",
         [&](std::size_t a, const JsonValue& v) { forms.arrays.push_back(array(a, v)); });
    each(document_.member("counts"), lines, "a list of the number of nodes of each statement",
         [&](std::size_t, const JsonValue& v) { forms.counts.push_back(count(v)); });
    forms.requirements = list_of(document_.member("requirements"),
                                 [&](const JsonValue& v) { return requirement(v); });
    forms.edges = list_of(document_.member("edges"), [&](const JsonValue& v) { return edges(v); });
    return forms;
  }

 private:
  // What a form may emit: which tags with how many values, and how that is called.
  struct Tuples {
    bool (FormsReader::*allow)(int tag, int size) const;
    const char* what;
  };

  // A cursor puts parameters, a node's indices and a tile's into registers before it looks at a
  // form.
  void check_registers() const {
    std::size_t most = 0;
    const auto take = [&](int point) { most = std::max(most, static_cast<std::size_t>(point)); };
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      take(shape_.depth(static_cast<int>(l)));
      for (const ir::Access& read : program_.statements[l].reads)
        take(shape_.depth(static_cast<int>(l)) + shape_.rank(read.array));
    }
    for (const ir::Array& a : program_.arrays) take(a.rank);
    if (program_.parameters.size() + most > static_cast<std::size_t>(max_registers))
      document_.refuse(
          text({"no forms for a program whose parameters, loops and indices take more "
                "than ",
                max_registers, " registers"}));
  }

  void read_code(ClosedForms& forms) {
    const JsonValue code = document_.member("code");
    constexpr std::int64_t least = std::numeric_limits<Word>::min();
    constexpr std::int64_t most = std::numeric_limits<Word>::max();
    forms.code = list_of(
        code, [&](const JsonValue& w) { return static_cast<Word>(w.integer(least, most)); });
    try {
      sketches_ = sketch(forms.code);
    } catch (const input_error& fault) {
      code.refuse(text({"bytecode (", fault.what(), ")"}));
    }
  }

  // The form that a member of `object` names; none if there is no such member. It is asked about
  // `point` integers behind the parameters.
  Entry entry(const JsonValue& object, const char* name, std::size_t point, Tuples tuples,
              bool always = false) const {
    if (!object.has(name)) {
      if (always) object.member(name);
      return {};
    }
    return entry(object.member(name), point, tuples, always);
  }

  Entry entry(const JsonValue& value, std::size_t point, Tuples tuples, bool always = false) const {
    const std::int64_t offset = value.integer(0, std::numeric_limits<std::int32_t>::max());
    const auto found =
        std::lower_bound(sketches_.begin(), sketches_.end(), offset,
                         [](const Sketch& s, std::int64_t at) { return s.offset < at; });
    if (found == sketches_.end() || found->offset != offset)
      value.refuse("the offset of a form in the code");
    const std::size_t given = program_.parameters.size() + point;
    if (static_cast<std::size_t>(found->inputs) > given)
      value.refuse(text(
          {"the offset of a form of ", given, " integers (this one takes ", found->inputs, ")"}));
    for (const auto& [tag, size] : found->tuples)
      if (!(this->*tuples.allow)(tag, size))
        value.refuse(
            text({"the offset of a form that emits ", tuples.what, " (this one emits the tag ", tag,
                  " with ", size, size == 1 ? " value)" : " values)"}));
    if (always && !found->always_emits) value.refuse("a form that emits something in any case");
    return {static_cast<std::int32_t>(offset)};
  }

  bool any(int, int) const { return true; }
  bool is_number(int, int size) const { return size == 1; }
  bool is_node(int tag, int size) const { return shape_.is_line(tag) && size == shape_.depth(tag); }
  bool is_own_node(int tag, int size) const { return tag == line_ && is_node(tag, size); }
  bool is_candidate(int, int size) const { return size == shape_.depth(line_); }
  bool is_tile(int, int size) const { return size == shape_.rank(array_); }
  bool is_written(int tag, int size) const {
    return tag >= 0 && shape_.is_output_of(source_line(tag), source_slot(tag), array_) &&
           size == shape_.depth(source_line(tag));
  }
  bool is_seen(int tag, int size) const {
    return tag == -1 ? is_tile(tag, size) : is_written(tag, size);
  }

  static constexpr Tuples yes{&FormsReader::any, "anything"};
  static constexpr Tuples number{&FormsReader::is_number, "one number"};
  static constexpr Tuples node{&FormsReader::is_node, "nodes, tagged with their line"};
  static constexpr Tuples own_node{&FormsReader::is_own_node, "nodes of this statement"};
  static constexpr Tuples candidate{&FormsReader::is_candidate, "nodes of that statement"};
  static constexpr Tuples tile{&FormsReader::is_tile, "tiles of its array"};
  static constexpr Tuples written{&FormsReader::is_written, "outputs that write the array"};
  static constexpr Tuples seen{&FormsReader::is_seen, "outputs that write the array, or -1"};

  static bool flag(const JsonValue& object, const char* name) {
    return object.has(name) && object.member(name).boolean();
  }

  StatementForms statement(std::size_t l, const JsonValue& value) {
    value.expect_only({"contains", "instances", "roots", "sinks", "successors", "predecessors",
                       "outputs", "inputs", "scalars", "searched_successors",
                       "searched_predecessors", "filtered_roots", "filtered_sinks"});
    line_ = static_cast<int>(l);
    const ir::Statement& s = program_.statements[l];
    StatementForms f;
    f.kernel = program_.kernels[static_cast<std::size_t>(s.kernel)].name;
    f.depth = shape_.depth(line_);
    f.loops = shape_.loops(line_);
    const auto depth = static_cast<std::size_t>(f.depth);
    f.contains = entry(value, "contains", depth, yes);
    f.instances = entry(value, "instances", 0, own_node);
    f.roots = entry(value, "roots", 0, own_node);
    f.sinks = entry(value, "sinks", 0, own_node);
    f.successors = entry(value, "successors", depth, node);
    f.predecessors = entry(value, "predecessors", depth, node);
    f.searched_successors = flag(value, "searched_successors");
    f.searched_predecessors = flag(value, "searched_predecessors");
    f.filtered_roots = flag(value, "filtered_roots");
    f.filtered_sinks = flag(value, "filtered_sinks");
    const JsonValue outputs = value.member("outputs"), inputs = value.member("inputs"),
                    scalars = value.member("scalars");
    outputs.expect_size(s.writes.size(), "a list of the forms of each output");
    inputs.expect_size(s.reads.size(), "a list of the forms of each input");
    scalars.expect_size(s.scalars.size(), "a list of the forms of each scalar");
    for (std::size_t k = 0; k < s.writes.size(); ++k)
      f.outputs.push_back(output(s.writes[k], depth, outputs[k]));
    for (std::size_t k = 0; k < s.reads.size(); ++k)
      f.inputs.push_back(input(s.reads[k], depth, inputs[k]));
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      f.scalars.push_back(scalar(s.scalars[k], depth, scalars[k]));
    return f;
  }

  Output output(const ir::Access& access, std::size_t depth, const JsonValue& value) {
    value.expect_only({"tile", "readers", "final", "candidates"});
    array_ = access.array;
    Output f;
    f.array = array_;
    f.tile = entry(value, "tile", depth, tile, true);
    f.readers = entry(value, "readers", depth, node);
    f.final = entry(value, "final", depth, yes);
    f.searched = value.has("candidates");
    if (f.searched) f.candidates = readers(value.member("candidates"), depth);
    return f;
  }

  Input input(const ir::Access& access, std::size_t depth, const JsonValue& value) {
    value.expect_only({"tiles", "source", "includes", "candidates"});
    array_ = access.array;
    Input f;
    f.array = array_;
    f.list = is_list(access);
    const auto rank = static_cast<std::size_t>(shape_.rank(array_));
    const std::size_t point = f.list ? depth + rank : depth;
    f.tiles = entry(value, "tiles", depth, tile);
    f.source = entry(value, "source", point, seen);
    f.includes = entry(value, "includes", depth + rank, yes);
    f.searched = value.has("candidates");
    if (f.searched) f.candidates = writers(value.member("candidates"), point);
    return f;
  }

  ScalarForm scalar(const ir::Scalar& scalar, std::size_t depth, const JsonValue& value) const {
    ScalarForm f;
    if (std::holds_alternative<ir::Expr>(scalar)) {
      f.value = entry(value, depth, number, true);
      return f;
    }
    if (!value.is_null()) value.refuse("null, for the scalar is a constant");
    if (const double* real = std::get_if<double>(&scalar)) {
      f.real = *real;
    } else {
      f.real = std::get<std::complex<double>>(scalar).real();
      f.imaginary = std::get<std::complex<double>>(scalar).imag();
    }
    return f;
  }

  ArrayForms array(std::size_t a, const JsonValue& value) {
    value.expect_only({"initial_readers", "readers", "writers", "final_writer", "searched",
                       "filtered_readers", "first_readers", "last_writers"});
    const ir::Array& array = program_.arrays[a];
    array_ = static_cast<int>(a);
    const auto rank = static_cast<std::size_t>(array.rank);
    ArrayForms f;
    f.name = array.name;
    f.rank = array.rank;
    f.extents = array.extents;
    f.bound = array.role != ir::ArrayRole::temp;
    f.initial_readers = entry(value, "initial_readers", rank, node);
    f.readers = entry(value, "readers", rank, node);
    f.writers = entry(value, "writers", rank, written);
    f.final_writer = entry(value, "final_writer", rank, written);
    f.searched = flag(value, "searched");
    f.filtered_readers = flag(value, "filtered_readers");
    if (value.has("first_readers")) f.first_readers = readers(value.member("first_readers"), rank);
    if (value.has("last_writers")) f.last_writers = writers(value.member("last_writers"), rank);
    return f;
  }

  std::vector<Candidates> readers(const JsonValue& value, std::size_t point) {
    return list_of(value, [&](const JsonValue& c) {
      return candidates(c, point, &ProgramShape::is_input_of, "an input that reads the array");
    });
  }
  std::vector<Candidates> writers(const JsonValue& value, std::size_t point) {
    return list_of(value, [&](const JsonValue& c) {
      return candidates(c, point, &ProgramShape::is_output_of, "an output that writes the array");
    });
  }

  Candidates candidates(const JsonValue& value, std::size_t point,
                        bool (ProgramShape::*is_slot)(int, int, int) const, const char* slot) {
    value.expect_size(4, "candidates [line, slot, round, offset]");
    Candidates c;
    c.line = value[0].id(program_.statements.size(), "a statement");
    c.slot = static_cast<int>(value[1].integer(0, std::numeric_limits<int>::max()));
    if (!(shape_.*is_slot)(c.line, c.slot, array_)) value[1].refuse(slot);
    c.round = static_cast<int>(value[2].integer(0, std::numeric_limits<int>::max()));
    const int own = std::exchange(line_, c.line);
    c.nodes = entry(value[3], point, candidate);
    line_ = own;
    return c;
  }

  Requirement requirement(const JsonValue& value) const {
    value.expect_only({"holds", "otherwise"});
    return {entry(value, "holds", 0, yes), value.member("otherwise").string()};
  }

  CountForm count(const JsonValue& value) const {
    CountForm f;
    if (value.is_null()) return f;
    value.expect_only({"formula", "pieces"});
    f.known = true;
    value.member("formula").string();
    f.pieces = list_of(value.member("pieces"), [&](const JsonValue& p) { return piece(p); });
    return f;
  }

  CountPiece piece(const JsonValue& value) const {
    value.expect_only({"applies", "denominator", "terms", "condition"});
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    CountPiece p;
    p.applies = entry(value, "applies", 0, yes);
    p.denominator = value.member("denominator").integer(1, most);
    p.terms = list_of(value.member("terms"), [&](const JsonValue& t) {
      t.expect_size(1 + program_.parameters.size(),
                    "a coefficient and an exponent for each parameter");
      Monomial m;
      m.coefficient = t[0].integer(std::numeric_limits<std::int64_t>::min(), most);
      for (std::size_t k = 1; k < t.size(); ++k)
        m.exponents.push_back(static_cast<std::uint8_t>(t[k].integer(0, 255)));
      return m;
    });
    if (value.has("condition")) p.condition = value.member("condition").string();
    return p;
  }

  EdgeFamily edges(const JsonValue& value) const {
    value.expect_only({"from", "to", "count"});
    const std::size_t lines = program_.statements.size();
    return {value.member("from").id(lines, "a statement"),
            value.member("to").id(lines, "a statement"), count(value.member("count"))};
  }

  ProgramShape shape_;
  const ir::Program& program_;
  JsonValue document_;
  std::vector<Sketch> sketches_;
  int line_ = 0;   // the statement that is being read
  int array_ = 0;  // the array of the access, or the array, that is being read
};

}  // namespace lambdapack::form::detail
