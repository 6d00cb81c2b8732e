# Each tests/compile_errors/NAME.cpp holds one misuse and must not compile; the compiler's output
# must contain the sentence of each of its lines `// expect: SENTENCE`. A file whose name starts
# with ok_ is the right way of doing it, and must compile. One file is one test.

set(compile_errors_dir "${CMAKE_CURRENT_LIST_DIR}")
file(GLOB sources CONFIGURE_DEPENDS "${compile_errors_dir}/*.cpp")

set(flags_file "${CMAKE_CURRENT_BINARY_DIR}/compile_errors.flags")
set(include_dirs "$<TARGET_PROPERTY:lambdapack_test_main,INCLUDE_DIRECTORIES>")

# Without carets a compiler does not repeat the source, so an `expect` line cannot match itself.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(no_carets -fno-caret-diagnostics)
  set(precompiled_suffix pch)
else()
  set(no_carets -fno-diagnostics-show-caret)
  set(precompiled_suffix gch)
endif()
file(GENERATE OUTPUT "${flags_file}" CONTENT
  "-std=c++20\n-DLAMBDAPACK_SEPARATE\n-fmessage-length=0\n${no_carets}\n$<$<BOOL:${include_dirs}>:-I$<JOIN:${include_dirs},\n-I>\n>")

# The library is read once for all files. A compiler takes the precompiled form of a header that
# -include names, where there is one next to it that fits.
set(library "${CMAKE_CURRENT_BINARY_DIR}/compile_errors/library.hpp")
file(CONFIGURE OUTPUT "${library}" CONTENT "#include <lambdapack/lambdapack.hpp>\n")
add_test(NAME "compile_errors/precompile"
  COMMAND "${CMAKE_CXX_COMPILER}" "@${flags_file}" -x c++-header "${library}"
    -o "${library}.${precompiled_suffix}")
set_tests_properties("compile_errors/precompile" PROPERTIES
  LABELS compile_errors FIXTURES_SETUP compile_errors_library)

foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  add_test(NAME "compile_errors/${name}"
    COMMAND "${CMAKE_COMMAND}"
      "-DCOMPILER=${CMAKE_CXX_COMPILER}" "-DFLAGS_FILE=${flags_file}" "-DLIBRARY=${library}"
      "-DSOURCE=${source}"
      -P "${compile_errors_dir}/check.cmake")
  set_tests_properties("compile_errors/${name}" PROPERTIES
    LABELS compile_errors FIXTURES_REQUIRED compile_errors_library TIMEOUT 300
    ENVIRONMENT GLIBC_TUNABLES=glibc.malloc.hugetlb=1)
endforeach()
