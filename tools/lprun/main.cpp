// lprun ALGORITHM INPUT... -o OUTPUT: the algorithms of lambdapack on files.
#include <charconv>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "command.hpp"
#include "files.hpp"

namespace lprun {
namespace {

constexpr const char* options =
    "Options:\n"
    "  -o FILE                       where the result goes: .npy, or else a Zarr array\n"
    "  --backend threads|sequential  what runs the tasks (threads)\n"
    "  --workers N                   threads; 0 is one for each core (0)\n"
    "  --tile N                      rows and columns of a tile (256)\n"
    "  --help, --version\n";

void print_help() {
  std::cout << "lprun ALGORITHM INPUT... -o OUTPUT [OPTIONS]\n\nAlgorithms:\n";
  for (const Algorithm& a : algorithms())
    std::cout << "  " << a.name << " " << a.arguments << "    " << a.does << "\n";
  std::cout << "\n" << options << "\nlprun ALGORITHM --help has an example.\n";
}

const Algorithm& find(const std::string& name) {
  std::string names;
  for (const Algorithm& a : algorithms()) {
    if (a.name == name) return a;
    names += std::string(names.empty() ? "" : ", ") + a.name;
  }
  throw command_error("there is no algorithm '" + name + "'; expected one of " + names);
}

template <class N>
N number(const std::string& option, const std::string& text, N least) {
  N value{};
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || stop != end || value < least)
    throw command_error(option + " was given '" + text + "'; expected an integer of at least " +
                        std::to_string(least));
  return value;
}

Command read_command(const Algorithm& algorithm, const std::vector<std::string>& words) {
  Command command;
  for (std::size_t w = 1; w < words.size(); ++w) {
    const std::string& word = words[w];
    if (!word.starts_with("-")) {
      command.inputs.push_back(word);
      continue;
    }
    if (word != "-o" && word != "--backend" && word != "--workers" && word != "--tile")
      throw command_error("there is no option '" + word + "'; lprun --help lists them");
    if (++w == words.size()) throw command_error(word + " needs a value behind it");
    const std::string& value = words[w];
    if (word == "-o") command.output = value;
    if (word == "--workers") command.workers = number(word, value, 0);
    if (word == "--tile") command.tile = number<std::int64_t>(word, value, 1);
    if (word == "--backend") {
      if (value != "threads" && value != "sequential")
        throw command_error("there is no backend '" + value + "'; expected threads or sequential");
      command.sequential = value == "sequential";
    }
  }
  if (command.inputs.size() != algorithm.inputs || command.output.empty())
    throw command_error(std::string(algorithm.name) + " takes " + algorithm.arguments +
                        " and -o FILE, as in: " + algorithm.example);
  for (const std::string& input : command.inputs)
    if (std::filesystem::weakly_canonical(input) ==
        std::filesystem::weakly_canonical(command.output))
      throw command_error("the output " + input + " is an input too; choose another name");
  return command;
}

void run(const std::vector<std::string>& words) {
  if (words.empty()) throw command_error("an algorithm is missing; lprun --help lists them");
  if (words[0] == "--help") return print_help();
  if (words[0] == "--version") {
    std::cout << "lprun " << LPRUN_VERSION << "\n";
    return;
  }
  const Algorithm& algorithm = find(words[0]);
  if (words.size() == 2 && words[1] == "--help") {
    std::cout << "lprun " << algorithm.name << " " << algorithm.arguments << " -o FILE\n"
              << algorithm.does << "\n\nExample: " << algorithm.example << "\n\n"
              << options;
    return;
  }
  const Command command = read_command(algorithm, words);
  const std::string type = type_of(command.inputs[0]);
  const Summary s = algorithm.run(command, type);
  std::cout << algorithm.name << ": " << s.rows << " x " << s.cols << ", " << type << ", tiles of "
            << command.tile << ", " << s.tasks << " tasks, " << s.seconds << " s, "
            << (s.seconds > 0 ? s.operations / s.seconds / 1e9 : 0) << " GF/s\n";
}

}  // namespace
}  // namespace lprun

int main(int count, char** words) {
  try {
    lprun::run({words + 1, words + count});
    return 0;
  } catch (const lprun::command_error& error) {
    std::cerr << "lprun: " << error.what() << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "lprun: " << error.what() << "\n";
    return 1;
  }
}
