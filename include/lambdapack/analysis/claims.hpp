// What each closed form of a program ought to say: relations, made from the program's domains,
// accesses and flow, and not from anything that the form compiler did.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/flow.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// One form and what it ought to emit. Tuples carry no names.
struct Claim {
  enum class Emits { answers, nodes, values, tiles };

  std::string form;  ///< its name in messages
  form::Entry entry;
  Emits emits = Emits::answers;
  int line = -1;                  ///< the statement whose nodes it is asked about, or -1
  isl::Set known;                 ///< the sizes and points that it is asked about
  std::map<int, isl::Map> truth;  ///< tag -> what it emits with that tag, point -> tuple
  /// If the order of the tuples matters, tag -> tuple -> the time at which it is due.
  std::map<int, isl::Map> order;
};

namespace detail {

inline isl::Set plain(const isl::Set& s) {
  return {s.ctx(), isl_set_reset_tuple_id(isl_set_flatten(s.copy()))};
}
inline isl::Map plain(const isl::Map& m) {
  isl_map* flat = isl_map_flatten(m.copy());
  flat = isl_map_reset_tuple_id(flat, isl_dim_in);
  return {m.ctx(), isl_map_reset_tuple_id(flat, isl_dim_out)};
}

inline void add(std::map<int, isl::Map>& truth, int tag, const isl::Map& map) {
  isl::Map& m = truth[tag];
  const isl::Map more = plain(map);
  m = m ? isl::Map(m.ctx(), isl_map_union(m.copy(), more.copy())) : more;
}

inline isl::Map from_range(const isl::Set& s) { return {s.ctx(), isl_map_from_range(s.copy())}; }
inline isl::Map from_domain(const isl::Set& s) { return {s.ctx(), isl_map_from_domain(s.copy())}; }

}  // namespace detail

