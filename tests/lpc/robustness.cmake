# lpc ends with 0 or 1 and a sentence whatever it is fed. A sample of the project's files and of
# installed headers, and damaged copies of the examples, the same in every run; with more samples by
# hand:
#   python3 tests/lpc/robustness.py LPC SOURCE-DIR --files 10000 --mutants 10000 --pch FILE
# FILE is the library's header, precompiled.
find_package(Python3 3.9 QUIET COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  message(STATUS "two tests of lpc are left out: they take Python 3")
  return()
endif()
set(sample --files 8 --mutants 16)
set(flags)
if(precompiled)
  set(sample --files 12 --mutants 40 --pch "${precompiled}")
  set(flags -include-pch "${precompiled}")
endif()
add_test(NAME lpc/robustness
  COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/robustness.py" "$<TARGET_FILE:lpc>"
    "${PROJECT_SOURCE_DIR}" ${sample})
set_tests_properties(lpc/robustness PROPERTIES
  LABELS lpc TIMEOUT 300 FIXTURES_REQUIRED lpc_headers)

add_test(NAME lpc/sarif
  COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/check_sarif.py" "$<TARGET_FILE:lpc>"
    "${PROJECT_SOURCE_DIR}/tests/compiler/errors" ${flags})
set_tests_properties(lpc/sarif PROPERTIES
  LABELS lpc TIMEOUT 120 FIXTURES_REQUIRED lpc_headers)
