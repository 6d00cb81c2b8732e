// Directories that are made in full beside their place, and then put there in one step.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lambdapack/tile/detail/file.hpp"
#include "lambdapack/tile/detail/message.hpp"

namespace lambdapack::tile::detail {

/// Throws input_error unless files can be made beside `path`, and what is there can be replaced.
inline void require_writable(const std::string& path) {
  const std::string parent = parent_of(path);
  if (::access(parent.c_str(), W_OK | X_OK) != 0) throw file_error("write into", parent, errno);
  if (::access(path.c_str(), W_OK) != 0 && errno != ENOENT) throw file_error("write", path, errno);
}

/// Makes the directory; one that is there already will do.
inline void make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
    throw file_error("make the directory", path, errno);
}

/// Removes `path` and all that is in it, as far as that is possible.
inline void remove_tree(const std::string& path) noexcept {
  const auto remove = [](const char* name, const struct ::stat*, int, ::FTW*) {
    std::remove(name);
    return 0;
  };
  ::nftw(path.c_str(), remove, 16, FTW_DEPTH | FTW_PHYS);
}

/// Removes the files in `path` and below whose names end with `ending`.
inline void remove_files(const std::string& path, std::string_view ending) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    if (entry.path().native().ends_with(ending)) std::filesystem::remove(entry.path());
}

/// Gives a file another name, which may be taken by one that it replaces.
inline void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw file_error("put a file at", to, errno);
}

/// While it lives, nobody else has it of this directory.
class FolderLock {
 public:
  /// Throws input_error if somebody has it.
  explicit FolderLock(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ < 0) throw file_error("open the directory", path, errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(descriptor_);
    refuse({"another run is saving its tiles in ", path,
            "; wait for it, or open the array without ZarrOptions::resume"});
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() { ::close(descriptor_); }

 private:
  int descriptor_;
};

/// Copies a file's contents to a new file.
inline void copy_file(const std::string& from, const std::string& to) {
  constexpr std::int64_t piece = 1 << 20;
  const File in = File::open(from);
  const File out = File::create(to);
  const std::int64_t size = in.size();
  const Bytes buffer(size < piece ? size : piece);
  for (std::int64_t offset = 0; offset < size; offset += piece) {
    const auto part = buffer.span().first(
        static_cast<std::size_t>(size - offset < piece ? size - offset : piece));
    in.read(part, offset);
    out.write(part, offset);
  }
}

/// Gives `to` the permissions of `from`.
inline void copy_permissions(const std::string& from, const std::string& to) {
  struct ::stat status = {};
  if (::stat(from.c_str(), &status) != 0 || ::chmod(to.c_str(), status.st_mode & 07777) != 0)
    throw file_error("set the permissions of", to, errno);
}

/// Puts every file below `from` that `to` has not at the same place below `to`, as a hard link
/// where the file system has them, else as a copy.
inline void carry_over(const std::string& from, const std::string& to) {
  const std::unique_ptr<::DIR, int (*)(::DIR*)> directory(::opendir(from.c_str()), ::closedir);
  if (!directory) throw file_error("read the directory", from, errno);
  while (true) {
    errno = 0;
    const ::dirent* entry = ::readdir(directory.get());
    if (!entry && errno != 0) throw file_error("read the directory", from, errno);
    if (!entry) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string source = from + "/" + name, target = to + "/" + name;
    if (kind_of(source) == Kind::directory) {
      make_directory(target);
      carry_over(source, target);
    } else if (::link(source.c_str(), target.c_str()) != 0 && errno != EEXIST) {
      copy_file(source, target);
    }
  }
  copy_permissions(from, to);
}

/// Puts the directory `fresh` at `target` by renaming what is there first, and removes that. For an
/// instant there is nothing at `target`. On failure the old one is back.
inline void replace_by_renaming(const std::string& fresh, const std::string& target) {
  const std::string old = partial_name(target);
  const bool moved = ::rename(target.c_str(), old.c_str()) == 0;
  if (::rename(fresh.c_str(), target.c_str()) != 0) {
    const int code = errno;
    if (moved) ::rename(old.c_str(), target.c_str());
    throw file_error("put the new array at", target, code);
  }
  if (moved) remove_tree(old);
}

/// Puts the directory `fresh` at `target`, which is nothing yet or a directory, in one step where
/// the file system can exchange two names, and removes what was there.
inline void replace_directory(const std::string& fresh, const std::string& target) {
  const auto rename = [&](unsigned flags) {
    return ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, target.c_str(), flags) == 0;
  };
  if (rename(RENAME_NOREPLACE)) return;
  if (rename(RENAME_EXCHANGE))
    remove_tree(fresh);
  else
    replace_by_renaming(fresh, target);
}

}  // namespace lambdapack::tile::detail
