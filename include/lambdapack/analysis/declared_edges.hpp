// Hand-written edge families as relations between the nodes of a program.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lambdapack/analysis/affine_text.hpp"
#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/relations.hpp"
#include "lambdapack/ir/hand_graph.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// One family: the edges that it declares, from nodes of statement `from` to nodes of `to`.
struct DeclaredEdges {
  ir::EdgeDirection direction = ir::EdgeDirection::out;
  std::size_t position = 0;  ///< in its list
  int from = 0;
  int to = 0;
  std::optional<int> value;
  std::optional<int> input;
  isl::Map edges;  ///< S -> S; the end that the family is about exists, the other one need not
};

/// "out" or "in".
inline const char* to_string(ir::EdgeDirection direction) {
  return direction == ir::EdgeDirection::out ? "out" : "in";
}

/// Throws input_error about a member of a hand graph, by its JSON pointer.
[[noreturn]] inline void refuse_hand_graph(const std::string& pointer, const std::string& what) {
  throw input_error(text({"hand graph: ", pointer, ": ", what}));
}

/// Reads the families of a hand graph against a program, whose relations are given.
class FamilyReader {
 public:
  /// With `takes_powers` the texts may have powers and logarithms.
  FamilyReader(const isl::Context& ctx, const ir::Program& program, const Relations& relations,
               const ir::HandGraph& graph, bool takes_powers = false)
      : ctx_(ctx),
        program_(program),
        relations_(relations),
        graph_(graph),
        takes_powers_(takes_powers) {
    read_sizes();
    read_statements();
  }

  std::vector<DeclaredEdges> read() const {
    std::vector<DeclaredEdges> all;
    const auto add = [&](ir::EdgeDirection direction,
                         const std::optional<std::vector<ir::EdgeFamily>>& families) {
      for (std::size_t k = 0; families && k < families->size(); ++k)
        all.push_back(family(direction, k, (*families)[k]));
    };
    add(ir::EdgeDirection::out, graph_.out);
    add(ir::EdgeDirection::in, graph_.in);
    return all;
  }

 private:
  void read_sizes() {
    for (std::size_t p = 0; p < program_.parameters.size(); ++p)
      if (!sizes_.try_emplace(program_.parameters[p].name, text({"p", p})).second)
        sizes_[program_.parameters[p].name] = "";
    for (const ir::SizeAlias& alias : graph_.sizes) {
      const std::string place = "/sizes" + ir::detail::pointer_token(alias.name);
      check_identifier(alias.name, place);
      const std::string name = text({"p", parameter(alias.parameter, place)});
      const auto [entry, fresh] = sizes_.try_emplace(alias.name, name);
      if (!fresh && entry->second != name)
        refuse_hand_graph(place, "expected a name that is not in use for another size");
    }
  }

  std::size_t parameter(const std::string& name, const std::string& place) const {
    std::string known;
    std::vector<std::size_t> found;
    for (std::size_t p = 0; p < program_.parameters.size(); ++p) {
      known += text({p > 0 ? "\", \"" : "\"", program_.parameters[p].name});
      if (program_.parameters[p].name == name) found.push_back(p);
    }
    if (found.size() == 1) return found[0];
    refuse_hand_graph(
        place, text({"expected ", found.empty() ? "a" : "only one", " size of the program",
                     known.empty() ? ", which has none" : ": ", known, known.empty() ? "" : "\"",
                     ", found \"", ir::detail::shortened(name), "\""}));
  }

  void read_statements() {
    for (std::size_t k = 0; k < graph_.statements.size(); ++k) {
      const ir::StatementName& named = graph_.statements[k];
      const std::string place = text({"/statements/", k});
      check_line(named.line, place + "/line");
      if (!lines_.try_emplace(named.name, named.line).second)
        refuse_hand_graph(place + "/name", text({"expected each name once, found \"",
                                                 ir::detail::shortened(named.name), "\" again"}));
    }
  }

