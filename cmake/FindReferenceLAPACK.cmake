# LAPACK with no BLAS of its own: target ReferenceLAPACK::ReferenceLAPACK, on top of BLIS::BLIS.
# ReferenceLAPACK_LIBRARIES is what to put on a linker's line, BLIS included.
#
# Debian's liblapack.so.3 is a link that any package may bend: with OpenBLAS installed it is
# OpenBLAS, whose BLAS then competes with BLIS. So the static library of reference LAPACK is taken
# where there is one (liblapack_pic.a is never such a link, and fits into shared libraries too). It
# goes before BLIS, and brings the run-time library of Fortran. Elsewhere: CMake's FindLAPACK, with
# BLIS first on the line.

find_package(BLIS QUIET)

find_library(REFERENCE_LAPACK_LIBRARY NAMES liblapack_pic.a)
find_library(GFORTRAN_LIBRARY NAMES gfortran libgfortran.so.5)
if(NOT GFORTRAN_LIBRARY)
  # Debian's libgfortran5 has the versioned name only, and that is enough.
  find_file(GFORTRAN_LIBRARY NAMES libgfortran.so.5
    PATHS /usr/lib /usr/lib64 PATH_SUFFIXES "${CMAKE_LIBRARY_ARCHITECTURE}")
endif()
mark_as_advanced(REFERENCE_LAPACK_LIBRARY GFORTRAN_LIBRARY)

if(REFERENCE_LAPACK_LIBRARY AND GFORTRAN_LIBRARY)
  set(ReferenceLAPACK_LIBRARIES
    "${REFERENCE_LAPACK_LIBRARY}" "${BLIS_LIBRARY}" "${GFORTRAN_LIBRARY}" -lm)
else()
  find_package(LAPACK QUIET)
  if(LAPACK_FOUND)
    set(ReferenceLAPACK_LIBRARIES "${BLIS_LIBRARY}" ${LAPACK_LIBRARIES} -lm)
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ReferenceLAPACK
  REQUIRED_VARS ReferenceLAPACK_LIBRARIES BLIS_FOUND
  REASON_FAILURE_MESSAGE "install LAPACK (Debian: liblapack-dev)")

if(ReferenceLAPACK_FOUND AND NOT TARGET ReferenceLAPACK::ReferenceLAPACK)
  add_library(ReferenceLAPACK::ReferenceLAPACK INTERFACE IMPORTED)
  set_property(TARGET ReferenceLAPACK::ReferenceLAPACK
    PROPERTY INTERFACE_LINK_LIBRARIES "${ReferenceLAPACK_LIBRARIES}")
endif()
