// The ledger of runs on one machine: a file of SQLite for each run.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/detail/sqlite.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/retries.hpp"

namespace lambdapack::exec::cloud {

/// A ledger in a file that all processes of a machine share.
class SqliteLedger final : public Ledger {
 public:
  /// Milliseconds since 1970.
  using Clock = std::function<std::int64_t()>;

  static std::int64_t system_clock() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  /// Opens the ledger at `path`; ":memory:" is one of its own, for one process. With `create` it
  /// need not be there.
  explicit SqliteLedger(const std::string& path, bool create, Clock clock = system_clock)
      : clock_(std::move(clock)), db_(path, create), sql_(db_) {
    // Of many who open a new file at once, some are refused until it is in this mode.
    with_retries(Patience{}, [&] {
      db_.run("PRAGMA journal_mode=WAL");
      db_.run("PRAGMA synchronous=NORMAL");
      // Who made the file may have died, or not yet have come, before its tables.
      db_.run(schema);
    });
  }

  std::string describe() const override { return "sqlite:" + db_.path(); }

  void create(std::int64_t total) override {
    const std::lock_guard lock(mutex_);
    sql_.create.with(static_cast<int>(Phase::starting), total).run();
  }

  void seed(std::span<const Ready> roots) override {
    const std::lock_guard lock(mutex_);
    detail::Transaction step(db_);
    for (const Ready& root : roots) {
      if (row(sql_.is_done.with(root.task))) continue;
      sql_.make_ready.with(root.task, root.urgency).run();
    }
    step.commit();
  }

  void seeded() override {
    const std::lock_guard lock(mutex_);
    sql_.seeded
        .with(static_cast<int>(Phase::done), static_cast<int>(Phase::running),
              static_cast<int>(Phase::starting))
        .run();
  }

  Taken take(const Taker& taker) override {
    const std::lock_guard lock(mutex_);
    detail::Transaction step(db_);
    Taken taken;
    taken.phase = phase();
    if (!is_live(taken.phase)) return taken;
    const std::int64_t now = clock_();
    std::optional<std::int64_t> task;
    do {
      task = first(sql_.over.with(now, now));
      if (!task) task = choose(taker);
    } while (task && is_dropped(*task));
    if (task) taken.lease = lease(*task, taker, now);
    step.commit();
    return taken;
  }

  std::vector<std::int64_t> renew(std::span<const Lease> leases,
                                  std::chrono::milliseconds lease) override {
    const std::lock_guard lock(mutex_);
    detail::Transaction step(db_);
    const std::int64_t now = clock_();
    std::vector<std::int64_t> lost;
    for (const Lease& l : leases) {
      sql_.renew.with(now, now + lease.count(), l.task, l.token).run();
      if (db_.changes() == 0) lost.push_back(l.task);
    }
    step.commit();
    return lost;
  }

  void give_back(const Lease& lease) override {
    const std::lock_guard lock(mutex_);
    sql_.give_back.with(lease.task, lease.token).run();
  }

  std::vector<std::int64_t> end_leases(const std::string& worker) override {
    const std::lock_guard lock(mutex_);
    const std::string begin = worker + ".";
    std::vector<std::int64_t> tasks;
    detail::Statement& s = sql_.end_leases.with(static_cast<std::int64_t>(begin.size()), begin);
    while (s.next()) tasks.push_back(s.integer(0));
    return tasks;
  }

  Completed complete(const Completion& completion) override {
    const std::lock_guard lock(mutex_);
    detail::Transaction step(db_);
    Completed completed;
    completed.phase = phase();
    if (!is_live(completed.phase)) {
      completed.dead = completion.outputs;
      for (const Completion& before : completion.before)
        completed.repeated.push_back(before.lease.task);
      return completed;
    }
    for (const Completion& before : completion.before)
      if (!finish(before, completed)) completed.repeated.push_back(before.lease.task);
    completed.counted = finish(completion, completed);
    if (completed.counted && completion.next) {
      std::vector<Ready> ready;
      for (const Successor& s : completion.successors)
        if (row(sql_.is_ready.with(s.task))) ready.push_back({s.task, s.urgency});
      if (!ready.empty())
        completed.next = lease(most_urgent(ready).task, *completion.next, clock_());
    }
    // Who asks again, for the answer was lost, is to remove what it would have been told to.
    for (const Completion& before : completion.before)
      if (repeats(before, completed)) add_dead(before, completed);
    if (!completed.counted) add_dead(completion, completed);
    step.commit();
    return completed;
  }

