// Task graphs without the analysis: the closed forms of a program at given sizes, as tables of what
// the oracle wrote down. They run what no analysis knows, and on any executor.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/form/assembler.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "support/brute_force.hpp"

namespace brute_force {

namespace form = lambdapack::form;

/// Closed forms that hold for one choice of parameters only.
class Unrolled {
 public:
  Unrolled(const ir::Program& program, const std::vector<std::int64_t>& parameters)
      : program_(program),
        size_count_(static_cast<int>(parameters.size())),
        truth_(Interpreter::run(program, parameters)) {}

  form::ClosedForms forms() {
    form::ClosedForms f;
    f.program = program_.name;
    for (const ir::Parameter& p : program_.parameters) f.parameters.push_back(p.name);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      f.statements.push_back(statement(static_cast<int>(l)));
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      f.arrays.push_back(array(static_cast<int>(a)));
    f.counts.resize(program_.statements.size());
    f.tasks = list(truth_.order);
    f.code = std::move(code_);
    return f;
  }

 private:
  // A tuple that a form emits, and what each point is answered.
  struct Tuple {
    int tag;
    Indices values;
  };
  using Point = std::vector<std::int64_t>;
  using Table = std::map<Point, std::vector<Tuple>>;

  static Point point(const Indices& a, const Indices& b = {}) {
    Point all(a.begin(), a.end());
    all.insert(all.end(), b.begin(), b.end());
    return all;
  }

  static Tuple of(const Node& n) { return {n.line, n.indices}; }
  static Tuple of(const Value& v) {
    if (v.is_initial()) return {-1, v.indices};
    return {form::source_tag(v.line, v.slot), v.indices};
  }

  static std::vector<form::Affine> constants(const Indices& values) {
    std::vector<form::Affine> all;
    for (const std::int64_t x : values) all.push_back(form::Affine::of(x));
    return all;
  }

  form::Entry add(form::Assembler& assembler) {
    const form::Entry entry{static_cast<std::int32_t>(code_.size())};
    const std::vector<form::Word> words = assembler.finish();
    code_.insert(code_.end(), words.begin(), words.end());
    return entry;
  }

  form::Entry list(const std::vector<Node>& nodes) {
    form::Assembler assembler(size_count_);
    for (const Node& n : nodes) assembler.emit(n.line, constants(n.indices));
    assembler.end();
    return add(assembler);
  }

  form::Entry table(const Table& rows) {
    form::Assembler assembler(size_count_ + 2 * ir::max_depth);
    for (const auto& [at, tuples] : rows) {
      const form::Assembler::Label other = assembler.label();
      for (std::size_t k = 0; k < at.size(); ++k) {
        form::Affine difference = form::Affine::of_register(size_count_ + static_cast<int>(k));
        difference.constant = -at[k];
        assembler.if_nonzero(difference, other);
      }
      for (const Tuple& t : tuples) assembler.emit(t.tag, constants(t.values));
      assembler.end();
      assembler.place(other);
    }
    assembler.end();
    return add(assembler);
  }

  template <class Key, class Keep>
  form::Entry nodes(const std::map<Key, std::set<Node>>& map, Keep keep) {
    Table rows;
    for (const auto& [key, set] : map)
      if (keep(key))
        for (const Node& n : set) rows[point(key.indices)].push_back(of(n));
    return table(rows);
  }

  form::StatementForms statement(int line) {
    const ir::Statement& s = program_.statements[static_cast<std::size_t>(line)];
    form::StatementForms f;
    f.kernel = program_.kernels[static_cast<std::size_t>(s.kernel)].name;
    f.depth = static_cast<int>(ir::loops_around(program_, s.scope).size());
    std::vector<Node> all, roots;
    Table contains;
    for (const Node& n : truth_.order) {
      if (n.line != line) continue;
      all.push_back(n);
      if (truth_.is_root(n)) roots.push_back(n);
      contains[point(n.indices)] = {{0, {}}};
    }
    const auto here = [&](const Node& n) { return n.line == line; };
    f.contains = table(contains);
    f.instances = list(all);
    f.roots = list(roots);
    f.successors = nodes(truth_.successors, here);
    f.predecessors = nodes(truth_.predecessors, here);
    for (std::size_t k = 0; k < s.writes.size(); ++k) f.outputs.push_back(output(line, k, all));
    for (std::size_t k = 0; k < s.reads.size(); ++k) f.inputs.push_back(input(s, k, all));
    f.scalars.resize(s.scalars.size());
    return f;
  }

  form::Output output(int line, std::size_t slot, const std::vector<Node>& all) {
    const int k = static_cast<int>(slot);
    Table tiles, final;
    form::Output f;
    for (const Node& n : all) {
      const TileName tile = truth_.outputs.at({n, k});
      f.array = tile.array;
      tiles[point(n.indices)] = {{0, tile.indices}};
      const auto last = truth_.final_writer.find(tile);
      if (last != truth_.final_writer.end() && last->second == Value::of(n, k))
        final[point(n.indices)] = {{0, {}}};
    }
    f.tile = table(tiles);
    f.final = table(final);
    f.readers =
        nodes(truth_.readers, [&](const Value& v) { return v.line == line && v.slot == k; });
    return f;
  }

  form::Input input(const ir::Statement& s, std::size_t slot, const std::vector<Node>& all) {
    form::Input f;
    f.array = s.reads[slot].array;
    for (const ir::Subscript& subscript : s.reads[slot].subscripts)
      f.list = f.list || subscript.run.has_value();
    Table tiles, source;
    for (const Node& n : all)
      for (const Seen& seen : truth_.inputs.at({n, static_cast<int>(slot)})) {
        tiles[point(n.indices)].push_back({0, seen.tile.indices});
        source[f.list ? point(n.indices, seen.tile.indices) : point(n.indices)] = {of(seen.value)};
      }
    f.tiles = table(tiles);
    f.source = table(source);
    return f;
  }

  form::ArrayForms array(int id) {
    const ir::Array& a = program_.arrays[static_cast<std::size_t>(id)];
    form::ArrayForms f;
    f.name = a.name;
    f.rank = a.rank;
    f.extents = a.extents;
    Table writers, final;
    for (const auto& [tile, values] : truth_.tile_writers)
      if (tile.array == id)
        for (const Value& v : values) writers[point(tile.indices)].push_back(of(v));
    for (const auto& [tile, value] : truth_.final_writer)
      if (tile.array == id) final[point(tile.indices)] = {of(value)};
    f.writers = table(writers);
    f.final_writer = table(final);
    f.readers = nodes(truth_.tile_readers, [&](const TileName& t) { return t.array == id; });
    f.initial_readers = nodes(
        truth_.readers, [&](const Value& v) { return v.is_initial() && v.tile().array == id; });
    return f;
  }

  const ir::Program& program_;
  const int size_count_;
  const Graph truth_;
  std::vector<form::Word> code_;
};

/// The job of a program at these sizes. Its kernels' scalars come as 0.
inline lambdapack::exec::Job unrolled_job(
    lambdapack::Traced traced, std::vector<std::int64_t> parameters,
    std::vector<std::shared_ptr<lambdapack::tile::Store>> arrays) {
  auto program = std::make_shared<const ir::Program>(std::move(traced.program));
  auto forms = std::make_shared<const form::ClosedForms>(Unrolled(*program, parameters).forms());
  arrays.resize(program->arrays.size());
  return {program, lambdapack::TaskGraph(std::move(forms), std::move(parameters)),
          std::move(traced.kernels), std::move(arrays)};
}

}  // namespace brute_force
