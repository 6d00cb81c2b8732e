// What the library's own kernels ask of the shapes of their tiles, as ir::Kernel::shapes has it.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace lambdapack::detail {

/// The shapes of a kernel of kernel/dense.hpp; empty where any will do, and for kernels that give
/// their output the shape of an input.
constexpr std::string_view library_shapes(std::string_view kernel) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known = {{
      {"potrf", "nn"},
      {"trsm", "nn,mn"},
      {"trsm_left", "mm,mn"},
      {"trsm_left_adjoint", "mm,mn"},
      {"syrk", "mn,mk,nk"},
      {"gemm", "mn,mk,kn"},
      {"gemm_sub", "mn,mk,kn"},
      {"gemm_sub_adjoint", "mn,km,kn"},
      {"add", "mn,mn"},
  }};
  for (const auto& [name, shapes] : known)
    if (name == kernel) return shapes;
  return {};
}

}  // namespace lambdapack::detail
