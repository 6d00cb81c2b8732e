#include "emit/form_uses.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>
#include <variant>

namespace lambdapack::lpc {

namespace {

/// The variables that something depends on.
class Uses {
 public:
  // From the end on; whatever is not used behind its place is not used.
  void visit(Block& block) {
    Block kept;
    for (std::size_t k = block.size(); k-- > 0;)
      if (keep(block[k])) kept.push_back(std::move(block[k]));
    std::reverse(kept.begin(), kept.end());
    block = std::move(kept);
  }

 private:
  void add(const Sum& s) {
    for (const auto& [variable, coefficient] : s.terms) used_.insert(variable);
  }
  void add(const Condition& c) {
    add(c.sum);
    for (const Condition& part : c.parts) add(part);
  }
  void add(const If& s) { add(s.condition); }
  void add(const For& s) {
    add(s.first);
    add(s.last);
    add(s.step);
  }
  void add(const Emit& s) {
    for (const Sum& v : s.values) add(v);
  }

  bool keep(Statement& s) {
    if (auto* let = std::get_if<Let>(&s.what)) {
      if (!used_.contains(let->variable)) return false;
      add(let->of);
      add(let->by);
    } else if (auto* assign = std::get_if<Assign>(&s.what)) {
      if (!used_.contains(assign->variable)) return false;
      add(assign->value);
    } else if (auto* declare = std::get_if<Declare>(&s.what)) {
      return used_.contains(declare->variable);
    } else if (auto* choice = std::get_if<If>(&s.what)) {
      visit(choice->otherwise);
      visit(choice->then);
      if (choice->then.empty() && choice->otherwise.empty()) return false;
      add(*choice);
    } else if (auto* loop = std::get_if<For>(&s.what)) {
      visit(loop->body);
      if (loop->body.empty()) return false;
      add(*loop);
    } else {
      add(std::get<Emit>(s.what));
    }
    return true;
  }

  std::set<Variable> used_;
};

}  // namespace

void drop_unused(Block& block) { Uses().visit(block); }

}  // namespace lambdapack::lpc
