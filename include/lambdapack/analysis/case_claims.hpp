// What each closed form of a program with powers and logarithms ought to say, for all sizes: claims
// as cases over terms, made from the program and not from anything that the form compiler did. Flow
// is composition where each tile is written once, before its reads; for other arrays candidates
// must hold all nodes that may be the answer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "lambdapack/analysis/case_flow.hpp"
#include "lambdapack/analysis/claims.hpp"
#include "lambdapack/analysis/listing.hpp"

namespace lambdapack::analysis {

/// What is emitted with one tag: tuples of so many values.
struct EmittedCases {
  std::size_t values = 0;
  Cases cases = {};
};

/// One form, or some together, and what they ought to emit.
struct CaseClaim {
  enum class Order { none, program, tiles };

  std::string form;  ///< its name in messages
  std::vector<form::Entry> entries;
  Claim::Emits emits = Claim::Emits::answers;
  int line = -1;          ///< the statement whose nodes it is asked about, or -1
  std::size_t point = 0;  ///< how many values it is asked about
  Cases known;            ///< over sizes and point: where it is asked, for allowed sizes
  std::map<int, EmittedCases> truth;  ///< by tag
  /// Whether more than the truth may be emitted, if it is among `allowed`, which is like `truth`.
  bool at_least = false;
  std::map<int, EmittedCases> allowed;
  Cases excused;    ///< tuples of the truth that may be left out; some of them, quick to ask for
  Cases partners;   ///< tuples of the truth that may be left out, with unknowns of their own
  Cases forbidden;  ///< tuples that must not be emitted, whatever their tag
  Order order = Order::none;
  const ir::Access* access = nullptr;  ///< whose tiles they are, for their order
};

/// Makes the claims about all forms of one program but its requirements.
class CaseClaimMaker {
 public:
  CaseClaimMaker(const ir::Program& program, ClaimSpace& space, const CaseFlow& flow,
                 const form::ClosedForms& forms)
      : program_(program), space_(space), flow_(flow), forms_(forms) {}

