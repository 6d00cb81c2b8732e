// Tiles for ordinary functions: the text of a tiled algorithm as one writes it anyway.
//
//   void cholesky(lp::Tiles<double>& A) {
//     const int n = A.rows();
//     for (int k = 0; k < n; ++k) {
//       potrf(A(k, k));
//       for (int i = k + 1; i < n; ++i) trsm(A(k, k), A(i, k));
//       for (int i = k + 1; i < n; ++i)
//         for (int j = k + 1; j <= i; ++j) syrk(A(i, j), A(i, k), A(j, k));
//     }
//   }
//
// Called as `cholesky(A)` of a TiledMatrix, it runs as it stands, one kernel after the other. Where
// lpc has compiled its source, `lp::run(lp::threads{}, cholesky, A)` runs it as a task graph, to
// the same bits. docs/plain.md says what such a function may contain.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "lambdapack/dsl/array.hpp"
#include "lambdapack/plain/detail/holders.hpp"
#include "lambdapack/plain/detail/made_only.hpp"
#include "lambdapack/plain/detail/runs.hpp"
#include "lambdapack/plain/lent_tile.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack {

/// Tiles that a function makes: it writes each of them, and may read those that it has written. A
/// TiledMatrix, a TileArray and an lp::map(...) convert to it, and so does an lp::Tiles.
template <Element T, int Rank>
class OutTiles {
  static_assert(detail::check_array_type<T, Rank>());
  using P = payload_of_t<T>;

 public:
  using element = T;
  static constexpr int rank = Rank;

  OutTiles(const OutTiles&) = delete;
  OutTiles& operator=(const OutTiles&) = delete;

  /// The number of tiles in dimension d. Throws program_error for a temporary without extents.
  int extent(int d) const {
    if (d < 0 || d >= Rank)
      throw program_error(text({"lambdapack: extent(", d, ") of lp::Tiles of rank ", Rank,
                                "; dimensions count from 0, give one that it has"}),
                          codes::ill_formed);
    const std::int64_t tiles = loans_->holder().extent(d);
    if (tiles > std::numeric_limits<int>::max())
      throw input_error(
          text({"lambdapack: ", loans_->holder().describe(), " has ", tiles, " tiles in dimension ",
                d, ", more than an int counts; use larger tiles"}));
    return static_cast<int>(tiles);
  }
  /// extent(0), and extent(1).
  int rows() const
    requires(Rank >= 1)
  {
    return extent(0);
  }
  int cols() const
    requires(Rank >= 2)
  {
    return extent(1);
  }

  /// The tile at these indices, as an argument of a kernel. Throws input_error if there is none.
  template <std::integral... I>
    requires(sizeof...(I) == static_cast<std::size_t>(Rank))
  plain::LentTile<T> operator()(I... indices) {
    return {*loans_, {static_cast<std::int64_t>(indices)...}};
  }
  template <std::integral... I>
    requires(sizeof...(I) == static_cast<std::size_t>(Rank))
  plain::ReadTile<T> operator()(I... indices) const {
    return {*loans_, {static_cast<std::int64_t>(indices)...}};
  }

  /// A run of tiles, for an lp::in_list: `A(lp::range(k, n), k)`. With several ranges the first
  /// index varies slowest.
  template <class... I>
    requires(sizeof...(I) == static_cast<std::size_t>(Rank) && (std::same_as<I, Range> || ...))
  plain::LentRun<T> operator()(const I&... indices) const {
    return {*loans_, plain::run_of({plain::RunIndex(indices)...})};
  }

  template <class... I>
    requires(!((std::integral<I> || std::same_as<I, Range>) && ...) ||
             sizeof...(I) != static_cast<std::size_t>(Rank))
  void operator()(const I&...) const {
    static_assert(((std::integral<I> || std::same_as<I, Range>) && ...),
                  "lambdapack: a tile's index must be an integer; write A(i + 1, 0)");
    static_assert(sizeof...(I) == static_cast<std::size_t>(Rank),
                  "lambdapack: the number of indices differs from the rank of these tiles; write "
                  "one index for each dimension of lp::Tiles<T, rank>");
  }

