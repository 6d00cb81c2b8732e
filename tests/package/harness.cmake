# A user's project on the package as installed, in the three ways of using it.

set(package_dir "${CMAKE_CURRENT_LIST_DIR}")
set(package_build "${CMAKE_CURRENT_BINARY_DIR}/package")

add_test(NAME "package/install"
  COMMAND bash "${package_dir}/install" "${CMAKE_COMMAND}" "${PROJECT_BINARY_DIR}"
    "${package_build}/prefix")
set_tests_properties("package/install" PROPERTIES
  LABELS package FIXTURES_SETUP lambdapack_installed)

# A library inside a project is CMake's business, and compiles the library once more: one compiler is
# enough for that.
set(ways find_package pkg_config)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND ways add_subdirectory)
endif()
foreach(way IN LISTS ways)
  add_test(NAME "package/${way}"
    COMMAND bash "${package_dir}/use_by_${way}" "${CMAKE_COMMAND}" "${CMAKE_CXX_COMPILER}"
      "${PROJECT_SOURCE_DIR}" "${package_build}/prefix" "${package_build}/${way}")
  set_tests_properties("package/${way}" PROPERTIES
    LABELS package FIXTURES_REQUIRED lambdapack_installed TIMEOUT 900)
endforeach()

# What needs lpc.
if(TARGET lambdapack::lpc)
  foreach(script use_compiled refuse)
    add_test(NAME "package/${script}"
      COMMAND bash "${package_dir}/${script}" "${CMAKE_COMMAND}" "${CMAKE_CXX_COMPILER}"
        "${PROJECT_SOURCE_DIR}" "${package_build}/prefix" "${package_build}/${script}")
    set_tests_properties("package/${script}" PROPERTIES
      LABELS package FIXTURES_REQUIRED lambdapack_installed TIMEOUT 900)
  endforeach()
endif()
