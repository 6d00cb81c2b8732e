// What lpc writes of an analysed program: texts for machines and for people, and answers to
// questions about single tiles and tasks. No Clang here, and isl only behind lambdapack/analysis.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/graph/task_graph.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::lpc {

/// A piece of a source file, both ends included. Lines and columns count from 1, columns in bytes;
/// 0 is not known.
struct SourceRange {
  std::string file;
  int first_line = 0;
  int first_column = 0;
  int last_line = 0;
  int last_column = 0;
  bool operator==(const SourceRange&) const = default;
};

/// One program, analysed.
struct Unit {
  ir::Program program;              ///< with names and locations
  form::ClosedForms forms;          ///< of that program
  std::string source;               ///< the main file, as the user named it
  std::vector<SourceRange> ranges;  ///< one for each statement, or none at all

  /// What generated code calls an ordinary function over lp::Tiles and its kernels: expressions of
  /// C++ that are its address, and, for each kernel of the program, a callable or an
  /// lp::make_kernel.
  struct Function {
    std::string address;
    std::vector<std::string> kernels;
    bool operator==(const Function&) const = default;
  };
  std::optional<Function> function = {};  ///< if the program is such a function
};

/// Sizes by name, as `--set n=8` gives them.
using Sizes = std::map<std::string, std::int64_t>;

/// The values of the program's parameters, in its order. A size is named as in the program
/// ("A.extent(0)", "steps"). One short name that is no parameter's sets all that are not named
/// otherwise: `n=8`. Throws input_error, with the list of names, where a parameter has no value or
/// a size belongs to none.
std::vector<std::int64_t> parameters(const Unit& unit, const Sizes& sizes);

/// The task graph at these sizes. Throws input_error where the program cannot run at them.
TaskGraph graph(const Unit& unit, const Sizes& sizes);

/// All that a worker in another process or language needs to take part, as JSON: docs/metadata.md.
std::string metadata(const Unit& unit);

/// The unit of a text that `metadata` wrote. Throws input_error, which says where, unless the text
/// is of that format and all in it hangs together: it may come from anybody.
Unit from_metadata(std::string_view text);

/// Domains, accesses and dependences in isl's notation, to paste into isl's own tools.
std::string isl_text(const Unit& unit);

/// The graph of statements, or with sizes the task graph, in the language of Graphviz.
std::string dot(const Unit& unit, const std::optional<Sizes>& sizes);

/// The same as a picture that needs nothing else.
std::string svg(const Unit& unit, const std::optional<Sizes>& sizes);

/// The unrolled task graph as JSON: docs/lpc.md has the format. Throws input_error where it has more
/// than ten million tasks.
std::string tasks(const Unit& unit, const Sizes& sizes);

/// Counts, dependences and bytes for people; with sizes also the critical path, the parallelism and
/// how long values live.
std::string report(const Unit& unit, const std::optional<Sizes>& sizes);

/// Which tasks read, or write, a tile such as `A(2,1)`. Throws input_error, which lists what there
/// is, where there is no such tile.
std::string who_reads(const Unit& unit, const Sizes& sizes, const std::string& tile);
std::string who_writes(const Unit& unit, const Sizes& sizes, const std::string& tile);

/// Which tasks wait for a task, or it for them. A task is named `syrk[k=0,i=2,j=1]`, `syrk[0,2,1]`
/// or `line 2[0,2,1]`. Throws input_error, which lists what there is, where there is no such task,
/// or more than one statement of that name.
std::string successors(const Unit& unit, const Sizes& sizes, const std::string& node);
std::string predecessors(const Unit& unit, const Sizes& sizes, const std::string& node);

/// For how many tasks a task waits. Without sizes, and where not all indices are numbers (`syrk`,
/// `syrk[0,i,j]`), a formula.
std::string in_degree(const Unit& unit, const Sizes& sizes, const std::string& node);

/// All of that about one task: what it reads and who wrote it, what it writes and who waits for it.
std::string explain(const Unit& unit, const Sizes& sizes, const std::string& node);

/// A C++ header with the closed forms of the programs as plain functions, for programs that are
/// compiled without isl.
std::string header(const std::vector<Unit>& units);

}  // namespace lambdapack::lpc