  void check_line(int line, const std::string& place) const {
    const std::size_t n = program_.statements.size();
    if (line < 0 || static_cast<std::size_t>(line) >= n)
      refuse_hand_graph(place, n == 0 ? "expected a statement, of which the program has none"
                                      : text({"expected a statement's line, from 0 to ", n - 1,
                                              ", found ", line}));
  }

  static void check_identifier(const std::string& name, const std::string& place) {
    static constexpr const char* letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    if (name.empty() || name.find_first_not_of(letters) != std::string::npos ||
        (name[0] >= '0' && name[0] <= '9'))
      refuse_hand_graph(place,
                        text({"expected a name of letters, digits and _ that does not begin with "
                              "a digit, found \"",
                              ir::detail::shortened(name), "\""}));
  }

  int line(const ir::EdgeEnd& end, const std::string& place) const {
    if (const int* line = std::get_if<int>(&end.statement)) {
      check_line(*line, place + "/statement");
      return *line;
    }
    const std::string& name = std::get<std::string>(end.statement);
    const auto found = lines_.find(name);
    if (found != lines_.end()) return found->second;
    std::string known;
    for (const auto& entry : lines_) known += (known.empty() ? "\"" : "\", \"") + entry.first;
    refuse_hand_graph(
        place + "/statement",
        text({"expected ",
              known.empty() ? "a line, for /statements names no statement"
                            : "a name from /statements: ",
              known, known.empty() ? "" : "\"", ", found \"", ir::detail::shortened(name), "\""}));
  }

  std::size_t depth(int line) const {
    return ir::loops_around(program_, program_.statements[static_cast<std::size_t>(line)].scope)
        .size();
  }

