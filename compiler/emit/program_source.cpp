// Which functions a program gets, what they are called, and what is said about them.
#include "emit/program_source.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "emit/form_source.hpp"
#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// What the tags of a form are.
enum class Tags { line, source, none };

/// A question: what it is called, and what is said about it.
struct Question {
  std::string name;
  std::string comment;
  std::vector<std::string> coordinates;  ///< of what is asked about
  Tags tags = Tags::line;
  bool every_task = false;  ///< whether a task graph asks it for every task
};

class ProgramWriter {
 public:
  explicit ProgramWriter(const Unit& unit) : program_(unit.program) {
    source_.forms = unit.forms;
    for (const ir::Parameter& p : program_.parameters)
      parameters_.push_back(identifier(p.name, parameter_names_));
  }

  ProgramSource write() {
    constants();
    whole_program();
    for (std::size_t line = 0; line < program_.statements.size(); ++line) statement(line);
    for (std::size_t a = 0; a < program_.arrays.size(); ++a) array(a);
    for (const Native& n : natives_)
      source_.natives.push_back(text({"{", n.each.empty() ? "nullptr" : n.each, ",\n     ",
                                      n.count.empty() ? "nullptr" : n.count, "}"}));
    return std::move(source_);
  }

 private:
  // Initialisers of the members of one form::Native.
  struct Native {
    std::string each, count;
  };

  void add(std::initializer_list<Piece> pieces) { source_.functions += text(pieces); }

  std::string kernel(std::size_t line) const {
    return program_.kernels[static_cast<std::size_t>(program_.statements[line].kernel)].name;
  }
  /// `2_syrk`, `0_A`: how names end.
  std::string statement_name(std::size_t line) const {
    return text({line, "_", plain(kernel(line))});
  }
  std::string array_name(std::size_t a) const {
    return text({a, "_", plain(program_.arrays[a].name)});
  }

