// A task graph as JSON, every task and every edge, for programs that cannot ask the formulas.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/detail/json_text.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

namespace report::detail {

/// "[0,2,1]" of any integers.
template <class Integers>
std::string integers_json(const Integers& integers) {
  std::string all = "[";
  for (const auto x : integers) all += text({all.size() > 1 ? ", " : "", x});
  return all + ']';
}

/// The tasks of a graph, numbered in the program's order.
class NumberedTasks {
 public:
  explicit NumberedTasks(const TaskGraph& graph) : graph_(graph) {
    graph.for_each_task([&](const Node& node) {
      numbers_.emplace(node, tasks_.size());
      tasks_.push_back(node);
    });
  }

  std::string tasks() const {
    std::vector<std::string> kernels;
    for (int line = 0; line < graph_.statements(); ++line)
      kernels.push_back(ir::detail::json_quoted(graph_.kernel(line)));
    std::string all;
    for (const Node& task : tasks_)
      all += text({all.empty() ? "\n  " : ",\n  ", "{\"line\": ", task.line,
                   ", \"kernel\": ", kernels[static_cast<std::size_t>(task.line)],
                   ", \"indices\": ", integers_json(task.indices), "}"});
    return all;
  }

  std::string edges() const {
    std::string all;
    std::vector<std::size_t> readers;
    for (std::size_t from = 0; from < tasks_.size(); ++from) {
      readers.clear();
      graph_.successors(tasks_[from],
                        [&](const Node& node) { readers.push_back(numbers_.at(node)); });
      std::sort(readers.begin(), readers.end());
      for (const std::size_t to : readers)
        all += text({all.empty() ? "\n  " : ",\n  ", "[", from, ", ", to, "]"});
    }
    return all;
  }

  std::string roots() const {
    std::vector<std::size_t> roots;
    graph_.roots([&](const Node& node) { roots.push_back(numbers_.at(node)); });
    std::sort(roots.begin(), roots.end());
    return integers_json(roots);
  }

 private:
  const TaskGraph& graph_;
  std::vector<Node> tasks_;
  std::unordered_map<Node, std::size_t, NodeHash> numbers_;
};

}  // namespace report::detail

/// A size of a program by name.
using NamedSize = std::pair<std::string_view, std::int64_t>;

/// `"program": name, "parameters": {sizes}`: the first members of a JSON object about a program at
/// some sizes. Where a name comes again it gets a prime, for an object has each member once.
inline std::string head_json(const std::string& program, const std::vector<NamedSize>& sizes) {
  std::string parameters;
  std::vector<std::string> names;
  for (const auto& [name, value] : sizes) {
    std::string unique(name);
    while (std::find(names.begin(), names.end(), unique) != names.end()) unique += '\'';
    parameters += text({names.empty() ? "" : ", ", ir::detail::json_quoted(unique), ": ", value});
    names.push_back(unique);
  }
  return text(
      {"\"program\": ", ir::detail::json_quoted(program), ", \"parameters\": {", parameters, "}"});
}

/// The whole graph as JSON: `tasks` in the program's order, each with its statement's position
/// (`line`), its kernel and its loop indices from the outermost in; `edges`, the pairs of positions
/// in `tasks` of which the second reads a value of the first, each pair once; and `roots`, the
/// positions of tasks that wait for nobody. All tasks are in memory at once. Throws program_error
/// for a name that is not UTF-8.
inline std::string graph_json(const std::string& program, const std::vector<NamedSize>& sizes,
                              const TaskGraph& graph) {
  const report::detail::NumberedTasks tasks(graph);
  return text({"{", head_json(program, sizes), ",\n \"tasks\": [", tasks.tasks(),
               "],\n \"edges\": [", tasks.edges(), "],\n \"roots\": ", tasks.roots(), "}\n"});
}

}  // namespace lambdapack
