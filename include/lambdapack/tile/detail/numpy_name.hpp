// The names that NumPy and Zarr give to the scalar types in their files.
#pragma once

#include <bit>
#include <complex>
#include <concepts>

#include "lambdapack/tile/dense.hpp"

namespace lambdapack::tile::detail {

static_assert(std::endian::native == std::endian::little,
              "lambdapack: .npy and Zarr files are read and written on little-endian machines");

/// NumPy's name for a scalar type, little-endian: "<f4", "<f8", "<c8" or "<c16".
template <Scalar T>
constexpr const char* numpy_name() {
  if constexpr (std::same_as<T, float>) return "<f4";
  if constexpr (std::same_as<T, double>) return "<f8";
  if constexpr (std::same_as<T, std::complex<float>>) return "<c8";
  if constexpr (std::same_as<T, std::complex<double>>) return "<c16";
}

}  // namespace lambdapack::tile::detail
