// Counts as text for people.
#pragma once

#include <string>
#include <vector>

#include "lambdapack/api.hpp"
#include "lambdapack/form/closed_forms.hpp"

namespace lambdapack::form {

/// `(n^3 - n)/6`: the highest degree first.
LAMBDAPACK_API std::string to_string(const CountPiece& piece,
                                     const std::vector<std::string>& parameters);

/// `(n^2 - n)/2 if n >= 2, plus m if m >= 1`; what does not apply adds nothing. Empty if there is
/// no formula.
LAMBDAPACK_API std::string to_string(const CountForm& count,
                                     const std::vector<std::string>& parameters);

}  // namespace lambdapack::form

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/form/count_text_write.hpp"
#endif
