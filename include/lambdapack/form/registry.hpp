// The closed forms that generated code brings into a process. Each registers itself at start-up;
// nothing is derived, allocated or compared until a program asks (form/registered.hpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "lambdapack/form/code.hpp"
#include "lambdapack/form/native.hpp"

namespace lambdapack::form {

/// Closed forms as generated code holds them: views of constants.
struct Generated {
  std::string_view structure;               ///< of the program (ir/structure.hpp)
  std::span<const std::int64_t> numbers;    ///< packed (form/pack.hpp)
  std::span<const std::string_view> texts;  ///< packed
  std::span<const Word> code;
  std::span<const Native> natives;
};

/// Makes generated closed forms known for as long as the process runs. Objects of this class are
/// constants of namespaces, in programs or in libraries that are not unloaded.
class Registration {
 public:
  explicit Registration(const Generated& generated) : generated_(generated), next_(first_) {
    while (!first_.compare_exchange_weak(next_, this)) {
    }
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  const Generated& generated() const { return generated_; }

  /// All of them: from `first` on, each leads to the next.
  static const Registration* first() { return first_; }
  const Registration* next() const { return next_; }

 private:
  Generated generated_;
  const Registration* next_;
  inline static constinit std::atomic<const Registration*> first_ = nullptr;
};

}  // namespace lambdapack::form
