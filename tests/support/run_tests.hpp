#pragma once

/// Runs the test cases of the program as its arguments say, and returns its exit status.
int run_tests(int argc, char** argv);