  std::vector<std::string> indices(std::size_t line) const {
    std::vector<std::string> names;
    for (const int loop : ir::loops_around(program_, program_.statements[line].scope))
      names.push_back(
          std::get<ir::Loop>(program_.scopes[static_cast<std::size_t>(loop)].what).index);
    return names;
  }
  std::vector<std::string> tile(std::size_t a) const {
    std::vector<std::string> names;
    for (int d = 0; d < program_.arrays[a].rank; ++d) names.push_back(text({"tile", d}));
    return names;
  }
  static std::vector<std::string> joined(std::vector<std::string> a, std::vector<std::string> b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  static std::string list(const std::vector<std::string>& names) {
    std::string all;
    for (const std::string& n : names) all += (all.empty() ? "" : ", ") + n;
    return all;
  }
  /// `syrk[k, i, j]`, `A(tile0, tile1)`: what a comment calls the thing that is asked about.
  std::string task(std::size_t line) const {
    return text({kernel(line), "[", list(indices(line)), "]"});
  }
  std::string tile_of(std::size_t a) const {
    return text({program_.arrays[a].name, "(", list(tile(a)), ")"});
  }

  void constants() {
    for (std::size_t line = 0; line < program_.statements.size(); ++line) {
      const ir::Statement& s = program_.statements[line];
      const std::string where = ir::where(s.location);
      add({"/// ", ir::to_string(program_, s), where.empty() ? "" : "  (" + where + ")", "\n",
           "inline constexpr int line_", statement_name(line), " = ", line, ";\n"});
    }
    for (std::size_t a = 0; a < program_.arrays.size(); ++a)
      add({"inline constexpr int array_", array_name(a), " = ", a, ";\n"});
  }

  void whole_program() {
    form::ClosedForms& forms = source_.forms;
    each(forms.tasks, {"tasks",
                       "All tasks, in the order in which the program would run them.",
                       {},
                       Tags::line,
                       true});
    for (std::size_t k = 0; k < forms.requirements.size(); ++k)
      yes(forms.requirements[k].holds,
          {text({"requirement_", k}), "Whether the sizes fit the program.", {}, Tags::none});
  }

  void statement(std::size_t line) {
    form::StatementForms& s = source_.forms.statements[line];
    const std::string end = statement_name(line), me = task(line), all = kernel(line);
    const std::vector<std::string> at = indices(line);
    yes(s.contains,
        {"contains_" + end, text({"Whether there is a task ", me, "."}), at, Tags::none, true});
    each(s.instances, {"instances_" + end, text({"All tasks of this statement, ", me, "."}), {}});
    count(s.instances, {"instance_count_" + end, "How many they are.", {}});
    const std::string perhaps_roots = s.filtered_roots ? ", and some that do" : "";
    const std::string perhaps_sinks = s.filtered_sinks ? ", and some that do" : "";
    each(s.roots, {"roots_" + end, text({"Those that wait for no task", perhaps_roots, "."}), {}});
    each(s.sinks,
         {"sinks_" + end, text({"Those whose values no task reads", perhaps_sinks, "."}), {}});
    if (s.searched_successors)
      searched("The tasks that read a value of " + me);
    else
      each(s.successors, {"successors_" + end,
                          text({"The tasks that read a value of ", me, ": they wait for it."}), at,
                          Tags::line, true});
    if (s.searched_predecessors) {
      searched("The tasks of which " + me + " reads a value");
    } else {
      each(s.predecessors, {"predecessors_" + end,
                            text({"The tasks of which ", me, " reads a value: it waits for them."}),
                            at, Tags::line, true});
      count(s.predecessors, {"in_degree_" + end, "How many they are.", at, Tags::line, true});
    }
    for (std::size_t k = 0; k < s.outputs.size(); ++k) output(line, k, s.outputs[k]);
    for (std::size_t k = 0; k < s.inputs.size(); ++k) input(line, k, s.inputs[k]);
    for (std::size_t k = 0; k < s.scalars.size(); ++k)
      if (s.scalars[k].value.offset >= 0)
        each(s.scalars[k].value,
             {text({"scalar_", end, "_", k}), text({"Scalar argument ", k, " of ", me, "."}), at,
              Tags::none, true});
  }

  void output(std::size_t line, std::size_t slot, form::Output& o) {
    const std::string end = text({statement_name(line), "_", slot}), me = task(line);
    const std::vector<std::string> at = indices(line);
    const std::string what = text({"output ", slot, " of ", me});
    each(o.tile,
         {"output_" + end, text({"The tile of ", array_of(o.array), " that is ", what, "."}), at,
          Tags::none, true});
    if (o.searched) {
      searched("The tasks that read " + what);
      candidates(o.candidates, "reader_candidates_" + end,
                 "Tasks that read the tile of " + what + " later on", at);
    } else {
      each(o.readers,
           {"readers_" + end, text({"The tasks that read ", what, "."}), at, Tags::line, true});
      count(o.readers, {"reader_count_" + end, "How many they are.", at, Tags::line, true});
    }
    yes(o.final,
        {"is_final_" + end, text({"Whether ", what, " is what its tile holds at the end."}), at,
         Tags::none, true});
  }

  void input(std::size_t line, std::size_t slot, form::Input& i) {
    const std::string end = text({statement_name(line), "_", slot}), me = task(line);
    const std::vector<std::string> at = indices(line);
    const std::string what = text({"input ", slot, " of ", me});
    each(i.tiles, {"input_" + end,
                   text({i.list ? "The tiles of " : "The tile of ", array_of(i.array),
                         i.list ? " that are " : " that is ", what, "."}),
                   at, Tags::none, true});
    const auto array = static_cast<std::size_t>(i.array);
    const std::vector<std::string> with_tile = joined(at, tile(array));
    if (i.searched) {
      searched("The value that " + what + " sees");
      candidates(i.candidates, "writer_candidates_" + end,
                 "Tasks that write the tile of " + what + " earlier", i.list ? with_tile : at);
    } else {
      each(i.source,
           {"source_" + end,
            text({"The value that ", what, " sees", i.list ? " in one of its tiles" : "",
                  ": the output of which task, or its tile if that is as it was before the run."}),
            i.list ? with_tile : at, Tags::source, true});
    }
    if (i.includes.offset >= 0)
      yes(i.includes, {"includes_" + end,
                       text({"Whether ", tile_of(array), " is among the tiles of ", what, "."}),
                       with_tile, Tags::none, true});
  }

  void array(std::size_t a) {
    form::ArrayForms& forms = source_.forms.arrays[a];
    const std::string end = array_name(a), me = tile_of(a);
    const std::vector<std::string> at = tile(a);
    const std::string first = "The tasks that read what " + me + " holds before the run";
    if (forms.searched) {
      searched(first);
      candidates(forms.first_readers, "first_readers_" + end, "Tasks that read " + me, at);
      searched("The value that " + me + " holds at the end");
      candidates(forms.last_writers, "last_writers_" + end, "Tasks that write " + me, at);
    } else {
      if (!forms.filtered_readers) {
        each(forms.initial_readers, {"initial_readers_" + end, first + ".", at, Tags::line, true});
        count(forms.initial_readers,
              {"initial_reader_count_" + end, "How many they are.", at, Tags::line, true});
      }
      each(forms.final_writer,
           {"final_writer_" + end, text({"The value that ", me, " holds at the end."}), at,
            Tags::source, true});
    }
    if (!forms.filtered_readers)
      each(forms.readers, {"readers_of_" + end, text({"The tasks that read ", me, "."}), at});
    each(forms.writers, {"writers_of_" + end, text({"The values that are written to ", me, "."}),
                         at, Tags::source});
  }

  std::string array_of(int a) const { return program_.arrays[static_cast<std::size_t>(a)].name; }

  void searched(const std::string& what) {
    add({"\n// ", what, ": found by search (lambdapack/graph/search.hpp).\n"});
  }

  void candidates(std::vector<form::Candidates>& all, const std::string& name,
                  const std::string& what, const std::vector<std::string>& at) {
    for (std::size_t k = 0; k < all.size(); ++k)
      each(all[k].nodes, {text({name, "_", k}),
                          text({what, ", by number ", all[k].slot,
                                " of their accesses: tasks of line ", all[k].line, "."}),
                          at, Tags::none});
  }

  void each(form::Entry& entry, const Question& q) { function(entry, q, Answer::each); }
  void count(form::Entry& entry, const Question& q) { function(entry, q, Answer::count); }
  void yes(form::Entry& entry, const Question& q) { function(entry, q, Answer::yes); }

  void function(form::Entry& entry, const Question& q, Answer answer) {
    Wording w;
    w.name = q.name;
    w.parameters = parameters_;
    std::set<std::string> taken = parameter_names_;
    for (const std::string& c : q.coordinates) w.coordinates.push_back(identifier(c, taken));
    w.tag = [&](int tag) { return tag_text(q.tags, tag); };
    w.value = [&](int tag, std::size_t position) { return value_name(q.tags, tag, position); };

    add({"\n/// ", q.comment, "\n"});
    const auto key = std::tuple(entry.offset, answer, q.tags, w.coordinates);
    const auto [same, fresh] = functions_.try_emplace(key, q.name);
    try {
      add({fresh ? new_function(entry, w, answer) : form_call(same->second, w, answer)});
    } catch (const Unstructured& e) {
      functions_.erase(same);
      add({"// ", q.name, " is left to the bytecode: ", e.what(), "\n"});
      return;
    }
    if (q.every_task && entry.offset >= 0) native(entry, q, answer);
  }

  std::string new_function(form::Entry entry, const Wording& w, Answer answer) const {
    if (entry.offset < 0) return form_source(nullptr, w, answer);
    const FormTree tree = form_tree(source_.forms.code, entry,
                                    static_cast<int>(w.parameters.size() + w.coordinates.size()));
    return form_source(&tree, w, answer);
  }

  std::string tag_text(Tags tags, int tag) const {
    if (tags == Tags::none) return "0";
    if (tags == Tags::line) return "line_" + statement_name(static_cast<std::size_t>(tag));
    if (tag < 0) return "-1";
    return text({"form::source_tag(line_",
                 statement_name(static_cast<std::size_t>(form::source_line(tag))), ", ",
                 form::source_slot(tag), ")"});
  }

  std::string value_name(Tags tags, int tag, std::size_t position) const {
    if (tags == Tags::none || tag < 0) return text({"tile", position});
    const int line = tags == Tags::line ? tag : form::source_line(tag);
    return indices(static_cast<std::size_t>(line))[position];
  }

  void native(form::Entry& entry, const Question& q, Answer answer) {
    const std::size_t size = q.coordinates.size();
    const auto key = std::tuple(entry.offset, size, answer == Answer::yes);
    const auto [found, fresh] = native_of_.try_emplace(key, natives_.size());
    if (fresh) natives_.emplace_back();
    entry.native = static_cast<std::int32_t>(found->second);
    std::string call = q.name + "(p";
    for (std::size_t k = 0; k < size; ++k) call += text({", x[", k, "]"});
    const char* point = size > 0 ? "const std::int64_t* x" : "const std::int64_t*";
    Native& n = natives_[found->second];
    if (answer == Answer::each)
      n.each = text({"[](const std::int64_t* p, ", point, ", form::Sink& to) { ", call,
                     ", form::hand_to(to)); }"});
    else
      n.count =
          text({"[](const std::int64_t* p, ", point, ") -> std::int64_t { return ", call, "); }"});
  }

  const ir::Program& program_;
  ProgramSource source_;
  std::set<std::string> parameter_names_;
  std::vector<std::string> parameters_;
  /// What is written already, by where its form begins, and how it is asked.
  std::map<std::tuple<std::int32_t, Answer, Tags, std::vector<std::string>>, std::string>
      functions_;
  std::vector<Native> natives_;
  std::map<std::tuple<std::int32_t, std::size_t, bool>, std::size_t> native_of_;
};

}  // namespace

ProgramSource program_source(const Unit& unit) { return ProgramWriter(unit).write(); }

}  // namespace lambdapack::lpc
