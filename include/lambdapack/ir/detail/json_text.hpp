// Strings, objects and lists as JSON text.
#pragma once

#include <jansson.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "lambdapack/error.hpp"

namespace lambdapack::ir::detail {

/// `text` in quotes, escaped. Throws program_error if it is not UTF-8.
inline std::string json_quoted(const std::string& text) {
  if (text.find('\0') != std::string::npos)
    throw program_error("cannot write the program as JSON: a name holds a zero byte");
  json_t* string = json_stringn(text.data(), text.size());
  if (string == nullptr)
    throw program_error("cannot write the program as JSON: \"" + text +
                        "\" is not UTF-8; expected names and file names in UTF-8");
  char* quoted = json_dumps(string, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref(string);
  if (quoted == nullptr) throw internal_error("JSON string could not be written");
  std::string result = quoted;
  std::free(quoted);
  return result;
}

/// Collects the members of a JSON object.
class JsonObject {
 public:
  JsonObject& add(const char* name, const std::string& json) {
    text_ += text_.empty() ? "{" : ",";
    text_ += '"';
    text_ += name;
    text_ += "\":";
    text_ += json;
    return *this;
  }
  JsonObject& add(const char* name, std::int64_t value) { return add(name, std::to_string(value)); }

  std::string text() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

/// A JSON array of what `json` makes of each item.
template <class Item, class Json>
std::string json_list(const std::vector<Item>& items, Json json, const char* separator = ",") {
  std::string text = "[";
  for (const Item& item : items) {
    if (&item != &items.front()) text += separator;
    text += json(item);
  }
  return text + ']';
}

}  // namespace lambdapack::ir::detail
