// From URLs to stores and ledgers. What is on this machine is here; servers add themselves.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "lambdapack/exec/cloud/directory_objects.hpp"
#include "lambdapack/exec/cloud/keys.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"
#include "lambdapack/exec/cloud/sqlite_ledger.hpp"

namespace lambdapack::exec::cloud {

/// Makes a store of a URL, such as s3://bucket/prefix.
using StoreMaker = std::function<std::shared_ptr<ObjectStore>(const std::string& url)>;
/// Makes the ledger of a run of a URL, such as redis://host; `create` as for SqliteLedger.
using LedgerMaker =
    std::function<std::shared_ptr<Ledger>(const std::string& url, const Keys& keys, bool create)>;

/// What there is beside directories and SQLite, by the scheme of its URLs ("s3", "redis").
struct Transports {
  std::map<std::string, StoreMaker> stores;
  std::map<std::string, LedgerMaker> ledgers;

  /// Those of the process. To be added to before the first run.
  static Transports& all() {
    static Transports transports;
    return transports;
  }
};

namespace detail {

/// "s3" of "s3://bucket"; empty for a path.
inline std::string scheme_of(const std::string& url) {
  const std::size_t colon = url.find(':');
  return colon == std::string::npos || url.find('/') < colon ? std::string() : url.substr(0, colon);
}

inline std::string path_of(const std::string& url) {
  std::string path = url.substr(url.find(':') + 1);
  while (path.starts_with("//")) path.erase(0, 1);
  return path;
}

template <class Makers>
[[noreturn]] void refuse_scheme(const std::string& url, const char* what, std::string known,
                                const Makers& makers) {
  for (const auto& maker : makers) known += ", " + maker.first + "://...";
  throw input_error(
      text({"lambdapack: \"", net::detail::without_user(url), "\" is no ", what, "; expected ",
            known, " (others are in other components of lambdapack)"}));
}

inline std::string run_file(const std::string& directory, const Keys& keys) {
  return text({directory, "/", keys.run(), ".sqlite"});
}

// The directory may go with the last ledger in it at any time.
inline std::shared_ptr<Ledger> open_file(const std::string& directory, const Keys& keys,
                                         bool create) {
  for (int tries = 0;; ++tries) {
    const bool is_last = !create || tries == 100;
    std::error_code error;
    if (create) std::filesystem::create_directories(directory, error);
    if (error && (is_last || error != std::errc::no_such_file_or_directory))
      throw input_error(
          std::string("lambdapack: ") +
          tile::detail::file_error("make the directory", directory, error.value()).what());
    try {
      return std::make_shared<SqliteLedger>(run_file(directory, keys), create);
    } catch (const input_error&) {
      if (is_last || (tries >= 5 && std::filesystem::exists(directory, error))) throw;
    }
  }
}

}  // namespace detail

/// The store at a URL: a path or file:PATH, whose objects can be mapped if `maps` says so, or what
/// else there is. Throws input_error if there is none.
inline std::shared_ptr<ObjectStore> open_store(const std::string& url, Maps maps = Maps::no) {
  const std::string scheme = detail::scheme_of(url);
  if (url.empty())
    throw input_error(
        "lambdapack: the URL of a store is empty; give a directory, such as /tmp/runs");
  if (scheme.empty()) return std::make_shared<DirectoryObjects>(url, Sync::no, maps);
  if (scheme == "file")
    return std::make_shared<DirectoryObjects>(detail::path_of(url), Sync::no, maps);
  const auto& stores = Transports::all().stores;
  const auto found = stores.find(scheme);
  if (found == stores.end()) detail::refuse_scheme(url, "store", "a directory", stores);
  return found->second(url);
}

/// The ledger of a run at a URL: sqlite:DIRECTORY, or what else there is.
inline std::shared_ptr<Ledger> open_ledger(const std::string& url, const Keys& keys, bool create) {
  const std::string scheme = detail::scheme_of(url);
  if (scheme == "sqlite") {
    return detail::open_file(detail::path_of(url), keys, create);
  }
  const auto& ledgers = Transports::all().ledgers;
  const auto found = ledgers.find(scheme);
  if (found == ledgers.end()) detail::refuse_scheme(url, "queue", "sqlite:DIRECTORY", ledgers);
  return found->second(url, keys, create);
}

}  // namespace lambdapack::exec::cloud
