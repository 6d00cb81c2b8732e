// A payload for tests of who owns a value, and for how long.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include <lambdapack/lambdapack.hpp>

namespace test_exec {

/// An integer that counts how many of it are alive.
struct Counted {
  static inline std::atomic<int> alive{0}, most{0}, copies{0};
  int value = 0;

  Counted() { born(); }
  explicit Counted(int v) : value(v) { born(); }
  Counted(const Counted& other) : value(other.value) {
    ++copies;
    born();
  }
  Counted(Counted&& other) noexcept : value(other.value) { born(); }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --alive; }
  bool operator==(const Counted& other) const { return value == other.value; }

  static void reset() { alive = most = copies = 0; }

  static std::string type_name() { return "counted"; }
  std::size_t byte_size() const { return sizeof value; }
  void write_bytes(std::span<std::byte> out) const {
    std::memcpy(out.data(), &value, sizeof value);
  }
  static Counted read_bytes(std::span<const std::byte> in) {
    Counted c;
    std::memcpy(&c.value, in.data(), sizeof c.value);
    return c;
  }

 private:
  void born() {
    const int now = ++alive;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
  }
};

}  // namespace test_exec
