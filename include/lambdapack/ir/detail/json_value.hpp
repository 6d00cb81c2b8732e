// A parsed JSON document, read with suspicion: every look at it says what is expected there, and
// what does not fit is refused with its JSON pointer.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/ir/detail/number.hpp"
#include "lambdapack/ir/names.hpp"

namespace lambdapack::ir::detail {

/// The start of `text`, not longer than a message can bear, cut between UTF-8 characters.
inline std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 40;
  if (text.size() <= longest) return std::string(text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

/// A member name or an index as a part of a JSON pointer (RFC 6901).
inline std::string pointer_token(std::string_view name) {
  std::string token = "/";
  for (const char c : shortened(name)) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += c;
  }
  return token;
}

/// A value of a document, and where in the document it stands. The document outlives it. `subject`
/// is what messages call the document.
class JsonValue {
 public:
  JsonValue(json_t* value, std::string pointer, const char* subject = "program metadata")
      : value_(value), pointer_(std::move(pointer)), subject_(subject) {}

  [[noreturn]] void refuse(const std::string& expected) const {
    throw input_error(subject() + place() + ": expected " + expected + ", found " + description());
  }

  bool is_object() const { return json_is_object(value_); }
  bool is_integer() const { return json_is_integer(value_); }
  bool is_string() const { return json_is_string(value_); }
  bool is_null() const { return json_is_null(value_); }

  /// Whether this is an object with the member `name`.
  bool has(const char* name) const { return json_object_get(value_, name) != nullptr; }

  /// The member `name` of this object, which must be there.
  JsonValue member(const char* name) const {
    if (!is_object()) refuse("an object");
    json_t* found = json_object_get(value_, name);
    if (found == nullptr)
      throw input_error(subject() + place() + ": expected a member \"" + name + "\", found none");
    return JsonValue(found, pointer_ + pointer_token(name), subject_);
  }

  /// The names of this object's members, in the document's order.
  std::vector<std::string> names() const {
    if (!is_object()) refuse("an object");
    std::vector<std::string> names;
    for (void* i = json_object_iter(value_); i != nullptr; i = json_object_iter_next(value_, i))
      names.emplace_back(json_object_iter_key(i));
    return names;
  }

  /// Refuses members of this object other than `names`.
  void expect_only(std::initializer_list<const char*> names) const {
    if (!is_object()) refuse("an object");
    for (void* i = json_object_iter(value_); i != nullptr; i = json_object_iter_next(value_, i)) {
      const std::string_view key = json_object_iter_key(i);
      bool known = false;
      for (const char* name : names) known = known || key == name;
      if (!known) refuse_member(key, names);
    }
  }

  /// The number of elements of this array.
  std::size_t size() const {
    if (!json_is_array(value_)) refuse("an array");
    return json_array_size(value_);
  }

  /// Refuses anything but an array of `n` elements.
  void expect_size(std::size_t n, const char* what) const {
    if (!json_is_array(value_)) refuse(what);
    if (json_array_size(value_) != n)
      throw input_error(subject() + place() + ": expected " + what + ", found " +
                        std::to_string(json_array_size(value_)) + " elements");
  }

  JsonValue operator[](std::size_t i) const {
    return JsonValue(json_array_get(value_, i), pointer_ + '/' + std::to_string(i), subject_);
  }

  std::int64_t integer(std::int64_t least, std::int64_t most) const {
    if (is_integer()) {
      const std::int64_t value = json_integer_value(value_);
      if (value >= least && value <= most) return value;
    }
    refuse("an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }

  /// The position of one of `available` things of the kind `what`, or `least`, which may be -1.
  int id(std::size_t available, const char* what, int least = 0) const {
    const auto most = static_cast<std::int64_t>(available) - 1;
    if (most < least) refuse(std::string(what) + ", of which there are none");
    return static_cast<int>(integer(least, most));
  }

  /// A number; integers only as far as they are exact.
  double real() const {
    constexpr std::int64_t exact = std::int64_t{1} << 53;
    if (json_is_real(value_)) return json_real_value(value_);
    if (!is_integer()) refuse("a number, \"inf\", \"-inf\" or \"nan\"");
    return static_cast<double>(integer(-exact, exact));
  }

  bool boolean() const {
    if (!json_is_boolean(value_)) refuse("true or false");
    return json_is_true(value_);
  }

  std::string string() const {
    if (!is_string()) refuse("a string");
    return std::string(json_string_value(value_), json_string_length(value_));
  }

  /// The enumerator with this name.
  template <Named Enum>
  Enum name_of() const {
    if (is_string())
      for (std::size_t i = 0; i < std::size(Names<Enum>::list); ++i)
        if (string() == Names<Enum>::list[i]) return static_cast<Enum>(i);
    std::string names;
    for (const char* name : Names<Enum>::list)
      names += (names.empty() ? "one of \"" : ", \"") + std::string(name) + '"';
    refuse(names);
  }

 private:
  std::string subject() const { return std::string(subject_) + ": "; }

  std::string place() const { return pointer_.empty() ? "the document" : pointer_; }

  std::string description() const {
    switch (json_typeof(value_)) {
      case JSON_OBJECT:
        return "an object";
      case JSON_ARRAY:
        return "an array";
      case JSON_STRING:
        return '"' + shortened(string()) + '"';
      case JSON_INTEGER:
        return std::to_string(json_integer_value(value_));
      case JSON_REAL:
        return real_text(json_real_value(value_));
      case JSON_TRUE:
        return "true";
      case JSON_FALSE:
        return "false";
      case JSON_NULL:
        return "null";
    }
    throw internal_error("JSON value of an unknown type");
  }

  [[noreturn]] void refuse_member(std::string_view key,
                                  std::initializer_list<const char*> names) const {
    std::string known;
    for (const char* name : names)
      known += (known.empty() ? "\"" : ", \"") + std::string(name) + '"';
    throw input_error(subject() + pointer_ + pointer_token(key) +
                      ": expected none but the members " + known + ", found this one");
  }

  json_t* value_;
  std::string pointer_;
  const char* subject_;
};

/// What `read` makes of each element of an array.
template <class Read>
auto list_of(const JsonValue& values, Read read) {
  std::vector<decltype(read(values))> items;
  const std::size_t size = values.size();
  items.reserve(size);
  for (std::size_t i = 0; i < size; ++i) items.push_back(read(values[i]));
  return items;
}

/// Parses `text`; owns what it says. `subject` is what messages call it.
class JsonDocument {
 public:
  explicit JsonDocument(std::string_view text, const char* subject = "program metadata")
      : subject_(subject) {
    json_error_t error;
    root_ =
        json_loadb(text.empty() ? "" : text.data(), text.size(), JSON_REJECT_DUPLICATES, &error);
    if (root_ == nullptr)
      throw input_error(std::string(subject_) + " is not JSON: line " + std::to_string(error.line) +
                        ", column " + std::to_string(error.column) + ": " + error.text);
  }
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;
  ~JsonDocument() { json_decref(root_); }

  JsonValue root() const { return JsonValue(root_, "", subject_); }

 private:
  json_t* root_;
  const char* subject_;
};

}  // namespace lambdapack::ir::detail
