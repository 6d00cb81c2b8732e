// What the analysis refuses in programs with powers and logarithms, and what it asks of the sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/checks.hpp"
#include "lambdapack/analysis/coverage.hpp"
#include "lambdapack/analysis/first_tree_write.hpp"
#include "lambdapack/analysis/levels.hpp"
#include "lambdapack/analysis/magnitude.hpp"
#include "lambdapack/analysis/power_order.hpp"
#include "lambdapack/analysis/tree_flow.hpp"
#include "lambdapack/analysis/tree_partners.hpp"
#include "lambdapack/analysis/tree_sizes.hpp"
#include "lambdapack/analysis/warnings.hpp"

namespace lambdapack::analysis {

/// Checks one program; what is found goes to `report`. Proofs look at sizes up to `largest_size`.
class TreeChecker {
 public:
  TreeChecker(const ir::Program& program, Lifted& lifted, const Report& report = throw_finding)
      : program_(program), lifted_(lifted), report_(report), asked_(lifted.context) {
    for (const LiftedStatement& s : lifted.statements) all_nodes_.push_back(s.domain);
  }

  /// Collects what accesses to bound arrays ask of the sizes; later proofs look at no others, and
  /// at none that are larger than `largest_size`.
  void check_extents() {
    const isl::Set proved = up_to(largest_size, asked_);
    if (!program_.parameters.empty())
      conditions_.push_back(
          {asked_, proved,
           text({"a program with powers or logarithms is analysed for sizes up to ",
                 largest_size})});
    asked_ = proved;
    ask_for_small_indices(program_, largest_size, asked_, conditions_);
    check_powers();
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t k = 0; k < s.writes.size(); ++k)
        check_inside(l, s.writes[k], lifted_.statements[l].writes[k]);
      for (std::size_t k = 0; k < s.reads.size(); ++k)
        if (!array_of(s.reads[k]).unwritten)
          check_inside(l, s.reads[k], lifted_.statements[l].reads[k]);
    }
    for (const auto& ask : std::exchange(asked_last_, {})) ask();
    restrict_sizes();
  }

  /// Reports statements that write one tile twice at once.
  void check_outputs_differ() const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const ir::Statement& s = program_.statements[l];
      for (std::size_t a = 0; a < s.writes.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
          if (s.writes[a].array != s.writes[b].array) continue;
          const auto& maps = lifted_.statements[l].writes;
          const isl::Set nodes(asked_.ctx(), isl_map_domain(isl_map_intersect(maps[a].map.copy(),
                                                                              maps[b].map.copy())));
          const auto found = example(l, nodes.copy());
          if (!found) continue;
          const std::string condition = sizes_of_nodes(l, nodes);
          const std::string node = name(l, *found), at = detail::sizes(program_, *found);
          report_({codes::outputs_collide, Severity::error,
                   text({"outputs ", b, " and ", a, " of the statement at ", ir::where(s.location),
                         " write the same tile", detail::when(condition), ": for ", at, " in ",
                         node, "; give each output a tile of its own"}),
                   detail::place(s, s.writes[a]), detail::place(s, s.writes[b]), condition,
                   text({"for ", at, ": outputs ", b, " and ", a, " of ", node, " are one tile"}),
                   found->parameters});
        }
    }
  }

  /// Reports reads of tiles that nothing wrote before, unless the array says what they hold.
  void check_written_before_read(const TreeFlow& flow) const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].reads.size(); ++k) {
        const ir::Statement& s = program_.statements[l];
        const ir::Array& array = array_of(s.reads[k]);
        if (array.unwritten || array.role == ir::ArrayRole::in ||
            array.role == ir::ArrayRole::inout)
          continue;
        const PartnerQuestion question = earlier_writes(flow, l, k);
        const isl::Set open = question.open(all_reads(l, k));
        const auto found = question.lonely(open);
        if (found)
          report_(unwritten_read(l, k, example_at(question.alone(), l, *found),
                                 lonely_sizes(program_, lifted_, question, open)));
      }
  }

  /// Reports out arrays without a rule for unwritten tiles that the program leaves incomplete.
  /// Where the array handed in can be too large, that becomes a condition on the sizes.
  void check_outputs_written() {
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      if (program_.arrays[a].role == ir::ArrayRole::out && !program_.arrays[a].unwritten)
        check_coverage(static_cast<int>(a));
    restrict_sizes();
  }

  /// Reports statements without a node at any size, allowed or not: sizes can be refused that the
  /// program could run at.
  void find_idle_statements() const {
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      if (!example(l, all_nodes_[l].copy())) report_(detail::never_runs(program_, l));
  }

  /// Whether every node of each statement waits for another one; false where that is not proven.
  std::vector<bool> always_waits(const TreeFlow& flow) const {
    std::vector<bool> waits;
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      bool one = false;
      for (std::size_t k = 0; k < program_.statements[l].reads.size() && !one; ++k)
        one = !is_list(program_.statements[l].reads[k]) &&
              isl::is_empty(earlier_writes(flow, l, k).open(all_reads(l, k)));
      waits.push_back(one);
    }
    return waits;
  }

  std::vector<SizeCondition> take_conditions() { return std::move(conditions_); }

 private:
  struct NodeExample : detail::Example {
    std::vector<std::int64_t> tile;
  };

  const ir::Array& array_of(const ir::Access& a) const {
    return program_.arrays[static_cast<std::size_t>(a.array)];
  }

  static bool is_list(const ir::Access& a) {
    for (const ir::Subscript& s : a.subscripts)
      if (s.run) return true;
    return false;
  }

  std::string name(std::size_t l, const NodeExample& e) const {
    return ir::node_name(program_, static_cast<int>(l), e.point);
  }

  isl_set* all_reads(std::size_t l, std::size_t k) const {
    return isl_map_wrap(lifted_.statements[l].reads[k].map.copy());
  }

  void restrict_sizes() {
    lifted_.context = asked_;
    for (LiftedStatement& s : lifted_.statements) {
      s.domain = isl::Set(asked_.ctx(), isl_set_intersect_params(s.domain.copy(), asked_.copy()));
      for (auto* accesses : {&s.reads, &s.writes})
        for (LiftedAccess& a : *accesses)
          for (isl::Map* m : {&a.map, &a.bare})
            *m = isl::Map(asked_.ctx(), isl_map_intersect_params(m->copy(), asked_.copy()));
    }
  }

  // The smallest sizes and node of the first level at which the set of nodes of statement l has
  // one.
  std::optional<NodeExample> example(std::size_t l, isl_set* nodes) const {
    const PartnerQuestion nobody(program_, lifted_, lifted_.statements[l], nullptr);
    const auto found = nobody.lonely(nobody.alone().flat(nodes));
    if (!found) return std::nullopt;
    return example_at(nobody.alone(), l, *found);
  }

  // The sizes at which a set of nodes of statement l may have one, and others.
  isl::Set sizes_where_ordered(std::size_t l, const isl::Set& nodes) const {
    const isl::Set ordered = with_power_order(program_, l, lifted_.statements[l], nodes);
    return {nodes.ctx(), isl_set_remove_divs(isl_set_params(ordered.copy()))};
  }

  // The sizes at which a set of nodes of statement l has one, where they are not many pieces.
  std::optional<isl::Set> exact_sizes(std::size_t l, const isl::Set& nodes) const {
    const PartnerQuestion nobody(program_, lifted_, lifted_.statements[l], nullptr);
    return lonely_size_set(program_, lifted_, nobody, nobody.alone().flat(nodes.copy()));
  }

  // The sizes of a set of sizes and values of their functions that are what they are.
  std::optional<isl::Set> exact_sizes(const isl::Set& sizes) const {
    const LiftedStatement nothing;
    const PartnerQuestion nobody(program_, lifted_, nothing, nullptr);
    return lonely_size_set(program_, lifted_, nobody,
                           nobody.alone().flat(isl_set_from_params(sizes.copy())));
  }

  isl::Set up_to(std::int64_t most, const isl::Set& set) const {
    isl_set* s = set.copy();
    for (unsigned p = 0; p < program_.parameters.size(); ++p)
      s = isl_set_upper_bound_si(s, isl_dim_param, p, static_cast<int>(most));
    return {set.ctx(), s};
  }

  // Whether what happens at these sizes ends once one of them is large and the others are small.
  static bool ends_with_growing(const std::optional<isl::Set>& sizes, int size) {
    if (!sizes) return false;
    isl_set* s = sizes->copy();
    for (int p = 0; p < static_cast<int>(isl_set_dim(s, isl_dim_param)); ++p)
      s = p == size ? isl_set_lower_bound_si(s, isl_dim_param, static_cast<unsigned>(p),
                                             static_cast<int>(largest_size / 2))
                    : isl_set_upper_bound_si(s, isl_dim_param, static_cast<unsigned>(p), 16);
    return isl::is_empty(isl::Set(sizes->ctx(), s));
  }

  // exact(n) are the sizes up to n at which something happens, if they are known; at other sizes
  // than `rough` it does not.
  template <class Exact>
  bool tells_small_sizes(const isl::Set& rough, Exact&& exact) const {
    constexpr std::int64_t small = 40;
    const isl::Set allowed = up_to(small, asked_);
    const auto among_allowed = [&](const isl::Set& bad) {
      return exact_sizes(isl::Set(bad.ctx(), isl_set_intersect(allowed.copy(), bad.copy())));
    };
    const std::optional<isl::Set> few = exact(small);
    const auto wanted = few ? among_allowed(*few) : std::nullopt;
    if (!wanted) return true;
    const auto taken = among_allowed(rough);
    return taken && isl::decide(rough.ctx(), isl_set_is_equal(wanted->get(), taken->get()));
  }

  // Takes out the sizes at which something happens. `rough` ones are easier to find and to say, and
  // they do where they tell small sizes.
  template <class Exact>
  void ask_for(const isl::Set& rough, Exact&& exact, const detail::AskingWords& words) {
    const auto all = tells_small_sizes(rough, exact) ? std::nullopt : exact(largest_size);
    const std::size_t before = conditions_.size();
    detail::ask_for(program_, asked_, all ? *all : rough, conditions_, words);
    for (std::size_t c = before; c < conditions_.size(); ++c)
      if (conditions_[c].otherwise.empty()) conditions_[c].otherwise = words.unless;
  }

  // The same, but exact ones wait: once other sizes are out, the rough ones may do after all.
  template <class Exact>
  void ask_for_in_time(const isl::Set& rough, Exact exact, const detail::AskingWords& words) {
    if (tells_small_sizes(rough, exact)) return ask_for(rough, unknown_sizes, words);
    asked_last_.push_back([this, rough, exact, words] { ask_for(rough, exact, words); });
  }

  static std::optional<isl::Set> unknown_sizes(std::int64_t) { return std::nullopt; }

  // The sizes at which a set of nodes of statement l has one, in words.
  std::string sizes_of_nodes(std::size_t l, const isl::Set& nodes) const {
    const PartnerQuestion nobody(program_, lifted_, lifted_.statements[l], nullptr);
    return lonely_sizes(program_, lifted_, nobody, nobody.alone().flat(nodes.copy()));
  }

  NodeExample example_at(const LevelSystem& system, std::size_t l,
                         const std::vector<std::int64_t>& point) const {
    NodeExample e;
    e.parameters.assign(point.begin(), point.begin() + static_cast<std::ptrdiff_t>(system.sizes()));
    std::size_t at = system.offset(0);
    for (const LiftedDim& d : lifted_.statements[l].dims) {
      if (d.is_loop) e.point.push_back(point[at]);
      ++at;
    }
    e.tile.assign(point.begin() + static_cast<std::ptrdiff_t>(at), point.end());
    return e;
  }

  // Takes out the sizes at which a power that matters reaches form::max_power: beyond it none is
  // computed.
  void check_powers() {
    const LiftedText words(program_);
    for (const int f : words.parameter_functions())
      if (is_power(f))
        check_power(f, std::nullopt, beyond(f, text({"{ : ", words.context(), " and "}), {}));
    for (std::size_t l = 0; l < program_.statements.size(); ++l) {
      const LiftedStatement& s = lifted_.statements[l];
      const std::vector<int> loops = ir::loops_around(program_, program_.statements[l].scope);
      for (const LiftedDim& d : s.dims) {
        if (d.is_loop || !is_power(d.id)) continue;
        const isl::Set there = beyond(d.id, text({"{ ", words.node(l, s.dims), " : "}), loops);
        check_power(d.id, l,
                    isl::Set(there.ctx(), isl_set_intersect(there.copy(), s.domain.copy())));
      }
    }
  }

  bool is_power(int f) const {
    return program_.functions[static_cast<std::size_t>(f)].kind == ir::Function::Kind::power;
  }

  // Where the exponent of power f is too large.
  isl::Set beyond(int f, const std::string& begin, const std::vector<int>& loops) const {
    const LiftedText words(program_);
    const ir::Function& power = program_.functions[static_cast<std::size_t>(f)];
    const std::string set = text({words.parameters(), begin, words.expr(power.argument, loops),
                                  " >= ", form::log_ceil(power.base, form::max_power), " }"});
    return {asked_.ctx(), isl_set_read_from_str(asked_.ctx(), set.c_str())};
  }

  // `bad` are nodes of statement l, or sizes.
  void check_power(int f, std::optional<std::size_t> l, const isl::Set& bad) {
    const isl::Set here(asked_.ctx(), isl_set_intersect_params(bad.copy(), asked_.copy()));
    if (isl::is_empty(here)) return;
    const auto exact = [this, l, here](std::int64_t most) {
      return l ? exact_sizes(*l, up_to(most, here)) : exact_sizes(up_to(most, here));
    };
    if (l && !example(*l, here.copy())) return;
    const std::string power = ir::to_string(program_, ir::Symbol{ir::Symbol::Kind::function, f});
    const std::string site =
        l ? text({power, " at ", ir::where(program_.statements[*l].location)}) : power;
    ask_for(l ? sizes_where_ordered(*l, here) : here, exact,
            {text({site, " is to stay below 2^42 and needs "}), text({site, " reaches 2^42"})});
  }

  void check_inside(std::size_t l, const ir::Access& access, const LiftedAccess& lifted) {
    if (!lifted_.boxes[static_cast<std::size_t>(access.array)]) return;
    const ir::Array& array = array_of(access);
    for (int d = 0; d < array.rank; ++d) {
      check_dimension(l, access, lifted, d, -1);
      check_dimension(l, access, lifted, d, array.extents[static_cast<std::size_t>(d)]);
    }
  }

  // Nodes whose index d is negative, or at the given extent or beyond.
  void check_dimension(std::size_t l, const ir::Access& access, const LiftedAccess& lifted, int d,
                       int extent) {
    std::string tuple;
    for (int k = 0; k < array_of(access).rank; ++k)
      tuple += text({k > 0 ? ", " : "", k == d ? "x" : "t", k == d ? "" : std::to_string(k)});
    const std::string outside =
        text({LiftedText(program_).parameters(), "{ T", access.array, "[", tuple,
              "] : ", extent < 0 ? "x < 0" : text({"x >= p", extent}), " }"});
    isl_ctx* ctx = lifted.map.ctx();
    const isl::Set nodes(ctx, isl_map_domain(isl_map_intersect_range(
                                  lifted.map.copy(), isl_set_read_from_str(ctx, outside.c_str()))));
    const isl::Set bad(ctx, isl_set_intersect_params(nodes.copy(), asked_.copy()));
    if (isl::is_empty(bad)) return;
    const auto found = example(l, bad.copy());
    if (!found) return;
    const ir::Statement& s = program_.statements[l];
    const isl::Set sizes = sizes_where_ordered(l, bad);
    const auto own = array_of(access).extents[static_cast<std::size_t>(d)];
    const isl::Set all_sizes = sizes_where_ordered(l, nodes);  // larger than `largest_size` too
    const auto exact = [this, l, bad](std::int64_t most) {
      return exact_sizes(l, up_to(most, bad));
    };
    const std::string at = detail::sizes(program_, *found), node = name(l, *found);
    const std::string site =
        text({ir::to_string(program_, access), " at ", ir::where(detail::place(s, access))});
    if (isl_set_dim_has_upper_bound(all_sizes.get(), isl_dim_param, static_cast<unsigned>(own)) ==
            isl_bool_true ||
        (extent < 0 && detail::depends_on_integers(program_, sizes)) ||
        ends_with_growing(exact(largest_size), own))
      return ask_for_in_time(sizes, exact,
                             {text({site, " needs "}), text({site, " leaves the array"})});
    const char* how = extent < 0 ? "negative" : "past the end";
    const std::string condition = sizes_of_nodes(l, bad);
    report_({codes::index_out_of_extent,
             Severity::error,
             text({site, " leaves the array", detail::when(condition), ": for ", at, " the node ",
                   node, " takes an index of dimension ", d, " that is ", how,
                   "; change the loop's bounds, or guard the statement with lp::when"}),
             detail::place(s, access),
             {},
             condition,
             text({"for ", at, ": ", node, " takes an index of dimension ", d, " that is ", how}),
             found->parameters});
  }

  // Reads (node, tile) and the nodes that write the tile before.
  PartnerQuestion earlier_writes(const TreeFlow& flow, std::size_t l, std::size_t k) const {
    const LiftedAccess& access = lifted_.statements[l].reads[k];
    PartnerQuestion question(program_, lifted_, lifted_.statements[l], &access);
    for (const TreePair& p : flow.pairs()) {
      if (p.reader != l || p.read != k) continue;
      const LiftedAccess& write = lifted_.statements[p.writer].writes[p.write];
      const auto triples = [&](const isl::Map& written, const isl::Map& order) {
        isl_map* m = isl_map_apply_range(isl_map_range_map(access.map.copy()),
                                         isl_map_reverse(written.copy()));
        return isl_map_intersect(m, isl_map_apply_range(isl_map_domain_map(access.map.copy()),
                                                        isl_map_reverse(order.copy())));
      };
      const isl::Map anyhow(
          p.map.ctx(), isl_map_apply_range(write.bare.copy(), isl_map_reverse(access.map.copy())));
      for (const OrderCase& c : before(program_, lifted_, p.writer, p.reader, anyhow)) {
        const isl::Map known(p.map.ctx(), isl_map_intersect(c.map.copy(), p.map.copy()));
        question.add_partners(p.writer, triples(write.map, known), triples(write.bare, c.map));
      }
    }
    return question;
  }

  Diagnostic unwritten_read(std::size_t l, std::size_t k, const NodeExample& found,
                            const std::string& condition) const {
    const ir::Statement& s = program_.statements[l];
    const ir::Access& access = s.reads[k];
    const std::string tile = detail::tile_name(program_, access.array, found.tile);
    const std::string at = detail::sizes(program_, found), node = name(l, found);
    const ir::Location place = detail::place(s, access);
    bool ever = false;
    for (const ir::Statement& other : program_.statements)
      for (const ir::Access& w : other.writes) ever = ever || w.array == access.array;
    return {ever ? codes::read_before_write : codes::never_written,
            Severity::error,
            text({ir::to_string(program_, access), " at ", ir::where(place),
                  ever ? " is read before it is written" : " is read, but nothing ever writes it",
                  detail::when(condition), ": for ", at, " the node ", node, " reads ", tile,
                  ", which nothing has written by then; write the tile first, guard the read with "
                  "lp::when, or say what unwritten tiles hold"}),
            place,
            detail::first_tree_write(program_, access.array, found.tile, found.parameters),
            condition,
            text({"for ", at, ": ", tile, " is read at line ", place.line, " by ", node,
                  ", but nothing writes it"}),
            found.parameters};
  }

  // Tiles of an array and the nodes that write them.
  void check_coverage(int array) {
    const isl::Set& box = lifted_.boxes[static_cast<std::size_t>(array)];
    const isl::Set inside(box.ctx(), isl_set_intersect_params(box.copy(), asked_.copy()));
    LiftedStatement nobody;
    LiftedAccess tiles;
    tiles.map = isl::Map(box.ctx(), isl_map_from_range(inside.copy()));
    PartnerQuestion question(program_, lifted_, nobody, &tiles);
    for (std::size_t l = 0; l < program_.statements.size(); ++l)
      for (std::size_t k = 0; k < program_.statements[l].writes.size(); ++k) {
        if (program_.statements[l].writes[k].array != array) continue;
        const auto writers = [&](const isl::Map& write) {
          return isl_map_apply_range(isl_map_range_map(tiles.map.copy()),
                                     isl_map_reverse(write.copy()));
        };
        const LiftedAccess& write = lifted_.statements[l].writes[k];
        question.add_partners(l, writers(write.map), writers(write.bare));
      }
    const isl::Set open = question.open(isl_map_wrap(tiles.map.copy()));
    const auto found = question.lonely(open);
    if (!found) return;

    const auto exact = [&](std::int64_t most) {
      return lonely_size_set(program_, lifted_, question, flat_up_to(most, open));
    };
    const isl::Set bad = sizes_of(open, question.alone());
    const ir::Location write = detail::first_write(program_, array);
    const std::string& name = program_.arrays[static_cast<std::size_t>(array)].name;
    const auto fills_without = [&](const std::optional<isl::Set>& sizes) {
      return sizes && fills_some(array, *sizes);
    };
    if (fills_without(bad) || fills_without(exact(largest_size)))
      return ask_for(
          bad, exact,
          {text({"writing all of the output ", name, " at ", ir::where(write), " needs "}),
           text({"the output ", name, " is not written in full"})});
    detail::Example e;
    const LevelSystem system = question.alone();
    e.parameters.assign(found->begin(),
                        found->begin() + static_cast<std::ptrdiff_t>(system.sizes()));
    const std::vector<std::int64_t> tile(
        found->begin() + static_cast<std::ptrdiff_t>(system.offset(0)), found->end());
    const std::string at = detail::sizes(program_, e);
    const std::string which = detail::tile_name(program_, array, tile);
    const std::string condition = lonely_sizes(program_, lifted_, question, open);
    report_(
        {write.line > 0 || write.file.size() > 0 ? codes::not_fully_written : codes::never_written,
         Severity::error,
         text({"the output ", name, ", written at ", ir::where(write), ", is not written in full",
               detail::when(condition), ": for ", at, " nothing writes ", which,
               "; write the tile, or ",
               detail::unwritten_rule(program_.arrays[static_cast<std::size_t>(array)])}),
         write,
         {},
         condition,
         text({"for ", at, ": nothing writes ", which}),
         e.parameters});
  }

  // Whether the array is filled at some sizes although not at `bad`. Who fills small arrays only
  // leaves tiles out on principle, as in coverage.hpp.
  bool fills_some(int array, const isl::Set& bad) const {
    isl_set* some = isl_set_subtract(up_to(largest_size, asked_).copy(), bad.copy());
    for (unsigned p = 0; p < program_.parameters.size(); ++p)
      some = isl_set_lower_bound_si(some, isl_dim_param, p, 1);
    for (const int extent : program_.arrays[static_cast<std::size_t>(array)].extents)
      some = isl_set_lower_bound_si(some, isl_dim_param, static_cast<unsigned>(extent), 2);
    return !isl::is_empty(isl::Set(bad.ctx(), some));
  }

  isl::Set flat_up_to(std::int64_t most, const isl::Set& flat) const {
    isl_set* s = flat.copy();
    for (unsigned p = 0; p < program_.parameters.size(); ++p)
      s = isl_set_upper_bound_si(s, isl_dim_set, p, static_cast<int>(most));
    return {flat.ctx(), s};
  }

  // The sizes of a flat set, as parameters.
  isl::Set sizes_of(const isl::Set& flat, const LevelSystem& system) const {
    isl_ctx* ctx = flat.ctx();
    const auto known = static_cast<unsigned>(system.offset(0));
    const auto all = static_cast<unsigned>(isl_set_dim(flat.get(), isl_dim_set));
    isl_set* s = isl_set_project_out(flat.copy(), isl_dim_set, known, all - known);
    const auto n = static_cast<unsigned>(isl_set_dim(lifted_.context.get(), isl_dim_param));
    s = isl_set_move_dims(s, isl_dim_param, 0, isl_dim_set, 0, known);
    for (unsigned p = 0; p < n; ++p)
      s = isl_set_set_dim_name(s, isl_dim_param, p,
                               isl_set_get_dim_name(lifted_.context.get(), isl_dim_param, p));
    return {ctx, isl_set_params(s)};
  }

  const ir::Program& program_;
  Lifted& lifted_;
  Report report_;
  isl::Set asked_;
  std::vector<SizeCondition> conditions_;
  std::vector<std::function<void()>> asked_last_;
  std::vector<isl::Set> all_nodes_;  // of each statement, for all sizes, allowed or not
};

}  // namespace lambdapack::analysis
