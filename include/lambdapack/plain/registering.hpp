// The table of functions over lp::Tiles that lpc has compiled into this process.
#pragma once

#include <map>
#include <mutex>

#include "lambdapack/error.hpp"
#include "lambdapack/plain/registration.hpp"

namespace lambdapack::plain {

namespace detail {

struct Functions {
  std::mutex mutex;
  std::map<Address, MakeProgram> makers;
};

LAMBDAPACK_API Functions& functions() {
  static Functions functions;
  return functions;
}

}  // namespace detail

LAMBDAPACK_API void add_function(Address function, MakeProgram make) {
  detail::Functions& known = detail::functions();
  const std::lock_guard lock(known.mutex);
  known.makers.emplace(function, make);
}

LAMBDAPACK_API Traced program_of(Address function) {
  MakeProgram make = nullptr;
  {
    detail::Functions& known = detail::functions();
    const std::lock_guard lock(known.mutex);
    const auto found = known.makers.find(function);
    if (found != known.makers.end()) make = found->second;
  }
  if (make == nullptr)
    throw program_error(
        "lambdapack: a function over lp::Tiles was handed to an executor, but lpc has not compiled "
        "the source file that defines it; name that file in CMake, lambdapack_compile(target "
        "file.cpp), or call the function itself, which runs it sequentially");
  return make();
}

}  // namespace lambdapack::plain