  std::vector<CaseClaim> make() {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) statement(l);
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) array(a);
    tasks();
    return std::move(claims_);
  }

  /// What no claim says, and why: which answers are looked for when they are asked for (claims are
  /// about their candidates only), and behind which forms the flow is not decided.
  const std::vector<std::string>& not_claimed() const { return not_claimed_; }

 private:
  using Emits = Claim::Emits;
  using ByTag = std::map<int, EmittedCases>;
  using BySlot = std::map<std::pair<int, int>, EmittedCases>;

  const StatementCases& words() const { return flow_.words(); }
  LinearTuple point(std::size_t n) const { return ClaimSpace::first(space_.point, n); }
  LinearTuple tuple(std::size_t n) const { return ClaimSpace::first(space_.tuple, n); }
  LinearTuple node(std::size_t l) const { return point(words().depth(l)); }
  LinearTuple emitted(std::size_t l) const { return tuple(words().depth(l)); }
  std::string of(std::size_t l) const { return " of " + ClaimMaker::name(program_, l); }

  Cases nodes(std::size_t l) const { return words().domain(l, node(l)); }
  Cases anywhere(std::size_t n) const { return {space_.reasonable(point(n))}; }

  // Claims what `make` does; where the flow behind it is not decided, nothing.
  template <class F>
  void attempt(const std::string& form, F&& make) {
    const auto before = static_cast<std::ptrdiff_t>(claims_.size());
    try {
      make();
    } catch (const Undecided& open) {
      claims_.erase(claims_.begin() + before, claims_.end());
      not_claimed_.push_back(text({form, ": ", open.why}));
    }
  }

  template <class Key>
  static void add(std::map<Key, EmittedCases>& all, const Key& key, std::size_t values,
                  const Cases& cases) {
    EmittedCases& e = all[key];
    e.values = values;
    append(e.cases, cases);
  }

  CaseClaim& claim(std::string form, form::Entry entry, Emits emits, const Cases& known,
                   std::size_t point, int line = -1) {
    CaseClaim c;
    c.form = std::move(form);
    c.entries = {entry};
    c.emits = emits;
    c.known = known;
    c.point = point;
    c.line = line;
    claims_.push_back(std::move(c));
    return claims_.back();
  }

  // A form that is not searched although its array asks for it is wrong.
  void needs_no_search(const std::string& form, const CaseEdge& e) const {
    if (!flow_.is_once(e.array) && flow_.happens(e)) needs_search(form, e.array);
  }
  [[noreturn]] void needs_search(const std::string& form, int array) const {
    throw WrongForm{text({"the form ", form, " is taken for the answer, although tiles of ",
                          program_.arrays[static_cast<std::size_t>(array)].name,
                          " are written more than once or read before they are written"})};
  }

  void statement(std::size_t l) {
    const form::StatementForms& f = forms_.statements[l];
    const std::size_t depth = words().depth(l);
    const int line = static_cast<int>(l);
    add(claim("contains" + of(l), f.contains, Emits::answers, anywhere(depth), depth, line).truth,
        0, 0, words().domain(l, node(l)));
    add(claim("instances" + of(l), f.instances, Emits::nodes, {{}}, 0).truth, line, depth,
        words().domain(l, emitted(l)));
    neighbours("successors" + of(l), f.successors, f.searched_successors, l, true);
    neighbours("predecessors" + of(l), f.predecessors, f.searched_predecessors, l, false);
    ends("roots" + of(l), f.roots, f.filtered_roots, l, false);
    ends("sinks" + of(l), f.sinks, f.filtered_sinks, l, true);

    const ir::Statement& s = program_.statements[l];
    for (std::size_t k = 0; k < s.writes.size(); ++k)
      output(l, k, f.outputs[k], text({" of output ", k, of(l)}));
    for (std::size_t k = 0; k < s.reads.size(); ++k)
      input(l, k, f.inputs[k], text({" of input ", k, of(l)}));
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (const auto* e = std::get_if<ir::Expr>(&s.scalars[k]))
        add(claim(text({"scalar ", k, of(l)}), f.scalars[k].value, Emits::tiles, nodes(l), depth,
                  line)
                .truth,
            0, 1, {{equal(tuple(1)[0], words().value(l, *e, node(l)))}});
  }

  void neighbours(const std::string& form, form::Entry entry, bool searched, std::size_t l,
                  bool forward) {
    if (searched) {
      not_claimed_.push_back(form + ": searched at run time");
      return;
    }
    attempt(form, [&] {
      ByTag truth;
      for (const CaseEdge& e : flow_.edges()) {
        if ((forward ? e.writer : e.reader) != l) continue;
        needs_no_search(form, e);
        const std::size_t other = forward ? e.reader : e.writer;
        add(truth, static_cast<int>(other), words().depth(other),
            forward ? readers(e) : writers(e, node(e.reader)));
      }
      claim(form, entry, Emits::nodes, nodes(l), words().depth(l), static_cast<int>(l)).truth =
          std::move(truth);
    });
  }

  Cases readers(const CaseEdge& e) const {
    return both(words().domain(e.reader, emitted(e.reader)),
                flow_.related(e, node(e.writer), emitted(e.reader)));
  }
  Cases writers(const CaseEdge& e, const LinearTuple& reader) const {
    return both(words().domain(e.writer, emitted(e.writer)),
                flow_.related(e, emitted(e.writer), reader));
  }

  // Roots or sinks: the nodes without a partner. Where they are filtered at run time, all nodes may
  // be emitted.
  void ends(const std::string& form, form::Entry entry, bool filtered, std::size_t l,
            bool forward) {
    if (filtered)
      not_claimed_.push_back(form + ": filtered at run time; the claim is that none is missing");
    attempt(form, [&] {
      CaseClaim& all = claim(form, entry, Emits::nodes, {{}}, 0);
      add(all.truth, static_cast<int>(l), words().depth(l), words().domain(l, emitted(l)));
      all.at_least = true;
      all.allowed = all.truth;
      for (const CaseEdge& e : flow_.edges()) {
        if ((forward ? e.writer : e.reader) != l || (forward && !flow_.is_once(e.array))) continue;
        append(all.excused, flow_.has_partner(e, emitted(l), !forward));
        append(all.partners, flow_.partners(e, emitted(l), !forward));
      }
      if (!filtered) all.forbidden = all.partners;
    });
  }

  static void append(Cases& all, const Cases& more) {
    all.insert(all.end(), more.begin(), more.end());
  }

  void output(std::size_t l, std::size_t slot, const form::Output& f, const std::string& name) {
    const int line = static_cast<int>(l);
    const std::size_t depth = words().depth(l);
    const LinearTuple written = flow_.written_tile(l, slot, node(l));
    const LinearTuple tile = tuple(written.size());
    Case same;
    for (std::size_t d = 0; d < tile.size(); ++d) same.push_back(equal(tile[d], written[d]));
    add(claim("tile" + name, f.tile, Emits::tiles, nodes(l), depth, line).truth, 0, tile.size(),
        {same});
    if (f.final.offset >= 0)
      attempt("final" + name, [&] {
        if (!flow_.is_once(f.array)) needs_search("final" + name, f.array);
        add(claim("final" + name, f.final, Emits::tiles, nodes(l), depth, line).truth, 0,
            tile.size(), {same});
      });
    attempt("readers" + name, [&] { later_readers(l, slot, f, "readers" + name); });
  }

  void later_readers(std::size_t l, std::size_t slot, const form::Output& f,
                     const std::string& form) {
    const std::size_t depth = words().depth(l);
    BySlot later;
    ByTag all;
    for (const CaseEdge& e : flow_.edges()) {
      if (e.writer != l || e.write != slot) continue;
      if (!f.searched) needs_no_search(form, e);
      const std::size_t values = words().depth(e.reader);
      const Cases cases = readers(e);
      add(later, {static_cast<int>(e.reader), static_cast<int>(e.read)}, values, cases);
      add(all, static_cast<int>(e.reader), values, cases);
    }
    if (f.searched)
      candidates(form, f.candidates, false, nodes(l), depth, later);
    else
      claim(form, f.readers, Emits::nodes, nodes(l), depth, static_cast<int>(l)).truth =
          std::move(all);
  }

  void input(std::size_t l, std::size_t slot, const form::Input& f, const std::string& name) {
    const ir::Access& access = program_.statements[l].reads[slot];
    const int line = static_cast<int>(l);
    const std::size_t depth = words().depth(l), rank = access.subscripts.size();
    CaseClaim& tiles = claim("tiles" + name, f.tiles, Emits::tiles, nodes(l), depth, line);
    add(tiles.truth, 0, rank, {words().names(l, access, node(l), tuple(rank))});
    if (f.list) tiles.order = CaseClaim::Order::tiles;
    tiles.access = &access;

    const LinearTuple all = point(depth + rank);
    const LinearTuple tile(all.begin() + static_cast<std::ptrdiff_t>(depth), all.end());
    const Case named = words().names(l, access, node(l), tile);
    const Cases asked_of = both(nodes(l), {space_.reasonable(tile)});
    add(claim("includes" + name, f.includes, Emits::answers, asked_of, depth + rank).truth, 0, 0,
        {named});
    const Cases known = f.list ? both(nodes(l), {named}) : nodes(l);
    attempt("source" + name, [&] { source(l, slot, f, known, tile, "source" + name); });
  }

  // `known` is where the form is asked: about nodes, and tiles too if the input is a list.
  void source(std::size_t l, std::size_t slot, const form::Input& f, const Cases& known,
              const LinearTuple& tile, const std::string& form) {
    const std::size_t depth = words().depth(l);
    BySlot earlier;
    ByTag sources;
    for (const CaseEdge& e : flow_.edges()) {
      if (e.reader != l || e.read != slot) continue;
      if (!f.searched) needs_no_search(form, e);
      Cases cases = writers(e, node(l));
      if (f.list) cases = both(cases, {is_written(e, tile)});
      const std::size_t values = words().depth(e.writer);
      add(earlier, {static_cast<int>(e.writer), static_cast<int>(e.write)}, values, cases);
      add(sources, e.source(), values, cases);
    }
    const std::size_t asked = f.list ? depth + tile.size() : depth;
    if (f.searched)
      candidates(form, f.candidates, true, known, asked, earlier);
    else
      claim(form, f.source, Emits::values, known, asked, f.list ? -1 : static_cast<int>(l)).truth =
          std::move(sources);
  }

  // The emitted node of the edge's writer writes the tile.
  Case is_written(const CaseEdge& e, const LinearTuple& tile) const {
    return is_written(e.writer, e.write, emitted(e.writer), tile);
  }
  Case is_written(std::size_t line, std::size_t write, const LinearTuple& node,
                  const LinearTuple& tile) const {
    const LinearTuple written = flow_.written_tile(line, write, node);
    Case same;
    for (std::size_t d = 0; d < tile.size(); ++d) same.push_back(equal(tile[d], written[d]));
    return same;
  }

  // What is searched through at run time: forms of `all` together hold the truth, and nodes only.
  void candidates(const std::string& name, const std::vector<form::Candidates>& all,
                  bool are_sources, const Cases& known, std::size_t point, const BySlot& truth) {
    not_claimed_.push_back(name + ": searched at run time; claims are about its candidates");
    std::map<std::pair<int, int>, std::vector<form::Entry>> entries;
    for (const auto& [key, cases] : truth) entries[key];
    for (const form::Candidates& c : all) entries[{c.line, c.slot}].push_back(c.nodes);
    for (const auto& [key, forms] : entries) {
      CaseClaim& c =
          claim(text({"candidates for ", name, " in statement ", key.first, ", slot ", key.second}),
                {}, are_sources ? Emits::values : Emits::nodes, known, point);
      c.entries = forms;
      c.at_least = true;
      const int tag = are_sources ? form::source_tag(key.first, key.second) : key.first;
      const auto found = truth.find(key);
      if (found != truth.end()) c.truth[tag] = found->second;
      if (key.first < 0 || key.first >= static_cast<int>(program_.statements.size())) continue;
      const auto l = static_cast<std::size_t>(key.first);
      add(c.allowed, tag, words().depth(l), words().domain(l, emitted(l)));
    }
  }

  void array(std::size_t a) {
    const form::ArrayForms& f = forms_.arrays[a];
    const std::string name = text({" of array ", program_.arrays[a].name});
    const auto rank = static_cast<std::size_t>(program_.arrays[a].rank);
    const LinearTuple tile = point(rank);
    ByTag readers, writers;
    BySlot reads, writes;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      const int line = static_cast<int>(l);
      for (std::size_t k = 0; k < s.reads.size(); ++k) {
        if (s.reads[k].array != static_cast<int>(a)) continue;
        const Cases cases =
            both(words().domain(l, emitted(l)), {words().names(l, s.reads[k], emitted(l), tile)});
        add(readers, line, words().depth(l), cases);
        add(reads, {line, static_cast<int>(k)}, words().depth(l), cases);
      }
      for (std::size_t k = 0; k < s.writes.size(); ++k) {
        if (s.writes[k].array != static_cast<int>(a)) continue;
        const Cases cases =
            both(words().domain(l, emitted(l)), {is_written(l, k, emitted(l), tile)});
        add(writers, form::source_tag(line, static_cast<int>(k)), words().depth(l), cases);
        add(writes, {line, static_cast<int>(k)}, words().depth(l), cases);
      }
    }
    if (!f.searched && !writes.empty())
      throw WrongForm{text({"the form initial readers", name,
                            " is taken for the answer, although the array is written"})};
    if (!f.filtered_readers)
      claim("readers" + name, f.readers, Emits::nodes, anywhere(rank), rank).truth = readers;
    claim("writers" + name, f.writers, Emits::values, anywhere(rank), rank).truth = writers;
    if (!f.searched && !f.filtered_readers)
      claim("initial readers" + name, f.initial_readers, Emits::nodes, anywhere(rank), rank).truth =
          readers;
    else
      candidates("first readers" + name, f.first_readers, false, anywhere(rank), rank, reads);
    if (f.searched && program_.arrays[a].role != ir::ArrayRole::temp)
      candidates("final writer" + name, f.last_writers, true, anywhere(rank), rank, writes);
  }

  void tasks() {
    CaseClaim& all = claim("tasks", forms_.tasks, Emits::nodes, {{}}, 0);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      add(all.truth, static_cast<int>(l), words().depth(l), words().domain(l, emitted(l)));
    all.order = CaseClaim::Order::program;
  }

  const ir::Program& program_;
  ClaimSpace& space_;
  const CaseFlow& flow_;
  const form::ClosedForms& forms_;
  std::vector<CaseClaim> claims_;
  std::vector<std::string> not_claimed_;
};

}  // namespace lambdapack::analysis
