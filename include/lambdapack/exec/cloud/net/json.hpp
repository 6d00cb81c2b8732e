// JSON, by jansson, as far as servers speak it here.
#pragma once

#include <jansson.h>

#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace lambdapack::exec::cloud::net {

struct JsonFree {
  void operator()(json_t* json) const { json_decref(json); }
};

/// A JSON document; null if there is none.
using Json = std::unique_ptr<json_t, JsonFree>;

/// A document; null if the text is none.
inline Json read_json(std::string_view text) {
  return Json(json_loadb(text.data(), text.size(), JSON_ALLOW_NUL, nullptr));
}

/// A text in an object; empty if it is not there.
inline std::string text_of(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_string(value)) return "";
  return {json_string_value(value), json_string_length(value)};
}

inline std::string write_json(const Json& json) {
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(json.get(), JSON_COMPACT),
                                                         &std::free);
  if (!text) throw std::bad_alloc();
  return text.get();
}

/// An object of texts. Bytes that are no UTF-8 become '?'.
inline std::string write_json(
    std::initializer_list<std::pair<const char*, std::string_view>> fields) {
  const Json object(json_object());
  for (const auto& [name, value] : fields) {
    json_t* text = json_stringn(value.data(), value.size());
    if (text == nullptr) {
      std::string plain(value);
      for (char& c : plain)
        if (static_cast<unsigned char>(c) >= 128) c = '?';
      text = json_stringn(plain.data(), plain.size());
    }
    json_object_set_new(object.get(), name, text);
  }
  return write_json(object);
}

}  // namespace lambdapack::exec::cloud::net
