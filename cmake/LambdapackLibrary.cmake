# The targets of the library: headers, the libraries behind them, and what is compiled once.

if(NOT PROJECT_IS_TOP_LEVEL)
  # The targets of the libraries below must be visible where the parent project links.
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(ISL 0.22 REQUIRED)
find_package(Jansson REQUIRED)
find_package(Zstd REQUIRED)
find_package(BLIS REQUIRED)
find_package(ReferenceLAPACK REQUIRED)

# lambdapack::base is the headers, and the libraries behind them but isl.
add_library(lambdapack_base INTERFACE)
add_library(lambdapack::base ALIAS lambdapack_base)
set_target_properties(lambdapack_base PROPERTIES EXPORT_NAME base)
target_compile_features(lambdapack_base INTERFACE cxx_std_20)

# Our own programs see the warnings of our headers; somebody else's do not.
set(lambdapack_system SYSTEM)
if(PROJECT_IS_TOP_LEVEL)
  set(lambdapack_system)
endif()
target_include_directories(lambdapack_base ${lambdapack_system} INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:include>")

target_link_libraries(lambdapack_base INTERFACE
  Jansson::Jansson Zstd::Zstd ReferenceLAPACK::ReferenceLAPACK BLIS::BLIS Threads::Threads)

# lambdapack::header_only is all of the library, every function inline.
add_library(lambdapack_header_only INTERFACE)
add_library(lambdapack::header_only ALIAS lambdapack_header_only)
set_target_properties(lambdapack_header_only PROPERTIES EXPORT_NAME header_only)
target_link_libraries(lambdapack_header_only INTERFACE lambdapack_base ISL::ISL)

# Static libraries of the long functions that are no templates (see lambdapack/api.hpp), so that a
# program's own files compile several times faster.
function(lambdapack_add_separate name)
  add_library(${name} STATIC "${PROJECT_SOURCE_DIR}/include/lambdapack/lambdapack.cpp")
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(${name} PUBLIC LAMBDAPACK_SEPARATE)
  # g++ 12 warns of its own comparison of vectors, without being asked to.
  target_compile_options(${name} PRIVATE
    "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-stringop-overread>")
  if(NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# lambdapack::lambdapack is what to link.
lambdapack_add_separate(lambdapack)
add_library(lambdapack::lambdapack ALIAS lambdapack)
target_link_libraries(lambdapack PUBLIC lambdapack_header_only)

# lambdapack::compiled is what to link instead where all programs go through lambdapack_compile: the
# same without the analysis, and so without isl.
lambdapack_add_separate(lambdapack_compiled)
add_library(lambdapack::compiled ALIAS lambdapack_compiled)
set_target_properties(lambdapack_compiled PROPERTIES EXPORT_NAME compiled)
target_link_libraries(lambdapack_compiled PUBLIC lambdapack_base)
target_compile_definitions(lambdapack_compiled PUBLIC LAMBDAPACK_COMPILED)
