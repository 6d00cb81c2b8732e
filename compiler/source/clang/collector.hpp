// What is said, kept as data and, if wanted, printed as Clang prints it.
#pragma once

#include <memory>
#include <vector>

#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "source/source.hpp"

namespace lambdapack::lpc {

class Collector : public clang::DiagnosticConsumer {
 public:
  Collector(bool print, Found& found);

  void BeginSourceFile(const clang::LangOptions& language,
                       const clang::Preprocessor* preprocessor) override;
  void EndSourceFile() override;
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& diagnostic) override;

 private:
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options_;
  std::unique_ptr<clang::TextDiagnosticPrinter> printer_;
  Found& found_;
  clang::LangOptions language_;
  bool is_in_file_ = false;
};

}  // namespace lambdapack::lpc
