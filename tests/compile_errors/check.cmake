# cmake -DCOMPILER=… -DFLAGS_FILE=… -DLIBRARY=… -DSOURCE=… -P check.cmake: see harness.cmake.

cmake_policy(VERSION 3.24)

get_filename_component(name "${SOURCE}" NAME)
file(READ "${SOURCE}" text)
string(REPLACE ";" "\\;" text "${text}")
string(REGEX MATCHALL "// expect: [^\n]+" expectations "${text}")

set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${COMPILER}" "@${FLAGS_FILE}" -fsyntax-only -include "${LIBRARY}" "${SOURCE}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)

# Says what is wrong, after what the compiler said.
function(fail sentence)
  message(NOTICE "${output}")
  message(FATAL_ERROR "${sentence}")
endfunction()

if(name MATCHES "^ok_")
  if(NOT result EQUAL 0)
    fail("${name} must compile, and does not")
  endif()
  return()
endif()

if(NOT expectations)
  fail("${name} has no line `// expect: SENTENCE`; write there what the compiler must say")
endif()
if(result EQUAL 0)
  fail("${name} must be refused, and compiles")
endif()
foreach(expectation IN LISTS expectations)
  string(REGEX REPLACE "^// expect: +" "" sentence "${expectation}")
  string(STRIP "${sentence}" sentence)
  string(FIND "${output}" "${sentence}" position)
  if(position EQUAL -1)
    fail("${name} is refused, as it must be, but the compiler does not say\n  ${sentence}")
  endif()
endforeach()
