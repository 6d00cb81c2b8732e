// REQUIRE and INFO for comparisons that run under Catch2 and under libFuzzer. With
// LAMBDAPACK_FUZZ defined, a requirement that fails prints itself and aborts.
#pragma once

#ifndef LAMBDAPACK_FUZZ
#include <catch2/catch.hpp>
#else
#include <cstdio>
#include <cstdlib>

#define REQUIRE(...)                                                                  \
  do {                                                                                \
    if (!(__VA_ARGS__)) {                                                             \
      std::fprintf(stderr, "%s:%d: REQUIRE(%s)\n", __FILE__, __LINE__, #__VA_ARGS__); \
      std::abort();                                                                   \
    }                                                                                 \
  } while (false)

#define REQUIRE_THROWS_AS(expression, exception)                                                   \
  do {                                                                                             \
    bool thrown = false;                                                                           \
    try {                                                                                          \
      static_cast<void>(expression);                                                               \
    } catch (const exception&) {                                                                   \
      thrown = true;                                                                               \
    }                                                                                              \
    if (!thrown) {                                                                                 \
      std::fprintf(stderr, "%s:%d: no %s from %s\n", __FILE__, __LINE__, #exception, #expression); \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)

#define INFO(...) static_cast<void>(0)
#endif
