// Critical path, parallelism, lifetimes and traffic, in words and small charts.
#include "emit/measures.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "emit/names.hpp"
#include "emit/table.hpp"
#include "lambdapack/graph/measure.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using report::detail::counted;
using report::detail::grouped;
using report::detail::number;

std::string kernel(const Unit& unit, int line) {
  const ir::Statement& s = unit.program.statements[static_cast<std::size_t>(line)];
  return text(
      {unit.program.kernels[static_cast<std::size_t>(s.kernel)].name, " (line ", line, ")"});
}

std::string array(const Unit& unit, int a) {
  return unit.program.arrays[static_cast<std::size_t>(a)].name;
}

std::string path_text(const Unit& unit, const CriticalPath& path, std::int64_t tasks) {
  const auto length = static_cast<std::int64_t>(path.nodes.size());
  std::string all = "\nCritical path\n";
  all += text({"  ", counted(length, "task"), ", so that ",
               number(static_cast<double>(tasks) / static_cast<double>(length), 2),
               " tasks can run at a time on average\n"});
  if (length > 0)
    all += text({"  from ", node_text(unit, path.nodes.front()), " to ",
                 node_text(unit, path.nodes.back()), "\n"});
  return all;
}

/// Bars for at most 24 ranges of steps, by the most that runs in each.
std::string width_text(const std::vector<Running>& profile) {
  constexpr std::size_t most_rows = 24, most_marks = 50;
  const std::size_t steps = profile.empty() ? 0 : profile.size() - 1;
  const std::size_t each = std::max<std::size_t>(1, (steps + most_rows - 1) / most_rows);
  std::int64_t widest = 1;
  for (const Running& r : profile) widest = std::max(widest, r.running);
  Table table("rrl");
  for (std::size_t from = 0; from < steps; from += each) {
    const std::size_t to = std::min(steps, from + each);
    std::int64_t most = 0;
    for (std::size_t t = from; t < to; ++t) most = std::max(most, profile[t].running);
    const auto marks = static_cast<std::size_t>(
        (most * static_cast<std::int64_t>(most_marks) + widest - 1) / widest);
    table.add({to - from == 1 ? text({"step ", from}) : text({"steps ", from, "-", to - 1}),
               grouped(most), std::string(marks, '#')});
  }
  return text({"\nTasks that may run at a time, if each takes one step",
               each > 1 ? " (the most)" : "", "\n", table.text()});
}

/// For each statement, how many tasks of the program's order a value of it is kept.
std::string lifetimes_text(const Unit& unit, const TaskGraph& graph) {
  struct Lives {
    std::int64_t values = 0, read = 0, sum = 0, longest = 0;
    Node at;
  };
  std::vector<Node> order;
  std::unordered_map<Node, std::int64_t, NodeHash> places;
  graph.for_each_task([&](const Node& node) {
    places.emplace(node, static_cast<std::int64_t>(order.size()));
    order.push_back(node);
  });
  std::vector<Lives> lives(unit.program.statements.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    Lives& of = lives[static_cast<std::size_t>(order[k].line)];
    for (int slot = 0; slot < graph.output_count(order[k].line); ++slot) {
      ++of.values;
      std::int64_t last = -1;
      graph.readers(Value::of(order[k], slot),
                    [&](const Node& reader) { last = std::max(last, places.at(reader)); });
      if (last < 0) continue;
      const std::int64_t life = last - static_cast<std::int64_t>(k);
      ++of.read;
      of.sum += life;
      if (life <= of.longest) continue;
      of.longest = life;
      of.at = order[k];
    }
  }
  Table table("lrrrl");
  table.add({"", "values", "mean", "longest", ""});
  for (std::size_t l = 0; l < lives.size(); ++l) {
    const Lives& of = lives[l];
    if (of.values == 0) continue;
    table.add(
        {kernel(unit, static_cast<int>(l)), grouped(of.values),
         of.read == 0 ? "-" : number(static_cast<double>(of.sum) / static_cast<double>(of.read), 1),
         of.read == 0 ? "-" : grouped(of.longest),
         of.longest == 0 ? "" : ir::node_name(unit.program, of.at.line, of.at.indices)});
  }
  return "\nLifetimes: tasks of the program's order from a value's writer to its last reader\n" +
         table.text();
}

std::string peak_text(const Unit& unit, const TaskGraph& graph) {
  const PeakLive peak = peak_live(graph, [](int) { return std::int64_t{1}; });
  return text(
      {"\nMemory\n  at most ", counted(peak.tiles, "tile"), " live at once in the program's order",
       peak.at ? text({", first in ", ir::node_name(unit.program, peak.at->line, peak.at->indices)})
               : std::string(),
       "\n"});
}

std::string traffic_text(const Unit& unit, const TaskGraph& graph) {
  const Traffic all = traffic(graph, [](int) { return std::int64_t{1}; });
  Table table("llrr");
  table.add({"", "array", "tiles", "bytes"});
  const auto bytes = [](std::int64_t tiles) { return text({grouped(8 * tiles), " nb^2"}); };
  for (const Transfer& t : all.between_tasks)
    table.add({text({kernel(unit, t.from), " -> ", kernel(unit, t.to)}), array(unit, t.array),
               grouped(t.values), bytes(t.values)});
  for (const Transfer& t : all.initial)
    table.add({text({"initial tiles -> ", kernel(unit, t.to)}), array(unit, t.array),
               grouped(t.values), bytes(t.values)});
  table.add({"all", "", grouped(all.bytes_between_tasks + all.bytes_initial),
             bytes(all.bytes_between_tasks + all.bytes_initial)});
  return "\nTraffic: tiles that tasks read, each once for each reader; nb by nb tiles of "
         "float64\n" +
         table.text();
}

}  // namespace

std::string measures_text(const Unit& unit, const TaskGraph& graph) {
  const std::int64_t tasks = graph.size();
  if (tasks == 0) return "\nThere are no tasks at these sizes.\n";
  if (tasks > most_tasks)
    return text({"\nThese are more than ", grouped(most_tasks),
                 " tasks: roots, sinks, path, lifetimes and traffic are measured by listing them, "
                 "so set smaller sizes to see those.\n"});
  std::string all = path_text(unit, critical_path(graph, [](const Node&) { return 1.0; }), tasks);
  all += width_text(width_profile(graph));
  all += peak_text(unit, graph);
  all += lifetimes_text(unit, graph);
  return all + traffic_text(unit, graph);
}

}  // namespace lambdapack::lpc
