#include "lpc/command.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>

#include "lambdapack/analysis/analyse.hpp"
#include "lambdapack/analysis/diagnose.hpp"
#include "lambdapack/analysis/lint.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/ir/hand_graph_json.hpp"
#include "lambdapack/text.hpp"
#include "lpc/headers.hpp"
#include "lpc/make_rule.hpp"
#include "lpc/options.hpp"
#include "lpc/outputs.hpp"
#include "lpc/sarif.hpp"

namespace lambdapack::lpc {

namespace {

std::string listed(const std::set<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += text({all.empty() ? "" : ", ", name});
  return all;
}

class Command {
 public:
  Command(Options options, std::ostream& out, std::ostream& err)
      : options_(std::move(options)), out_(out), err_(err) {}

  int run() {
    for (const std::string& file : options_.reading.files)
      if (!std::filesystem::is_regular_file(file))
        throw input_error(text({"lpc: there is no source file ", file}));
    add_flags(options_.reading);
    options_.reading.print = !options_.sarif;
    const Found found = read(options_.reading, [&](const ir::Program& program) {
      return analysis::diagnose(program, options_.analysis);
    });
    for (const std::string& file : {options_.output, options_.dependencies})
      refuse_source(found, file);
    std::error_code none;
    const bool is_file = std::filesystem::is_regular_file(options_.output, none) ||
                         !std::filesystem::exists(options_.output, none);
    if (!options_.output.empty() && options_.output == options_.dependencies && is_file)
      throw input_error(text({"lpc: ", options_.output,
                              " is to hold the output and its dependencies; name two files"}));
    if (options_.sarif)
      write_log(found);
    else
      name_pages(found);
    if (found.flags_are_wrong) return command_is_wrong;
    check_names(found);
    check_constants(found);
    if (!found.unknown_flags.empty())
      err_ << "lpc: left out of the compilation database's flags, since Clang does not know them: "
           << listed(found.unknown_flags) << "\n";
    if (!options_.dependencies.empty()) write_dependencies(found);
    if (options_.task == Task::check) {
      summarise(found);
      return found.is_wrong ? program_is_wrong : clean;
    }
    if (found.is_wrong) return program_is_wrong;
    if (found.programs.empty()) {
      say_nothing_found(found);
      return program_is_wrong;
    }
    return options_.task == Task::lint ? lint(found) : write(output(found));
  }

 private:
  void write_log(const Found& found) {
    const std::string log = sarif(found.said, LPC_VERSION);
    if (options_.task == Task::check)
      write(log);
    else
      err_ << log;
  }

  // A file that was read would be lost.
  void refuse_source(const Found& found, const std::string& file) const {
    std::error_code none;
    if (file.empty() || !std::filesystem::is_regular_file(file, none)) return;
    std::set<std::string> read = found.read_files;
    read.insert(options_.reading.files.begin(), options_.reading.files.end());
    if (options_.task == Task::lint) read.insert(options_.subject);
    for (const std::string& one : read)
      if (std::filesystem::equivalent(file, one, none))
        throw input_error(text({"lpc: ", file,
                                " is a source that was just read, and would be overwritten; name "
                                "another file"}));
  }

  void write_dependencies(const Found& found) const {
    std::ofstream file(options_.dependencies);
    file << make_rule(options_.output, found.read_files) << std::flush;
    if (!file) throw input_error(text({"lpc: cannot write ", options_.dependencies}));
  }

  void name_pages(const Found& found) {
    std::set<std::string> codes;
    for (const Said& said : found.said)
      if (!said.code.empty()) codes.insert(said.code);
    for (const std::string& code : codes)
      err_ << "lpc: " << code << " is explained in docs/diagnostics/" << code << ".md\n";
  }

  // A name that was asked for and is not there is a mistake of the command.
  void check_names(const Found& found) const {
    if (options_.reading.programs.empty() || found.is_wrong) return;
    std::string names;
    for (const std::string& name : found.names) names += text({names.empty() ? "" : ", ", name});
    if (names.empty()) throw input_error(text({"lpc: ", nothing_found()}));
    for (const std::string& wanted : options_.reading.programs)
      if (!found.meant.contains(wanted))
        throw input_error(text({"lpc: there is no program ", wanted, "; there are ", names}));
    if (found.programs.empty())
      throw input_error(text({"lpc: the program ", options_.reading.programs.front(),
                              " needs constants, or is none by itself; the warning says why"}));
  }

  void check_constants(const Found& found) const {
    if (found.names.empty()) return;
    for (const auto& [name, value] : options_.reading.constants)
      if (!found.constants.contains(name))
        throw input_error(text(
            {"lpc: --constant ", name, "=", value, " sets no parameter of a program that is read; ",
             found.constants.empty() ? "these have no constants, so leave it out"
                                     : text({"their constants are ", listed(found.constants)})}));
  }

  // Overloads are told apart by their lines.
  static std::string of_one_name(const Found& found) {
    const SourceProgram& first = found.programs.front();
    for (const SourceProgram& other : found.programs)
      if (other.name != first.name) return {};
    return text({"=", first.name, ":", first.place.line, ", where its name stands"});
  }

