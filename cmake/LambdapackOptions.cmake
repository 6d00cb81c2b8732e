# What can be chosen. Everything but the library itself is off when lambdapack is part of another
# project.

option(LAMBDAPACK_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(LAMBDAPACK_BUILD_EXAMPLES "Build the programs in examples/" ${PROJECT_IS_TOP_LEVEL})
option(LAMBDAPACK_BUILD_BENCH "Build the benchmarks" OFF)
option(LAMBDAPACK_INSTALL "Install lambdapack with cmake --install" ${PROJECT_IS_TOP_LEVEL})
option(LAMBDAPACK_BUILD_LPC "Build lpc, the compiler, where LLVM and Clang are found"
  ${PROJECT_IS_TOP_LEVEL})
option(LAMBDAPACK_BUILD_LPRUN "Build lprun, the algorithms as a command" ${PROJECT_IS_TOP_LEVEL})
set(LAMBDAPACK_MPI "AUTO" CACHE STRING "Build lp::mpi: ON, OFF, or AUTO where MPI is found")
set_property(CACHE LAMBDAPACK_MPI PROPERTY STRINGS AUTO ON OFF)
set(LAMBDAPACK_CLOUD "AUTO" CACHE STRING "Build lp::cloud: ON, OFF, or AUTO where SQLite is found")
set_property(CACHE LAMBDAPACK_CLOUD PROPERTY STRINGS AUTO ON OFF)
option(LAMBDAPACK_UNITY
  "Compile several sources of tests and tools at once: fast from nothing, slow after a change" ON)
set(LAMBDAPACK_CHECK_HEADERS "" CACHE STRING
  "Compile headers on their own: users, those that users include by name, or all")
set_property(CACHE LAMBDAPACK_CHECK_HEADERS PROPERTY STRINGS "" users all)

set(LAMBDAPACK_TEST_ROOMS "all" CACHE STRING
  "Folders of tests/ to build, such as exec;graph; or all; or none")

set(LAMBDAPACK_SANITIZE "" CACHE STRING
  "Sanitizer for tests and examples: address (with undefined behaviour) or thread")
set_property(CACHE LAMBDAPACK_SANITIZE PROPERTY STRINGS "" address thread)
if(NOT LAMBDAPACK_SANITIZE MATCHES "^(address|thread)?$")
  message(FATAL_ERROR
    "LAMBDAPACK_SANITIZE is \"${LAMBDAPACK_SANITIZE}\"; choose address, thread or nothing")
endif()

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
