# Each tests/fuzz/NAME.cpp is a libFuzzer target: the program fuzz_NAME. As a test it makes a fixed
# number of attempts from a fixed seed; run the program by hand for as long as you like.

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*.cpp")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  add_executable(fuzz_${name} "${source}")
  target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz_${name} PRIVATE lambdapack_program)
  add_test(NAME "fuzz/${name}" COMMAND fuzz_${name} -seed=1 -runs=20000 -verbosity=0)
  set_tests_properties("fuzz/${name}" PROPERTIES LABELS fuzz TIMEOUT 300)
endforeach()
