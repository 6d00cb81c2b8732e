// An object store whose calls are repeated and counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/exec/cloud/retries.hpp"

namespace lambdapack::exec::cloud {

/// Bytes and requests of one process.
struct Meter {
  std::atomic<std::int64_t> bytes_read{0};
  std::atomic<std::int64_t> bytes_written{0};
  std::atomic<std::int64_t> gets{0};
  std::atomic<std::int64_t> puts{0};  ///< and removals and lists
};

/// A store with retries, and a meter for what is asked of it, answered or not.
class MeteredObjects final : public ObjectStore {
 public:
  explicit MeteredObjects(std::shared_ptr<ObjectStore> store, const Patience& patience = {})
      : store_(std::move(store)), patience_(patience) {}

  const Meter& meter() const { return meter_; }
  std::string describe() const override { return store_->describe(); }

  std::optional<std::string> get(const std::string& key) override {
    return read([&] { return store_->get(key); });
  }
  std::optional<std::string> get(const std::string& key, std::int64_t offset,
                                 std::int64_t size) override {
    return read([&] { return store_->get(key, offset, size); });
  }
  void put(const std::string& key, std::string_view bytes) override {
    write(bytes.size(), [&] { store_->put(key, bytes); });
  }
  void put_pieces(const std::string& key, const Content& content) override {
    write(content.size, [&] { store_->put_pieces(key, content); });
  }
  bool get_pieces(const std::string& key, const TakeIn& take_in) override {
    return with_retries(patience_, [&] {
      ++meter_.gets;
      return store_->get_pieces(key, [&](std::size_t size, const tile::GetBytes& get) {
        meter_.bytes_read += static_cast<std::int64_t>(size);
        take_in(size, get);
      });
    });
  }
  std::optional<Mapped> map(const std::string& key) override {
    std::optional<Mapped> object = with_retries(patience_, [&] { return store_->map(key); });
    if (object) {
      ++meter_.gets;
      meter_.bytes_read += static_cast<std::int64_t>(object->bytes().size());
    }
    return object;
  }
  std::optional<Mapped> put_and_map(const std::string& key, const Content& content) override {
    return write(content.size, [&] { return store_->put_and_map(key, content); });
  }
  bool put_if_absent(const std::string& key, std::string_view bytes) override {
    // A try whose answer was lost may have put it.
    bool is_repeated = false;
    return write(bytes.size(), [&] {
      const bool may_be_there = std::exchange(is_repeated, true);
      return store_->put_if_absent(key, bytes) || (may_be_there && store_->get(key) == bytes);
    });
  }
  void remove(const std::string& key) override {
    write(0, [&] { store_->remove(key); });
  }
  std::vector<std::string> list(const std::string& prefix) override {
    return write(0, [&] { return store_->list(prefix); });
  }

 private:
  template <class F>
  std::optional<std::string> read(F&& f) {
    std::optional<std::string> bytes = with_retries(patience_, [&] {
      ++meter_.gets;
      return f();
    });
    if (bytes) meter_.bytes_read += static_cast<std::int64_t>(bytes->size());
    return bytes;
  }
  template <class F>
  std::invoke_result_t<F> write(std::size_t bytes, F&& f) {
    return with_retries(patience_, [&] {
      ++meter_.puts;
      meter_.bytes_written += static_cast<std::int64_t>(bytes);
      return f();
    });
  }

  const std::shared_ptr<ObjectStore> store_;
  const Patience patience_;
  Meter meter_;
};

}  // namespace lambdapack::exec::cloud
