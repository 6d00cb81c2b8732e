// SQLite, as far as the ledger needs it: statements that are compiled once, and errors that say
// whether it helps to try again.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud::detail {

/// Throws what an error of a database is: `unavailable` if it may pass.
[[noreturn, gnu::cold]] inline void refuse_sqlite(int code, const char* why,
                                                  const std::string& path) {
  const std::string what = text({"lambdapack: the ledger ", path, " cannot be used: ", why});
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      throw unavailable(text({what, "; check the disk and its free space"}));
    case SQLITE_CANTOPEN:
      throw input_error(text({what,
                              "; check that the run is there and that its directory may be "
                              "written"}));
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw input_error(text({what,
                              "; the file is damaged or something else: remove it, and start the "
                              "run again"}));
    default:
      throw input_error(text({what, " (SQLite's code ", code, ")"}));
  }
}

/// One connection. Not for several threads at once.
class Database {
 public:
  /// With `create` a new file will do.
  Database(std::string path, bool create) : path_(std::move(path)) {
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(path_.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) refuse_sqlite(code, sqlite3_errstr(code), path_);
    sqlite3_busy_handler(handle, wait, nullptr);
  }

  void run(const char* sql) { check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr)); }
  /// Rows that the last statement has changed.
  std::int64_t changes() const { return sqlite3_changes64(handle_.get()); }
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
      refuse_sqlite(code, sqlite3_errmsg(handle_.get()), path_);
  }
  sqlite3* handle() const { return handle_.get(); }
  const std::string& path() const { return path_; }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

 private:
  // Steps take some ten microseconds, so SQLite's own pauses of milliseconds are too long. Gives up
  // after some ten seconds.
  static int wait(void*, int tries) {
    std::this_thread::sleep_for(std::chrono::microseconds(tries < 20 ? 20 * (1 + tries) : 1000));
    return tries < 10000 ? 1 : 0;
  }

  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A statement, compiled when it is first used.
class Statement {
 public:
  Statement(Database& database, const char* sql) : database_(database), sql_(sql) {}

  /// Begins again with these values for its question marks.
  template <class... Value>
  Statement& with(const Value&... values) {
    if (!handle_) prepare();
    sqlite3_reset(handle_.get());
    int position = 0;
    (bind(++position, values), ...);
    return *this;
  }

  /// The next row; false if there is none.
  bool next() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    sqlite3_reset(handle_.get());
    database_.check(code);
    return false;
  }
  /// All rows, of which nobody wants to know.
  void run() {
    while (next()) {
    }
  }
  /// No more rows are wanted.
  void end() { sqlite3_reset(handle_.get()); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string string(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    return bytes ? std::string(
                       bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
                 : std::string();
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };

  void prepare() {
    sqlite3_stmt* handle = nullptr;
    database_.check(sqlite3_prepare_v3(database_.handle(), sql_, -1, SQLITE_PREPARE_PERSISTENT,
                                       &handle, nullptr));
    handle_.reset(handle);
  }

  void bind(int position, std::int64_t value) {
    database_.check(sqlite3_bind_int64(handle_.get(), position, value));
  }
  void bind(int position, int value) { bind(position, static_cast<std::int64_t>(value)); }
  void bind(int position, const std::string& value) {
    database_.check(
        sqlite3_bind_blob64(handle_.get(), position, value.data(), value.size(), SQLITE_TRANSIENT));
  }

  Database& database_;
  const char* sql_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// What happens while it lives is done as one step by `commit`, or not at all. The lock of writers
/// is taken at once, or two that have read would wait for each other.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (database_.in_transaction())
      sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  void commit() { database_.run("COMMIT"); }

 private:
  Database& database_;
};

}  // namespace lambdapack::exec::cloud::detail
