// How lpc says something: through Clang's own diagnostics, with a number at the end.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceManager.h"

namespace lambdapack::lpc {

/// Thrown where a construct was refused, after that was said.
struct Refused {};

/// Something said next to a diagnostic, at another place.
struct Note {
  std::string text;
  clang::SourceRange range;
};

/// A diagnostic before it is said.
struct Complaint {
  std::string code;
  std::string text;
  clang::SourceRange range;
  std::vector<clang::FixItHint> fixes = {};
  std::vector<Note> notes = {};
};

class Reporter {
 public:
  explicit Reporter(clang::DiagnosticsEngine& engine) : engine_(engine) {}

  using Level = clang::DiagnosticsEngine::Level;

  /// Says it, unless the same was said of the same place before: two instances of one template have
  /// one text.
  void say(Level level, const Complaint& complaint);
  void note(const Note& note);

  [[noreturn]] void refuse(const Complaint& complaint) {
    say(Level::Error, complaint);
    throw Refused{};
  }

  int errors() const { return errors_; }

  using Held = std::vector<std::pair<Level, Complaint>>;
  /// Until it is called with null, keeps what there is to say instead of saying it.
  void hold(Held* held) { held_ = held; }

 private:
  void emit(Level level, const std::string& text, clang::SourceRange range,
            const std::vector<clang::FixItHint>& fixes);

  clang::DiagnosticsEngine& engine_;
  std::vector<std::pair<clang::SourceLocation, std::string>> said_;
  int errors_ = 0;
  Held* held_ = nullptr;
};

}  // namespace lambdapack::lpc