  /// What a function has made may be read by one that it calls.
  operator const Tiles<T, Rank>&() const { return static_cast<const Tiles<T, Rank>&>(*this); }

 private:
  friend class Tiles<T, Rank>;

  // Every object is an lp::Tiles; which of the two a function sees is its own choice.
  explicit OutTiles(std::unique_ptr<plain::Holder<P>> holder)
      : loans_(std::make_unique<plain::Loans<P>>(std::move(holder))) {}

  std::unique_ptr<plain::Loans<P>> loans_;
};

/// Tiles that a function reads and overwrites, or, if const, reads: the parameter of an ordinary
/// function over a matrix of tiles, or an array of another rank. A TiledMatrix, a TileArray and an
/// lp::map(...) convert to it. A reference to tiles that live elsewhere; extents and indices
/// count tiles.
template <Element T, int Rank>
class Tiles : public OutTiles<T, Rank> {
  using P = payload_of_t<T>;

 public:
  /// For what converts to lp::Tiles.
  explicit Tiles(std::unique_ptr<plain::Holder<P>> holder) : OutTiles<T, Rank>(std::move(holder)) {}
};

/// Tiles that live as long as this object, a local of a function: `lp::TempTiles<double> W;`. A
/// tile must be written before it is read; its indices may be any integers.
template <Element T, int Rank = 2>
class TempTiles final : public Tiles<T, Rank> {
  using P = payload_of_t<T>;

 public:
  TempTiles() : TempTiles({}, false) {}
  /// Unwritten tiles hold zero: a default-constructed payload, for a dense tile the empty one.
  explicit TempTiles(Zero) : TempTiles({}, true) {}
  /// With extents, for functions that ask for them: `lp::TempTiles<double> W(lp::extents(n, n));`.
  /// Indices are not checked against them.
  explicit TempTiles(const detail::Extents<static_cast<std::size_t>(Rank)>& extents)
      : TempTiles(plain::values_of(extents.sizes), false) {}
  TempTiles(const detail::Extents<static_cast<std::size_t>(Rank)>& extents, Zero)
      : TempTiles(plain::values_of(extents.sizes), true) {}

 private:
  TempTiles(std::vector<std::int64_t> extents, bool zero)
      : Tiles<T, Rank>(std::make_unique<plain::TempHolder<P>>(std::move(extents), zero)) {}
};

namespace detail {

/// How a view of an object is made, and what happens each time that the object is handed over.
template <class T, int Rank>
struct view_of<Tiles<T, Rank>> {
  template <class Owner>
  static std::shared_ptr<void> make(Owner& owner) {
    return std::make_shared<Tiles<T, Rank>>(plain::hold<Rank>(owner));
  }
  template <class Owner>
  static Tiles<T, Rank>& renew(void* view, Owner& owner) {
    static_cast<void>(owner.store(Rank));
    return *static_cast<Tiles<T, Rank>*>(view);
  }
};

template <class T, int Rank>
struct view_of<OutTiles<T, Rank>> {
  using P = payload_of_t<T>;
  struct View {
    plain::MadeOnly<P>* holder;
    Tiles<T, Rank> tiles;
  };

  template <class Owner>
  static std::shared_ptr<void> make(Owner& owner) {
    auto holder = std::make_unique<plain::MadeOnly<P>>(plain::hold<Rank>(owner));
    plain::MadeOnly<P>* const address = holder.get();
    return std::shared_ptr<void>(new View{address, Tiles<T, Rank>(std::move(holder))});
  }
  template <class Owner>
  static OutTiles<T, Rank>& renew(void* view, Owner& owner) {
    static_cast<void>(owner.store(Rank));
    View& out = *static_cast<View*>(view);
    out.holder->forget();
    return out.tiles;
  }
};

}  // namespace detail

}  // namespace lambdapack
