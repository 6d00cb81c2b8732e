# BLIS, the BLAS: target BLIS::BLIS.
#
# Debian has three builds of it in folders of their own. The serial one comes first: lambdapack
# runs many kernels at once and never wants threads inside a kernel. The blis.h of the OpenMP
# build includes omp.h, which clang does not have unless libomp is installed.

set(blis_builds blis-serial blis-pthread blis-openmp blis)
find_path(BLIS_INCLUDE_DIR blis.h PATH_SUFFIXES ${blis_builds})
find_library(BLIS_LIBRARY blis PATH_SUFFIXES ${blis_builds})
unset(blis_builds)
mark_as_advanced(BLIS_INCLUDE_DIR BLIS_LIBRARY)

set(blis_hint "install BLIS (Debian: libblis-serial-dev), or set BLIS_ROOT to where it is")
if(BLIS_INCLUDE_DIR AND BLIS_LIBRARY)
  include(CheckIncludeFileCXX)
  set(CMAKE_REQUIRED_INCLUDES "${BLIS_INCLUDE_DIR}")
  set(CMAKE_REQUIRED_QUIET ON)
  check_include_file_cxx(blis.h BLIS_HEADER_COMPILES)
  unset(CMAKE_REQUIRED_INCLUDES)
  unset(CMAKE_REQUIRED_QUIET)
  if(NOT BLIS_HEADER_COMPILES)
    unset(BLIS_HEADER_COMPILES CACHE)
    string(CONCAT blis_hint
      "${BLIS_INCLUDE_DIR}/blis.h does not compile with ${CMAKE_CXX_COMPILER}. If it is a build "
      "of BLIS with OpenMP, omp.h is missing: install the serial one (Debian: "
      "libblis-serial-dev), or libomp-dev for clang, and configure with --fresh")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BLIS
  REQUIRED_VARS BLIS_LIBRARY BLIS_INCLUDE_DIR BLIS_HEADER_COMPILES
  REASON_FAILURE_MESSAGE "${blis_hint}")
unset(blis_hint)

if(BLIS_FOUND AND NOT TARGET BLIS::BLIS)
  add_library(BLIS::BLIS UNKNOWN IMPORTED)
  set_target_properties(BLIS::BLIS PROPERTIES
    IMPORTED_LOCATION "${BLIS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${BLIS_INCLUDE_DIR}")
endif()
