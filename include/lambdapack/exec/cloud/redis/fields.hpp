// Records as bytes: each field as its length, a colon and its text.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud::redis {

/// Takes fields off the front of a record. Throws run_error if they are not there.
class FieldReader {
 public:
  explicit FieldReader(std::string_view record) : rest_(record) {}

  std::string string() {
    std::size_t size = 0;
    const auto [colon, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
    const auto begin = static_cast<std::size_t>(colon - rest_.data()) + 1;
    if (error != std::errc() || begin > rest_.size() || *colon != ':' ||
        size > rest_.size() - begin)
      broken();
    std::string field(rest_.substr(begin, size));
    rest_.remove_prefix(begin + size);
    return field;
  }
  std::int64_t integer() {
    const std::string digits = string();
    std::int64_t value = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || rest != digits.data() + digits.size()) broken();
    return value;
  }

 private:
  [[noreturn]] static void broken() {
    throw run_error(
        "lambdapack: a record of a run in Redis is broken; check that no other program, and no "
        "other version of lambdapack, writes keys lambdapack:{...} there");
  }

  std::string_view rest_;
};

/// A record of these fields.
inline std::string fields(std::initializer_list<Piece> pieces) {
  std::string record;
  for (const Piece& p : pieces) record += text({p.view().size(), ":", p.view()});
  return record;
}

inline std::string write(const TaskRecord& r) {
  return fields({r.worker, r.begin, r.end, r.attempts, r.bytes_read, r.bytes_written, r.requests,
                 r.handed_on ? 1 : 0, r.digests});
}

inline TaskRecord read_task(std::string_view record) {
  FieldReader f(record);
  TaskRecord r;
  r.worker = f.string();
  r.begin = f.integer();
  r.end = f.integer();
  r.attempts = static_cast<int>(f.integer());
  r.bytes_read = f.integer();
  r.bytes_written = f.integer();
  r.requests = f.integer();
  r.handed_on = f.integer() != 0;
  r.digests = f.string();
  return r;
}

/// All but when it was seen, which the server adds.
inline std::string write(const WorkerRecord& w) {
  return fields({w.begin, w.cores, w.memory, w.tasks, w.bytes_read, w.bytes_written, w.gets, w.puts,
                 w.ended ? 1 : 0});
}

inline WorkerRecord read_worker(std::string_view name, std::int64_t seen, std::string_view record) {
  FieldReader f(record);
  WorkerRecord w;
  w.worker = std::string(name);
  w.seen = seen;
  w.begin = f.integer();
  w.cores = static_cast<int>(f.integer());
  w.memory = f.integer();
  w.tasks = f.integer();
  w.bytes_read = f.integer();
  w.bytes_written = f.integer();
  w.gets = f.integer();
  w.puts = f.integer();
  w.ended = f.integer() != 0;
  return w;
}

}  // namespace lambdapack::exec::cloud::redis
