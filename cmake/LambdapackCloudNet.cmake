# lambdapack::cloud_net is what lp::cloud needs to reach servers (S3, Redis, AWS, HTTP), where all of
# it is found; lambdapack::cloud then links it, and knows them.

if(NOT TARGET lambdapack_cloud)
  return()
endif()

set(lambdapack_cloud_missing)
find_package(CURL 7.85 QUIET)
if(NOT CURL_FOUND)
  list(APPEND lambdapack_cloud_missing "libcurl (Debian: libcurl4-openssl-dev)")
endif()
find_package(OpenSSL 1.1.1 QUIET COMPONENTS Crypto)
if(NOT OpenSSL_FOUND)
  list(APPEND lambdapack_cloud_missing "OpenSSL (Debian: libssl-dev)")
endif()
find_package(EXPAT QUIET)
if(NOT EXPAT_FOUND)
  list(APPEND lambdapack_cloud_missing "expat (Debian: libexpat1-dev)")
endif()
find_package(Hiredis QUIET)
if(NOT Hiredis_FOUND)
  list(APPEND lambdapack_cloud_missing "hiredis (Debian: libhiredis-dev)")
endif()

if(lambdapack_cloud_missing)
  list(JOIN lambdapack_cloud_missing ", " lambdapack_cloud_missing)
  message(STATUS "lp::cloud on servers is left out: missing are ${lambdapack_cloud_missing}")
  return()
endif()

add_library(lambdapack_cloud_net INTERFACE)
add_library(lambdapack::cloud_net ALIAS lambdapack_cloud_net)
set_target_properties(lambdapack_cloud_net PROPERTIES EXPORT_NAME cloud_net)
target_compile_features(lambdapack_cloud_net INTERFACE cxx_std_20)
target_include_directories(lambdapack_cloud_net INTERFACE
  "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:include>")
target_link_libraries(lambdapack_cloud_net INTERFACE
  CURL::libcurl OpenSSL::Crypto EXPAT::EXPAT Hiredis::Hiredis Jansson::Jansson
  Threads::Threads)

target_link_libraries(lambdapack_cloud PUBLIC lambdapack_cloud_net)
target_compile_definitions(lambdapack_cloud PRIVATE LAMBDAPACK_CLOUD_SERVERS)
