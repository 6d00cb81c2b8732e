// lprun ALGORITHM INPUT... -o OUTPUT: the algorithms of lambdapack on files.
#include <algorithm>
#include <chrono>
#include <exception>
#include <iomanip>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "clouds.hpp"
#include "command.hpp"
#include "ranks.hpp"
#include "run.hpp"
#include "spread.hpp"

namespace lprun {
namespace {

void print_options(std::span<const Option> options) {
  for (const Option& option : options) {
    std::cout << "  " << std::left << std::setw(48) << std::string(option.name) + " " + option.value
              << option.does;
    if (option.otherwise[0] != '\0') std::cout << " (" << option.otherwise << ")";
    std::cout << "\n";
  }
}

void print_help() {
  std::cout << "lprun ALGORITHM INPUT... -o OUTPUT [OPTIONS]\n\nAlgorithms:\n";
  for (const Algorithm& a : algorithms())
    std::cout << "  " << std::left << std::setw(24) << std::string(a.name) + " " + a.inputs
              << a.does << "\n";
  std::cout << "\nOptions of all:\n";
  print_options(common_options());
  std::cout << "  --help, --version\n\nlprun ALGORITHM --help tells the others, and has an "
               "example.\n"
            << cloud_help;
}

void print_help(const Algorithm& algorithm) {
  std::cout << "lprun " << algorithm.name << " " << algorithm.inputs << " -o FILE [OPTIONS]\n"
            << algorithm.does << "\n\nExample: " << algorithm.example << "\n\nOptions:\n";
  print_options(algorithm.options);
  print_options(common_options());
  std::cout
      << "\n--residual prints " << algorithm.residual
      << ".\nNorms are the largest sums of a column where nothing else is said, eps is 2^-53, "
         "of single precision 2^-24; below 30 is as exact as LAPACK.\n";
}

const Algorithm& find(const std::string& name) {
  std::string names;
  for (const Algorithm& a : algorithms()) {
    if (a.name == name) return a;
    names += std::string(names.empty() ? "" : ", ") + a.name;
  }
  throw command_error("there is no algorithm '" + name + "'; expected one of " + names);
}

void run(const std::vector<std::string>& words) {
  if (words.empty()) throw command_error("an algorithm is missing; lprun --help lists them");
  if (words[0] == "--help") return print_help();
  if (words[0] == "--version") {
    std::cout << "lprun " << LPRUN_VERSION << "\n";
    return;
  }
  if (is_cloud_command(words[0])) return run_cloud_command(words);
  const Algorithm& algorithm = find(words[0]);
  const std::span rest = std::span(words).subspan(1);
  if (std::ranges::count(rest, "--help") > 0) return print_help(algorithm);
  const Command command(algorithm, rest);
  Run run(command);
  algorithm.run(run);
  run.end();
}

/// Throws if what was printed has not come to where it goes.
void require_printed() {
  std::cout.flush();
  if (!std::cout)
    throw std::runtime_error(
        "cannot write to the standard output, and what was printed there is lost, though the files "
        "are written; check where it goes, and the space on the disk");
}

// What went wrong on all ranks is said by the first one, if that is there to say it; then all end.
int fail(const std::exception& error, int status) {
  using std::chrono::milliseconds;
  if (rank() > 0) std::this_thread::sleep_for(milliseconds(SharedArray::was_made() ? 60'000 : 500));
  std::cerr << "lprun: " << error.what() << std::endl;
  end_ranks(status);
  return status;
}

}  // namespace
}  // namespace lprun

int main(int count, char** words) {
  if (lprun::is_cloud_worker()) return lprun::work_in_cloud();
  try {
    lprun::run({words + 1, words + count});
    lprun::require_printed();
    return 0;
  } catch (const lprun::command_error& error) {
    return lprun::fail(error, 2);
  } catch (const std::exception& error) {
    return lprun::fail(error, 1);
  }
}
