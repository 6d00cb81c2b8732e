# lambdapack_compile(TARGET SOURCE...): generates the task graphs of the programs in these sources of
# TARGET when it is built, so that nothing is left to be derived when it runs.
#
# lpc reads each source with the include directories, definitions and language standard of the
# target, and writes a header. In place of the source the target compiles a small file that includes
# the source, and then the header. When the source changes, or a file that it includes, lpc runs
# again. The program's text stays as it is.
#
# lpc is the target lambdapack::lpc where lambdapack is part of the project, else the command in the
# variable LAMBDAPACK_LPC, which find_package(lambdapack) sets.

cmake_policy(PUSH)
cmake_policy(VERSION 3.24)

# lpc as a command, and what a custom command that calls it depends on.
function(_lambdapack_find_lpc command depends)
  if(TARGET lambdapack::lpc)
    set(${command} "$<TARGET_FILE:lambdapack::lpc>" PARENT_SCOPE)
    set(${depends} lambdapack::lpc PARENT_SCOPE)
  elseif(LAMBDAPACK_LPC)
    set(${command} "${LAMBDAPACK_LPC}" PARENT_SCOPE)
    set(${depends} "${LAMBDAPACK_LPC}" PARENT_SCOPE)
  else()
    message(FATAL_ERROR
      "lambdapack_compile needs lpc, the compiler of lambdapack, which was not found. Where "
      "lambdapack is installed, install it from a build that had LLVM 19 and Clang, or set "
      "LAMBDAPACK_LPC to the command; where it is part of this project, set "
      "LAMBDAPACK_BUILD_LPC to ON.")
  endif()
endfunction()

# The entry of the target's SOURCES that is the file at `path`.
function(_lambdapack_source_entry target path entry)
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  foreach(candidate IN LISTS sources)
    cmake_path(ABSOLUTE_PATH candidate BASE_DIRECTORY "${folder}" NORMALIZE
      OUTPUT_VARIABLE absolute)
    if(absolute STREQUAL path)
      set(${entry} "${candidate}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR
    "lambdapack_compile: ${path} is no source of the target ${target}; name sources that "
    "add_executable or add_library got, each of them once.")
endfunction()

# Appends to the variable `lines`, a text with generator expressions, a line for each of `items`:
# `prefix` and the item. A comma in an item must not be one of a generator expression.
function(_lambdapack_add_flags lines prefix items)
  if(items STREQUAL "" OR items MATCHES "NOTFOUND$")
    return()
  elseif(NOT items MATCHES "\\$<")
    list(TRANSFORM items PREPEND "${prefix}")
    list(JOIN items "\n" items)
    set(${lines} "${${lines}}${items}\n" PARENT_SCOPE)
  else()
    set(${lines}
      "${${lines}}$<$<BOOL:${items}>:${prefix}$<JOIN:${items},\n${prefix}>\n>" PARENT_SCOPE)
  endif()
endfunction()

# Writes the file of flags with which lpc reads a source: the language, and what decides what the
# text says. All other options, such as warnings, are the compiler's own, and Clang may not know
# them.
function(_lambdapack_write_flags target source file)
  set(of_target "$<TARGET_PROPERTY:${target},")
  set(standard "${of_target}CXX_STANDARD>")
  set(dialect "$<IF:$<BOOL:${of_target}CXX_EXTENSIONS>>,gnu,c>")
  set(all "-std=${dialect}++$<IF:$<VERSION_LESS:0${standard},20>,20,${standard}>\n")

  separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS}")
  set(telling "^-[DUI].")
  list(FILTER flags INCLUDE REGEX "${telling}")
  _lambdapack_add_flags(all "" "${flags}")
  foreach(property IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS)
    get_source_file_property(own "${source}" TARGET_DIRECTORY ${target} ${property})
    foreach(items IN ITEMS "${own}" "${of_target}${property}>")
      if(property STREQUAL "INCLUDE_DIRECTORIES")
        _lambdapack_add_flags(all -I "${items}")
      elseif(property STREQUAL "COMPILE_DEFINITIONS")
        _lambdapack_add_flags(all -D "${items}")
      elseif(items MATCHES "\\$<")
        _lambdapack_add_flags(all "" "$<FILTER:${items},INCLUDE,${telling}>")
      else()
        list(FILTER items INCLUDE REGEX "${telling}")
        _lambdapack_add_flags(all "" "${items}")
      endif()
    endforeach()
  endforeach()
  file(GENERATE OUTPUT "${file}" CONTENT "${all}" TARGET ${target})
