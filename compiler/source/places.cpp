#include "source/places.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "clang/Lex/Lexer.h"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// The column of a place in characters, from 1; Clang counts bytes.
int column(const clang::SourceManager& sources, clang::SourceLocation at) {
  const unsigned bytes = sources.getPresumedLoc(at).getColumn();
  bool failed = false;
  const char* const end = sources.getCharacterData(at, &failed);
  if (failed) return static_cast<int>(bytes);
  return 1 + static_cast<int>(std::count_if(end - (bytes - 1), end, [](char c) {
           return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
         }));
}

}  // namespace

ir::Location Places::mark(clang::SourceRange range, clang::SourceLocation at) {
  const clang::PresumedLoc place = sources_.getPresumedLoc(sources_.getExpansionLoc(at));
  if (place.isInvalid()) return {};
  return add({range, {place.getFilename(), static_cast<int>(place.getLine())}});
}

ir::Location Places::mark(clang::SourceRange range, const ir::Location& like) {
  return add({range, real(like)});
}

ir::Location Places::add(Mark mark) {
  const std::string& file = mark.location.file;
  const std::size_t slash = file.find_last_of('/');
  const std::string base = slash == std::string::npos ? file : file.substr(slash + 1);
  const int line = mark.location.line;
  marks_.push_back(std::move(mark));
  return {text({"#", marks_.size(), "/", base}), line};
}

const Places::Mark* Places::find(const ir::Location& marked) const {
  if (marked.file.empty() || marked.file.front() != '#') return nullptr;
  const auto number = static_cast<std::size_t>(std::strtoul(marked.file.c_str() + 1, nullptr, 10));
  return number == 0 || number > marks_.size() ? nullptr : &marks_[number - 1];
}

clang::SourceRange Places::range(const ir::Location& marked) const {
  const Mark* mark = find(marked);
  return mark == nullptr ? clang::SourceRange() : mark->range;
}

ir::Location Places::real(const ir::Location& marked) const {
  const Mark* mark = find(marked);
  return mark == nullptr ? ir::Location() : mark->location;
}

ir::Program Places::real(ir::Program marked) const {
  for (ir::Scope& scope : marked.scopes) scope.location = real(scope.location);
  for (ir::Statement& statement : marked.statements) {
    statement.location = real(statement.location);
    for (ir::Access& access : statement.writes) access.location = real(access.location);
    for (ir::Access& access : statement.reads) access.location = real(access.location);
  }
  return marked;
}

Stretch Places::stretch(clang::SourceRange range, const clang::LangOptions& language) const {
  const clang::CharSourceRange whole = sources_.getExpansionRange(range);
  const clang::PresumedLoc begin = sources_.getPresumedLoc(whole.getBegin());
  if (begin.isInvalid()) return {};
  clang::SourceLocation behind = whole.getEnd();
  if (whole.isTokenRange()) {
    const unsigned length = clang::Lexer::MeasureTokenLength(behind, sources_, language);
    behind = behind.getLocWithOffset(static_cast<int>(length));
  }
  const clang::PresumedLoc end = sources_.getPresumedLoc(behind);
  if (end.isInvalid()) return {};
  return {begin.getFilename(), static_cast<int>(begin.getLine()),
          column(sources_, whole.getBegin()), static_cast<int>(end.getLine()),
          column(sources_, behind)};
}

}  // namespace lambdapack::lpc
