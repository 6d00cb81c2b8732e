// Trees for a program's reductions, without a change of its text:
//
//   lp::run(lp::threads{}, lp::reduce_by_tree(product<double>, {.base = 4}), A, B, C);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "lambdapack/api.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/trace.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack {

/// Which reductions, `tile += kernel(...)`, become trees, and of what shape. Without a kernel or a
/// line it is all of them.
struct TreeReductions {
  std::int64_t base = 2;    ///< tiles that one task adds up, at least 2
  std::string kernel = {};  ///< those that call the kernel of this name
  int source_line = 0;      ///< those on this line of the source
  /// Adds one tile of a payload of one's own to another: `.combine = merge.function()` for a kernel
  /// `merge(lp::inout<P>, lp::in<P>)`. Its zero is a default-constructed payload. Tiles of numbers
  /// are added by the library.
  std::optional<lambdapack::kernel::Function> combine = {};
};

/// The program with its reductions as trees (ir/reduce.hpp). Throws program_error if one cannot be,
/// if there are none to choose, and if nobody says how tiles of a payload are added.
LAMBDAPACK_API Traced reduce_by_tree(Traced traced, const TreeReductions& which = {});

namespace detail {

/// A program whose reductions become trees after it was traced.
template <class F>
class TreeReduced {
 public:
  TreeReduced(F program, TreeReductions which)
      : program_(std::move(program)), which_(std::move(which)) {}

  template <class... Arguments>
  void operator()(Arguments&... arguments) const {
    program_(arguments...);
  }
  Traced transform(Traced traced) const { return reduce_by_tree(std::move(traced), which_); }

 private:
  F program_;
  TreeReductions which_;
};

template <class F>
struct program_signature<TreeReduced<F>> : program_signature<F> {};

}  // namespace detail

/// The same of a program that is a function: the result goes where the function would, into
/// `lp::run`, `lp::start`, `lp::compile` and `lp::trace`.
template <class F>
requires(!std::same_as<std::remove_cvref_t<F>, Traced>) auto reduce_by_tree(
    F&& program, TreeReductions which = {}) {
  static_assert(detail::ProgramFunction<F>,
                "lambdapack: a program is a function or lambda that returns void and whose "
                "parameter types are spelled out; write cholesky<double>, not cholesky, and no "
                "auto parameters");
  if constexpr (detail::ProgramFunction<F>)
    return detail::TreeReduced<std::decay_t<F>>(std::forward<F>(program), std::move(which));
}

}  // namespace lambdapack

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/dsl/reducing.hpp"
#endif
