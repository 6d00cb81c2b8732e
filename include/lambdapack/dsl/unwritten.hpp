// What a read of a tile finds that nothing has written.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>

#include "lambdapack/dsl/expr.hpp"
#include "lambdapack/kernel/function.hpp"

namespace lambdapack {

template <class F>
class KernelWord;

/// Unwritten tiles hold zero: `lp::temp<double, 2>("S", lp::zero)`.
struct Zero {};
inline constexpr Zero zero{};

namespace detail {

/// The rule for unwritten tiles of an array of T: `kernel` makes them, or they are zero.
template <class T>
struct UnwrittenRule {
  std::shared_ptr<const kernel::Function> kernel;

  UnwrittenRule(Zero) {}  // NOLINT: lp::zero is a rule
  template <class F>
  UnwrittenRule(const KernelWord<F>& word) : kernel(word.shared()) {  // NOLINT: so is a kernel
    static_assert(
        std::same_as<lambdapack::kernel::parameters_of<F>,
                     lambdapack::kernel::detail::parameter_list<out<T>>>,
        "lambdapack: a kernel that makes unwritten tiles has one parameter, an lp::out of "
        "the array's element type, and no other");
  }
  template <class X>
  requires(!std::same_as<X, Zero> && !std::same_as<X, UnwrittenRule>) UnwrittenRule(const X&) {
    static_assert(never<X>,
                  "lambdapack: unwritten tiles are lp::zero, or what a kernel of lp::make_kernel "
                  "makes whose only parameter is an lp::out");
  }
};

}  // namespace detail

}  // namespace lambdapack