  std::int64_t missing(std::int64_t task, std::int64_t in_degree) override {
    const std::lock_guard lock(mutex_);
    return first(sql_.missing.with(task)).value_or(in_degree);
  }

  void end(Phase phase, const std::string& why) override {
    const std::lock_guard lock(mutex_);
    sql_.end
        .with(static_cast<int>(phase), why, static_cast<int>(Phase::starting),
              static_cast<int>(Phase::running))
        .run();
  }

  Status status() override {
    const std::lock_guard lock(mutex_);
    Status status;
    if (!sql_.status.with().next()) return status;
    status.phase = static_cast<Phase>(sql_.status.integer(0));
    status.why = sql_.status.string(1);
    status.total = sql_.status.integer(2);
    status.finished = sql_.status.integer(3);
    status.ready = sql_.status.integer(4);
    status.leased = sql_.status.integer(5);
    sql_.status.end();
    return status;
  }

  bool is_finished(std::int64_t task) override {
    const std::lock_guard lock(mutex_);
    return row(sql_.is_done.with(task));
  }

  std::vector<std::pair<std::int64_t, TaskRecord>> records(std::int64_t from,
                                                           std::int64_t most) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::int64_t, TaskRecord>> found;
    detail::Statement& s = sql_.records.with(from, most);
    while (s.next())
      found.emplace_back(
          s.integer(0),
          TaskRecord{s.string(1), s.integer(2), s.integer(3), static_cast<int>(s.integer(4)),
                     s.integer(5), s.integer(6), s.integer(7), s.integer(8) != 0, s.string(9)});
    return found;
  }

  void note(const WorkerRecord& w) override {
    const std::lock_guard lock(mutex_);
    sql_.note
        .with(w.worker, w.begin, clock_(), w.cores, w.memory, w.tasks, w.bytes_read,
              w.bytes_written, w.gets, w.puts, w.ended ? 1 : 0)
        .run();
  }

  std::vector<WorkerRecord> workers() override {
    const std::lock_guard lock(mutex_);
    std::vector<WorkerRecord> found;
    detail::Statement& s = sql_.workers.with();
    while (s.next())
      found.push_back({s.string(0), s.integer(1), s.integer(2), static_cast<int>(s.integer(3)),
                       s.integer(4), s.integer(5), s.integer(6), s.integer(7), s.integer(8),
                       s.integer(9), s.integer(10) != 0});
    return found;
  }

  std::int64_t now() override { return clock_(); }

  /// Those who have it open see that it is gone.
  void remove() override {
    const std::lock_guard lock(mutex_);
    db_.run("DELETE FROM run");
    for (const char* ending : {"", "-wal", "-shm"}) ::unlink((db_.path() + ending).c_str());
  }

 private:
  static constexpr const char* schema =
      "CREATE TABLE IF NOT EXISTS run(id INTEGER PRIMARY KEY CHECK(id=0), phase INTEGER NOT NULL,"
      " why BLOB, total INTEGER NOT NULL, finished INTEGER NOT NULL);"
      // Tasks that are ready, without a token, or leased.
      "CREATE TABLE IF NOT EXISTS task(task INTEGER PRIMARY KEY, urgency INTEGER NOT NULL,"
      " attempts INTEGER NOT NULL DEFAULT 0, token BLOB, given INTEGER, until INTEGER);"
      "CREATE INDEX IF NOT EXISTS ready ON task(urgency DESC, task) WHERE token IS NULL;"
      "CREATE INDEX IF NOT EXISTS leased ON task(until) WHERE token IS NOT NULL;"
      "CREATE TABLE IF NOT EXISTS waiting(task INTEGER PRIMARY KEY, missing INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS value(value INTEGER PRIMARY KEY, readers INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS done(task INTEGER PRIMARY KEY, worker BLOB, began INTEGER,"
      " ended INTEGER, attempts INTEGER, bytes_read INTEGER, bytes_written INTEGER,"
      " requests INTEGER, handed_on INTEGER, digests BLOB);"
      "CREATE TABLE IF NOT EXISTS worker(worker BLOB PRIMARY KEY, began INTEGER, seen INTEGER,"
      " cores INTEGER, memory INTEGER, tasks INTEGER, bytes_read INTEGER, bytes_written INTEGER,"
      " gets INTEGER, puts INTEGER, ended INTEGER);";

