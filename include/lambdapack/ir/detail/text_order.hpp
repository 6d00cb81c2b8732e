// The order of a program's text: scopes and statements as a reader meets them.
//
// Scopes and statements are two lists; the text interleaves them. A statement opens the scopes up
// to its own that are not open yet, and closes those that do not enclose it. Scopes without any
// statement are opened when the scope around them closes, at the latest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir::detail {

/// A line of the text: a scope that opens, or a statement; `depth` scopes are open around it.
struct TextLine {
  bool is_scope = false;
  int id = 0;
  int depth = 0;
};

/// Walks along the text. The scopes must be listed in the order in which they open: the parent of
/// each is the scope before it, or a scope around that one, or the root.
class TextWalk {
 public:
  explicit TextWalk(const Program& program)
      : program_(program), last_inside_(program.scopes.size()) {
    for (int s = scope_count() - 1; s >= 0; --s) {
      int& last = last_inside_[index(s)];
      last = std::max(last, s);
      if (parent(s) >= 0) {
        int& last_of_parent = last_inside_[index(parent(s))];
        last_of_parent = std::max(last_of_parent, last);
      }
    }
  }

  /// Puts the next statement into the text; false if its scope has been closed already.
  bool place(int statement) {
    const int scope = program_.statements[index(statement)].scope;
    if (scope >= next_scope_)
      open_up_to(scope);
    else if (scope < 0 || is_open(scope))
      close_what_is_inside(scope);
    else
      return false;
    lines_.push_back({false, statement, depth()});
    return true;
  }

  /// Opens the scopes that are left.
  void finish() { open_up_to(scope_count() - 1); }

  const std::vector<TextLine>& lines() const { return lines_; }

 private:
  static std::size_t index(int id) { return static_cast<std::size_t>(id); }
  int scope_count() const { return static_cast<int>(program_.scopes.size()); }
  int parent(int scope) const { return program_.scopes[index(scope)].parent; }
  int depth() const { return static_cast<int>(open_.size()); }

  bool is_open(int scope) const { return std::binary_search(open_.begin(), open_.end(), scope); }

  void open_up_to(int scope) {
    for (; next_scope_ <= scope; ++next_scope_) {
      while (!open_.empty() && open_.back() > parent(next_scope_)) open_.pop_back();
      lines_.push_back({true, next_scope_, depth()});
      open_.push_back(next_scope_);
    }
  }

  void close_what_is_inside(int scope) {
    const auto inside = std::upper_bound(open_.begin(), open_.end(), scope);
    if (inside == open_.end()) return;
    open_up_to(last_inside_[index(*inside)]);
    while (!open_.empty() && open_.back() > scope) open_.pop_back();
  }

  const Program& program_;
  std::vector<int> last_inside_;
  std::vector<int> open_;
  std::vector<TextLine> lines_;
  int next_scope_ = 0;
};

/// The lines of a valid program's text.
inline std::vector<TextLine> text_of(const Program& program) {
  TextWalk walk(program);
  for (std::size_t s = 0; s < program.statements.size(); ++s) walk.place(static_cast<int>(s));
  walk.finish();
  return walk.lines();
}

}  // namespace lambdapack::ir::detail
