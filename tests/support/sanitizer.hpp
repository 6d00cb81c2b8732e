// Which sanitizer this is compiled under, for tests that then do less.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define LAMBDAPACK_UNDER_ADDRESS_SANITIZER
#elif defined(__SANITIZE_THREAD__)
#define LAMBDAPACK_UNDER_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LAMBDAPACK_UNDER_ADDRESS_SANITIZER
#elif __has_feature(thread_sanitizer)
#define LAMBDAPACK_UNDER_THREAD_SANITIZER
#endif
#endif

#ifdef LAMBDAPACK_UNDER_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace sanitizer {

/// A sanitizer makes isl many times slower.
#if defined(LAMBDAPACK_UNDER_ADDRESS_SANITIZER) || defined(LAMBDAPACK_UNDER_THREAD_SANITIZER)
inline constexpr bool slow_build = true;
#else
inline constexpr bool slow_build = false;
#endif

/// While this lives, memory that this thread allocates may leak.
#ifdef LAMBDAPACK_UNDER_ADDRESS_SANITIZER
using MayLeak = __lsan::ScopedDisabler;
#else
struct MayLeak {
  MayLeak() {}
};
#endif

}  // namespace sanitizer
