// How an ordinary function over lp::Tiles comes by a task graph: the code that lpc generates for
// its source registers what the function is as a program.
#pragma once

#include "lambdapack/api.hpp"
#include "lambdapack/dsl/recorder.hpp"

namespace lambdapack::plain {

/// A function of any type, by its address.
using Address = void (*)();

/// Makes the program of a function, with its kernels.
using MakeProgram = Traced (*)();

/// Tells this process what a function is. Several files may register one function: an inline one,
/// or an instance of a template.
LAMBDAPACK_API void add_function(Address function, MakeProgram make);

/// The function's program. Throws program_error if none was registered.
LAMBDAPACK_API Traced program_of(Address function);

/// Registers a function when the program starts. Generated code has one for each function over
/// lp::Tiles, at namespace scope: `const Registration r(&cholesky, [] { return Traced{...}; });`.
/// The program's arrays are the function's lp::Tiles and its integers the others, in order.
class Registration {
 public:
  template <class... P>
  Registration(void (*function)(P...), MakeProgram make) {
    add_function(reinterpret_cast<Address>(function), make);
  }
};

}  // namespace lambdapack::plain

#ifndef LAMBDAPACK_SEPARATE
#include "lambdapack/plain/registering.hpp"
#endif
