// From relations to closed forms: every question that a task graph answers, compiled.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/analysis/form_writer.hpp"
#include "lambdapack/analysis/loops_to_form.hpp"
#include "lambdapack/analysis/program_order.hpp"

namespace lambdapack::analysis {

/// The pairs of nodes of two statements of which the second reads a value of the first.
struct NodePairs {
  int from = 0;
  int to = 0;
  isl::Map map;
};

/// Compiles the forms of one program.
class FormCompiler {
 public:
  FormCompiler(const ir::Program& program, const Relations& relations, const Flow& flow)
      : program_(program),
        relations_(relations),
        loops_(program),
        writer_(static_cast<int>(program.parameters.size())) {
    sort(flow);
  }

  /// All forms but the requirements and the counts.
  form::ClosedForms compile(const std::vector<SizeCondition>& conditions) {
    form::ClosedForms forms;
    forms.program = program_.name;
    for (const ir::Parameter& p : program_.parameters) forms.parameters.push_back(p.name);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      forms.statements.push_back(statement(l));
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) forms.arrays.push_back(array(a));
    for (const SizeCondition& c : conditions)
      forms.requirements.push_back({writer_.holds(c.holds, c.among), c.otherwise});
    forms.tasks = writer_.intern(loops_.tasks());
    return forms;
  }

  /// All dependences between nodes, by statements.
  std::vector<NodePairs> node_pairs() const {
    std::map<std::pair<int, int>, isl::Map> by_statements;
    for (const Edge& e : edges_) {
      if (e.writer.kind != 'W' || e.reader.kind != 'R') continue;
      const isl::Map nodes =
          renamed(e.nodes(), statement_name(e.writer.id), statement_name(e.reader.id));
      isl::Map& all = by_statements[{e.writer.id, e.reader.id}];
      all = all ? isl::Map(nodes.ctx(), isl_map_union(all.copy(), nodes.copy())) : nodes;
    }
    std::vector<NodePairs> pairs;
    for (const auto& [statements, map] : by_statements)
      pairs.push_back({statements.first, statements.second, map});
    return pairs;
  }

  FormWriter& writer() { return writer_; }

 private:
  // One dependence with the tile that carries it.
  struct Edge {
    TupleName writer;
    TupleName reader;
    isl::Map full;  // W -> [R -> T]
    isl::Map nodes() const { return {full.ctx(), isl_map_range_factor_domain(full.copy())}; }
  };

  // Reads of tiles that nothing has written, where the array says what they hold.
  struct UnwrittenRead {
    int line;
    int array;
    isl::Map map;  // R -> T
  };

