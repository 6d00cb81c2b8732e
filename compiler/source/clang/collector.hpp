// What is said, kept as data and, if wanted, printed as Clang prints it.
#pragma once

#include <memory>
#include <optional>
#include <string>
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
  /// A static assertion of lambdapack's headers, which says what is wrong with the text that made
  /// them be instantiated.
  struct Assertion {
    std::string message;
    clang::FullSourceLoc at;
  };

  void keep(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic,
            std::string message);
  void add(Said said);
  bool is_repeated(clang::DiagnosticsEngine::Level level, const std::string& message) const;
  bool hold(const clang::Diagnostic& diagnostic, const std::string& message);
  bool is_cause(const clang::Diagnostic& note) const;
  void say_held(clang::FullSourceLoc at);

  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options_;
  std::unique_ptr<clang::TextDiagnosticPrinter> printer_;
  Found& found_;
  clang::LangOptions language_;
  bool is_in_file_ = false;
  std::optional<Assertion> held_;
};

}  // namespace lambdapack::lpc
