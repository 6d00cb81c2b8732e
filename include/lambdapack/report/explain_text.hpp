// The body of explain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/graph/detail/measuring.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/report/detail/svg.hpp"
#include "lambdapack/report/explain.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::report::detail {

/// Writes what there is to say about one task.
class Explanation {
 public:
  Explanation(const ir::Program& program, const TaskGraph& graph, std::size_t max_lines)
      : program_(program), graph_(graph), max_lines_(max_lines) {}

  std::string text_of(const Node& node) const {
    const ir::Statement& statement = program_.statements[static_cast<std::size_t>(node.line)];
    std::string all = text({name(node), ": ", ir::to_string(program_, statement), "\n"});
    all += reads(node);
    for (int slot = 0; slot < graph_.output_count(node.line); ++slot) all += writes(node, slot);
    return all;
  }

 private:
  // `syrk[k=2,i=9,j=7] at cholesky.cpp:13`.
  std::string name(const Node& node) const {
    const ir::Statement& statement = program_.statements[static_cast<std::size_t>(node.line)];
    const std::string where = ir::where(statement.location);
    return text(
        {ir::node_name(program_, node.line, node.indices), where.empty() ? "" : " at ", where});
  }

  std::string name(const TileName& tile) const {
    std::string indices;
    for (const std::int64_t x : tile.indices) indices += text({indices.empty() ? "" : ", ", x});
    return text({graph_.array_name(tile.array), "(", indices, ")"});
  }

  std::string reads(const Node& node) const {
    const std::int64_t waits = graph_.in_degree(node);
    std::string all = waits == 0 ? std::string("It waits for no task")
                                 : text({"It waits for ", counted(waits, "task")});
    std::vector<std::pair<TileName, Value>> seen;
    std::unordered_set<Value, ValueHash> known;
    for (int slot = 0; slot < graph_.input_count(node.line); ++slot)
      graph_.inputs(node, slot, [&](const TileName& tile, const Value& value) {
        if (known.insert(value).second) seen.emplace_back(tile, value);
      });
    all += seen.empty() ? " and reads no tile\n" : " and reads\n";
    for (std::size_t k = 0; k < seen.size() && k < max_lines_; ++k) {
      const auto& [tile, value] = seen[k];
      all += text({"  ", name(tile), ", ",
                   value.is_initial() ? initial(tile) : "written by " + name(value.node()), "\n"});
    }
    return all + rest(seen.size(), "tile");
  }

  // What a read finds that sees no task's value.
  std::string initial(const TileName& tile) const {
    const ir::Array& array = program_.arrays[static_cast<std::size_t>(tile.array)];
    if (!array.unwritten) return "its initial tile";
    const int kernel = array.unwritten->kernel;
    const std::string holds =
        kernel < 0 ? std::string("reads as zero")
                   : text({"holds what ", program_.kernels[static_cast<std::size_t>(kernel)].name,
                           " makes"});
    return "which nothing has written before: it " + holds;
  }

  std::string writes(const Node& node, int slot) const {
    const Value value = Value::of(node, slot);
    const TileName tile = graph_.output(node, slot);
    const std::int64_t readers = graph_.reader_count(value);
    std::string all = text({"It writes ", name(tile), ending(node, slot, tile), "; ",
                            readers == 0   ? std::string("no task waits for it")
                            : readers == 1 ? std::string("1 task waits for it")
                                           : counted(readers, "task") + " wait for it",
                            "\n"});
    std::size_t listed = 0;
    graph_.readers(value, [&](const Node& reader) {
      if (listed++ < max_lines_) all += text({"  ", name(reader), "\n"});
    });
    return all + rest(static_cast<std::size_t>(readers), "task");
  }

  std::string ending(const Node& node, int slot, const TileName& tile) const {
    if (graph_.is_final(node, slot)) return ", which is final";
    if (!graph_.is_bound(tile.array)) return "";
    const std::optional<Value> last = graph_.writer(tile);
    return last ? ", to be written again, at last by " + name(last->node()) : std::string();
  }

  std::string rest(std::size_t listed, const char* what) const {
    if (listed <= max_lines_) return "";
    return text(
        {"  and ", counted(static_cast<std::int64_t>(listed - max_lines_), what), " more\n"});
  }

  const ir::Program& program_;
  const TaskGraph& graph_;
  std::size_t max_lines_;
};

}  // namespace lambdapack::report::detail

namespace lambdapack {

LAMBDAPACK_API std::string explain(const ir::Program& program, const TaskGraph& graph,
                                   const Node& node, const ExplainOptions& options) {
  if (static_cast<std::size_t>(graph.statements()) != program.statements.size())
    throw input_error(
        text({"lambdapack: the program ", program.name, " has ", program.statements.size(),
              " statements and the task graph ", graph.statements(),
              "; pass the program that the graph was made from"}));
  if (!graph.contains(node))
    throw input_error(
        text({"lambdapack: ", program.name, " has no task ", detail::name_of(graph, node),
              " at these sizes; TaskGraph::contains tells which there are"}));
  return report::detail::Explanation(program, graph, options.max_lines).text_of(node);
}

}  // namespace lambdapack
