#include "source/value.hpp"

namespace lambdapack::lpc {

Value copy(const Value& value) {
  Value result = value;
  if (Object* object = result.as<Object>()) {
    for (auto& [field, content] : object->fields)
      if (!field->getType()->isReferenceType()) content = cell(copy(*content));
    for (auto& [base, content] : object->bases) content = cell(copy(*content));
  }
  if (Elements* elements = result.as<Elements>())
    for (Cell& content : elements->cells) content = cell(copy(*content));
  return result;
}

}  // namespace lambdapack::lpc