  struct Statements {
    explicit Statements(detail::Database& db)
        : create(db, "INSERT OR IGNORE INTO run VALUES(0, ?, '', ?, 0)"),
          phase(db, "SELECT phase FROM run"),
          seeded(db,
                 "UPDATE run SET phase = CASE finished WHEN total THEN ? ELSE ? END"
                 " WHERE phase = ?"),
          make_ready(db, "INSERT OR IGNORE INTO task(task, urgency) VALUES(?, ?)"),
          over(db,
               "SELECT task FROM task WHERE token IS NOT NULL AND (until <= ? OR given > ?)"
               " ORDER BY until LIMIT 1"),
          ready(db,
                "SELECT task, urgency FROM task WHERE token IS NULL"
                " ORDER BY urgency DESC, task LIMIT ?"),
          lease(db,
                "UPDATE task SET token = ?, given = ?, until = ?, attempts = attempts + 1"
                " WHERE task = ? RETURNING attempts"),
          renew(db, "UPDATE task SET given = ?, until = ? WHERE task = ? AND token = ?"),
          give_back(
              db,
              "UPDATE task SET token = NULL, attempts = attempts - 1 WHERE task = ? AND token = ?"),
          end_leases(db,
                     "UPDATE task SET until = 0"
                     " WHERE token IS NOT NULL AND until > 0 AND substr(token, 1, ?) = ?"
                     " RETURNING task"),
          is_ready(db, "SELECT 1 FROM task WHERE task = ? AND token IS NULL"),
          missing(db, "SELECT missing FROM waiting WHERE task = ?"),
          drop(db, "DELETE FROM task WHERE task = ?"),
          is_done(db, "SELECT 1 FROM done WHERE task = ?"),
          finish(db, "INSERT OR IGNORE INTO done VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          wait(db,
               "INSERT INTO waiting VALUES(?, ?)"
               " ON CONFLICT DO UPDATE SET missing = missing - 1 RETURNING missing"),
          forget(db, "DELETE FROM waiting WHERE task = ?"),
          read(db,
               "INSERT INTO value VALUES(?, ?)"
               " ON CONFLICT DO UPDATE SET readers = readers - 1 RETURNING readers"),
          readers(db, "SELECT readers FROM value WHERE value = ?"),
          count(db, "UPDATE run SET finished = finished + 1 RETURNING finished = total"),
          done(db, "UPDATE run SET phase = ?"),
          end(db, "UPDATE run SET phase = ?, why = ? WHERE phase IN (?, ?)"),
          status(db,
                 "SELECT phase, why, total, finished,"
                 " (SELECT count(*) FROM task WHERE token IS NULL),"
                 " (SELECT count(*) FROM task WHERE token IS NOT NULL) FROM run"),
          records(db, "SELECT * FROM done WHERE task >= ? ORDER BY task LIMIT ?"),
          note(db, "INSERT OR REPLACE INTO worker VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          workers(db, "SELECT * FROM worker ORDER BY worker") {}

    detail::Statement create, phase, seeded, make_ready, over, ready, lease, renew, give_back,
        end_leases, is_ready, missing, drop, is_done, finish, wait, forget, read, readers, count,
        done, end, status, records, note, workers;
  };

  static bool is_live(Phase phase) { return phase == Phase::starting || phase == Phase::running; }

