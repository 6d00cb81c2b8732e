# lambdapack::mpi is lp::mpi, where MPI is found: link it beside lambdapack::lambdapack.

if(LAMBDAPACK_MPI STREQUAL "OFF")
  return()
endif()
# The C++ bindings of MPI 2 are not used, and are full of warnings.
set(MPI_CXX_SKIP_MPICXX ON)
find_package(MPI QUIET COMPONENTS CXX)
if(NOT MPI_CXX_FOUND)
  if(LAMBDAPACK_MPI STREQUAL "ON")
    message(FATAL_ERROR "LAMBDAPACK_MPI is ON, but there is no MPI; install libopenmpi-dev and "
      "openmpi-bin, or libmpich-dev and mpich")
  endif()
  return()
endif()

add_library(lambdapack_mpi STATIC "${PROJECT_SOURCE_DIR}/include/lambdapack/mpi.cpp")
add_library(lambdapack::mpi ALIAS lambdapack_mpi)
set_target_properties(lambdapack_mpi PROPERTIES
  EXPORT_NAME mpi POSITION_INDEPENDENT_CODE ON)
target_link_libraries(lambdapack_mpi PUBLIC lambdapack MPI::MPI_CXX)
if(NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(lambdapack_mpi PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
