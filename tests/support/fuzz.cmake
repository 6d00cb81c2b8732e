# Each tests/fuzz/NAME.cpp is a libFuzzer target: the program fuzz_NAME. As a test it makes 20,000
# attempts, or as many as a line `// runs: N` of the source says, from a fixed seed; run the program
# by hand for as long as you like.

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*.cpp")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  set(runs 20000)
  file(STRINGS "${source}" line REGEX "^// runs: [0-9]+$")
  if(line)
    string(REPLACE "// runs: " "" runs "${line}")
  endif()
  add_executable(fuzz_${name} "${source}")
  target_include_directories(fuzz_${name} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_${name} PRIVATE lambdapack_program)
  add_test(NAME "fuzz/${name}" COMMAND fuzz_${name} -seed=1 -runs=${runs} -verbosity=0)
  set_tests_properties("fuzz/${name}" PROPERTIES LABELS fuzz TIMEOUT 600)
endforeach()
