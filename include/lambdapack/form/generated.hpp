// What headers that lpc generates include.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/code.hpp"
#include "lambdapack/form/native.hpp"
#include "lambdapack/form/registry.hpp"

namespace lambdapack::form {

/// Changes whenever older generated headers stop to fit: they assert that it is theirs.
inline constexpr int generated_version = 1;

}  // namespace lambdapack::form
