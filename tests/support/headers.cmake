# A header of the library must compile on its own, with our warnings as errors, and with nothing in
# reach but what the library says it needs. Only the compiler's front end runs.
#
# Headers that end by including the long functions they declare do so unless LAMBDAPACK_SEPARATE is
# defined. These are checked both ways; all others with it, which takes a third of the time.

set(header_root "${PROJECT_SOURCE_DIR}/include")
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${header_root}" "${header_root}/*.hpp")
# What is inside of a room takes two thirds of the time.
if(NOT LAMBDAPACK_CHECK_HEADERS STREQUAL "all")
  list(FILTER headers EXCLUDE REGEX
    "/detail/|^lambdapack/(analysis|exec/(cloud|mpi|streaming|threads))/")
endif()
set(mpi_options)
if(TARGET lambdapack_mpi)
  foreach(directory IN LISTS MPI_CXX_INCLUDE_DIRS)
    list(APPEND mpi_options -isystem "${directory}")
  endforeach()
  list(APPEND mpi_options -DOMPI_SKIP_MPICXX -DMPICH_SKIP_MPICXX)
else()
  list(FILTER headers EXCLUDE REGEX "^lambdapack/(mpi\\.hpp|exec/mpi/)")
endif()
if(NOT TARGET lambdapack_cloud)
  list(FILTER headers EXCLUDE REGEX "^lambdapack/(cloud\\.hpp|exec/cloud/|algorithm/cloud_programs\\.hpp)")
endif()
if(NOT TARGET lambdapack_cloud_net)
  list(FILTER headers EXCLUDE REGEX "^lambdapack/exec/cloud/(net|s3|redis|sqs|function)/")
endif()
set(options "$<TARGET_PROPERTY:lambdapack_warnings,INTERFACE_COMPILE_OPTIONS>")
set(stamps)
function(lambdapack_check_header header name)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
  set(stamp "${source}.checked")
  add_custom_command(OUTPUT "${stamp}"
    COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 -fsyntax-only ${options} ${ARGN} -Werror
      ${mpi_options} "-I${header_root}" -MD -MT "${stamp}" -MF "${stamp}.d" "${source}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS "${source}"
    DEPFILE "${stamp}.d"
    COMMENT "Checking ${name} on its own"
    COMMAND_EXPAND_LISTS VERBATIM)
  set(stamps ${stamps} "${stamp}" PARENT_SCOPE)
endfunction()
foreach(header IN LISTS headers)
  lambdapack_check_header("${header}" "${header}" -DLAMBDAPACK_SEPARATE)
  file(STRINGS "${header_root}/${header}" includes_more REGEX "LAMBDAPACK_SEPARATE" LIMIT_COUNT 1)
  if(includes_more)
    lambdapack_check_header("${header}" "${header}.whole")
  endif()
endforeach()
add_custom_target(lambdapack_headers ALL DEPENDS ${stamps})
