// How what holds tiles in memory is handed to an ordinary function that works on tiles in place: it
// converts to lp::Tiles<T, rank>& and lp::OutTiles<T, rank>&, which are views that it keeps.
// plain/tiles.hpp says what they are, and has to be included where one is used.
#pragma once

#include <memory>
#include <mutex>
#include <typeinfo>
#include <utility>
#include <vector>

#include "lambdapack/tile/dense.hpp"

namespace lambdapack {

template <Element T, int Rank = 2>
class Tiles;
template <Element T, int Rank = 2>
class OutTiles;

namespace detail {
template <class View>
struct view_of;
}

namespace tile::detail {

/// The views of one object. A copy of the object has its own, made when they are asked for.
class Views {
 public:
  Views() = default;
  Views(const Views&) {}
  Views& operator=(const Views&) { return *this; }
  ~Views() = default;

  /// The view of type V of `owner`, the object that these belong to. Throws input_error if it
  /// cannot be seen so.
  template <class V, class Owner>
  V& get(Owner& owner) const {
    using Maker = lambdapack::detail::view_of<V>;
    const std::lock_guard lock(mutex_);
    for (const auto& [type, view] : views_)
      if (*type == typeid(Key<V, Owner>)) return Maker::renew(view.get(), owner);
    views_.emplace_back(&typeid(Key<V, Owner>), Maker::make(owner));
    return Maker::renew(views_.back().second.get(), owner);
  }

 private:
  template <class V, class Owner>
  struct Key {};

  mutable std::mutex mutex_;
  mutable std::vector<std::pair<const std::type_info*, std::shared_ptr<void>>> views_;
};

}  // namespace tile::detail

}  // namespace lambdapack
