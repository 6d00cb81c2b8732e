// Objects as files of a directory.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/tile/detail/file.hpp"

namespace lambdapack::exec::cloud {

/// Whether an object is on the disk when `put` returns, and so outlives the machine's power.
enum class Sync { no, yes };

/// A key is a path below the directory. An object appears under its name when all of it is there.
class DirectoryObjects final : public ObjectStore {
 public:
  /// The directory is made with its first object, and not by who only reads: `put` throws
  /// input_error if it cannot be. Throws input_error if there is something else.
  explicit DirectoryObjects(const std::string& root, Sync sync = Sync::no)
      : root_(whole_path(tile::detail::resolved(root))), sync_(sync) {
    std::error_code unseen;
    const auto status = std::filesystem::status(root_, unseen);
    if (std::filesystem::exists(status) && !std::filesystem::is_directory(status))
      throw tile::detail::file_error("look into", root_, ENOTDIR);
  }

  const std::string& root() const { return root_; }
  std::string describe() const override { return "the directory " + root_; }

  std::optional<std::string> get(const std::string& key) override {
    return read(key, 0, std::int64_t{1} << 62);
  }
  std::optional<std::string> get(const std::string& key, std::int64_t offset,
                                 std::int64_t size) override {
    return read(key, offset, size);
  }

  void put(const std::string& key, std::string_view bytes) override {
    const std::string to = path(key);
    Draft(*this, to, bytes).replace(to);
    sync_directory(to);
  }

  bool put_if_absent(const std::string& key, std::string_view bytes) override {
    const std::string to = path(key);
    if (!Draft(*this, to, bytes).link(to)) return false;
    sync_directory(to);
    return true;
  }

