# lambdapack::cloud is lp::cloud, where SQLite is found: link it beside lambdapack::lambdapack.

if(LAMBDAPACK_CLOUD STREQUAL "OFF")
  return()
endif()
find_package(SQLite3 3.35 QUIET)
if(NOT SQLite3_FOUND)
  if(LAMBDAPACK_CLOUD STREQUAL "ON")
    message(FATAL_ERROR "LAMBDAPACK_CLOUD is ON, but there is no SQLite; install libsqlite3-dev")
  endif()
  return()
endif()

add_library(lambdapack_cloud STATIC "${PROJECT_SOURCE_DIR}/include/lambdapack/cloud.cpp")
add_library(lambdapack::cloud ALIAS lambdapack_cloud)
set_target_properties(lambdapack_cloud PROPERTIES
  EXPORT_NAME cloud POSITION_INDEPENDENT_CODE ON)
target_link_libraries(lambdapack_cloud PUBLIC lambdapack SQLite::SQLite3)
if(NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(lambdapack_cloud PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
