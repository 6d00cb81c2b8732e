#include "source/clang/collector.hpp"

#include <string_view>
#include <utility>

#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/TextDiagnostic.h"
#include "lambdapack/codes.hpp"
#include "llvm/Support/Process.h"
#include "source/codes.hpp"
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
  if (held_) say_held(held_->at);
  is_in_file_ = false;
  if (printer_) printer_->EndSourceFile();
}

void Collector::HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                                 const clang::Diagnostic& diagnostic) {
  llvm::SmallString<200> formatted;
  diagnostic.FormatDiagnostic(formatted);
  std::string message = formatted.str().str();
  if (level == clang::DiagnosticsEngine::Ignored || is_repeated(level, message)) return;
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
  if (held_ && level == clang::DiagnosticsEngine::Note) {
    if (is_cause(diagnostic))
      say_held(clang::FullSourceLoc(diagnostic.getLocation(), diagnostic.getSourceManager()));
    return;
  }
  if (held_) say_held(held_->at);
  if (level == clang::DiagnosticsEngine::Error && hold(diagnostic, message)) return;
  if (printer_) printer_->HandleDiagnostic(level, diagnostic);
  keep(level, diagnostic, std::move(message));
}

// That a kernel's result is not used is an error of lpc's own, lp-E108.
bool Collector::is_repeated(clang::DiagnosticsEngine::Level level,
                            const std::string& message) const {
  return level == clang::DiagnosticsEngine::Warning &&
         message.find("'nodiscard' attribute: lambdapack: ") != std::string::npos;
}

bool Collector::hold(const clang::Diagnostic& diagnostic, const std::string& message) {
  static constexpr std::string_view mark = "lambdapack: ";
  const std::size_t begin = message.find(mark);
  if (begin == std::string::npos || !message.starts_with("static assertion failed") ||
      !diagnostic.hasSourceManager())
    return false;
  held_ = Assertion{message.substr(begin + mark.size()),
                    clang::FullSourceLoc(diagnostic.getLocation(), diagnostic.getSourceManager())};
  return true;
}

/// Whether a note on an assertion that is held is the first outside of lambdapack's headers.
bool Collector::is_cause(const clang::Diagnostic& note) const {
  if (!note.hasSourceManager() || note.getLocation().isInvalid()) return false;
  const clang::SourceManager& sources = note.getSourceManager();
  const auto file_of = [&](clang::SourceLocation at) {
    const clang::PresumedLoc place = sources.getPresumedLoc(sources.getExpansionLoc(at));
    return place.isValid() ? std::string(place.getFilename()) : std::string();
  };
  const std::string asserted = file_of(held_->at);
  const std::size_t folder = asserted.rfind("/lambdapack/");
  return folder == std::string::npos ||
         !file_of(note.getLocation()).starts_with(asserted.substr(0, folder + 1) + "lambdapack/");
}

void Collector::say_held(clang::FullSourceLoc at) {
  const Assertion assertion = *std::exchange(held_, std::nullopt);
  Said said;
  said.code = assertion.message.find("affine") != std::string::npos ? lambdapack::codes::not_affine
                                                                    : codes::construct;
  said.message = assertion.message;
  said.place = Places(at.getManager()).stretch(clang::SourceRange(at, at), language_);
  if (printer_)
    clang::TextDiagnostic(llvm::errs(), language_, options_.get())
        .emitDiagnostic(at, clang::DiagnosticsEngine::Error, said.message + " [" + said.code + "]",
                        {}, {});
  add(std::move(said));
}

void Collector::keep(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic,
                     std::string message) {
  Said said;
  said.message = std::move(message);
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
  add(std::move(said));
}

void Collector::add(Said said) {
  const bool is_error = said.level == Said::Level::error;
  found_.is_wrong = found_.is_wrong || is_error;
  found_.flags_are_wrong = found_.flags_are_wrong || (is_error && !is_in_file_);
  if (said.level == Said::Level::note && !found_.said.empty())
    found_.said.back().notes.push_back(std::move(said));
  else
    found_.said.push_back(std::move(said));
}

}  // namespace lambdapack::lpc
