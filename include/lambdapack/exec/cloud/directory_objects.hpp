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

/// Whether its objects can be mapped. A mapped file that somebody cuts short, or that its disk does
/// not give, ends the process: only for directories that nobody else knows of.
enum class Maps { no, yes };

/// A key is a path below the directory. An object appears under its name when all of it is there.
class DirectoryObjects final : public ObjectStore {
 public:
  /// The directory is made with its first object, and not by who only reads: `put` throws
  /// input_error if it cannot be. Throws input_error if there is something else.
  explicit DirectoryObjects(const std::string& root, Sync sync = Sync::no, Maps maps = Maps::no)
      : root_(whole_path(tile::detail::resolved(root))), sync_(sync), maps_(maps) {
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
    put_pieces(key, whole(bytes));
  }

  void put_pieces(const std::string& key, const Content& content) override {
    const std::string to = path(key);
    Draft draft(*this, to);
    draft.write(content);
    draft.replace(to);
    sync_directory(to);
  }

  std::optional<Mapped> put_and_map(const std::string& key, const Content& content) override {
    const std::string to = path(key);
    Draft draft(*this, to);
    draft.write(content);
    std::optional<Mapped> mapped;
    if (maps_ == Maps::yes) mapped = draft.map(content.size);
    draft.replace(to);
    sync_directory(to);
    return mapped;
  }

  bool get_pieces(const std::string& key, const TakeIn& take_in) override {
    const OpenFile file(path(key));
    if (!file.is_there()) return false;
    std::int64_t at = 0;
    take_in(static_cast<std::size_t>(file.size()), [&](std::span<std::byte> piece) {
      if (file.read(piece, at) < piece.size()) detail::refuse_object(key, "it ends too early");
      at += static_cast<std::int64_t>(piece.size());
    });
    return true;
  }

  std::optional<Mapped> map(const std::string& key) override {
    if (maps_ == Maps::no) return std::nullopt;
    const OpenFile file(path(key));
    return file.is_there() ? file.map() : std::nullopt;
  }

  bool put_if_absent(const std::string& key, std::string_view bytes) override {
    const std::string to = path(key);
    Draft draft(*this, to);
    draft.write(whole(bytes));
    if (!draft.link(to)) return false;
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

  static Content whole(std::string_view bytes) {
    return {bytes.size(),
            [bytes](const tile::PutBytes& put) { put(std::as_bytes(std::span(bytes))); }};
  }

  // The file of an object, if there is one.
  class OpenFile {
   public:
    explicit OpenFile(std::string path)
        : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
      if (file_ < 0 && errno != ENOENT && errno != ENOTDIR) fail("open", path_, errno);
      if (file_ < 0) return;
      struct ::stat status = {};
      const int code = ::fstat(file_, &status) == 0 ? 0 : errno;
      size_ = static_cast<std::int64_t>(status.st_size);
      is_there_ = S_ISREG(status.st_mode);
      if (code == 0) return;
      ::close(file_);
      fail("read", path_, code);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
      if (file_ >= 0) ::close(file_);
    }

    bool is_there() const { return is_there_; }
    std::int64_t size() const { return size_; }

    /// The number of bytes from `offset` on that there were.
    std::size_t read(std::span<std::byte> bytes, std::int64_t offset) const {
      std::size_t done = 0;
      while (done < bytes.size()) {
        const ::ssize_t count = ::pread(file_, bytes.data() + done, bytes.size() - done,
                                        offset + static_cast<std::int64_t>(done));
        if (count < 0 && errno != EINTR) fail("read", path_, errno);
        if (count == 0) break;
        if (count > 0) done += static_cast<std::size_t>(count);
      }
      return done;
    }

    std::optional<Mapped> map() const {
      return Mapped::file(file_, static_cast<std::size_t>(size_));
    }

   private:
    const std::string path_;
    const int file_;
    std::int64_t size_ = 0;
    bool is_there_ = false;
  };

  // All of an object in a file without a name, which goes with its process; where the file system
  // has no such files, under another name.
  class Draft {
   public:
    Draft(const DirectoryObjects& store, const std::string& to)
        : root_(store.root_), to_(to), folder_(tile::detail::parent_of(to)), sync_(store.sync_) {
      file_ = ::open(folder_.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0666);
      if (file_ < 0 && errno == ENOENT) {
        make_folder();
        file_ = ::open(folder_.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0666);
      }
      if (file_ < 0) {
        name_ = another_name(to);
        for (int tries = 0; file_ < 0 && tries < 100; ++tries) {
          file_ = ::open(name_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
          if (file_ < 0 && errno != ENOENT) fail("create", name_, errno);
          if (file_ < 0) make_folder();
        }
      }
      if (file_ < 0) fail("write", to, errno);
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
      if (file_ >= 0) ::close(file_);
      if (!name_.empty()) ::unlink(name_.c_str());
    }

    void write(const Content& content) const {
      content.write([this](std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
          const ::ssize_t count = ::write(file_, bytes.data(), bytes.size());
          if (count < 0 && errno == EINTR) continue;
          if (count < 0) fail("write", to_, errno);
          bytes = bytes.subspan(static_cast<std::size_t>(count));
        }
      });
      if (sync_ == Sync::yes && ::fdatasync(file_) != 0) fail("write", to_, errno);
    }

    std::optional<Mapped> map(std::size_t size) const { return Mapped::file(file_, size); }

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

    const std::string& root_;
    const std::string& to_;
    const std::string folder_;
    const Sync sync_;
    std::string name_;
    int file_ = -1;
  };

  std::string path(const std::string& key) const {
    check_key(key);
    return root_ + "/" + key;
  }

  std::optional<std::string> read(const std::string& key, std::int64_t offset,
                                  std::int64_t most) const {
    const OpenFile file(path(key));
    if (!file.is_there()) return std::nullopt;
    std::string bytes(
        static_cast<std::size_t>(std::clamp<std::int64_t>(file.size() - offset, 0, most)), '\0');
    bytes.resize(file.read(std::as_writable_bytes(std::span(bytes)), offset));
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
  const Maps maps_;
};

}  // namespace lambdapack::exec::cloud