  void sort(const Flow& flow) {
    isl::for_each_map(flow.full, [&](const isl::Map& full) {
      Edge edge;
      edge.full = full;
      const isl::Map nodes = edge.nodes();
      edge.writer = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in));
      edge.reader = TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out));
      if (!isl::is_empty(full)) edges_.push_back(std::move(edge));
    });
    isl::for_each_map(flow.no_source, [&](const isl::Map& map) {
      const TupleName read = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_in));
      const TupleName tile = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_out));
      if (read.kind == 'R' && program_.arrays[static_cast<std::size_t>(tile.id)].unwritten)
        unwritten_.push_back({read.id, tile.id, map});
    });
  }

  static std::string statement_name(int line) { return "S" + std::to_string(line); }

  // Reader maps of the edges that `select` takes, with both ends renamed to statements.
  template <class Select>
  std::vector<Tagged> forward(const std::string& from, Select&& select) const {
    std::vector<Tagged> maps;
    for (const Edge& e : edges_)
      if (e.reader.kind == 'R' && select(e))
        maps.push_back({e.reader.id, renamed(e.nodes(), from, statement_name(e.reader.id))});
    return maps;
  }

  form::StatementForms statement(std::size_t l) {
    const int line = static_cast<int>(l);
    const isl::Set& domain = relations_.domains[l];
    const ir::Statement& s = program_.statements[l];
    form::StatementForms f;
    f.kernel = program_.kernels[static_cast<std::size_t>(s.kernel)].name;
    f.depth = static_cast<int>(isl_set_dim(domain.get(), isl_dim_set));
    f.contains = contains(domain);
    f.instances = writer_.points(domain, line, relations_.context);

    std::vector<Tagged> ahead = forward(statement_name(line), [&](const Edge& e) {
      return e.writer.kind == 'W' && e.writer.id == line;
    });
    isl::Set read(domain.ctx(), isl_set_empty(isl_set_get_space(domain.get())));
    for (const Tagged& t : ahead)
      read = isl::Set(domain.ctx(), isl_set_union(read.copy(), isl_map_domain(t.map.copy())));
    f.successors = writer_.images(std::move(ahead), domain);
    const isl::Set sinks(domain.ctx(), isl_set_subtract(domain.copy(), read.copy()));
    f.sinks = writer_.points(sinks, line, relations_.context);
    f.loops = loop_positions(program_, l);

    std::vector<Tagged> back;
    isl::Set waiting(domain.ctx(), isl_set_empty(isl_set_get_space(domain.get())));
    for (const Edge& e : edges_) {
      if (e.reader.kind != 'R' || e.reader.id != line || e.writer.kind != 'W') continue;
      const isl::Map nodes =
          renamed(reversed(e.nodes()), statement_name(line), statement_name(e.writer.id));
      waiting = isl::Set(domain.ctx(), isl_set_union(waiting.copy(), isl_map_domain(nodes.copy())));
      back.push_back({e.writer.id, nodes});
    }
    f.predecessors = writer_.images(std::move(back), domain);
    const isl::Set roots(domain.ctx(), isl_set_subtract(domain.copy(), waiting.copy()));
    f.roots = writer_.points(roots, line, relations_.context);

    for (std::size_t k = 0; k < s.writes.size(); ++k) f.outputs.push_back(output(l, k));
    for (std::size_t k = 0; k < s.reads.size(); ++k) f.inputs.push_back(input(l, k));
    for (const ir::Scalar& scalar : s.scalars) f.scalars.push_back(scalar_form(l, scalar));
    return f;
  }

  // Membership of a domain, asked about any point of its space.
  form::Entry contains(const isl::Set& domain) {
    isl_set* anywhere = isl_set_universe(isl_set_get_space(domain.get()));
    return writer_.contains(
        domain,
        isl::Set(domain.ctx(), isl_set_intersect_params(anywhere, relations_.context.copy())));
  }

  form::Output output(std::size_t l, std::size_t slot) {
    const isl::Set& domain = relations_.domains[l];
    const auto is_this = [&](const Edge& e) {
      return e.writer.kind == 'W' && e.writer.id == static_cast<int>(l) &&
             e.writer.slot == static_cast<int>(slot);
    };
    const ir::Access& access = program_.statements[l].writes[slot];
    form::Output f;
    f.array = access.array;
    f.tile = writer_.intern(loops_.tiles(l, access));
    f.readers = writer_.images(forward(statement_name(static_cast<int>(l)), is_this), domain);
    isl::Set final(domain.ctx(), isl_set_empty(isl_set_get_space(domain.get())));
    for (const Edge& e : edges_) {
      if (e.reader.kind != 'O' || !is_this(e)) continue;
      const isl::Map nodes = renamed(e.nodes(), statement_name(static_cast<int>(l)), "");
      final = isl::Set(domain.ctx(), isl_set_union(final.copy(), isl_map_domain(nodes.copy())));
    }
    f.final = writer_.contains(final, domain);
    return f;
  }

  form::Input input(std::size_t l, std::size_t slot) {
    const isl::Set& domain = relations_.domains[l];
    const ir::Access& access = program_.statements[l].reads[slot];
    form::Input f;
    f.array = access.array;
    f.tiles = writer_.intern(loops_.tiles(l, access));
    for (const ir::Subscript& s : access.subscripts) f.list = f.list || s.run.has_value();

    const std::string node = statement_name(static_cast<int>(l));
    std::vector<Tagged> maps;
    for (const Edge& e : edges_) {
      if (e.reader.kind != 'R' || e.reader.id != static_cast<int>(l) ||
          e.reader.slot != static_cast<int>(slot))
        continue;
      const int tag = e.writer.kind == 'I' ? -1 : form::source_tag(e.writer.id, e.writer.slot);
      maps.push_back({tag, f.list ? by_node_and_tile(reversed(e.full))
                                  : renamed(reversed(e.nodes()), node, "")});
    }
    const isl::Map reads = renamed(relations_.reads[l][slot], node, "");
    f.source = writer_.images(std::move(maps), f.list ? flat(reads) : domain);
    return f;
  }

  // [R[i] -> T[t]] -> W[j] as {[i, t] -> W[j]}.
  static isl::Map by_node_and_tile(const isl::Map& map) {
    return {map.ctx(), isl_map_flatten_domain(map.copy())};
  }

  // R[i] -> T[t] as the set {[i, t]}.
  static isl::Set flat(const isl::Map& map) {
    return {map.ctx(), isl_set_flatten(isl_map_wrap(map.copy()))};
  }

  form::ScalarForm scalar_form(std::size_t l, const ir::Scalar& scalar) {
    form::ScalarForm f;
    if (const auto* e = std::get_if<ir::Expr>(&scalar)) {
      f.value = writer_.intern(loops_.value(l, *e));
    } else if (const auto* x = std::get_if<double>(&scalar)) {
      f.real = *x;
    } else {
      f.real = std::get<std::complex<double>>(scalar).real();
      f.imaginary = std::get<std::complex<double>>(scalar).imag();
    }
    return f;
  }

  form::ArrayForms array(std::size_t a) {
    const ir::Array& array = program_.arrays[a];
    const int id = static_cast<int>(a);
    form::ArrayForms f;
    f.name = array.name;
    f.rank = array.rank;
    f.extents = array.extents;
    f.bound = array.role != ir::ArrayRole::temp;

    const isl::Set anywhere = any_tile(array.rank);
    std::vector<Tagged> readers, writers, final_writers;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      const std::string node = statement_name(static_cast<int>(l));
      for (std::size_t k = 0; k < s.reads.size(); ++k)
        if (s.reads[k].array == id)
          readers.push_back(
              {static_cast<int>(l), renamed(reversed(relations_.reads[l][k]), "", node)});
      for (std::size_t k = 0; k < s.writes.size(); ++k)
        if (s.writes[k].array == id)
          writers.push_back({form::source_tag(static_cast<int>(l), static_cast<int>(k)),
                             renamed(reversed(relations_.writes[l][k]), "", node)});
    }
    for (const Edge& e : edges_)
      if (e.reader.kind == 'O' && e.reader.id == id && e.writer.kind == 'W')
        final_writers.push_back(
            {form::source_tag(e.writer.id, e.writer.slot), reversed(e.nodes())});
    f.readers = writer_.images(std::move(readers), anywhere);
    f.writers = writer_.images(std::move(writers), anywhere);
    if (array.unwritten) {
      std::vector<Tagged> first;
      for (const UnwrittenRead& u : unwritten_)
        if (u.array == id)
          first.push_back({u.line, renamed(reversed(u.map), "", statement_name(u.line))});
      f.initial_readers = writer_.images(std::move(first), anywhere);
    }
    if (!relations_.boxes[a]) return f;
    const isl::Set inside = relations_.boxes[a];
    f.final_writer = writer_.images(std::move(final_writers), inside);
    if (array.unwritten) return f;
    f.initial_readers = writer_.images(
        forward("", [&](const Edge& e) { return e.writer.kind == 'I' && e.writer.id == id; }),
        inside);
    return f;
  }

  // All indices of a tile, inside its array or not.
  isl::Set any_tile(int rank) const {
    isl_space* space = isl_space_add_dims(isl_set_get_space(relations_.context.get()), isl_dim_set,
                                          static_cast<unsigned>(rank));
    return {relations_.context.ctx(),
            isl_set_intersect_params(isl_set_universe(space), relations_.context.copy())};
  }

  const ir::Program& program_;
  const Relations& relations_;
  LoopsToForm loops_;
  FormWriter writer_;
  std::vector<Edge> edges_;
  std::vector<UnwrittenRead> unwritten_;
};

}  // namespace lambdapack::analysis
