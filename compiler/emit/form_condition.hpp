// Conditions of a form's tree, put together so that what is known does not show.
#pragma once

#include <vector>

#include "emit/form_tree.hpp"

namespace lambdapack::lpc {

/// True or false, whatever variables are.
Condition constant(bool value);

/// How `sum` compares with zero.
Condition test(const Sum& sum, Sign sign);

Condition negated(Condition c);

/// All of them, or any of them.
Condition joined(Condition::Kind kind, std::vector<Condition> parts);

}  // namespace lambdapack::lpc
