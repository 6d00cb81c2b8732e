# Every header of the library must compile on its own, with our warnings as errors, and
# with nothing in reach but what the library says it needs.

set(header_root "${PROJECT_SOURCE_DIR}/include")
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${header_root}" "${header_root}/*.hpp")
set(header_sources)
foreach(header IN LISTS headers)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/headers/${header}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
  list(APPEND header_sources "${source}")
endforeach()
add_library(lambdapack_headers OBJECT ${header_sources})
target_link_libraries(lambdapack_headers PRIVATE lambdapack::header_only lambdapack_warnings)
