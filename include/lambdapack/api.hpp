// How the library is compiled. By default it is all header: every function is inline. The few
// functions that are long and no templates (the analysis, the executors, the tracer's bookkeeping)
// are marked LAMBDAPACK_API: with LAMBDAPACK_SEPARATE defined, headers only declare them, and
// lambdapack/lambdapack.cpp, compiled once, defines them. The CMake target does that by itself.
#pragma once

#if !defined(LAMBDAPACK_SEPARATE)
#define LAMBDAPACK_API inline
#elif defined(LAMBDAPACK_DEFINE)
// Weak, so that two libraries of one program may each bring a copy.
#define LAMBDAPACK_API [[gnu::weak]]
#else
#define LAMBDAPACK_API
#endif