  /// Directories that are empty then go too.
  void remove(const std::string& key) override {
    const std::string what = path(key);
    if (::unlink(what.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
      fail("remove", what, errno);
    for (std::string folder = tile::detail::parent_of(what);
         folder.size() > root_.size() && ::rmdir(folder.c_str()) == 0;
         folder = tile::detail::parent_of(folder)) {
    }
  }

  std::vector<std::string> list(const std::string& prefix) override {
    namespace fs = std::filesystem;
    std::vector<std::string> keys;
    const std::size_t slash = prefix.rfind('/');
    const std::string folder =
        slash == std::string::npos ? root_ : root_ + "/" + prefix.substr(0, slash);
    // Folders that come and go meanwhile take nothing else with them.
    std::vector<std::string> folders{folder};
    while (!folders.empty()) {
      const std::string at = std::move(folders.back());
      folders.pop_back();
      std::error_code error, gone;
      fs::directory_iterator entry(at, error);
      for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().native();
        const std::string key = name.substr(root_.size() + 1);
        if (entry->is_directory(gone) && !entry->is_symlink(gone))
          folders.push_back(name);
        else if (entry->is_regular_file(gone) && key.starts_with(prefix) &&
                 !tile::detail::name_of(name).starts_with(draft_prefix))
          keys.push_back(key);
      }
      if (error && error.value() != ENOENT && error.value() != ENOTDIR)
        fail("read the directory", at, error.value());
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }

 private:
  // A key's own names never begin with two dots.
  static constexpr std::string_view draft_prefix = "..";

  // The same before the directory is there and after.
  static std::string whole_path(const std::string& path) {
    std::error_code error;
    const auto whole =
        std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
    return error ? path : (whole.has_filename() ? whole : whole.parent_path()).native();
  }

  // What a disk refuses today it may do tomorrow.
  [[noreturn, gnu::cold]] static void fail(const char* action, const std::string& path, int code) {
    const std::string what =
        std::string("lambdapack: ") + tile::detail::file_error(action, path, code).what();
    if (code == EACCES || code == EPERM || code == EROFS || code == ENOTDIR || code == EISDIR ||
        code == ENAMETOOLONG)
      throw input_error(what);
    throw unavailable(what);
  }

  // All of an object in a file without a name, which goes with its process; where the file system
  // has no such files, under another name.
  class Draft {
   public:
    Draft(const DirectoryObjects& store, const std::string& to, std::string_view bytes)
        : root_(store.root_), folder_(tile::detail::parent_of(to)) {
      file_ = ::open(folder_.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
      if (file_ < 0 && errno == ENOENT) {
        make_folder();
        file_ = ::open(folder_.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
      }
      if (file_ < 0) {
        name_ = another_name(to);
        for (int tries = 0; file_ < 0 && tries < 100; ++tries) {
          file_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
          if (file_ < 0 && errno != ENOENT) fail("create", name_, errno);
          if (file_ < 0) make_folder();
        }
      }
      int code = file_ < 0 ? errno : write(bytes);
      if (code == 0 && store.sync_ == Sync::yes && ::fdatasync(file_) != 0) code = errno;
      if (code == 0) return;
      close();
      fail("write", to, code);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() { close(); }

    /// Gives it its name; false if there is something of that name.
    bool link(const std::string& to) const {
      // The directory may go with its last object at any time.
      for (int tries = 0;; ++tries) {
        if (link_once(to)) return true;
        if (errno == EEXIST) return false;
        if (errno != ENOENT || tries == 100) fail("put an object at", to, errno);
        make_folder();
      }
    }

    /// The same, in place of what there may be.
    void replace(const std::string& to) {
      if (name_.empty()) {
        if (link(to)) return;
        const std::string name = another_name(to);
        if (!link(name)) fail("put an object at", name, EEXIST);
        name_ = name;
      }
      if (::rename(name_.c_str(), to.c_str()) != 0) fail("put an object at", to, errno);
    }

   private:
    // Folders below the root come and go, so an error there may pass.
    void make_folder() const {
      std::error_code error, unseen;
      std::filesystem::create_directories(folder_, error);
      if (error && !std::filesystem::exists(root_, unseen))
        throw input_error(
            std::string("lambdapack: ") +
            tile::detail::file_error("make the directory", root_, error.value()).what());
    }

    static std::string another_name(const std::string& to) {
      static std::atomic<std::int64_t> drafts{0};
      return text({tile::detail::parent_of(to), "/", draft_prefix, tile::detail::name_of(to), ".",
                   ::getpid(), ".", drafts.fetch_add(1)});
    }

    bool link_once(const std::string& to) const {
      if (!name_.empty()) return ::link(name_.c_str(), to.c_str()) == 0;
      const std::string self = text({"/proc/self/fd/", file_});
      return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0;
    }

    int write(std::string_view bytes) const {
      while (!bytes.empty()) {
        const ::ssize_t count = ::write(file_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(count));
      }
      return 0;
    }

    void close() {
      if (file_ >= 0) ::close(file_);
      if (!name_.empty()) ::unlink(name_.c_str());
    }

    const std::string& root_;
    std::string folder_;
    std::string name_;
    int file_ = -1;
  };

  std::string path(const std::string& key) const {
    check_key(key);
    return root_ + "/" + key;
  }

  std::optional<std::string> read(const std::string& key, std::int64_t offset,
                                  std::int64_t most) const {
    const std::string from = path(key);
    const int file = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    if (file < 0) fail("open", from, errno);
    struct ::stat status = {};
    int code = ::fstat(file, &status) == 0 ? 0 : errno;
    if (code == 0 && !S_ISREG(status.st_mode)) {
      ::close(file);
      return std::nullopt;
    }
    std::string bytes;
    const std::int64_t size =
        std::clamp<std::int64_t>(static_cast<std::int64_t>(status.st_size) - offset, 0, most);
    bytes.resize(static_cast<std::size_t>(size));
    std::size_t done = 0;
    while (code == 0 && done < bytes.size()) {
      const ::ssize_t count = ::pread(file, bytes.data() + done, bytes.size() - done,
                                      offset + static_cast<std::int64_t>(done));
      if (count < 0 && errno != EINTR) code = errno;
      if (count == 0) break;
      if (count > 0) done += static_cast<std::size_t>(count);
    }
    ::close(file);
    if (code != 0) fail("read", from, code);
    bytes.resize(done);
    return bytes;
  }

  void sync_directory(const std::string& file) const {
    if (sync_ == Sync::no) return;
    const std::string folder = tile::detail::parent_of(file);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail("open", folder, errno);
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (code != 0) fail("write", folder, code);
  }

  const std::string root_;
  const Sync sync_;
};

}  // namespace lambdapack::exec::cloud
