# cmake -DCOMPILER=… -DFLAGS_FILE=… -DSOURCE=… -P check.cmake: see harness.cmake.

cmake_policy(VERSION 3.24)

get_filename_component(name "${SOURCE}" NAME)
file(READ "${SOURCE}" text)
string(REPLACE ";" "\\;" text "${text}")
string(REGEX MATCHALL "// expect: [^\n]+" expectations "${text}")

# Without carets the compiler does not repeat the source, so an `expect` line cannot match itself.
set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${COMPILER}" "@${FLAGS_FILE}" -fno-diagnostics-show-caret -fno-diagnostics-color
    -fmessage-length=0 "${SOURCE}"
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)

if(name MATCHES "^ok_")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${name} must compile, and does not:\n${output}")
  endif()
  return()
endif()

if(NOT expectations)
  message(FATAL_ERROR "${name} has no line `// expect: SENTENCE`; write what the compiler must say")
endif()
if(result EQUAL 0)
  message(FATAL_ERROR "${name} compiles; it must be refused with:\n${expectations}")
endif()
foreach(expectation IN LISTS expectations)
  string(REGEX REPLACE "^// expect: +" "" sentence "${expectation}")
  string(STRIP "${sentence}" sentence)
  string(FIND "${output}" "${sentence}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR
      "${name} is refused, as it must be, but not with:\n  ${sentence}\nThe compiler says:\n${output}")
  endif()
endforeach()
