#include "source/value.hpp"

#include <algorithm>
#include <set>

namespace lambdapack::lpc {

std::int64_t new_store() {
  static std::int64_t last = 0;
  return ++last;
}

Pointer element_of(const Cell& array, std::int64_t index) {
  return {nullptr, array, index, array->as<Elements>()->store};
}

Value copy(const Value& value) {
  Value result = value;
  if (Elements* elements = result.as<Elements>()) elements->store = new_store();
  for_each_part(result, [](Cell& part) { part = cell(copy(*part)); });
  return result;
}

void put(Value& place, Value value) {
  Object *there = place.as<Object>(), *given = value.as<Object>();
  if (there != nullptr && given != nullptr && there->type == given->type) {
    for (const auto& [member, part] : given->fields)
      if (const auto found = there->fields.find(member);
          found != there->fields.end() && !member->getType()->isReferenceType())
        put(*found->second, *part);
      else
        there->fields[member] = part;
    for (const auto& [base, part] : given->bases)
      if (const auto found = there->bases.find(base); found != there->bases.end())
        put(*found->second, *part);
      else
        there->bases[base] = part;
    return;
  }
  Elements *old = place.as<Elements>(), *next = value.as<Elements>();
  if (old == nullptr || next == nullptr) {
    place = std::move(value);
    return;
  }
  // A sequence that grows or shrinks keeps the elements that it has in both cases.
  const std::size_t kept = std::min(old->cells.size(), next->cells.size());
  for (std::size_t k = 0; k < kept; ++k) {
    put(*old->cells[k], *next->cells[k]);
    next->cells[k] = old->cells[k];
  }
  for (std::size_t k = kept; k < old->cells.size(); ++k)
    *old->cells[k] = Unknown{"this was an element of a sequence that is shorter now"};
  old->cells = std::move(next->cells);
}

namespace {

void collect(const Cell& whole, std::set<const Value*>& parts) {
  parts.insert(whole.get());
  for_each_part(*whole, [&](const Cell& part) { collect(part, parts); });
}

/// Whether an object or a part of it names one of `named`; without those, any object at all.
bool names(const Value& value, const std::set<const Value*>* named) {
  const auto is_named = [&](const Cell& one) {
    return one != nullptr && (named == nullptr || named->contains(one.get()));
  };
  if (const Pointer* pointer = value.as<Pointer>())
    return is_named(pointer->target) || is_named(pointer->array);
  bool found = false;
  if (const Object* object = value.as<Object>())
    for (const auto& [member, part] : object->fields)
      found = found || (member->getType()->isReferenceType() && is_named(part));
  for_each_part(value, [&](const Cell& part) { found = found || names(*part, named); });
  return found;
}

}  // namespace

bool holds_itself(const Cell& whole) {
  if (!names(*whole, nullptr)) return false;
  std::set<const Value*> parts;
  collect(whole, parts);
  return names(*whole, &parts);
}

}  // namespace lambdapack::lpc
