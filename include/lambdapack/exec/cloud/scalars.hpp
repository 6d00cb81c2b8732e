// From the name of a matrix's scalar, as the metadata of a run has it, to its type.
#pragma once

#include <complex>
#include <string_view>

#include "lambdapack/tile/dense.hpp"

namespace lambdapack::exec::cloud::detail {

/// Whether a payload of this name is a dense matrix.
inline bool is_scalar(std::string_view payload) {
  return payload == tile::scalar_name<double>() || payload == tile::scalar_name<float>() ||
         payload == tile::scalar_name<std::complex<double>>() ||
         payload == tile::scalar_name<std::complex<float>>();
}

/// Calls f(T{}) for the scalar that the payload is a dense matrix of.
template <class F>
auto with_scalar(std::string_view payload, F&& f) {
  if (payload == tile::scalar_name<double>()) return f(double{});
  if (payload == tile::scalar_name<float>()) return f(float{});
  if (payload == tile::scalar_name<std::complex<double>>()) return f(std::complex<double>{});
  return f(std::complex<float>{});
}

}  // namespace lambdapack::exec::cloud::detail