  static bool row(detail::Statement& s) {
    const bool found = s.next();
    if (found) s.end();
    return found;
  }
  static std::optional<std::int64_t> first(detail::Statement& s) {
    if (!s.next()) return std::nullopt;
    const std::int64_t value = s.integer(0);
    s.end();
    return value;
  }
  // Of a statement that changes something: to its end, or it has not happened.
  static std::int64_t count(detail::Statement& s) {
    s.next();
    const std::int64_t value = s.integer(0);
    s.run();
    return value;
  }

  Phase phase() {
    const auto found = first(sql_.phase.with());
    return found ? static_cast<Phase>(*found) : Phase::missing;
  }

  std::optional<std::int64_t> choose(const Taker& taker) {
    constexpr int most = 16;
    std::vector<Ready> ready;
    detail::Statement& s = sql_.ready.with(taker.choose ? most : 1);
    while (s.next()) ready.push_back({s.integer(0), static_cast<int>(s.integer(1))});
    if (ready.empty()) return std::nullopt;
    return ready[taker.choose ? taker.choose(ready) : 0].task;
  }

  // A task may have been run on the way to another before all that it waits for had finished.
  bool is_dropped(std::int64_t task) {
    if (!row(sql_.is_done.with(task))) return false;
    sql_.drop.with(task).run();
    return true;
  }

  Lease lease(std::int64_t task, const Taker& taker, std::int64_t now) {
    Lease lease{task, text({taker.worker, ".", ++leases_}), 1};
    lease.attempt =
        static_cast<int>(count(sql_.lease.with(lease.token, now, now + taker.lease.count(), task)));
    return lease;
  }

  static bool repeats(const Completion& c, const Completed& completed) {
    return std::find(completed.repeated.begin(), completed.repeated.end(), c.lease.task) !=
           completed.repeated.end();
  }

  // Of a task that had finished before: what it has read or stored that nobody will read any more.
  void add_dead(const Completion& c, Completed& completed) {
    const auto add = [&](std::int64_t value) {
      if (first(sql_.readers.with(value)) == 0 &&
          std::find(completed.dead.begin(), completed.dead.end(), value) == completed.dead.end())
        completed.dead.push_back(value);
    };
    for (const std::int64_t value : c.outputs) add(value);
    for (const Reading& reading : c.reads) add(reading.value);
  }

  // Whether the task had not finished before.
  bool finish(const Completion& completion, Completed& completed) {
    const std::int64_t task = completion.lease.task;
    const TaskRecord& r = completion.record;
    sql_.drop.with(task).run();
    sql_.finish
        .with(task, r.worker, r.begin, r.end, r.attempts, r.bytes_read, r.bytes_written, r.requests,
              r.handed_on ? 1 : 0, r.digests)
        .run();
    if (db_.changes() == 0) return false;
    for (const Successor& s : completion.successors) count_down(s);
    for (const Reading& reading : completion.reads)
      if (count(sql_.read.with(reading.value, reading.readers - 1)) == 0)
        completed.dead.push_back(reading.value);
    if (count_task()) {
      completed.last = true;
      completed.phase = Phase::done;
    }
    return true;
  }

  // A task that waits for nothing more is ready.
  void count_down(const Successor& s) {
    if (s.in_degree > 1) {
      if (count(sql_.wait.with(s.task, s.in_degree - 1)) != 0) return;
      sql_.forget.with(s.task).run();
    }
    if (!row(sql_.is_done.with(s.task))) sql_.make_ready.with(s.task, s.urgency).run();
  }

  static const Ready& most_urgent(const std::vector<Ready>& ready) {
    return *std::max_element(ready.begin(), ready.end(), [](const Ready& a, const Ready& b) {
      return a.urgency != b.urgency ? a.urgency < b.urgency : a.task > b.task;
    });
  }

  // One more; whether it was the last.
  bool count_task() {
    if (count(sql_.count.with()) == 0) return false;
    sql_.done.with(static_cast<int>(Phase::done)).run();
    return true;
  }

  const Clock clock_;
  std::mutex mutex_;
  detail::Database db_;
  Statements sql_;
  std::int64_t leases_ = 0;
};

}  // namespace lambdapack::exec::cloud
