// The command line of the example.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace digits {

inline constexpr const char* usage =
    "usage: digits DIGITS.CSV [DIRECTORY] [--tile=N] [--workers=N]\n"
    "  DIRECTORY    where the pictures go (default: here)\n"
    "  --tile=N     rows and columns of a tile, from 32 on (default: 128)\n"
    "  --workers=N  threads (default: one for each core)\n";

/// A command line that cannot be understood.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string csv;
  std::string directory = ".";
  std::int64_t tile = 128;
  int workers = 0;
  bool help = false;
};

namespace detail {

inline int count(std::string_view option, std::string_view value, int least) {
  int n = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (error != std::errc() || end != value.data() + value.size() || n < least)
    throw usage_error(std::string(option) + " takes a whole number from " + std::to_string(least) +
                      " on, not '" + std::string(value) + "'");
  return n;
}

}  // namespace detail

/// Throws usage_error.
inline Options parse(int argc, const char* const* argv) {
  Options options;
  int positional = 0;
  for (int k = 1; k < argc; ++k) {
    std::string_view name = argv[k], value;
    if (name == "--help" || name == "-h") {
      options.help = true;
      return options;
    }
    if (name.substr(0, 1) != "-") {
      if (++positional > 2)
        throw usage_error("there is one argument too many: '" + std::string(name) + "'");
      (positional == 1 ? options.csv : options.directory) = name;
      continue;
    }
    const std::size_t equals = name.find('=');
    if (equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    if (name != "--tile" && name != "--workers")
      throw usage_error("there is no option '" + std::string(name) + "'");
    if (equals == std::string_view::npos) {
      if (++k == argc) throw usage_error(std::string(name) + " lacks its number");
      value = argv[k];
    }
    if (name == "--tile")
      options.tile = detail::count(name, value, 32);
    else
      options.workers = detail::count(name, value, 1);
  }
  if (options.csv.empty()) throw usage_error("the file with the digits is missing");
  return options;
}

}  // namespace digits
