# How the programs of this project (tests, examples, tools) are compiled. Nothing of this reaches
# the users of the library.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_COMPILE_WARNING_AS_ERROR)
  set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
endif()

# g++ 12, optimising, warns of its own library: of overlap in `"text" + std::string` (its bug
# 105329), and of impossible lengths where two std::vector<unsigned char> are compared.
set(lambdapack_old_gcc
  "$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>")
add_library(lambdapack_warnings INTERFACE)
target_compile_options(lambdapack_warnings INTERFACE
  -Wall -Wextra -Wconversion
  "$<${lambdapack_old_gcc}:-Wno-restrict;-Wno-stringop-overread;-Wno-maybe-uninitialized>")

add_library(lambdapack_sanitizer INTERFACE)
if(LAMBDAPACK_SANITIZE STREQUAL "address")
  set(lambdapack_sanitizer_flags
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(LAMBDAPACK_SANITIZE STREQUAL "thread")
  set(lambdapack_sanitizer_flags -fsanitize=thread -fno-omit-frame-pointer)
endif()
target_compile_options(lambdapack_sanitizer INTERFACE ${lambdapack_sanitizer_flags})
target_link_options(lambdapack_sanitizer INTERFACE ${lambdapack_sanitizer_flags})

# The library itself is compiled as its programs are. BUILD_INTERFACE: its users are not.
foreach(library lambdapack lambdapack_compiled)
  target_link_libraries(${library}
    PUBLIC "$<BUILD_INTERFACE:lambdapack_sanitizer>"
    PRIVATE "$<BUILD_INTERFACE:lambdapack_warnings>")
endforeach()
if(TARGET lambdapack_mpi)
  target_link_libraries(lambdapack_mpi PRIVATE "$<BUILD_INTERFACE:lambdapack_warnings>")
endif()
if(TARGET lambdapack_cloud)
  target_link_libraries(lambdapack_cloud PRIVATE "$<BUILD_INTERFACE:lambdapack_warnings>")
endif()
# Only a package test links it.
if(LAMBDAPACK_SANITIZE)
  set_target_properties(lambdapack_compiled PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# What a program of this project links: the library, its warnings as errors, a sanitizer if any, and
# Eigen, which the library itself takes matrices of but does not include.
find_package(Eigen3 3.3 REQUIRED NO_MODULE)
add_library(lambdapack_program INTERFACE)
target_link_libraries(lambdapack_program INTERFACE
  lambdapack lambdapack_warnings Eigen3::Eigen)

# Has `count` sources of a target compiled as one, or all of them if it is 0. What they include and
# instantiate alike, which takes most of the time, is then compiled once.
function(lambdapack_unite target count)
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${LAMBDAPACK_UNITY} UNITY_BUILD_BATCH_SIZE ${count})
endfunction()

# examples/NAME/main.cpp and examples/NAME.cpp become the program NAME in examples/ of the build;
# a folder with a CMakeLists.txt speaks for itself.
function(lambdapack_add_examples)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true "${PROJECT_SOURCE_DIR}/examples/*")
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/examples")
  foreach(path IN LISTS folders)
    get_filename_component(name "${path}" NAME_WE)
    if(EXISTS "${path}/CMakeLists.txt")
      add_subdirectory("${path}" "${PROJECT_BINARY_DIR}/examples/${name}-build")
    elseif(EXISTS "${path}/main.cpp")
      file(GLOB sources CONFIGURE_DEPENDS "${path}/*.cpp")
      add_executable(${name} ${sources})
      target_link_libraries(${name} PRIVATE lambdapack_program)
    elseif(path MATCHES "\\.cpp$")
      add_executable(${name} "${path}")
      target_link_libraries(${name} PRIVATE lambdapack_program)
    endif()
  endforeach()
endfunction()
