// What a command line of lprun can ask for, as tables, and what one asks for.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace lprun {

/// The command line is wrong; the message says what to write instead.
class command_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What stands behind an option.
enum class Takes {
  nothing,
  output,   ///< the name of a file that is written
  integer,  ///< from Option::least to Option::most
  number,   ///< real, or complex as RE,IM
  text,
  word,  ///< one of those in Option::value, which have | between them
};

/// An option of the command line.
struct Option {
  const char* name;
  Takes takes;
  const char* value;      ///< what help calls it
  const char* otherwise;  ///< what it is where it is left out; empty for nothing
  const char* does;
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// The most threads or processes that --workers asks for.
inline constexpr std::int64_t most_workers = 4096;

class Run;

/// An algorithm by the name that the command line calls it.
struct Algorithm {
  const char* name;
  const char* does;
  const char* inputs;    ///< their names; those in brackets may be left out
  const char* example;   ///< a command that works
  const char* residual;  ///< what --residual prints
  std::vector<Option> options;
  void (*run)(Run& run);

  std::size_t least_inputs() const;
  std::size_t most_inputs() const;
};

/// All algorithms; each family of them is a file of its own.
const std::vector<Algorithm>& algorithms();
std::vector<Algorithm> cholesky_algorithms();
std::vector<Algorithm> product_algorithms();
std::vector<Algorithm> triangular_algorithms();
std::vector<Algorithm> lu_algorithms();
std::vector<Algorithm> qr_algorithms();
std::vector<Algorithm> least_squares_algorithms();
std::vector<Algorithm> svd_algorithms();
std::vector<Algorithm> heev_algorithms();

/// More runs than an algorithm has.
inline constexpr std::size_t runs_at_most = 16;

/// The file for the trace of run k, from 0, where --trace names `file`: the second one's has -2
/// before its ending, and so on.
std::string trace_name(const std::string& file, std::size_t k);

/// The options of every algorithm.
std::span<const Option> common_options();

/// A command line, read and checked.
class Command {
 public:
  /// `words` are those behind the algorithm's name. Throws command_error.
  Command(const Algorithm& algorithm, std::span<const std::string> words);

  const Algorithm& algorithm() const { return *algorithm_; }
  const std::vector<std::string>& inputs() const { return inputs_; }

  /// Whether the option was given, or has a value otherwise.
  bool has(const char* option) const { return values_.contains(option); }
  /// Its value, which must be there.
  const std::string& text(const char* option) const { return values_.at(option); }
  std::int64_t integer(const char* option) const;
  std::complex<double> number(const char* option) const;
  /// Which of `words` the value is.
  std::size_t choice(const char* option, std::initializer_list<const char*> words) const;
  /// The names of all files that are written, in the order of the options.
  std::vector<std::string> outputs() const;

 private:
  void require_files() const;

  const Algorithm* algorithm_;
  std::vector<std::string> inputs_;
  std::map<std::string, std::string> values_;
};

}  // namespace lprun