  std::string nothing_found() const {
    return text({"no program in ", options_.reading.files.front(),
                 options_.reading.files.size() > 1 ? " and the other files" : "",
                 "; a program is a function that returns void and takes lp::In, lp::Out or "
                 "lp::InOut, or lp::Tiles"});
  }

  void say_nothing_found(const Found& found) {
    err_ << "lpc: "
         << (found.names.empty() ? nothing_found()
                                 : "no program is left to write; the warnings say why")
         << "\n";
  }

  void summarise(const Found& found) {
    const auto count = [&](Said::Level level) {
      return std::count_if(found.said.begin(), found.said.end(),
                           [&](const Said& said) { return said.level == level; });
    };
    if (found.names.empty() && found.said.empty()) {
      err_ << "lpc: " << nothing_found() << "\n";
      return;
    }
    const auto plural = [](auto n, const char* word) {
      return text({n, " ", word, n == 1 ? "" : "s"});
    };
    err_ << "lpc: " << plural(found.checked, "program") << " checked, "
         << plural(count(Said::Level::error), "error") << ", "
         << plural(count(Said::Level::warning), "warning") << "\n";
  }

  Unit unit(const SourceProgram& program) const {
    Unit unit{
        program.program, analysis::analyse(program.program, options_.analysis), program.file, {}};
    for (const Stretch& s : program.statements)
      unit.ranges.push_back({s.file, s.line, s.column, s.end_line, std::max(1, s.end_column - 1)});
    if (program.names) unit.function = {program.names->address, program.names->kernels};
    return unit;
  }

  // Of several programs those answer that can, and of the others it is said why they do not.
  std::string answers(const Found& found) const {
    std::string all, why;
    for (const SourceProgram& program : found.programs) {
      try {
        const std::string answer =
            query_named(options_.what)->answer(unit(program), options_.sizes, options_.subject);
        all += found.programs.size() == 1 ? answer : text({program.name, ":\n", answer});
      } catch (const input_error& error) {
        if (found.programs.size() == 1) throw;
        why += text({why.empty() ? "" : "\n", error.what()});
      }
    }
    if (all.empty())
      throw input_error(text({why,
                              "\nlpc: there are several programs; choose the one that is meant "
                              "with --program",
                              of_one_name(found)}));
    if (!why.empty()) err_ << why << "\n";
    return all;
  }

  std::string output(const Found& found) const {
    if (options_.task == Task::query) return answers(found);
    const Output& output = *output_named(options_.what);
    if (found.programs.size() > 1 && output.several == Several::refused)
      throw input_error(text({"lpc: --emit=", output.name,
                              " writes one program, and there are several; choose one with "
                              "--program",
                              of_one_name(found)}));
    if (output.several == Several::together) {
      std::vector<Unit> units;
      for (const SourceProgram& program : found.programs) units.push_back(unit(program));
      return output.write_together(units);
    }
    std::string all;
    for (const SourceProgram& program : found.programs) {
      const std::string one = output.write(unit(program), options_.sizes);
      if (output.several == Several::list && !all.empty()) all += ",\n";
      all += one;
    }
    if (output.several == Several::list && found.programs.size() > 1) all = "[\n" + all + "]\n";
    return all;
  }

  int write(const std::string& text_to_write) {
    if (options_.output.empty()) {
      out_ << text_to_write << std::flush;
      if (!out_) throw input_error("lpc: cannot write to standard output");
      return clean;
    }
    std::ofstream file(options_.output);
    file << text_to_write << std::flush;
    if (!file) throw input_error(text({"lpc: cannot write ", options_.output}));
    return clean;
  }

  int lint(const Found& found) {
    std::ifstream file(options_.subject);
    if (!file) throw input_error(text({"lpc: there is no file of edges ", options_.subject}));
    std::stringstream json;
    json << file.rdbuf();
    if (found.programs.size() > 1)
      throw input_error(
          "lpc: edges are of one program, and there are several; choose one with "
          "--program");
    const ir::HandGraph edges = ir::hand_graph_from_json(json.str());
    const SourceProgram& program = found.programs.front();
    const LintReport report =
        options_.sizes.empty()
            ? lambdapack::lint(program.program, edges, options_.analysis)
            : lambdapack::lint_at(program.program, edges,
                                  graph(unit(program), options_.sizes).parameters(),
                                  options_.analysis);
    write(report.text());
    return report.clean() ? clean : program_is_wrong;
  }

  Options options_;
  std::ostream& out_;
  std::ostream& err_;
};

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  try {
    const Options options = parse(arguments);
    if (options.task == Task::help) {
      out << help();
      return clean;
    }
    if (options.task == Task::version) {
      out << "lpc " << LPC_VERSION << "\n";
      return clean;
    }
    return Command(options, out, err).run();
  } catch (const input_error& e) {
    err << e.what() << "\n";
    return command_is_wrong;
  } catch (const std::exception& e) {
    err << e.what() << "\n";
    return program_is_wrong;
  }
}

}  // namespace lambdapack::lpc
