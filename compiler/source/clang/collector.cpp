#include "source/clang/collector.hpp"

#include <utility>

#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Process.h"
#include "source/places.hpp"

namespace lambdapack::lpc {

namespace {

/// Takes the number off the end of a message: `... [lp-E103]`.
std::string take_code(std::string& message) {
  const std::size_t open = message.rfind(" [lp-");
  if (open == std::string::npos || message.back() != ']') return {};
  std::string code = message.substr(open + 2, message.size() - open - 3);
  message.resize(open);
  return code;
}

}  // namespace

Collector::Collector(bool print, Found& found)
    : options_(new clang::DiagnosticOptions), found_(found) {
  options_->ShowColors = llvm::sys::Process::StandardErrHasColors() ? 1 : 0;
  if (print)
    printer_ = std::make_unique<clang::TextDiagnosticPrinter>(llvm::errs(), options_.get());
}

void Collector::BeginSourceFile(const clang::LangOptions& language,
                                const clang::Preprocessor* preprocessor) {
  language_ = language;
  is_in_file_ = true;
  if (printer_) printer_->BeginSourceFile(language, preprocessor);
}

void Collector::EndSourceFile() {
  is_in_file_ = false;
  if (printer_) printer_->EndSourceFile();
}

void Collector::HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                                 const clang::Diagnostic& diagnostic) {
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
  if (printer_) printer_->HandleDiagnostic(level, diagnostic);
  if (level == clang::DiagnosticsEngine::Ignored) return;
  Said said;
  llvm::SmallString<200> message;
  diagnostic.FormatDiagnostic(message);
  said.message = message.str().str();
  said.code = take_code(said.message);
  said.level = level == clang::DiagnosticsEngine::Note      ? Said::Level::note
               : level == clang::DiagnosticsEngine::Remark  ? Said::Level::remark
               : level == clang::DiagnosticsEngine::Warning ? Said::Level::warning
                                                            : Said::Level::error;
  if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
    const Places places(diagnostic.getSourceManager());
    const clang::SourceLocation at = diagnostic.getLocation();
    clang::SourceRange range(at, at);
    if (diagnostic.getNumRanges() > 0 && diagnostic.getRange(0).isTokenRange() &&
        diagnostic.getRange(0).getBegin() == at)
      range = diagnostic.getRange(0).getAsRange();
    said.place = places.stretch(range, language_);
    for (const clang::FixItHint& fix : diagnostic.getFixItHints())
      said.fixes.push_back(
          {places.stretch(fix.RemoveRange.getAsRange(), language_), fix.CodeToInsert});
  }
  const bool is_error = said.level == Said::Level::error;
  found_.is_wrong = found_.is_wrong || is_error;
  found_.flags_are_wrong = found_.flags_are_wrong || (is_error && !is_in_file_);
  if (said.level == Said::Level::note && !found_.said.empty())
    found_.said.back().notes.push_back(std::move(said));
  else
    found_.said.push_back(std::move(said));
}

}  // namespace lambdapack::lpc
