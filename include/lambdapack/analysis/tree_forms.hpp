// Closed forms of programs with powers and logarithms.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/lifted_writer.hpp"
#include "lambdapack/analysis/program_order.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::analysis {

/// Compiles the forms of one program, whose reads are all answered (tree_checks.hpp).
class TreeFormCompiler {
 public:
  /// `always_waits` says for each statement whether every node of it waits for another.
  TreeFormCompiler(const ir::Program& program, const Lifted& lifted, const TreeFlow& flow,
                   std::vector<bool> always_waits)
      : program_(program),
        lifted_(lifted),
        flow_(flow),
        always_waits_(std::move(always_waits)),
        loops_(program),
        writer_(static_cast<int>(program.parameters.size())),
        out_(program, lifted, writer_) {}

  /// All forms but the requirements and the counts.
  form::ClosedForms compile() {
    form::ClosedForms forms;
    forms.program = program_.name;
    for (const ir::Parameter& p : program_.parameters) forms.parameters.push_back(p.name);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      forms.statements.push_back(statement(l));
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) forms.arrays.push_back(array(a));
    for (std::size_t from = 0; from < program_.statements.size(); ++from)
      for (std::size_t to = 0; to < program_.statements.size(); ++to)
        if (std::any_of(flow_.pairs().begin(), flow_.pairs().end(), [&](const TreePair& p) {
              return p.writer == from && p.reader == to;
            }))
          forms.edges.push_back({line(from), line(to), {}});
    forms.tasks = writer_.intern(loops_.tasks());
    return forms;
  }

  LiftedWriter& writer() { return out_; }
  FormWriter& form_writer() { return writer_; }
  std::vector<form::Word> take_code() { return writer_.take_code(); }

 private:
  const LiftedStatement& lifted(std::size_t l) const { return lifted_.statements[l]; }

  LiftedPoint node_point(std::size_t l) const { return {lifted(l).domain, lifted(l).dims, 0}; }

  // The nodes of statement l with each tile that read k names.
  LiftedPoint read_point(std::size_t l, std::size_t k) const {
    const isl::Map& map = lifted(l).reads[k].map;
    return {isl::Set(map.ctx(), isl_set_flatten(isl_map_wrap(map.copy()))), lifted(l).dims,
            static_cast<std::size_t>(isl_map_dim(map.get(), isl_dim_out))};
  }

  // Any tile of an array of that rank.
  const LiftedPoint& tile_point(int of_rank) {
    const auto [at, fresh] = tile_points_.try_emplace(of_rank);
    if (!fresh) return at->second;
    const auto rank = static_cast<unsigned>(of_rank);
    isl_space* space = isl_space_add_dims(isl_set_get_space(lifted_.context.get()), isl_dim_set,
                                          rank);
    at->second = {isl::Set(lifted_.context.ctx(),
                           isl_set_intersect_params(isl_set_universe(space),
                                                    lifted_.context.copy())),
                  {},
                  rank};
    return at->second;
  }

  static isl::Map reversed(const isl::Map& m) { return {m.ctx(), isl_map_reverse(m.copy())}; }

  // The nodes of statement l that name a tile through the access, whichever array it is.
  const isl::Map& naming(std::size_t l, const ir::Access& access, const isl::Map& map) {
    for (const Naming& n : naming_)
      if (n.line == l && *n.subscripts == access.subscripts) return n.map;
    return naming_.emplace_back(Naming{l, &access.subscripts, reversed(map)}).map;
  }

  // One of the cases in which the writer comes before the reader, nearest first.
  struct WritesFirst {
    int round;
    isl::Map map, back;
  };

  const std::vector<WritesFirst>& writes_first(const TreePair& p) {
    const auto [at, fresh] = writes_first_.try_emplace(p.map.get());
    if (fresh)
      for (OrderCase& c : before(program_, lifted_, p.writer, p.reader, p.map))
        at->second.push_back({c.round, c.map, reversed(c.map)});
    return at->second;
  }

  static int line(std::size_t l) { return static_cast<int>(l); }

  bool is_list(const ir::Access& access) const {
    return std::any_of(access.subscripts.begin(), access.subscripts.end(),
                       [](const ir::Subscript& s) { return s.run.has_value(); });
  }

  form::StatementForms statement(std::size_t l) {
    const ir::Statement& s = program_.statements[l];
    form::StatementForms f;
    f.kernel = program_.kernels[static_cast<std::size_t>(s.kernel)].name;
    f.loops = loop_positions(program_, l);
    f.depth = static_cast<int>(f.loops.size());
    f.contains = writer_.intern(loops_.contains(l));
    f.instances = writer_.intern(loops_.instances(l));

    std::vector<LiftedImages> successors, predecessors;
    for (const TreePair& p : flow_.pairs()) {
      if (p.writer == l) {
        successors.push_back({line(p.reader), p.reader, p.map});
        f.searched_successors = f.searched_successors || !is_plain(p);
      }
      if (p.reader == l) {
        predecessors.push_back({line(p.writer), p.writer, p.back});
        f.searched_predecessors = f.searched_predecessors || !is_plain(p);
      }
    }
    if (!always_waits_[l]) f.roots = f.instances;
    f.filtered_roots = !always_waits_[l] && !predecessors.empty();
    f.sinks = f.instances;
    f.filtered_sinks = !successors.empty();
    if (!f.searched_successors) f.successors = out_.images(successors, node_point(l));
    if (!f.searched_predecessors) f.predecessors = out_.images(predecessors, node_point(l));

    for (std::size_t k = 0; k < s.writes.size(); ++k) f.outputs.push_back(output(l, k));
    for (std::size_t k = 0; k < s.reads.size(); ++k) f.inputs.push_back(input(l, k));
    for (const ir::Scalar& scalar : s.scalars) f.scalars.push_back(scalar_form(l, scalar));
    return f;
  }

  // Composition is all there is to say about the pair.
  bool is_plain(const TreePair& p) const {
    return flow_.exact(p.array) && lifted(p.reader).reads[p.read].strides.empty();
  }

  form::Output output(std::size_t l, std::size_t slot) {
    const ir::Access& access = program_.statements[l].writes[slot];
    form::Output f;
    f.array = access.array;
    f.tile = writer_.intern(loops_.tiles(l, access));
    std::vector<LiftedImages> readers;
    for (const TreePair& p : flow_.pairs()) {
      if (p.writer != l || p.write != slot) continue;
      readers.push_back({line(p.reader), p.reader, p.map});
      f.searched = f.searched || !is_plain(p);
    }
    if (!f.searched) {
      f.readers = out_.images(readers, node_point(l));
    } else {
      for (const TreePair& p : flow_.pairs())
        if (p.writer == l && p.write == slot) add_readers(f.candidates, p);
    }
    const bool bound = lifted_.boxes[static_cast<std::size_t>(access.array)] ? true : false;
    if (bound && flow_.exact(access.array)) f.final = f.tile;  // a tile: yes
    return f;
  }

  void add_readers(std::vector<form::Candidates>& all, const TreePair& p) {
    const auto add = [&](int round, const isl::Map& map) {
      for (form::Entry e :
           out_.walks({line(p.reader), p.reader, map}, node_point(p.writer), true))
        all.push_back({line(p.reader), static_cast<int>(p.read), round, e});
    };
    if (flow_.exact(p.array)) return add(0, p.map);
    for (const WritesFirst& c : writes_first(p)) add(c.round, c.map);
  }

  form::Input input(std::size_t l, std::size_t slot) {
    const ir::Access& access = program_.statements[l].reads[slot];
    form::Input f;
    f.array = access.array;
    f.tiles = writer_.intern(loops_.tiles(l, access));
    f.list = is_list(access);
    f.includes = writer_.intern(loops_.includes(l, access));
    f.searched = !flow_.exact(access.array);
    const LiftedPoint point = f.list ? read_point(l, slot) : node_point(l);
    std::vector<LiftedImages> sources;
    for (const TreePair& p : flow_.pairs()) {
      if (p.reader != l || p.read != slot) continue;
      const int tag = form::source_tag(line(p.writer), static_cast<int>(p.write));
      if (!f.searched) {
        sources.push_back({tag, p.writer, source_map(p, f.list, p.back)});
        continue;
      }
      for (const WritesFirst& c : writes_first(p))
        for (form::Entry e :
             out_.walks({tag, p.writer, source_map(p, f.list, c.back)}, point, false))
          f.candidates.push_back({line(p.writer), static_cast<int>(p.write), c.round, e});
    }
    if (!f.searched) f.source = out_.images(sources, point);
    f.candidates = latest_first(f.candidates);
    return f;
  }

  // By falling round, those of one round in the order in which they are.
  static std::vector<form::Candidates> latest_first(const std::vector<form::Candidates>& all) {
    std::vector<form::Candidates> sorted;
    for (const form::Candidates& c : all)
      sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), c,
                                     [](const form::Candidates& a, const form::Candidates& b) {
                                       return a.round > b.round;
                                     }),
                    c);
    return sorted;
  }

  // reader -> writer, or for a list (reader, tile) -> writer.
  isl::Map source_map(const TreePair& p, bool list, const isl::Map& nodes) const {
    if (!list) return nodes;
    const isl::Map& read = lifted(p.reader).reads[p.read].map;
    const isl::Map& write = lifted(p.writer).writes[p.write].map;
    isl_map* m = isl_map_apply_range(isl_map_range_map(read.copy()), isl_map_reverse(write.copy()));
    isl_map* pairs = isl_map_domain_map(read.copy());  // [reader -> tile] -> reader
    m = isl_map_intersect(m, isl_map_apply_range(pairs, nodes.copy()));
    return {nodes.ctx(), isl_map_flatten_domain(m)};
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
    bool written = false;
    std::vector<LiftedImages> readers, writers;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t k = 0; k < s.reads.size(); ++k) {
        if (s.reads[k].array != id) continue;
        readers.push_back({line(l), l, naming(l, s.reads[k], lifted(l).reads[k].map)});
        f.filtered_readers = f.filtered_readers || !lifted(l).reads[k].strides.empty();
      }
      for (std::size_t k = 0; k < s.writes.size(); ++k) {
        if (s.writes[k].array != id) continue;
        written = true;
        writers.push_back({form::source_tag(line(l), static_cast<int>(k)), l,
                           naming(l, s.writes[k], lifted(l).writes[k].map)});
      }
    }
    const LiftedPoint& point = tile_point(array.rank);
    if (!f.filtered_readers) f.readers = out_.images(readers, point);
    f.writers = out_.images(writers, point);
    f.searched = written;
    if (!written && !f.filtered_readers) f.initial_readers = f.readers;
    if (written || f.filtered_readers) add_first_readers(f, id, point);
    if (!written || !lifted_.boxes[a]) return f;
    for (const LiftedImages& w : writers)
      for (form::Entry e : out_.walks(w, point, false))
        f.last_writers.push_back(
            {form::source_line(w.tag), form::source_slot(w.tag), 0, e});
    return f;
  }

  void add_first_readers(form::ArrayForms& f, int array, const LiftedPoint& point) {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].reads.size(); ++k) {
        const ir::Access& access = program_.statements[l].reads[k];
        if (access.array != array) continue;
        const isl::Map map = naming(l, access, lifted(l).reads[k].map);
        for (form::Entry e : out_.walks({line(l), l, map}, point, true))
          f.first_readers.push_back({line(l), static_cast<int>(k), 0, e});
      }
  }

  const ir::Program& program_;
  const Lifted& lifted_;
  const TreeFlow& flow_;
  struct Naming {
    std::size_t line;
    const std::vector<ir::Subscript>* subscripts;
    isl::Map map;
  };

  std::vector<bool> always_waits_;
  std::deque<Naming> naming_;
  std::map<const isl_map*, std::vector<WritesFirst>> writes_first_;
  std::map<int, LiftedPoint> tile_points_;
  LoopsToForm loops_;
  FormWriter writer_;
  LiftedWriter out_;
};

}  // namespace lambdapack::analysis
