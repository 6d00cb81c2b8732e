// What each closed form of a program with powers and logarithms ought to say, for sizes up to a
// bound: claims.hpp for such programs. Flow is composition where each tile is written once, before
// its reads; for other arrays candidates must hold all nodes that may be the answer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/bounded_flow.hpp"
#include "lambdapack/analysis/bounded_relations.hpp"
#include "lambdapack/analysis/claims.hpp"

namespace lambdapack::analysis {

/// Makes the claims about all forms of one program but its requirements.
class TreeClaimMaker {
 public:
  /// `bounded` is already restricted to the sizes that the program allows.
  TreeClaimMaker(const isl::Context& ctx, const ir::Program& program,
                 const BoundedRelations& bounded, const form::ClosedForms& forms)
      : ctx_(ctx),
        program_(program),
        relations_(bounded.relations),
        scalars_(bounded.scalars),
        forms_(forms),
        words_(program),
        flow_(ctx, program, bounded.relations) {}

  std::vector<Claim> make() {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) statement(l);
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) array(a);
    tasks();
    return std::move(claims_);
  }

  /// Which answers are looked for when they are asked for; claims are about their candidates only.
  const std::vector<std::string>& searched() const { return searched_; }

 private:
  using Emits = Claim::Emits;
  using Edge = BoundedEdge;

  static bool is_of(const ir::Access& access, std::size_t array) {
    return access.array == static_cast<int>(array);
  }

  Claim& claim(std::string name, form::Entry entry, Emits emits, const isl::Set& known,
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

  // What is searched through at run time: forms of `all` together hold the truth, and nodes only.
  void candidates(const std::string& name, const std::vector<form::Candidates>& all,
                  bool are_sources, const isl::Set& known,
                  const std::map<std::pair<int, int>, isl::Map>& truth) {
    searched_.push_back(name + ": searched at run time; claims are about its candidates");
    std::map<std::pair<int, int>, std::vector<form::Entry>> entries;
    for (const auto& [key, map] : truth) entries[key];
    for (const form::Candidates& c : all) entries[{c.line, c.slot}].push_back(c.nodes);
    for (const auto& [key, forms] : entries) {
      Claim& c =
          claim(text({"candidates for ", name, " in statement ", key.first, ", slot ", key.second}),
                {}, are_sources ? Emits::values : Emits::nodes, known);
      c.more = forms;
      c.at_least = true;
      const int tag = are_sources ? form::source_tag(key.first, key.second) : key.first;
      const auto found = truth.find(key);
      if (found != truth.end()) detail::add(c.truth, tag, found->second);
      if (key.first < 0 || key.first >= static_cast<int>(relations_.domains.size())) continue;
      detail::add(
          c.allowed, tag,
          {ctx_.get(),
           isl_map_from_domain_and_range(
               c.known.copy(), relations_.domains[static_cast<std::size_t>(key.first)].copy())});
    }
  }

  using Truths = std::map<std::pair<int, int>, isl::Map>;
  static void add(Truths& truth, std::size_t line, std::size_t slot, const isl::Map& map) {
    isl::Map& m = truth[{static_cast<int>(line), static_cast<int>(slot)}];
    m = m ? isl::Map(m.ctx(), isl_map_union(m.copy(), map.copy())) : map;
  }

  isl::Set sizes() const { return {ctx_.get(), isl_set_from_params(relations_.context.copy())}; }
  isl::Set anywhere(int rank) const {
    return {ctx_.get(), isl_set_add_dims(isl_set_from_params(relations_.context.copy()),
                                         isl_dim_set, static_cast<unsigned>(rank))};
  }

  // A form that is not searched although its array asks for it is wrong.
  void needs_no_search(const std::string& form, int array) const {
    if (!flow_.is_once(array))
      throw WrongForm{text({"the form ", form, " is taken for the answer, although tiles of ",
                            program_.arrays[static_cast<std::size_t>(array)].name,
                            " are written more than once or read before they are written"})};
  }

  void statement(std::size_t l) {
    const form::StatementForms& f = forms_.statements[l];
    const isl::Set& domain = relations_.domains[l];
    const int line = static_cast<int>(l);
    const std::string of = " of " + ClaimMaker::name(program_, l);
    detail::add(claim("contains" + of, f.contains, Emits::answers,
                      anywhere(static_cast<int>(isl_set_dim(domain.get(), isl_dim_set))), line)
                    .truth,
                0, detail::from_domain(domain));
    detail::add(claim("instances" + of, f.instances, Emits::nodes, sizes()).truth, line,
                detail::from_range(domain));

    neighbours("successors" + of, f.successors, f.searched_successors, l, true);
    neighbours("predecessors" + of, f.predecessors, f.searched_predecessors, l, false);
    isl::Set roots = domain, sinks = domain;
    for (const Edge& e : flow_.edges()) {
      if (e.reader == l) roots = without(roots, isl_map_range(e.nodes.copy()));
      if (e.writer == l && flow_.is_once(e.array))
        sinks = without(sinks, isl_map_domain(e.nodes.copy()));
    }
    const bool sure = std::all_of(flow_.edges().begin(), flow_.edges().end(), [&](const Edge& e) {
      return e.writer != l || flow_.is_once(e.array);
    });
    ends("roots" + of, f.roots, f.filtered_roots, l, roots);
    if (sure || f.filtered_sinks) ends("sinks" + of, f.sinks, f.filtered_sinks, l, sinks);

    const ir::Statement& s = program_.statements[l];
    for (std::size_t k = 0; k < s.writes.size(); ++k) output(l, k, f.outputs[k]);
    for (std::size_t k = 0; k < s.reads.size(); ++k) input(l, k, f.inputs[k]);
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (scalars_[l][k])
        detail::add(
            claim(text({"scalar ", k, of}), f.scalars[k].value, Emits::tiles, domain, line).truth,
            0, scalars_[l][k]);
  }

  static isl::Set without(const isl::Set& all, isl_set* some) {
    return {all.ctx(), isl_set_coalesce(isl_set_subtract(all.copy(), some))};
  }

  void neighbours(const std::string& form, form::Entry entry, bool searched, std::size_t l,
                  bool forward) {
    if (searched) {
      searched_.push_back(form + ": searched at run time");
      return;
    }
    Claim& all = claim(form, entry, Emits::nodes, relations_.domains[l], static_cast<int>(l));
    for (const Edge& e : flow_.edges()) {
      if ((forward ? e.writer : e.reader) != l) continue;
      needs_no_search(form, e.array);
      detail::add(all.truth, static_cast<int>(forward ? e.reader : e.writer),
                  forward ? e.nodes : reversed(e.nodes));
    }
  }

  // Roots or sinks.
  void ends(const std::string& form, form::Entry entry, bool filtered, std::size_t l,
            const isl::Set& truth) {
    Claim& c = claim(form, entry, Emits::nodes, sizes());
    detail::add(c.truth, static_cast<int>(l), detail::from_range(truth));
    if (!filtered) return;
    searched_.push_back(form + ": filtered at run time; the claim is that none is missing");
    c.at_least = true;
    detail::add(c.allowed, static_cast<int>(l), detail::from_range(relations_.domains[l]));
  }

  void output(std::size_t l, std::size_t slot, const form::Output& f) {
    const isl::Set& domain = relations_.domains[l];
    const int line = static_cast<int>(l);
    const std::string of = text({" of output ", slot, " of ", ClaimMaker::name(program_, l)});
    detail::add(claim("tile" + of, f.tile, Emits::tiles, domain, line).truth, 0,
                relations_.writes[l][slot]);
    if (f.final.offset >= 0) {
      needs_no_search("final" + of, f.array);
      detail::add(claim("final" + of, f.final, Emits::tiles, domain, line).truth, 0,
                  relations_.writes[l][slot]);
    }
    Truths later;
    std::map<int, isl::Map> readers;
    for (const Edge& e : flow_.edges()) {
      if (e.writer != l || e.write != slot) continue;
      if (!f.searched) needs_no_search("readers" + of, e.array);
      add(later, e.reader, e.read, e.nodes);
      detail::add(readers, static_cast<int>(e.reader), e.nodes);
    }
    if (f.searched)
      candidates("readers" + of, f.candidates, false, domain, later);
    else
      claim("readers" + of, f.readers, Emits::nodes, domain, line).truth = std::move(readers);
  }

  void input(std::size_t l, std::size_t slot, const form::Input& f) {
    const isl::Set& domain = relations_.domains[l];
    const isl::Map& read = relations_.reads[l][slot];
    const ir::Access& access = program_.statements[l].reads[slot];
    const int line = static_cast<int>(l);
    const std::string of = text({" of input ", slot, " of ", ClaimMaker::name(program_, l)});
    Claim& tiles = claim("tiles" + of, f.tiles, Emits::tiles, domain, line);
    detail::add(tiles.truth, 0, read);
    if (f.list) tiles.order.emplace(0, run_order(access));

    const isl::Set pairs(ctx_.get(), isl_set_flatten(isl_map_wrap(read.copy())));
    const isl::Set any(ctx_.get(),
                       isl_set_add_dims(domain.copy(), isl_dim_set,
                                        static_cast<unsigned>(access.subscripts.size())));
    detail::add(claim("includes" + of, f.includes, Emits::answers, any).truth, 0,
                detail::from_domain(pairs));

    Truths earlier;
    std::map<int, isl::Map> sources;
    for (const Edge& e : flow_.edges()) {
      if (e.reader != l || e.read != slot) continue;
      if (!f.searched) needs_no_search("source" + of, e.array);
      const isl::Map back = source_map(e, f.list);
      add(earlier, e.writer, e.write, back);
      detail::add(sources, e.source(), back);
    }
    if (f.searched)
      candidates("source" + of, f.candidates, true, f.list ? pairs : domain, earlier);
    else
      claim("source" + of, f.source, Emits::values, f.list ? pairs : domain, f.list ? -1 : line)
          .truth = std::move(sources);
  }

  // reader -> writer; for a list (reader, tile) -> writer.
  isl::Map source_map(const Edge& e, bool list) const {
    if (!list) return reversed(e.nodes);
    const isl::Map& read = relations_.reads[e.reader][e.read];
    const isl::Map& write = relations_.writes[e.writer][e.write];
    isl_map* m = isl_map_apply_range(isl_map_range_map(read.copy()), isl_map_reverse(write.copy()));
    m = isl_map_intersect(
        m, isl_map_apply_range(isl_map_domain_map(read.copy()), isl_map_reverse(e.nodes.copy())));
    return {ctx_.get(), isl_map_flatten_domain(m)};
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

  void array(std::size_t a) {
    const form::ArrayForms& f = forms_.arrays[a];
    const std::string of = text({" of array ", program_.arrays[a].name});
    const isl::Set any = anywhere(program_.arrays[a].rank);
    std::map<int, isl::Map> readers, writers;
    Truths reads, writes;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t k = 0; k < s.reads.size(); ++k) {
        if (!is_of(s.reads[k], a)) continue;
        detail::add(readers, static_cast<int>(l), reversed(relations_.reads[l][k]));
        add(reads, l, k, reversed(relations_.reads[l][k]));
      }
      for (std::size_t k = 0; k < s.writes.size(); ++k) {
        if (!is_of(s.writes[k], a)) continue;
        detail::add(writers, form::source_tag(static_cast<int>(l), static_cast<int>(k)),
                    reversed(relations_.writes[l][k]));
        add(writes, l, k, reversed(relations_.writes[l][k]));
      }
    }
    if (!f.searched && !writes.empty())
      throw WrongForm{text({"the form initial readers", of,
                            " is taken for the answer, although the array is written"})};
    if (!f.filtered_readers) claim("readers" + of, f.readers, Emits::nodes, any).truth = readers;
    claim("writers" + of, f.writers, Emits::values, any).truth = writers;
    if (!f.searched && !f.filtered_readers)
      claim("initial readers" + of, f.initial_readers, Emits::nodes, any).truth = readers;
    else
      candidates("first readers" + of, f.first_readers, false, any, reads);
    if (f.searched && relations_.boxes[a])
      candidates("final writer" + of, f.last_writers, true, any, writes);
  }

  void tasks() {
    Claim& all = claim("tasks", forms_.tasks, Emits::nodes, sizes());
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
  const std::vector<std::vector<isl::Map>>& scalars_;
  const form::ClosedForms& forms_;
  detail::IslText words_;
  BoundedFlow flow_;
  std::vector<Claim> claims_;
  std::vector<std::string> searched_;
};

}  // namespace lambdapack::analysis
