// Directories for what nobody needs afterwards.
#pragma once

#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "lambdapack/tile/detail/file.hpp"

namespace lambdapack::tile::detail {

/// Where files go that are too large for memory: as TMPDIR says, or /var/tmp, which is on a disk.
inline std::string disk_for_temporary_files() {
  const char* const chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

/// A directory with a name of its own in `folder`, which goes, with all that is in it, when this
/// does. Throws input_error if it cannot be made.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& folder) : path_(folder + "/lambdapack-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw file_error("make a directory in", folder, errno);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace lambdapack::tile::detail
