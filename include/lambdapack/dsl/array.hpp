// Arrays of tiles as a program sees them.
#pragma once

#include <concepts>
#include <source_location>
#include <type_traits>
#include <utility>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/dsl/functions.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/tile_ref.hpp"
#include "lambdapack/dsl/unwritten.hpp"

namespace lambdapack {

namespace detail {

/// Whether arrays of T and this rank can be; a sentence if not.
template <class T, int Rank>
constexpr bool check_array_type() {
  static_assert(Element<T>,
                "lambdapack: an array's element must be float, double, a std::complex of them, or "
                "a payload of your own with the members that lp::tile::Payload asks for");
  static_assert(Rank >= 0 && Rank <= ir::max_rank,
                "lambdapack: an array's rank must be from 0 to 8");
  return true;
}

/// The positions of an array's dimensions.
template <int Rank>
using Dimensions = std::make_index_sequence<static_cast<std::size_t>(Rank > 0 ? Rank : 0)>;

template <class T, bool Writable, class Places>
class Accessible;

/// operator() for an array of rank sizeof...(K).
template <class T, bool Writable, std::size_t... K>
class Accessible<T, Writable, std::index_sequence<K...>> {
  template <std::size_t>
  using Index = Subscript;

 public:
  explicit Accessible(int id) : id_(id) {}

  /// The array's position in the program.
  int id() const { return id_; }

  /// The tile at these indices.
  TileRef<T, Writable> operator()(Index<K>... subscripts) const requires(sizeof...(K) > 0) {
    return TileRef<T, Writable>(access(id_, subscripts...));
  }

  /// The one tile of an array of rank 0.
  TileRef<T, Writable> operator()(std::source_location at = std::source_location::current()) const
      requires(sizeof...(K) == 0) {
    Subscript place(0, at);
    ir::Access a = access(id_, place);
    a.subscripts.clear();
    return TileRef<T, Writable>(std::move(a));
  }

  /// A run of tiles: at least one index is an lp::range. The place of the access is that of its
  /// first index.
  template <class... I>
  requires(sizeof...(I) + 1 == sizeof...(K)) TileRun<T>
  operator()(const Range& first, const I&... rest) const {
    return {access(id_, Subscript(first), Subscript(rest)...)};
  }
  template <class... I>
  requires(sizeof...(I) + 1 == sizeof...(K) && (Run<I> || ...)) TileRun<T>
  operator()(const Subscript& first, const I&... rest) const {
    return {access(id_, first, Subscript(rest)...)};
  }

  template <class... I>
  requires(sizeof...(I) != sizeof...(K) && sizeof...(I) + sizeof...(K) > 0 &&
           !(sizeof...(K) == 0 &&
             (std::same_as<I, std::source_location> && ...))) TileRef<T, Writable>
  operator()(const I&...) const {
    static_assert(never<I..., T>,
                  "lambdapack: the number of indices differs from the array's rank; write one "
                  "index for each dimension in lp::In<T, rank>, lp::Out, lp::InOut or lp::temp");
    return TileRef<T, Writable>(ir::Access{});
  }

 private:
  int id_;
};

inline Expr extent_of(int array, int d, const std::source_location& at) {
  Recorder& recorder = Recorder::current("extent");
  recorder.see(at);
  Expr e;
  e.value = recorder.extent(array, d);
  return e;
}

/// The array, after the place where it is copied was seen.
inline int seen(int array, const std::source_location& at) {
  if (Recorder* recorder = Recorder::current_or_null()) recorder->see(at);
  return array;
}

/// The temporary, if it may be handed to a program.
inline int handed_over(int array, const std::source_location& at) {
  Recorder& recorder = Recorder::current("a temporary");
  recorder.see(at);
  recorder.hand_over(array, at);
  return array;
}

/// An array that is bound to data when the program is run.
template <class T, int Rank, ir::ArrayRole Role>
class BoundArray : public Accessible<T, Role != ir::ArrayRole::in, Dimensions<Rank>> {
  static_assert(check_array_type<T, Rank>());

 public:
  using element = T;
  static constexpr int rank = Rank;
  static constexpr ir::ArrayRole role = Role;

  using Accessible<T, Role != ir::ArrayRole::in, Dimensions<Rank>>::Accessible;

