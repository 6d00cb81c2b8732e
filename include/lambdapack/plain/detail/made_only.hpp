// Tiles that have no value until a kernel writes them: those of a temporary, and those that a
// function makes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/codes.hpp"
#include "lambdapack/plain/detail/holder.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::plain {

/// Throws program_error: nothing has written the tile; `cure` says what to do.
[[noreturn, gnu::cold]] inline void refuse_unwritten(const Indices& index, const std::string& what,
                                                     const char* cure) {
  throw program_error(text({"lambdapack: tile ", tile::to_string(index), " of ", what,
                            " is read before anything has written it; ", cure}),
                      codes::read_before_write);
}

/// The tiles of another holder, whose initial contents are not seen.
template <class P>
class MadeOnly final : public Holder<P> {
 public:
  explicit MadeOnly(std::unique_ptr<Holder<P>> tiles) : tiles_(std::move(tiles)) {}

  /// A function is handed the tiles: it has written none of them.
  void forget() { written_.clear(); }

  std::int64_t extent(int d) const override { return tiles_->extent(d); }
  std::string describe() const override { return tiles_->describe(); }
  void require(const Indices& index) const override { tiles_->require(index); }
  P blank(const Indices& index) const override { return tiles_->blank(index); }
  void fit(const Indices& index, P& payload) override { tiles_->fit(index, payload); }
  void unused(const Indices& index) noexcept override { tiles_->unused(index); }

  const P& look(const Indices& index) override { return require_written(index).look(index); }
  P& update(const Indices& index) override { return require_written(index).update(index); }
  void put(const Indices& index, P payload) override {
    tiles_->put(index, std::move(payload));
    written_[index] = true;
  }

 private:
  Holder<P>& require_written(const Indices& index) {
    if (!written_.contains(index))
      refuse_unwritten(index, describe() + ", given as lp::OutTiles,",
                       "write it first, or take the array as lp::Tiles<T>& if it has contents");
    return *tiles_;
  }

  std::unique_ptr<Holder<P>> tiles_;
  std::unordered_map<Indices, bool, IndexHash> written_;
};

/// The tiles of a temporary, with any indices.
template <class P>
class TempHolder final : public Holder<P> {
 public:
  /// `extents` may be missing. If `zero`, unwritten tiles are default-constructed payloads.
  TempHolder(std::vector<std::int64_t> extents, bool zero)
      : extents_(std::move(extents)), zero_(zero) {}

  std::int64_t extent(int d) const override {
    if (extents_.empty())
      throw program_error(
          text({"lambdapack: extent(", d,
                ") of an lp::TempTiles, which has none; declare it with its extents, "
                "lp::TempTiles<T> W(lp::extents(n, m))"}),
          codes::ill_formed);
    return extents_[static_cast<std::size_t>(d)];
  }
  std::string describe() const override { return "an lp::TempTiles"; }
  void require(const Indices&) const override {}

  const P& look(const Indices& index) override { return update(index); }
  P& update(const Indices& index) override {
    if (zero_) return tiles_[index];
    const auto found = tiles_.find(index);
    if (found == tiles_.end())
      refuse_unwritten(index, describe(),
                       "write it first, or say that such tiles are zero: lp::TempTiles<T> "
                       "W(lp::zero)");
    return found->second;
  }
  P blank(const Indices&) const override { return P(); }
  void put(const Indices& index, P payload) override { tiles_[index] = std::move(payload); }

 private:
  std::vector<std::int64_t> extents_;
  bool zero_;
  std::unordered_map<Indices, P, IndexHash> tiles_;
};

}  // namespace lambdapack::plain
