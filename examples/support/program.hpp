// What the examples' programs do alike: arguments, errors, files.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace examples {

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary);
  out << content << std::flush;
  if (!out)
    throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno) +
                             "; name a folder that exists and may be written");
}

/// Calls run(files, directory) with the `count` names of files on the command line and the folder
/// behind them, which may be left out. Returns the exit status.
template <class Run>
int program(int argc, char** argv, int count, const char* usage, const Run& run) {
  try {
    if (argc < count + 1 || argc > count + 2 || argv[1][0] == '-') {
      std::fprintf(stderr, "usage: %s %s [DIRECTORY]\n", argv[0], usage);
      return 2;
    }
    run(std::vector<std::string>(argv + 1, argv + 1 + count),
        std::string(argc > count + 1 ? argv[count + 1] : "."));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
}

}  // namespace examples
