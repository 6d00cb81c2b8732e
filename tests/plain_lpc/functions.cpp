// The functions over lp::Tiles that lpc compiles for the tests of this folder.
#include "support/plain_forms.hpp"
#include "support/plain_programs.hpp"

template void plain_forms::kernels<double>(lp::Tiles<double, 1>&);