  void check_indices(const ir::EdgeEnd& end, int line, const std::string& place) const {
    const std::size_t expected = depth(line);
    if (end.indices.size() == expected) return;
    std::string loops;
    for (const int loop :
         ir::loops_around(program_, program_.statements[static_cast<std::size_t>(line)].scope))
      loops +=
          text({loops.empty() ? ": " : ", ",
                std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(loop)].what).index});
    refuse_hand_graph(place + "/indices",
                      text({"expected ", expected, expected == 1 ? " index" : " indices",
                            ", one for each loop around statement ", line, loops, "; found ",
                            end.indices.size()}));
  }

  static void check_slot(const std::optional<int>& slot, std::size_t available, const char* what,
                         int line, const std::string& place) {
    if (!slot || (*slot >= 0 && static_cast<std::size_t>(*slot) < available)) return;
    refuse_hand_graph(place, available == 0
                                 ? text({"expected none: statement ", line, " has no ", what})
                                 : text({"expected an ", what, " of statement ", line,
                                         ", from 0 to ", available - 1, "; found ", *slot}));
  }

  void declare(AffineNames& names, const std::string& name, const std::string& variable,
               const std::string& place) const {
    check_identifier(name, place);
    if (sizes_.contains(name))
      refuse_hand_graph(place, text({"expected an index, found \"", name,
                                     "\", which is a size; take another name"}));
    if (!names.try_emplace(name, variable).second)
      refuse_hand_graph(
          place, text({"expected a new name, found \"", name, "\", which is an index already"}));
  }

  DeclaredEdges family(ir::EdgeDirection direction, std::size_t position,
                       const ir::EdgeFamily& f) const {
    const std::string place = text({"/", to_string(direction), "/", position});
    const bool out = direction == ir::EdgeDirection::out;
    DeclaredEdges declared{direction, position, 0, 0, f.value, f.input, {}};
    declared.from = line(f.from, place + "/from");
    declared.to = line(f.to, place + "/to");
    check_indices(f.from, declared.from, place + "/from");
    check_indices(f.to, declared.to, place + "/to");
    const auto& writer = program_.statements[static_cast<std::size_t>(declared.from)];
    const auto& reader = program_.statements[static_cast<std::size_t>(declared.to)];
    check_slot(f.value, writer.writes.size(), "output", declared.from, place + "/value");
    check_slot(f.input, reader.reads.size(), "input", declared.to, place + "/input");

    const int own = out ? declared.from : declared.to;
    const isl::Map all = isl::read_map(ctx_, constraints(f, out, declared, place));
    const isl::Set& domain = relations_.domains[static_cast<std::size_t>(own)];
    isl_map* edges = out ? isl_map_intersect_domain(all.copy(), domain.copy())
                         : isl_map_intersect_range(all.copy(), domain.copy());
    declared.edges = isl::Map(
        ctx_.get(), isl_map_coalesce(isl_map_intersect_params(edges, relations_.context.copy())));
    return declared;
  }

  // The family in isl's notation: x0, x1 are the indices of the end that it is about, y0, y1 those
  // of the other one, e0, e1 those of its ranges.
  std::string constraints(const ir::EdgeFamily& f, bool out, const DeclaredEdges& declared,
                          const std::string& place) const {
    const ir::EdgeEnd& own = out ? f.from : f.to;
    const ir::EdgeEnd& other = out ? f.to : f.from;
    const std::string own_place = place + (out ? "/from" : "/to") + "/indices/";
    const std::string other_place = place + (out ? "/to" : "/from") + "/indices/";
    AffineNames names;
    Quotients quotients{takes_powers_};
    const auto expression = [&](const std::string& s, const std::string& where) {
      return AffineText(s, names, quotients, where).expression().text();
    };

    std::string where = "true";
    for (std::size_t d = 0; d < own.indices.size(); ++d)
      declare(names, own.indices[d], text({"x", d}), text({own_place, d}));
    names.insert(sizes_.begin(), sizes_.end());
    std::erase_if(names, [](const auto& entry) { return entry.second.empty(); });
    for (std::size_t r = 0; r < f.ranges.size(); ++r) {
      const ir::EdgeRange& range = f.ranges[r];
      const std::string at = text({place, "/ranges/", r});
      const std::string e = text({"e", r});
      const std::string from = expression(range.from, at + "/from");
      where += text({" and ", from, " <= ", e, " <= ", expression(range.to, at + "/to")});
      if (range.step < 1 || range.step > ir::max_magnitude)
        refuse_hand_graph(at + "/step", text({"expected a step from 1 to ", ir::max_magnitude,
                                              ", found ", range.step}));
      if (range.step != 1) where += text({" and (", e, " - ", from, ") mod ", range.step, " = 0"});
      declare(names, range.index, e, at + "/index");
    }
    if (!f.when.empty())
      where += " and " + AffineText(f.when, names, quotients, place + "/when").condition();
    for (std::size_t d = 0; d < other.indices.size(); ++d)
      where += text({" and y", d, " = ", expression(other.indices[d], text({other_place, d}))});

    std::string hidden = numbered("e", f.ranges.size());
    for (std::size_t q = 0; q < quotients.definitions.size(); ++q) {
      hidden += text({hidden.empty() ? "q" : ", q", q});
      where += " and " + quotients.definitions[q];
    }
    const std::string ends[] = {numbered("x", own.indices.size()),
                                numbered("y", other.indices.size())};
    if (!hidden.empty()) where = text({"exists (", hidden, " : ", where, ")"});
    return text({"[", numbered("p", program_.parameters.size()), "] -> { S", declared.from, "[",
                 ends[out ? 0 : 1], "] -> S", declared.to, "[", ends[out ? 1 : 0], "] : ", where,
                 " }"});
  }

  const isl::Context& ctx_;
  const ir::Program& program_;
  const Relations& relations_;
  const ir::HandGraph& graph_;
  bool takes_powers_;
  AffineNames sizes_;
  std::map<std::string, int> lines_;
};

}  // namespace lambdapack::analysis
