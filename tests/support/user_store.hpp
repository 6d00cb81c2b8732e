// A store such as a user writes.
#pragma once

#include <cstdint>
#include <lambdapack/lambdapack.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace test_support {

/// The tiles of another store, and nothing else that a store may say of itself.
struct UserStore : lp::tile::Store {
  explicit UserStore(std::shared_ptr<lp::tile::Store> of) : store(std::move(of)) {}
  const std::vector<std::int64_t>& extents() const override { return store->extents(); }
  const lp::tile::PayloadType& payload() const override { return store->payload(); }
  std::string describe() const override { return "a store of the user's own"; }
  void begin(lp::tile::Use use) override { store->begin(use); }
  lp::tile::Tile load(lp::tile::Index index) override { return store->load(index); }
  lp::tile::Tile blank(lp::tile::Index index) override { return store->blank(index); }
  void save(lp::tile::Index index, lp::tile::Tile tile) override {
    store->save(index, std::move(tile));
  }
  void commit() override { store->commit(); }
  void abandon(const std::string& reason) noexcept override { store->abandon(reason); }

  std::shared_ptr<lp::tile::Store> store;
};

}  // namespace test_support
