#include "lpc/headers.hpp"

#include <filesystem>
#include <string>
#include <system_error>

#include "lambdapack/error.hpp"

namespace lambdapack::lpc {

namespace {

// Installed, the headers are in ../include; in a build they are where the build found them.
std::string include_dir() {
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  for (const std::filesystem::path& dir :
       {self.parent_path().parent_path() / "include", std::filesystem::path(LPC_BUILD_INCLUDE_DIR)})
    if (std::filesystem::exists(dir / "lambdapack" / "lambdapack.hpp", ignored))
      return dir.string();
  return {};
}

// Clang's library is of no use without headers such as stddef.h, which are a package of their own.
void require_headers_of_clang() {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::path(LPC_RESOURCE_DIR) / "include/stddef.h",
                               ignored))
    throw input_error("lpc: Clang's own headers are not in " LPC_RESOURCE_DIR
                      "/include, where they were when lpc was built; install them (Debian: "
                      "libclang-common-19-dev)");
}

}  // namespace

void add_flags(Reading& reading) {
  require_headers_of_clang();
  // Headers then declare what is long and not looked at here, which halves the time.
  reading.first_flags.push_back("-DLAMBDAPACK_SEPARATE");
  if (reading.build_dir.empty()) reading.first_flags.push_back("-std=c++20");
  if (const std::string dir = include_dir(); !dir.empty()) {
    reading.last_flags.push_back("-idirafter");
    reading.last_flags.push_back(dir);
  }
  if (reading.build_dir.empty()) return;
  // Other compilers' flags, and their idea of what is worth a warning.
  reading.last_flags.push_back("-Wno-unknown-warning-option");
  reading.last_flags.push_back("-Wno-error");
}

}  // namespace lambdapack::lpc
