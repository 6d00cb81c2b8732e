// The command line of the example.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace published {

inline constexpr const char* usage =
    "usage: published [--counts] cholesky N [T]    T: the last T steps are left out\n"
    "       published [--counts] gemm M N K\n"
    "       published [--counts] tsqr N\n"
    "       published [--counts] qr N\n"
    "       published [--counts] bdfac N [T]\n"
    "  sizes are in tiles, from 0 to 2^40\n"
    "  --counts  counts tasks and roots by queries and holds no task in memory; where a tree "
    "leaves\n"
    "            no formula, it walks over the tasks\n";

/// A command line that cannot be understood.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A program's name on the command line and the names of its sizes, of which the last `optional`
/// may be left out and are 0 then.
struct Signature {
  std::string_view name;
  std::vector<std::string_view> sizes;
  std::size_t optional = 0;
};

inline const std::vector<Signature>& signatures() {
  static const std::vector<Signature> all{{"cholesky", {"N", "t"}, 1},
                                          {"gemm", {"M", "N", "K"}},
                                          {"tsqr", {"N"}},
                                          {"qr", {"N"}},
                                          {"bdfac", {"N", "t"}, 1}};
  return all;
}

struct Options {
  const Signature* program = nullptr;
  std::vector<std::int64_t> sizes;  ///< one for each of the program's
  bool counts = false;
  bool help = false;
};

namespace detail {

inline std::int64_t size(std::string_view name, std::string_view text) {
  constexpr std::int64_t most = std::int64_t{1} << 40;
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < 0 || n > most)
    throw usage_error("the size " + std::string(name) + " is a whole number from 0 to 2^40, not '" +
                      std::string(text) + "'");
  return n;
}

inline const Signature& signature(std::string_view name) {
  std::string known;
  for (const Signature& s : signatures()) {
    if (s.name == name) return s;
    known += (known.empty() ? "" : ", ") + std::string(s.name);
  }
  throw usage_error("there is no program '" + std::string(name) + "'; choose one of " + known);
}

inline std::vector<std::int64_t> sizes(const Signature& program,
                                       std::span<const std::string_view> given) {
  const std::size_t most = program.sizes.size(), least = most - program.optional;
  if (given.size() < least || given.size() > most) {
    std::string wanted;
    for (const std::string_view name : program.sizes) wanted += " " + std::string(name);
    throw usage_error(std::string(program.name) + " takes the sizes" + wanted + ", of which " +
                      std::to_string(least) + (program.optional > 0 ? " or more" : "") +
                      " must be given, not " + std::to_string(given.size()));
  }
  std::vector<std::int64_t> values(most);
  for (std::size_t k = 0; k < given.size(); ++k) values[k] = size(program.sizes[k], given[k]);
  return values;
}

}  // namespace detail

/// Throws usage_error.
inline Options parse(int argc, const char* const* argv) {
  Options options;
  std::vector<std::string_view> words;
  for (int k = 1; k < argc; ++k) {
    const std::string_view word = argv[k];
    const bool number = word.size() > 1 && word[1] >= '0' && word[1] <= '9';
    if (word == "--help" || word == "-h")
      options.help = true;
    else if (word == "--counts")
      options.counts = true;
    else if (word.substr(0, 1) == "-" && !number)
      throw usage_error("there is no option '" + std::string(word) + "'");
    else
      words.push_back(word);
  }
  if (options.help) return options;
  if (words.empty()) throw usage_error("the program's name is missing");
  options.program = &detail::signature(words[0]);
  options.sizes = detail::sizes(*options.program, std::span(words).subspan(1));
  return options;
}

}  // namespace published
