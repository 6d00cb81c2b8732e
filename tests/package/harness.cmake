# A user's project on the package as installed, in the three ways of using it.

set(package_dir "${CMAKE_CURRENT_LIST_DIR}")
set(package_build "${CMAKE_CURRENT_BINARY_DIR}/package")

add_test(NAME "package/install"
  COMMAND bash "${package_dir}/install" "${CMAKE_COMMAND}" "${PROJECT_BINARY_DIR}"
    "${package_build}/prefix")
set_tests_properties("package/install" PROPERTIES
  LABELS package FIXTURES_SETUP lambdapack_installed)

# Most of this is CMake's business, and compiles the library once more: one compiler is enough.
set(scripts use_by_find_package)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND scripts use_by_pkg_config use_by_add_subdirectory)
  # What needs lpc.
  if(TARGET lambdapack::lpc)
    list(APPEND scripts use_compiled refuse)
  endif()
endif()
foreach(script IN LISTS scripts)
  string(REPLACE "use_by_" "" name "${script}")
  add_test(NAME "package/${name}"
    COMMAND bash "${package_dir}/${script}" "${CMAKE_COMMAND}" "${CMAKE_CXX_COMPILER}"
      "${PROJECT_SOURCE_DIR}" "${package_build}/prefix" "${package_build}/${name}")
  set_tests_properties("package/${name}" PROPERTIES
    LABELS package FIXTURES_REQUIRED lambdapack_installed TIMEOUT 900
    ENVIRONMENT GLIBC_TUNABLES=glibc.malloc.hugetlb=1)
endforeach()