/// Makes the claims about all forms of one program but its requirements and counts.
class ClaimMaker {
 public:
  /// `relations` are already restricted to the sizes that the program allows.
  ClaimMaker(const isl::Context& ctx, const ir::Program& program, const Relations& relations,
             const Flow& flow, const form::ClosedForms& forms)
      : ctx_(ctx), program_(program), relations_(relations), forms_(forms), words_(program) {
    isl::for_each_map(flow.full, [&](const isl::Map& full) {
      const isl::Map nodes(full.ctx(), isl_map_range_factor_domain(full.copy()));
      edges_.push_back({TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_in)),
                        TupleName::parse(isl_map_get_tuple_name(nodes.get(), isl_dim_out)), nodes,
                        full});
    });
    isl::for_each_map(flow.no_source, [&](const isl::Map& map) {
      const TupleName read = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_in));
      const TupleName tile = TupleName::parse(isl_map_get_tuple_name(map.get(), isl_dim_out));
      if (read.kind == 'R') unwritten_.push_back({read.id, tile.id, map});
    });
  }

  std::vector<Claim> make() {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) statement(l);
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) array(a);
    tasks();
    return std::move(claims_);
  }

  /// The pairs of statements of which the second reads a value of the first, at some sizes, each
  /// with all such pairs of nodes: the reader's indices, and then the writer's.
  std::map<std::pair<int, int>, isl::Set> edge_families() const {
    std::map<std::pair<int, int>, isl::Set> families;
    for (const Edge& e : edges_) {
      if (e.writer.kind != 'W' || e.reader.kind != 'R' || isl::is_empty(e.nodes)) continue;
      const isl::Map nodes = detail::plain(e.nodes);
      isl_set* pairs = isl_set_flatten(isl_map_wrap(isl_map_reverse(nodes.copy())));
      isl::Set& all = families[{e.writer.id, e.reader.id}];
      all = isl::Set(ctx_.get(), all ? isl_set_union(all.copy(), pairs) : pairs);
    }
    return families;
  }

  /// "statement 2, syrk at cholesky.cpp:13".
  static std::string name(const ir::Program& program, std::size_t line) {
    const ir::Statement& s = program.statements[line];
    return text({"statement ", line, ", ", program.kernels[static_cast<std::size_t>(s.kernel)].name,
                 " at ", ir::where(s.location)});
  }

 private:
  // A dependence: which write (or initial tile) each read (or final look) sees, and in which tile.
  struct Edge {
    TupleName writer;
    TupleName reader;
    isl::Map nodes;  // W -> R
    isl::Map full;   // W -> [R -> T]

    bool writes(char kind, std::size_t id) const {
      return writer.kind == kind && writer.id == static_cast<int>(id);
    }
    bool reads(char kind, std::size_t id) const {
      return reader.kind == kind && reader.id == static_cast<int>(id);
    }
    bool slots(std::size_t w) const { return writer.slot == static_cast<int>(w); }
    int source() const {
      return writer.kind == 'I' ? -1 : form::source_tag(writer.id, writer.slot);
    }
  };

  // Reads of tiles that nothing has written.
  struct Unwritten {
    int line;
    int array;
    isl::Map map;  // R -> T
  };

  Claim& claim(std::string name, form::Entry entry, Claim::Emits emits, const isl::Set& known,
               int line = -1) {
    Claim c;
    c.form = std::move(name);
    c.entry = entry;
    c.emits = emits;
    c.line = line;
    c.known = detail::plain(known);
    claims_.push_back(std::move(c));
    return claims_.back();
  }

  isl::Set sizes() const { return {ctx_.get(), isl_set_from_params(relations_.context.copy())}; }
  isl::Set anywhere(int rank) const {
    return {ctx_.get(), isl_set_add_dims(isl_set_from_params(relations_.context.copy()),
                                         isl_dim_set, static_cast<unsigned>(rank))};
  }

  void statement(std::size_t l) {
    using Emits = Claim::Emits;
    const form::StatementForms& f = forms_.statements[l];
    const isl::Set& domain = relations_.domains[l];
    const int line = static_cast<int>(l);
    const std::string of = text({" of ", name(program_, l)});

    detail::add(claim("contains" + of, f.contains, Emits::answers,
                      anywhere(static_cast<int>(isl_set_dim(domain.get(), isl_dim_set))), line)
                    .truth,
                0, detail::from_domain(domain));
    detail::add(claim("instances" + of, f.instances, Emits::nodes, sizes()).truth, line,
                detail::from_range(domain));

    Claim& next = claim("successors" + of, f.successors, Emits::nodes, domain, line);
    isl::Set sinks = detail::plain(domain);
    for (const Edge& e : edges_) {
      if (!e.writes('W', l) || e.reader.kind != 'R') continue;
      const isl::Map ahead = detail::plain(e.nodes);
      detail::add(next.truth, e.reader.id, ahead);
      sinks = isl::Set(ctx_.get(), isl_set_subtract(sinks.copy(), isl_map_domain(ahead.copy())));
    }
    detail::add(claim("sinks" + of, f.sinks, Emits::nodes, sizes()).truth, line,
                detail::from_range(sinks));

    Claim& before = claim("predecessors" + of, f.predecessors, Emits::nodes, domain, line);
    isl::Set roots = detail::plain(domain);
    for (const Edge& e : edges_) {
      if (!e.reads('R', l) || e.writer.kind != 'W') continue;
      const isl::Map back = detail::plain(reversed(e.nodes));
      detail::add(before.truth, e.writer.id, back);
      roots = isl::Set(ctx_.get(), isl_set_subtract(roots.copy(), isl_map_domain(back.copy())));
    }
    detail::add(claim("roots" + of, f.roots, Emits::nodes, sizes()).truth, line,
                detail::from_range(roots));

    const ir::Statement& s = program_.statements[l];
    for (std::size_t k = 0; k < s.writes.size(); ++k) output(l, k, f.outputs[k]);
    for (std::size_t k = 0; k < s.reads.size(); ++k) input(l, k, f.inputs[k]);
    for (std::size_t k = 0; k < s.scalars.size(); ++k) scalar(l, k, f.scalars[k]);
  }

  void output(std::size_t l, std::size_t slot, const form::Output& f) {
    const isl::Set& domain = relations_.domains[l];
    const int line = static_cast<int>(l);
    const std::string of = text({" of output ", slot, " of ", name(program_, l)});
    detail::add(claim("tile" + of, f.tile, Claim::Emits::tiles, domain, line).truth, 0,
                relations_.writes[l][slot]);
    Claim& readers = claim("readers" + of, f.readers, Claim::Emits::nodes, domain, line);
    for (const Edge& e : edges_)
      if (e.writes('W', l) && e.slots(slot) && e.reader.kind == 'R')
        detail::add(readers.truth, e.reader.id, e.nodes);
    Claim& final = claim("final" + of, f.final, Claim::Emits::answers, domain, line);
    for (const Edge& e : edges_)
      if (e.writes('W', l) && e.slots(slot) && e.reader.kind == 'O')
        detail::add(final.truth, 0,
                    detail::from_domain(isl::Set(ctx_.get(), isl_map_domain(e.nodes.copy()))));
  }

  void input(std::size_t l, std::size_t slot, const form::Input& f) {
    const isl::Set& domain = relations_.domains[l];
    const isl::Map& read = relations_.reads[l][slot];
    const int line = static_cast<int>(l);
    const std::string of = text({" of input ", slot, " of ", name(program_, l)});
    Claim& tiles = claim("tiles" + of, f.tiles, Claim::Emits::tiles, domain, line);
    detail::add(tiles.truth, 0, read);
    if (f.list) tiles.order.emplace(0, run_order(program_.statements[l].reads[slot]));

    const isl::Set at = f.list ? isl::Set(ctx_.get(), isl_map_wrap(read.copy())) : domain;
    Claim& source = claim("source" + of, f.source, Claim::Emits::values, at, f.list ? -1 : line);
    for (const Edge& e : edges_)
      if (e.reads('R', l) && e.reader.slot == static_cast<int>(slot))
        detail::add(source.truth, e.source(), f.list ? reversed(e.full) : reversed(e.nodes));
  }

  // Tiles of a run are due as its subscripts go, the first one slowest.
  isl::Map run_order(const ir::Access& access) const {
    std::string time;
    for (std::size_t d = 0; d < access.subscripts.size(); ++d) {
      const auto& run = access.subscripts[d].run;
      time += text({d > 0 ? ", " : "", run && ir::goes_down(run->step) ? "-t" : "t", d});
    }
    return isl::read_map(
        ctx_, text({words_.parameters(), "{ [", numbered("t", access.subscripts.size()), "] -> [",
                    time, "] }"}));
  }

  void scalar(std::size_t l, std::size_t k, const form::ScalarForm& f) {
    const auto* e = std::get_if<ir::Expr>(&program_.statements[l].scalars[k]);
    if (e == nullptr) return;
    detail::add(claim(text({"scalar ", k, " of ", name(program_, l)}), f.value, Claim::Emits::tiles,
                      relations_.domains[l], static_cast<int>(l))
                    .truth,
                0,
                isl::read_map(ctx_, text({words_.parameters(), "{ ", words_.node("S", l), " -> [",
                                          words_.value(*e, l), "] }"})));
  }

  void array(std::size_t a) {
    const form::ArrayForms& f = forms_.arrays[a];
    const std::string of = text({" of array ", program_.arrays[a].name});
    const isl::Set any = anywhere(program_.arrays[a].rank);
    std::map<int, isl::Map> readers, writers;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      const int line = static_cast<int>(l);
      for (std::size_t k = 0; k < s.reads.size(); ++k)
        if (s.reads[k].array == static_cast<int>(a))
          detail::add(readers, line, reversed(relations_.reads[l][k]));
      for (std::size_t k = 0; k < s.writes.size(); ++k)
        if (s.writes[k].array == static_cast<int>(a))
          detail::add(writers, form::source_tag(line, static_cast<int>(k)),
                      reversed(relations_.writes[l][k]));
    }
    claim("readers" + of, f.readers, Claim::Emits::nodes, any).truth = std::move(readers);
    claim("writers" + of, f.writers, Claim::Emits::values, any).truth = std::move(writers);
    const bool has_rule = program_.arrays[a].unwritten.has_value();
    if (has_rule) {
      Claim& initial = claim("initial readers" + of, f.initial_readers, Claim::Emits::nodes, any);
      for (const Unwritten& u : unwritten_)
        if (u.array == static_cast<int>(a)) detail::add(initial.truth, u.line, reversed(u.map));
    }
    if (!relations_.boxes[a]) return;

    const isl::Set inside(ctx_.get(), isl_set_intersect_params(relations_.boxes[a].copy(),
                                                               relations_.context.copy()));
    Claim& last = claim("final writer" + of, f.final_writer, Claim::Emits::values, inside);
    for (const Edge& e : edges_)
      if (e.reads('O', a) && e.writer.kind == 'W')
        detail::add(last.truth, e.source(), reversed(e.nodes));
    if (has_rule) return;
    Claim& initial = claim("initial readers" + of, f.initial_readers, Claim::Emits::nodes, inside);
    for (const Edge& e : edges_)
      if (e.writes('I', a) && e.reader.kind == 'R')
        detail::add(initial.truth, e.reader.id, e.nodes);
  }

  void tasks() {
    Claim& all = claim("tasks", forms_.tasks, Claim::Emits::nodes, sizes());
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const int line = static_cast<int>(l);
      detail::add(all.truth, line, detail::from_range(relations_.domains[l]));
      all.order.emplace(line, detail::plain(isl::read_map(
                                  ctx_, text({words_.parameters(), "{ ", words_.node("S", l),
                                              " -> ", words_.time(l, 0), " }"}))));
    }
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Relations& relations_;
  const form::ClosedForms& forms_;
  detail::IslText words_;
  std::vector<Edge> edges_;
  std::vector<Unwritten> unwritten_;
  std::vector<Claim> claims_;
};

}  // namespace lambdapack::analysis
