#include "source/reporter.hpp"

#include <algorithm>

namespace lambdapack::lpc {

void Reporter::emit(Level level, const std::string& text, clang::SourceRange range,
                    const std::vector<clang::FixItHint>& fixes) {
  const unsigned id = engine_.getCustomDiagID(level, "%0");
  clang::DiagnosticBuilder builder = engine_.Report(range.getBegin(), id);
  builder << text;
  if (range.isValid()) builder << clang::CharSourceRange::getTokenRange(range);
  for (const clang::FixItHint& fix : fixes) builder << fix;
}

void Reporter::say(Level level, const Complaint& complaint) {
  if (level == Level::Error) ++errors_;
  if (held_ != nullptr) {
    held_->emplace_back(level, complaint);
    return;
  }
  const auto entry = std::pair(complaint.range.getBegin(), complaint.text);
  if (std::find(said_.begin(), said_.end(), entry) != said_.end()) return;
  said_.push_back(entry);
  emit(level,
       complaint.code.empty() ? complaint.text : complaint.text + " [" + complaint.code + "]",
       complaint.range, complaint.fixes);
  for (const Note& one : complaint.notes) note(one);
}

void Reporter::note(const Note& note) { emit(Level::Note, note.text, note.range, {}); }

}  // namespace lambdapack::lpc
