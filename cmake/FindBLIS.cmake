# BLIS, the BLAS: target BLIS::BLIS. Its header is not looked for: kernel/ declares what it calls,
# since the blis.h of an OpenMP build wants an omp.h that clang does not have.
#
# Debian has three builds of BLIS in folders of their own. The serial one comes first: lambdapack
# runs many kernels at once and never wants threads inside a kernel.

find_library(BLIS_LIBRARY blis PATH_SUFFIXES blis-serial blis-pthread blis-openmp)
mark_as_advanced(BLIS_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BLIS
  REQUIRED_VARS BLIS_LIBRARY
  REASON_FAILURE_MESSAGE
    "install BLIS (Debian: libblis-serial-dev), or set BLIS_ROOT to where it is")

if(BLIS_FOUND AND NOT TARGET BLIS::BLIS)
  add_library(BLIS::BLIS UNKNOWN IMPORTED)
  set_property(TARGET BLIS::BLIS PROPERTY IMPORTED_LOCATION "${BLIS_LIBRARY}")
endif()
