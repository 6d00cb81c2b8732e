# isl, the integer set library: target ISL::ISL, and ISL_LIBRARIES for a linker's line. It has no
# CMake package of its own.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_ISL QUIET isl)
endif()

find_path(ISL_INCLUDE_DIR isl/ctx.h HINTS ${PC_ISL_INCLUDE_DIRS})
find_library(ISL_LIBRARY isl HINTS ${PC_ISL_LIBRARY_DIRS})
set(ISL_VERSION "${PC_ISL_VERSION}")
mark_as_advanced(ISL_INCLUDE_DIR ISL_LIBRARY)

include(FindPackageHandleStandardArgs)
if(NOT ISL_VERSION)
  set(ISL_FIND_VERSION) # no pkg-config, no version: trust the user
endif()
find_package_handle_standard_args(ISL
  REQUIRED_VARS ISL_LIBRARY ISL_INCLUDE_DIR
  VERSION_VAR ISL_VERSION
  REASON_FAILURE_MESSAGE "install isl (Debian: libisl-dev), or set ISL_ROOT to where it is")

if(ISL_FOUND)
  set(ISL_LIBRARIES "${ISL_LIBRARY}")
  if(ISL_LIBRARY MATCHES "\\.a$")
    list(APPEND ISL_LIBRARIES -lgmp)
  endif()
endif()

if(ISL_FOUND AND NOT TARGET ISL::ISL)
  add_library(ISL::ISL INTERFACE IMPORTED)
  set_target_properties(ISL::ISL PROPERTIES
    INTERFACE_LINK_LIBRARIES "${ISL_LIBRARIES}"
    INTERFACE_INCLUDE_DIRECTORIES "${ISL_INCLUDE_DIR}")
endif()
