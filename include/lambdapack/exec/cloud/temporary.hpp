// The directory of a run that only its client knows of.
#pragma once

#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "lambdapack/tile/detail/file.hpp"

namespace lambdapack::exec::cloud {

/// A directory that goes with its run. It is in memory if there is plenty for `bytes` of tiles and
/// TMPDIR says nothing else.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(std::int64_t bytes) {
    std::error_code error;
    const std::filesystem::path place = std::filesystem::temp_directory_path(error);
    std::string name = is_in_memory(bytes) ? "/dev/shm" : error ? "/tmp" : place.native();
    name += "/lambdapack-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      throw input_error(std::string("lambdapack: ") +
                        tile::detail::file_error("make the directory", name, errno).what());
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  // Inputs, values and results together are a few times as much as the arrays.
  static bool is_in_memory(std::int64_t bytes) {
    constexpr std::int64_t plenty = 8, least = std::int64_t{1} << 28;
    struct ::statvfs space = {};
    if (std::getenv("TMPDIR") != nullptr || ::access("/dev/shm", W_OK | X_OK) != 0 ||
        ::statvfs("/dev/shm", &space) != 0)
      return false;
    const auto room = static_cast<std::int64_t>(space.f_bavail * space.f_frsize);
    const std::int64_t memory = static_cast<std::int64_t>(::sysconf(_SC_AVPHYS_PAGES)) *
                                static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
    return bytes < room / plenty && bytes < memory / plenty && room > least && memory > least;
  }

  std::string path_;
};

}  // namespace lambdapack::exec::cloud
