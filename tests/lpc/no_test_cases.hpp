// For files that include a file of tests for the programs in it: its test cases are functions that
// nobody calls.
#pragma once

#include <catch2/catch.hpp>

#define LPC_TEST_JOIN_(a, b) a##b
#define LPC_TEST_JOIN(a, b) LPC_TEST_JOIN_(a, b)
#undef TEST_CASE
#define TEST_CASE(...) [[maybe_unused]] static void LPC_TEST_JOIN(left_out_, __COUNTER__)()
