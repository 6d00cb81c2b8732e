# The target lambdapack::lambdapack: headers, and the libraries behind them.

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

# lambdapack::header_only is headers and the libraries behind them: every function inline.
add_library(lambdapack_header_only INTERFACE)
add_library(lambdapack::header_only ALIAS lambdapack_header_only)
set_target_properties(lambdapack_header_only PROPERTIES EXPORT_NAME header_only)
target_compile_features(lambdapack_header_only INTERFACE cxx_std_20)

# Our own programs see the warnings of our headers; somebody else's do not.
set(lambdapack_system SYSTEM)
if(PROJECT_IS_TOP_LEVEL)
  set(lambdapack_system)
endif()
target_include_directories(lambdapack_header_only ${lambdapack_system} INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:include>")

target_link_libraries(lambdapack_header_only INTERFACE
  ISL::ISL Jansson::Jansson Zstd::Zstd
  ReferenceLAPACK::ReferenceLAPACK BLIS::BLIS Threads::Threads)

# lambdapack::lambdapack is what to link: it adds one source file to the target that links it,
# compiled once with that target's flags, so that the others compile several times faster.
add_library(lambdapack INTERFACE)
add_library(lambdapack::lambdapack ALIAS lambdapack)
target_link_libraries(lambdapack INTERFACE lambdapack_header_only)
target_compile_definitions(lambdapack INTERFACE LAMBDAPACK_SEPARATE)
target_sources(lambdapack INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include/lambdapack/lambdapack.cpp>"
  "$<INSTALL_INTERFACE:$<INSTALL_PREFIX>/include/lambdapack/lambdapack.cpp>")
