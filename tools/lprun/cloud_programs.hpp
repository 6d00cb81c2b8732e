// The programs of the library for workers, each element type compiled by itself: all of them at once
// take minutes and gigabytes.
#pragma once

#include <lambdapack/cloud.hpp>

namespace lprun {

/// The programs for matrices of T, behind `all`.
template <lp::Scalar T>
lp::exec::cloud::Programs programs_of(lp::exec::cloud::Programs all);

}  // namespace lprun
