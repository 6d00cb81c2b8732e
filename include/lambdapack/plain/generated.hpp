// What generated code needs that registers functions over lp::Tiles.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/dsl/kernel.hpp"
#include "lambdapack/plain/registration.hpp"

namespace lambdapack::plain {

/// A kernel that a function calls: a function or lambda, or what lp::make_kernel has made.
template <class F>
std::shared_ptr<const kernel::Function> kernel_of(std::string name, F f) {
  return std::make_shared<const kernel::Function>(
      kernel::make_function(std::move(name), std::move(f)));
}
template <class F>
std::shared_ptr<const kernel::Function> kernel_of(const std::string&, const KernelWord<F>& word) {
  return word.shared();
}

}  // namespace lambdapack::plain
