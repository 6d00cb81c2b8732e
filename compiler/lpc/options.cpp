#include "lpc/options.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <system_error>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "lpc/outputs.hpp"

namespace lambdapack::lpc {

namespace {

constexpr const char* see_help = "; lpc --help lists all options";

[[noreturn]] void refuse(std::initializer_list<Piece> pieces) {
  throw input_error(text({"lpc: ", text(pieces)}));
}

/// A command line, read from left to right.
class Parser {
 public:
  explicit Parser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Options parse() {
    for (; next_ < arguments_.size() && arguments_[next_] != "--"; ++next_) {
      const std::string& argument = arguments_[next_];
      if (argument.size() < 2 || argument.front() != '-')
        add_file(argument);
      else
        option(argument);
    }
    if (next_ < arguments_.size())
      options_.reading.flags.insert(options_.reading.flags.end(),
                                    arguments_.begin() + static_cast<std::ptrdiff_t>(next_) + 1,
                                    arguments_.end());
    check();
    return std::move(options_);
  }

 private:
  void option(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    const bool is_long = argument.starts_with("--");
    const std::string name = is_long ? argument.substr(0, equals) : argument.substr(0, 2);
    if (is_long && equals != std::string::npos) attached_ = argument.substr(equals + 1);
    if (!is_long && argument.size() > 2) attached_ = argument.substr(2);

    if (name == "--help" || name == "-h")
      choose(Task::help, name);
    else if (name == "--version")
      choose(Task::version, name);
    else if (name == "--check")
      choose(Task::check, name);
    else if (name == "--emit")
      emit(value(name));
    else if (is_long && query_named(name.substr(2)) != nullptr)
      ask(name);
    else if (name == "--lint")
      lint(name);
    else if (name == "--set")
      set(value(name));
    else if (name == "--constant")
      constant(value(name));
    else if (name == "--program")
      program(value(name));
    else if (name == "--budget")
      budget(value(name));
    else if (name == "--diagnostics")
      diagnostics(value(name));
    else if (name == "--flags")
      flags(value(name));
    else if (name == "--depfile")
      options_.dependencies = value(name);
    else if (name == "-o")
      options_.output = value(name);
    else if (name == "-p")
      options_.reading.build_dir = value(name);
    else
      refuse({"there is no option ", argument, see_help,
              "; flags of Clang stand behind --, as in lpc file.cpp -- -Iinclude"});
    if (attached_) refuse({name, " takes no value, found ", *attached_});
  }

  std::string value(const std::string& name) {
    if (attached_) return *std::exchange(attached_, std::nullopt);
    if (next_ + 1 == arguments_.size() || arguments_[next_ + 1] == "--")
      refuse({name, " needs a value", see_help});
    return arguments_[++next_];
  }

  void choose(Task task, const std::string& name) {
    // Help wins, whatever else is asked for.
    if (options_.task == Task::help && !chosen_.empty()) return;
    if (task != Task::help && !chosen_.empty())
      refuse({name, " and ", chosen_, " ask for two things at once; run lpc once for each"});
    options_.task = task;
    chosen_ = name;
  }

  void emit(const std::string& kind) {
    choose(Task::emit, "--emit");
    if (output_named(kind) == nullptr)
      refuse({"--emit=", kind, " is nothing that lpc can write; write one of ", output_names()});
    options_.what = kind;
  }

  void ask(const std::string& name) {
    choose(Task::query, name);
    options_.what = name.substr(2);
    options_.subject = value(name);
  }

  void lint(const std::string& name) {
    choose(Task::lint, name);
    options_.subject = value(name);
  }

  // A file that is given twice is read once.
  void add_file(const std::string& file) {
    std::vector<std::string>& files = options_.reading.files;
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }

  void program(const std::string& name) {
    if (name.empty())
      refuse({"--program= names no program; write --program=NAME, or leave it out for all"});
    options_.reading.programs.push_back(name);
  }

  void set(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    std::int64_t size = 0;
    const char* end = text.data() + text.size();
    const bool has_both = equals != std::string::npos && equals != 0 && equals + 1 != text.size();
    const std::from_chars_result read =
        has_both ? std::from_chars(text.data() + equals + 1, end, size)
                 : std::from_chars_result{text.data(), std::errc::invalid_argument};
    if (read.ec != std::errc() || read.ptr != end)
      refuse({"--set ", text, " is no size; write --set NAME=NUMBER, as in --set n=8"});
    if (!options_.sizes.emplace(text.substr(0, equals), size).second)
      refuse({"--set gives ", text.substr(0, equals), " two sizes; write it once"});
  }

  void constant(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      refuse({"--constant ", text,
              " gives nothing a value; write --constant NAME=VALUE, as in --constant twice=true"});
    if (!options_.reading.constants.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      refuse({"--constant gives ", text.substr(0, equals), " two values; write it once"});
  }

  void budget(const std::string& text) {
    const char* end = text.data() + text.size();
    const std::from_chars_result read =
        std::from_chars(text.data(), end, options_.analysis.max_operations);
    if (read.ec != std::errc() || read.ptr != end || options_.analysis.max_operations == 0)
      refuse({"--budget=", text, " is no number of operations; write one, as in --budget=",
              analysis::AnalysisOptions{}.max_operations * 10});
  }

  void flags(const std::string& file) {
    std::ifstream lines(file);
    if (!lines) refuse({"there is no file of flags ", file});
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) options_.reading.flags.push_back(line);
  }

  void diagnostics(const std::string& format) {
    if (format != "text" && format != "sarif")
      refuse({"--diagnostics=", format, " is no format of diagnostics; write text or sarif"});
    options_.sarif = format == "sarif";
  }

  void check() const {
    if (options_.task == Task::help || options_.task == Task::version) return;
    if (options_.reading.files.empty())
      refuse({"no source file; write lpc file.cpp, or lpc --help for more"});
    if (!options_.reading.build_dir.empty() && !options_.reading.flags.empty())
      refuse(
          {"-p takes flags from a compilation database, and there are other flags too; "
           "leave one of the two out"});
    if (!options_.dependencies.empty() && options_.output.empty())
      refuse({"--depfile says what the file of -o depends on; write -o FILE too"});
    if (options_.task == Task::check && !options_.sarif && !options_.output.empty())
      refuse({"--check writes no file; leave -o out, or add --diagnostics=sarif for a log"});
    if (options_.sizes.empty()) return;
    if (options_.task == Task::check) refuse({chosen_, " holds for all sizes; leave --set out"});
    if (options_.task == Task::emit && output_named(options_.what)->sized == Sized::never)
      refuse({"--emit=", options_.what, " holds for all sizes; leave --set out"});
  }

  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  std::optional<std::string> attached_;
  std::string chosen_;
  Options options_;
};

}  // namespace

Options parse(const std::vector<std::string>& arguments) { return Parser(arguments).parse(); }

}  // namespace lambdapack::lpc
