// Reads the names of tiles and tasks, and says what there is where a name is of nothing.
#include "emit/names.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

/// A name and what stands in the brackets behind it, at the commas.
struct Parsed {
  std::string name;
  std::vector<std::string> items;
};

[[noreturn]] void misread(const std::string& given, const char* what, const char* like) {
  throw input_error(text({"lpc: '", given, "' does not name a ", what, "; write it like ", like}));
}

Parsed parsed(const std::string& given, char open, char close, const char* what, const char* like) {
  const std::string_view all = trimmed(given);
  const std::size_t begin = all.find(open);
  Parsed p{std::string(trimmed(all.substr(0, begin))), {}};
  if (p.name.empty()) misread(given, what, like);
  if (begin == std::string_view::npos) return p;
  if (all.back() != close) misread(given, what, like);
  std::string_view inside = trimmed(all.substr(begin + 1, all.size() - begin - 2));
  while (!inside.empty()) {
    const std::size_t comma = inside.find(',');
    p.items.emplace_back(trimmed(inside.substr(0, comma)));
    if (p.items.back().empty() || comma + 1 == inside.size()) misread(given, what, like);
    inside = comma == std::string_view::npos ? "" : trimmed(inside.substr(comma + 1));
  }
  return p;
}

/// Whether all of `digits` is an integer of 64 bits.
bool is_integer(std::string_view digits, std::int64_t& value) {
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return end.ec == std::errc() && end.ptr == digits.data() + digits.size();
}

std::vector<std::string> loop_names(const ir::Program& program, int line) {
  std::vector<std::string> names;
  const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
  for (const int loop : ir::loops_around(program, s.scope))
    names.push_back(ir::to_string(program, ir::Symbol{ir::Symbol::Kind::loop, loop}));
  return names;
}

/// `syrk[k,i,j]`, the form of the names of a statement's tasks.
std::string pattern(const ir::Program& program, int line) {
  const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
  std::string all;
  for (const std::string& name : loop_names(program, line)) all += (all.empty() ? "" : ",") + name;
  return text({program.kernels[static_cast<std::size_t>(s.kernel)].name, all.empty() ? "" : "[",
               all, all.empty() ? "" : "]"});
}

/// `line 2: syrk[k,i,j] at cholesky.cpp:13`.
std::string line_text(const ir::Program& program, int line) {
  const std::string where = ir::where(program.statements[static_cast<std::size_t>(line)].location);
  return text({"line ", line, ": ", pattern(program, line), where.empty() ? "" : " at ", where});
}

std::string lines_text(const ir::Program& program, const std::vector<int>& lines) {
  std::string all;
  for (const int line : lines) all += text({"\n  ", line_text(program, line)});
  return all;
}

std::vector<int> all_lines(const ir::Program& program) {
  std::vector<int> lines;
  for (std::size_t l = 0; l < program.statements.size(); ++l) lines.push_back(static_cast<int>(l));
  return lines;
}

/// The one statement that `syrk` or `line 2` names.
int line_named(const ir::Program& program, const std::string& given, const std::string& name) {
  std::vector<int> found;
  std::int64_t number = 0;
  if (name.starts_with("line ") && is_integer(trimmed(name.substr(5)), number)) {
    if (number >= 0 && number < static_cast<std::int64_t>(program.statements.size()))
      found.push_back(static_cast<int>(number));
  } else {
    for (const int line : all_lines(program)) {
      const ir::Statement& s = program.statements[static_cast<std::size_t>(line)];
      if (program.kernels[static_cast<std::size_t>(s.kernel)].name == name) found.push_back(line);
    }
  }
  if (found.empty())
    throw input_error(text({"lpc: ", program.name, " has no statement '", name,
                            "'; its statements are", lines_text(program, all_lines(program))}));
  if (found.size() > 1)
    throw input_error(text({"lpc: '", given, "' may be a task of ", found.size(),
                            " statements; name one by its line, as in 'line ", found[0],
                            "[...]':", lines_text(program, found)}));
  return found[0];
}

/// The indices, by position or each with its loop's name.
Indices indices_named(const ir::Program& program, int line, const std::string& given,
                      const std::vector<std::string>& items) {
  const std::vector<std::string> loops = loop_names(program, line);
  const auto refuse = [&](const std::string& why) {
    throw input_error(text({"lpc: '", given, "': ", why, "; the tasks of ",
                            line_text(program, line), " are named ", pattern(program, line),
                            loops.empty() ? "" : " with a number for each index"}));
  };
  if (items.size() != loops.size())
    refuse(text({"it has ", items.size(), items.size() == 1 ? " index" : " indices", ", not ",
                 loops.size()}));
  Indices indices;
  indices.resize(loops.size());
  std::vector<bool> is_set(loops.size());
  for (std::size_t k = 0; k < items.size(); ++k) {
    const std::size_t equals = items[k].find('=');
    std::size_t at = k;
    if (equals != std::string::npos) {
      const std::string_view name = trimmed(std::string_view(items[k]).substr(0, equals));
      for (at = 0; at < loops.size() && loops[at] != name;) ++at;
      if (at == loops.size()) refuse(text({"there is no index ", name}));
    }
    if (is_set[at]) refuse(text({"the index ", loops[at], " is there twice"}));
    is_set[at] = true;
    const std::string_view digits =
        trimmed(std::string_view(items[k]).substr(equals == std::string::npos ? 0 : equals + 1));
    if (!is_integer(digits, indices[at])) refuse(text({"'", digits, "' is no number"}));
  }
  return indices;
}

