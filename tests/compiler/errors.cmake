# Each errors/NAME.cpp holds one misuse. What `lpc --check` says of it stands, to the letter, in the
# lines `// expect: LINE` at its end, and lpc must say that and nothing else. A file whose name
# starts with ok_ is the right way of doing it. One file is one test.
#
# With LAMBDAPACK_WRITE_EXPECTED in the environment, a test writes the lines instead: read them all
# before you keep them.

set(errors_dir "${CMAKE_CURRENT_LIST_DIR}/errors")
file(GLOB sources CONFIGURE_DEPENDS "${errors_dir}/*.cpp")

# Most of the time goes into the library's headers, so they are read once where there is a Clang of
# lpc's version.
set(header "${CMAKE_CURRENT_BINARY_DIR}/errors.hpp")
set(precompiled "${CMAKE_CURRENT_BINARY_DIR}/errors.pch")
file(WRITE "${header}" "#pragma once\n#include <lambdapack/lambdapack.hpp>\n")
find_program(LAMBDAPACK_CLANG_19 clang++-19)
set(flags -std=c++20)
if(LAMBDAPACK_CLANG_19)
  add_test(NAME compiler/errors/headers
    COMMAND "${LAMBDAPACK_CLANG_19}" -x c++-header -std=c++20 -DLAMBDAPACK_SEPARATE
      -idirafter "${PROJECT_SOURCE_DIR}/include" "${header}" -o "${precompiled}")
  set_tests_properties(compiler/errors/headers PROPERTIES
    LABELS compiler TIMEOUT 300 FIXTURES_SETUP lpc_headers)
  list(APPEND flags -include-pch "${precompiled}")
endif()

foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  add_test(NAME "compiler/errors/${name}"
    COMMAND "${CMAKE_COMMAND}" "-DLPC=$<TARGET_FILE:lpc>" "-DSOURCE=${source}" "-DFLAGS=${flags}"
      -P "${errors_dir}/../check_errors.cmake")
  set_tests_properties("compiler/errors/${name}" PROPERTIES
    LABELS compiler TIMEOUT 120 FIXTURES_REQUIRED lpc_headers)
endforeach()
