// The sentences of exceptions.
#pragma once

#include <string>

namespace test_support {

/// The sentence of the exception E that `f` throws; empty if it throws none.
template <class E, class F>
std::string said(F f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

}  // namespace test_support
