// What a form's tree computes in vain.
#pragma once

#include "emit/form_tree.hpp"

namespace lambdapack::lpc {

/// Drops statements that nothing below them needs.
void drop_unused(Block& block);

}  // namespace lambdapack::lpc
