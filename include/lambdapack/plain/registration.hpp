// How an ordinary function over lp::Tiles comes by a task graph: the code that lpc generates for
// its source registers what the function is as a program.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/error.hpp"

namespace lambdapack::plain {

/// A function of any type, by its address.
using Address = void (*)();

/// What lpc has found out about the functions of this process.
class Registry {
 public:
  /// Makes the program of a function, with its kernels.
  using Make = Traced (*)();

  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  /// Several files may register one function: an inline one, or an instance of a template.
  void add(Address function, Make make) {
    const std::lock_guard lock(mutex_);
    entries_.emplace(function, make);
  }

  /// The function's program. Throws program_error if none was registered.
  Traced program_of(Address function) const {
    Make make = nullptr;
    {
      const std::lock_guard lock(mutex_);
      const auto found = entries_.find(function);
      if (found != entries_.end()) make = found->second;
    }
    if (make == nullptr)
      throw program_error(
          "lambdapack: a function over lp::Tiles was handed to an executor, but lpc has not "
          "compiled the source file that defines it; name that file in CMake, "
          "lambdapack_compile(target file.cpp), or call the function itself, which runs it "
          "sequentially");
    return make();
  }

 private:
  mutable std::mutex mutex_;
  std::map<Address, Make> entries_;
};

/// Registers a function when the program starts. Generated code has one for each function over
/// lp::Tiles, at namespace scope: `const Registration r(&cholesky, [] { return Traced{...}; });`.
/// The program's arrays are the function's lp::Tiles and its integers the others, in order.
class Registration {
 public:
  template <class... P>
  Registration(void (*function)(P...), Registry::Make make) {
    Registry::instance().add(reinterpret_cast<Address>(function), make);
  }
};

}  // namespace lambdapack::plain