/// The indices as far as they are numbers; those that are not are left as they are.
std::vector<std::optional<std::int64_t>> indices_maybe(const ir::Program& program, int line,
                                                       const std::string& given,
                                                       std::vector<std::string> items) {
  const std::vector<std::string> loops = loop_names(program, line);
  std::vector<std::optional<std::int64_t>> indices(loops.size());
  std::vector<bool> is_free(loops.size());
  for (std::size_t k = 0; k < items.size() && k < loops.size(); ++k)
    if (items[k] == loops[k]) {
      is_free[k] = true;
      items[k] = loops[k] + "=0";
    }
  const Indices numbers = indices_named(program, line, given, items);
  for (std::size_t k = 0; k < loops.size(); ++k)
    if (!is_free[k]) indices[k] = numbers[k];
  return indices;
}

std::string arrays_text(const TaskGraph& graph, const ir::Program& program) {
  std::string all;
  for (const ir::Array& a : program.arrays) {
    std::string extents;
    for (const int p : a.extents)
      extents +=
          text({extents.empty() ? "" : " x ", graph.parameters()[static_cast<std::size_t>(p)]});
    all += text({all.empty() ? "" : ", ", a.name, " of rank ", a.rank, extents.empty() ? "" : " (",
                 extents, extents.empty() ? "" : " tiles)"});
  }
  return all.empty() ? "it has none" : text({"its arrays are ", all});
}

}  // namespace

TileName tile_named(const Unit& unit, const TaskGraph& graph, const std::string& name) {
  const Parsed p = parsed(name, '(', ')', "tile", "'A(2,1)'");
  const ir::Program& program = unit.program;
  const auto refuse = [&](const std::string& why) {
    throw input_error(text({"lpc: '", name, "': ", why, "; ", arrays_text(graph, program)}));
  };
  std::size_t a = 0;
  while (a < program.arrays.size() && program.arrays[a].name != p.name) ++a;
  if (a == program.arrays.size()) refuse(text({program.name, " has no array ", p.name}));
  const auto of_this_name = std::count_if(program.arrays.begin(), program.arrays.end(),
                                          [&](const ir::Array& x) { return x.name == p.name; });
  if (of_this_name > 1)
    refuse(text({"it may be of ", of_this_name, " arrays of this name; give them different ones"}));
  const ir::Array& array = program.arrays[a];
  if (p.items.size() != static_cast<std::size_t>(array.rank))
    refuse(text({"it has ", p.items.size(), p.items.size() == 1 ? " index" : " indices", ", not ",
                 array.rank}));
  TileName tile{static_cast<int>(a), {}};
  tile.indices.resize(p.items.size());
  for (std::size_t d = 0; d < p.items.size(); ++d) {
    if (!is_integer(p.items[d], tile.indices[d])) refuse(text({"'", p.items[d], "' is no number"}));
    if (array.extents.empty()) continue;
    const std::int64_t extent = graph.parameters()[static_cast<std::size_t>(array.extents[d])];
    if (!array.unwritten && (tile.indices[d] < 0 || tile.indices[d] >= extent))
      refuse("it is outside of the array at these sizes");
  }
  return tile;
}

Node node_named(const Unit& unit, const TaskGraph& graph, const std::string& name) {
  const Parsed p = parsed(name, '[', ']', "task", "'syrk[k=0,i=2,j=1]' or 'line 2[0,2,1]'");
  const int line = line_named(unit.program, name, p.name);
  const Node node{line, indices_named(unit.program, line, name, p.items)};
  if (graph.contains(node)) return node;
  const form::StatementForms& forms = graph.forms().statements[static_cast<std::size_t>(line)];
  NodeCursor tasks(detail::Ask(graph.forms(), graph.parameters()).cursor(forms.instances));
  Node first;
  const bool found = tasks.next(first);
  throw input_error(text({"lpc: ", unit.program.name, " has no task ",
                          ir::node_name(unit.program, line, node.indices), " at these sizes; ",
                          found ? text({"the first of its statement is ",
                                        ir::node_name(unit.program, line, first.indices)})
                                : std::string("its statement has none")}));
}

Tasks tasks_named(const ir::Program& program, const std::string& name) {
  const Parsed p = parsed(name, '[', ']', "task", "'syrk[k=0,i=2,j=1]', 'syrk' or 'line 2'");
  const int line = line_named(program, name, p.name);
  if (p.items.empty())
    return {line, std::vector<std::optional<std::int64_t>>(loop_names(program, line).size())};
  return {line, indices_maybe(program, line, name, p.items)};
}

std::string tasks_text(const ir::Program& program, const Tasks& tasks) {
  const std::vector<std::string> loops = loop_names(program, tasks.line);
  std::string all;
  for (std::size_t k = 0; k < loops.size(); ++k) {
    all += text({all.empty() ? "" : ",", loops[k]});
    if (tasks.indices[k]) all += text({"=", *tasks.indices[k]});
  }
  const ir::Statement& s = program.statements[static_cast<std::size_t>(tasks.line)];
  const std::string where = ir::where(s.location);
  return text({program.kernels[static_cast<std::size_t>(s.kernel)].name, all.empty() ? "" : "[",
               all, all.empty() ? "" : "]", where.empty() ? "" : " at ", where});
}

std::string tile_text(const Unit& unit, const TileName& tile) {
  std::string indices;
  for (const std::int64_t x : tile.indices) indices += text({indices.empty() ? "" : ", ", x});
  return text({unit.program.arrays[static_cast<std::size_t>(tile.array)].name, "(", indices, ")"});
}

std::string node_text(const Unit& unit, const Node& node) {
  const std::string where =
      ir::where(unit.program.statements[static_cast<std::size_t>(node.line)].location);
  return text(
      {ir::node_name(unit.program, node.line, node.indices), where.empty() ? "" : " at ", where});
}

}  // namespace lambdapack::lpc
