// Closed forms as JSON text. docs/metadata.md has the format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/ir/detail/json_text.hpp"

namespace lambdapack::form::detail {

using ir::detail::json_list;
using ir::detail::json_quoted;
using ir::detail::JsonObject;

/// Writes the parts of the forms of one program. What its program says is left out, and so is a
/// form that emits nothing.
class FormsWriter {
 public:
  explicit FormsWriter(const ClosedForms& forms) : forms_(forms) {}

  std::string text() const {
    const auto lines = [](const std::string& list) {
      return list == "[]" ? list : "[\n  " + list.substr(1, list.size() - 2) + "\n]";
    };
    const auto listed = [&](const auto& items, auto json) {
      return lines(json_list(items, json, ",\n  "));
    };
    std::string all = "{\n\"code\":[";
    for (std::size_t k = 0; k < forms_.code.size(); ++k)
      all += (k == 0 ? "" : k % 64 == 0 ? ",\n" : ",") + std::to_string(forms_.code[k]);
    all += ']';
    if (forms_.tasks.offset >= 0) all += ",\n\"tasks\":" + std::to_string(forms_.tasks.offset);
    all += ",\n\"statements\":" +
           listed(forms_.statements, [](const StatementForms& s) { return statement(s); });
    all += ",\n\"arrays\":" + listed(forms_.arrays, [](const ArrayForms& a) { return array(a); });
    all += ",\n\"requirements\":" +
           listed(forms_.requirements, [](const Requirement& r) { return requirement(r); });
    all += ",\n\"counts\":" + listed(forms_.counts, [&](const CountForm& c) { return count(c); });
    all += ",\n\"edges\":" + listed(forms_.edges, [&](const EdgeFamily& e) { return edges(e); });
    return all + "\n}";
  }

 private:
  static JsonObject& add(JsonObject& object, const char* name, Entry entry) {
    return entry.offset < 0 ? object : object.add(name, entry.offset);
  }
  static JsonObject& add(JsonObject& object, const char* name, bool flag) {
    return flag ? object.add(name, "true") : object;
  }
  static JsonObject& add(JsonObject& object, const char* name, const std::vector<Candidates>& all) {
    return object.add(name, json_list(all, [](const Candidates& c) {
                        const std::vector<std::int64_t> words{c.line, c.slot, c.round,
                                                              c.nodes.offset};
                        return json_list(words, [](std::int64_t w) { return std::to_string(w); });
                      }));
  }

  static std::string statement(const StatementForms& s) {
    JsonObject object;
    add(object, "contains", s.contains);
    add(object, "instances", s.instances);
    add(object, "roots", s.roots);
    add(object, "sinks", s.sinks);
    add(object, "successors", s.successors);
    add(object, "predecessors", s.predecessors);
    object.add("outputs", json_list(s.outputs, output));
    object.add("inputs", json_list(s.inputs, input));
    object.add("scalars", json_list(s.scalars, [](const ScalarForm& f) {
                 return f.value.offset < 0 ? std::string("null") : std::to_string(f.value.offset);
               }));
    add(object, "searched_successors", s.searched_successors);
    add(object, "searched_predecessors", s.searched_predecessors);
    add(object, "filtered_roots", s.filtered_roots);
    add(object, "filtered_sinks", s.filtered_sinks);
    return object.text();
  }

  static std::string output(const Output& o) {
    JsonObject object;
    add(object, "tile", o.tile);
    add(object, "readers", o.readers);
    add(object, "final", o.final);
    if (o.searched) add(object, "candidates", o.candidates);
    return object.text();
  }

  static std::string input(const Input& i) {
    JsonObject object;
    add(object, "tiles", i.tiles);
    add(object, "source", i.source);
    add(object, "includes", i.includes);
    if (i.searched) add(object, "candidates", i.candidates);
    return object.text();
  }

  static std::string array(const ArrayForms& a) {
    JsonObject object;
    add(object, "initial_readers", a.initial_readers);
    add(object, "readers", a.readers);
    add(object, "writers", a.writers);
    add(object, "final_writer", a.final_writer);
    add(object, "searched", a.searched);
    add(object, "filtered_readers", a.filtered_readers);
    if (!a.first_readers.empty()) add(object, "first_readers", a.first_readers);
    if (!a.last_writers.empty()) add(object, "last_writers", a.last_writers);
    return object.text();
  }

  static std::string requirement(const Requirement& r) {
    JsonObject object;
    add(object, "holds", r.holds);
    return object.add("otherwise", json_quoted(r.otherwise)).text();
  }

  std::string count(const CountForm& c) const {
    if (!c.known) return "null";
    return JsonObject()
        .add("formula", json_quoted(to_string(c, forms_.parameters)))
        .add("pieces", json_list(c.pieces, piece))
        .text();
  }

  static std::string piece(const CountPiece& p) {
    JsonObject object;
    add(object, "applies", p.applies);
    object.add("denominator", p.denominator);
    object.add("terms", json_list(p.terms, [](const Monomial& m) {
                 std::string all = "[" + std::to_string(m.coefficient);
                 for (const std::uint8_t e : m.exponents) all += ',' + std::to_string(e);
                 return all + ']';
               }));
    if (!p.condition.empty()) object.add("condition", json_quoted(p.condition));
    return object.text();
  }

  std::string edges(const EdgeFamily& e) const {
    return JsonObject().add("from", e.from).add("to", e.to).add("count", count(e.count)).text();
  }

  const ClosedForms& forms_;
};

}  // namespace lambdapack::form::detail
