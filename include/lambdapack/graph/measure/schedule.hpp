// How long a graph takes with workers enough, and how many it keeps busy.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/detail/measuring.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

/// A chain of tasks, each of which waits for the one before it, and the sum of their costs.
struct CriticalPath {
  double length = 0;
  std::vector<Node> nodes;
};

/// How many tasks run from `time` until the next entry of a profile.
struct Running {
  double time = 0;
  std::int64_t running = 0;
  friend bool operator==(const Running&, const Running&) = default;
};

namespace detail {

/// Each task begins as soon as the last of those that it waits for has ended.
struct EarliestSchedule {
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

  NodeList tasks;                    ///< in the program's order
  std::vector<double> start, end;    ///< of each task
  std::vector<std::size_t> awaited;  ///< for each task the last to end of those it waits for
};

template <class Cost>
EarliestSchedule earliest_schedule(const TaskGraph& graph, Cost& cost) {
  EarliestSchedule s;
  graph.for_each_task([&](const Node& node) {
    const double own = cost(node);
    if (!(own >= 0) || std::isinf(own))
      throw input_error(text({"lambdapack: the cost of ", name_of(graph, node), " is ",
                              std::to_string(own), "; it must be a number that is not negative"}));
    s.tasks.add(node);
    double start = 0;
    std::size_t awaited = EarliestSchedule::nobody;
    graph.predecessors(node, [&](const Node& before) {
      if (!s.tasks.contains(before))
        throw internal_error("a task comes before one that it waits for in the program's order");
      const std::size_t b = s.tasks.place(before);
      if (awaited != EarliestSchedule::nobody && s.end[b] <= start) return;
      start = s.end[b];
      awaited = b;
    });
    s.start.push_back(start);
    s.end.push_back(start + own);
    s.awaited.push_back(awaited);
  });
  return s;
}

}  // namespace detail

/// The longest chain of tasks by cost(const Node&) -> double: no number of workers can run the
/// graph in less than its length, in the unit of the costs. Of several the first to be found.
/// Memory O(tasks), time O(tasks + edges). Throws input_error for a cost that is negative or not
/// finite.
template <class Cost>
CriticalPath critical_path(const TaskGraph& graph, Cost&& cost) {
  const detail::EarliestSchedule s = detail::earliest_schedule(graph, cost);
  CriticalPath path;
  if (s.end.empty()) return path;
  const auto last = std::max_element(s.end.begin(), s.end.end());
  path.length = *last;
  for (auto at = static_cast<std::size_t>(last - s.end.begin());
       at != detail::EarliestSchedule::nobody; at = s.awaited[at])
    path.nodes.push_back(s.tasks.nodes()[at]);
  std::reverse(path.nodes.begin(), path.nodes.end());
  return path;
}

/// How many tasks run at a time if each begins as soon as what it waits for has ended and takes
/// cost(const Node&) -> double: an entry for each time at which a task begins or ends; the last
/// has nothing running. A task of cost 0 takes no time and is not seen. Memory O(tasks), time
/// O(edges + tasks log tasks). Throws as critical_path does.
template <class Cost>
std::vector<Running> width_profile(const TaskGraph& graph, Cost&& cost) {
  detail::EarliestSchedule s = detail::earliest_schedule(graph, cost);
  std::sort(s.start.begin(), s.start.end());
  std::sort(s.end.begin(), s.end.end());
  std::vector<Running> profile;
  std::int64_t running = 0;
  for (std::size_t begun = 0, ended = 0; ended < s.end.size();) {
    const double now =
        begun < s.start.size() ? std::min(s.start[begun], s.end[ended]) : s.end[ended];
    for (; begun < s.start.size() && s.start[begun] <= now; ++begun) ++running;
    for (; ended < s.end.size() && s.end[ended] <= now; ++ended) --running;
    profile.push_back({now, running});
  }
  return profile;
}

/// With a cost of 1 for each task: entry t is the number of tasks in step t of the earliest
/// schedule, followed by an entry of 0.
inline std::vector<Running> width_profile(const TaskGraph& graph) {
  return width_profile(graph, [](const Node&) { return 1.0; });
}

}  // namespace lambdapack
