// How a factorization that the numbers do not allow is reported.
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include "lambdapack/error.hpp"

namespace lambdapack {

/// Thrown where a matrix is not positive definite, or is singular. `info` is what LAPACK's routine
/// returns: the row of the whole matrix, from 1, whose pivot is the first bad one.
class factorization_error : public run_error {
 public:
  factorization_error(const std::string& what, std::int64_t info) : run_error(what), info_(info) {}
  std::int64_t info() const { return info_; }

 private:
  std::int64_t info_;
};

namespace detail {

/// The innermost E among an exception and those nested in it, handed to `use`.
template <class E, class Use>
void with_nested(const std::exception& error, const Use& use) {
  if (const auto* found = dynamic_cast<const E*>(&error)) return use(*found);
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    with_nested<E>(inner, use);
  } catch (...) {
  }
}

}  // namespace detail

}  // namespace lambdapack
