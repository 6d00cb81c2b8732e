# cmake --install: the headers, the static libraries, the CMake package and lambdapack.pc. Where
# lambdapack is part of another project it is not installed with it, unless asked for.

if(NOT LAMBDAPACK_INSTALL)
  return()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(lambdapack_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/lambdapack")

# Sets: what needs isl is apart, and what needs MPI or SQLite, so that a user without them never meets their
# names.
install(TARGETS lambdapack_base lambdapack_compiled EXPORT lambdapack)
install(EXPORT lambdapack
  DESTINATION "${lambdapack_package_dir}" NAMESPACE lambdapack:: FILE lambdapackTargets.cmake)
install(TARGETS lambdapack lambdapack_header_only EXPORT lambdapackAnalysis)
install(EXPORT lambdapackAnalysis
  DESTINATION "${lambdapack_package_dir}" NAMESPACE lambdapack::
  FILE lambdapackAnalysisTargets.cmake)
if(TARGET lambdapack_mpi)
  install(TARGETS lambdapack_mpi EXPORT lambdapackMpi)
  install(EXPORT lambdapackMpi
    DESTINATION "${lambdapack_package_dir}" NAMESPACE lambdapack:: FILE lambdapackMpiTargets.cmake)
endif()
set(lambdapack_cloud_reaches_servers FALSE)
if(TARGET lambdapack_cloud)
  install(TARGETS lambdapack_cloud EXPORT lambdapackCloud)
  if(TARGET lambdapack_cloud_net)
    install(TARGETS lambdapack_cloud_net EXPORT lambdapackCloud)
    set(lambdapack_cloud_reaches_servers TRUE)
  endif()
  install(EXPORT lambdapackCloud
    DESTINATION "${lambdapack_package_dir}" NAMESPACE lambdapack::
    FILE lambdapackCloudTargets.cmake)
endif()
# The pages that lpc and messages name.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/diagnostics" DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp"
  PATTERN "lambdapack.cpp" PATTERN "mpi.cpp" PATTERN "cloud.cpp")

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/lambdapackConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/lambdapackConfig.cmake"
  INSTALL_DESTINATION "${lambdapack_package_dir}"
  PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/lambdapackConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(
  FILES
    "${PROJECT_BINARY_DIR}/lambdapackConfig.cmake"
    "${PROJECT_BINARY_DIR}/lambdapackConfigVersion.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/LambdapackCompile.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindISL.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindJansson.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindZstd.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindBLIS.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindReferenceLAPACK.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindHiredis.cmake"
  DESTINATION "${lambdapack_package_dir}")

# pkg-config resolves the prefix from the place of lambdapack.pc, so the installed tree can move.
file(RELATIVE_PATH lambdapack_pc_prefix
  "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" lambdapack_pc_prefix "${lambdapack_pc_prefix}")
string(JOIN " " lambdapack_pc_libraries ${ISL_LIBRARIES} ${ReferenceLAPACK_LIBRARIES})
configure_file(
  "${CMAKE_CURRENT_LIST_DIR}/lambdapack.pc.in" "${PROJECT_BINARY_DIR}/lambdapack.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/lambdapack.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
