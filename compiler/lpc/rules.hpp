// The numbers of all diagnostics with what each is about, as docs/diagnostics/README.md has them.
#pragma once

#include <span>

namespace lambdapack::lpc {

struct CodeTitle {
  const char* code;
  const char* title;
};

/// All of them, in the order of that page.
std::span<const CodeTitle> rules();

}  // namespace lambdapack::lpc