endfunction()

# Has `wrapper` compiled in place of `source`, with the same properties.
function(_lambdapack_replace_source target entry source wrapper header)
  get_target_property(sources ${target} SOURCES)
  list(FIND sources "${entry}" at)
  list(REMOVE_AT sources ${at})
  list(INSERT sources ${at} "${wrapper}")
  list(APPEND sources "${header}")
  set_target_properties(${target} PROPERTIES SOURCES "${sources}")
  foreach(property COMPILE_DEFINITIONS COMPILE_FLAGS COMPILE_OPTIONS INCLUDE_DIRECTORIES
      OBJECT_DEPENDS SKIP_PRECOMPILE_HEADERS SKIP_UNITY_BUILD_INCLUSION)
    get_source_file_property(value "${source}" TARGET_DIRECTORY ${target} ${property})
    if(value)
      set_property(SOURCE "${wrapper}" APPEND PROPERTY ${property} "${value}")
    endif()
  endforeach()
  set_property(SOURCE "${wrapper}" APPEND PROPERTY OBJECT_DEPENDS "${header}")
endfunction()

function(_lambdapack_compile_source target path)
  _lambdapack_find_lpc(lpc lpc_file)
  cmake_path(ABSOLUTE_PATH path NORMALIZE OUTPUT_VARIABLE source)
  _lambdapack_source_entry(${target} "${source}" entry)

  file(RELATIVE_PATH place "${CMAKE_CURRENT_SOURCE_DIR}" "${source}")
  string(REPLACE "../" "_/" place "${place}")
  set(wrapper "${CMAKE_CURRENT_BINARY_DIR}/lambdapack/${target}/${place}")
  set(header "${wrapper}.hpp")
  cmake_path(GET source FILENAME name)
  file(CONFIGURE OUTPUT "${wrapper}" @ONLY CONTENT
    "// The source as it is, and behind it what lpc has derived from it.\n#include \"@source@\"\n#include \"@name@.hpp\"\n")

  set(flags "${wrapper}.$<CONFIG>.CXX.flags")
  _lambdapack_write_flags(${target} "${source}" "${wrapper}.$<CONFIG>.$<COMPILE_LANGUAGE>.flags")

  add_custom_command(OUTPUT "${header}"
    COMMAND ${lpc} --emit=header "--flags=${flags}" "--depfile=${header}.d" -o "${header}"
      "${source}"
    DEPENDS "${source}" "${flags}" ${lpc_file}
    DEPFILE "${header}.d"
    COMMENT "Deriving the task graphs of the programs in ${name}"
    VERBATIM)
  _lambdapack_replace_source(${target} "${entry}" "${source}" "${wrapper}" "${header}")
endfunction()

function(lambdapack_compile target)
  if(NOT TARGET ${target})
    message(FATAL_ERROR "lambdapack_compile: there is no target ${target}; call it behind "
      "add_executable or add_library.")
  endif()
  get_target_property(folder ${target} SOURCE_DIR)
  if(NOT folder STREQUAL CMAKE_CURRENT_SOURCE_DIR)
    message(FATAL_ERROR "lambdapack_compile: the target ${target} belongs to ${folder}; call "
      "lambdapack_compile in the CMakeLists.txt there.")
  endif()
  if(NOT ARGN)
    message(FATAL_ERROR "lambdapack_compile: no sources for ${target}; name the sources that "
      "hold lambdapack programs, as in lambdapack_compile(${target} main.cpp).")
  endif()
  foreach(source IN LISTS ARGN)
    _lambdapack_compile_source(${target} "${source}")
  endforeach()
endfunction()

cmake_policy(POP)
