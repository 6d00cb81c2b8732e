// Files through POSIX: every failure is an input_error that names the file and says what to do.
#pragma once

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/tile/detail/message.hpp"

namespace lambdapack::tile::detail {

/// What to do about a failed call on a file.
inline const char* remedy(int code) {
  switch (code) {
    case ENOENT:
      return "check the path";
    case ENOTDIR:
      return "a part of the path is a file; check the path";
    case EACCES:
    case EPERM:
      return "change the permissions, or choose another place";
    case EROFS:
      return "choose a place on a file system that can be written";
    case ENOSPC:
    case EDQUOT:
      return "free some space, or choose another place";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return "check the path and the disk";
  }
}

/// "cannot open a.npy: No such file or directory; check the path", for the error `code`.
[[gnu::cold, gnu::noinline]] inline input_error file_error(const char* action,
                                                           const std::string& path, int code) {
  return input_error(message({"cannot ", action, " ", path, ": ",
                              std::generic_category().message(code), "; ", remedy(code)}));
}

/// An open file, closed at the end.
class File {
 public:
  File() = default;
  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File other) noexcept {
    path_.swap(other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  /// An existing regular file, to be read.
  static File open(const std::string& path) {
    File file(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.descriptor_ < 0) throw file_error("open", path, errno);
    if (!S_ISREG(file.status().st_mode))
      refuse({"cannot read ", path, ": it is not a file; check the path"});
    return file;
  }

  /// An empty file, to be written; what was there is gone.
  static File create(const std::string& path) {
    File file(path, ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.descriptor_ < 0) throw file_error("create", path, errno);
    return file;
  }

  explicit operator bool() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }

  struct ::stat status() const {
    struct ::stat status = {};
    if (::fstat(descriptor_, &status) != 0) throw file_error("look at", path_, errno);
    return status;
  }
  std::int64_t size() const { return status().st_size; }

  /// Fills `out` from `offset` on. Throws input_error if the file ends before.
  void read(std::span<std::byte> out, std::int64_t offset) const {
    while (!out.empty()) {
      const ::ssize_t count = ::pread(descriptor_, out.data(), out.size(), offset);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw file_error("read", path_, errno);
      if (count == 0)
        refuse({path_,
                " has become shorter while it was read; it must not be written "
                "during a run"});
      out = out.subspan(static_cast<std::size_t>(count));
      offset += count;
    }
  }

  void write(std::span<const std::byte> in, std::int64_t offset) const {
    while (!in.empty()) {
      const ::ssize_t count = ::pwrite(descriptor_, in.data(), in.size(), offset);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw file_error("write", path_, errno);
      in = in.subspan(static_cast<std::size_t>(count));
      offset += count;
    }
  }

  /// Gives the file the permissions in `mode`.
  void allow(::mode_t mode) const {
    if (::fchmod(descriptor_, mode & 07777) != 0) throw file_error("write", path_, errno);
  }

  /// Makes the file `size` bytes long; new bytes are zero and take no space.
  void resize(std::int64_t size) const {
    if (::ftruncate(descriptor_, size) != 0) throw file_error("write", path_, errno);
  }

  /// Has the system begin to write it to the disk, if it will, so that waiting for that is shorter.
  void begin_sync() const noexcept {
#ifdef __linux__
    ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
  }

  /// Waits until the disk has it.
  void sync() const {
    if (::fsync(descriptor_) != 0) throw file_error("write", path_, errno);
  }

  /// Waits until the disk has all of the file system that this file is on.
  void sync_file_system() const {
    if (::syncfs(descriptor_) != 0) throw file_error("write", path_, errno);
  }

  /// Closes the file; reports a failure that only closing brings to light.
  void close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) throw file_error("write", path_, errno);
  }

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_ = -1;
};

/// A buffer whose bytes are not set.
struct Bytes {
  Bytes() = default;
  explicit Bytes(std::int64_t count)
      : data(new std::byte[static_cast<std::size_t>(count)]),
        size(static_cast<std::size_t>(count)) {}
  std::span<std::byte> span() const { return {data.get(), size}; }

  std::unique_ptr<std::byte[]> data;
  std::size_t size = 0;
};

enum class Kind { nothing, file, directory, other };

/// What there is at `path`, looking through symbolic links.
inline Kind kind_of(const std::string& path) {
  struct ::stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return Kind::nothing;
    throw file_error("look at", path, errno);
  }
  if (S_ISREG(status.st_mode)) return Kind::file;
  return S_ISDIR(status.st_mode) ? Kind::directory : Kind::other;
}

/// `path` without trailing slashes, and, where it exists, without symbolic links. Throws
/// input_error if it is empty.
inline std::string resolved(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.empty()) refuse({"a path is empty; give the name of a file or directory"});
  std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

/// The directory that holds `path`, and the name of `path` in it.
inline std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}
inline std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// A name beside `path` that nobody else uses: ".A.zarr.partial-PID-RANDOM".
inline std::string partial_name(const std::string& path) {
  std::uint32_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random)
    throw file_error("find a free name beside", path, errno);
  return message({parent_of(path), "/.", name_of(path), ".partial-", ::getpid(), "-", random});
}

}  // namespace lambdapack::tile::detail
