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

add_library(lambdapack INTERFACE)
add_library(lambdapack::lambdapack ALIAS lambdapack)
target_compile_features(lambdapack INTERFACE cxx_std_20)

# Our own programs see the warnings of our headers; somebody else's do not.
set(lambdapack_system SYSTEM)
if(PROJECT_IS_TOP_LEVEL)
  set(lambdapack_system)
endif()
target_include_directories(lambdapack ${lambdapack_system} INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:include>")

target_link_libraries(lambdapack INTERFACE
  ISL::ISL Jansson::Jansson Zstd::Zstd
  ReferenceLAPACK::ReferenceLAPACK BLIS::BLIS Threads::Threads)