  /// The number of tiles in dimension d, as a symbol. Throws program_error if there is no such
  /// dimension.
  Expr extent(int d, const std::source_location& at = std::source_location::current()) const {
    return extent_of(this->id(), d, at);
  }
};

}  // namespace detail

template <class T, int Rank>
class In;
template <class T, int Rank>
class Out;
template <class T, int Rank>
class InOut;
template <class T, int Rank>
class Temp;

// An array is copied where a program hands it to another. A copy of a named one tells the trace
// where that is (dsl/naming.hpp).

/// An array of tiles that a program reads. T is a scalar (dense tiles) or a payload; extents are
/// counted in tiles.
template <class T, int Rank>
class In : public detail::BoundArray<T, Rank, ir::ArrayRole::in> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::in>;
  using At = std::source_location;

 public:
  using Base::Base;
  In(const In& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  In(In&&) = default;
  In& operator=(const In&) = default;
  /// What a program has made or changed may be read by one that it calls.
  In(const InOut<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  In(const Out<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  /// Throws program_error if the temporary has no extents.
  In(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
};

/// An array of tiles that a program makes; a tile may be read after it was written. Every tile must
/// be written, unless the array has a rule for unwritten tiles.
template <class T, int Rank>
class Out : public detail::BoundArray<T, Rank, ir::ArrayRole::out> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::out>;
  using At = std::source_location;

 public:
  using Base::Base;
  Out(const Out& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  Out(Out&&) = default;
  Out& operator=(const Out&) = default;
  Out(const InOut<T, Rank>& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  /// Throws program_error if the temporary has no extents.
  Out(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
  Out(const In<T, Rank>&) : Base(-1) {
    static_assert(
        detail::never<T>,
        "lambdapack: an lp::In array cannot be handed to a program that makes an lp::Out; "
        "declare it lp::InOut, or hand in a temporary with lp::extents");
  }

  /// Says what tiles hold that nothing writes, to whoever reads them in the program and after it:
  /// lp::zero, or what a kernel makes whose only parameter is an lp::out. Throws program_error if
  /// another rule was given, or a calling program handed in an array with initial contents.
  void unwritten(const detail::UnwrittenRule<T>& rule) const {
    detail::Recorder::current("unwritten").set_unwritten(this->id(), rule.kernel);
  }
};

/// An array of tiles that a program reads and overwrites.
template <class T, int Rank>
class InOut : public detail::BoundArray<T, Rank, ir::ArrayRole::inout> {
  using Base = detail::BoundArray<T, Rank, ir::ArrayRole::inout>;
  using At = std::source_location;

 public:
  using Base::Base;
  InOut(const InOut& a, At at = At::current()) : Base(detail::seen(a.id(), at)) {}
  InOut(InOut&&) = default;
  InOut& operator=(const InOut&) = default;
  /// Throws program_error if the temporary has no extents.
  InOut(const Temp<T, Rank>& a, At at = At::current()) : Base(detail::handed_over(a.id(), at)) {}
  InOut(const In<T, Rank>&) : Base(-1) {
    static_assert(detail::never<T>,
                  "lambdapack: an lp::In array cannot be handed to a program that overwrites an "
                  "lp::InOut; declare it lp::InOut, or copy it to a temporary with lp::extents");
  }
  InOut(const Out<T, Rank>&) : Base(-1) {
    static_assert(
        detail::never<T>,
        "lambdapack: an lp::Out array has no contents that an lp::InOut could be; declare "
        "it lp::InOut, or use a temporary with lp::extents");
  }
};

/// An array of tiles that lives as long as the run. Its indices have no bounds, and a tile must be
/// written before it is read, unless the array has a rule for unwritten tiles.
template <class T, int Rank>
class Temp : public detail::Accessible<T, true, detail::Dimensions<Rank>> {
  static_assert(detail::check_array_type<T, Rank>());
  using detail::Accessible<T, true, detail::Dimensions<Rank>>::Accessible;

 public:
  /// The extent that the array was declared with. Throws program_error if there is none.
  Expr extent(int d, const std::source_location& at = std::source_location::current()) const {
    return detail::extent_of(this->id(), d, at);
  }
};

}  // namespace lambdapack
