// The XML of S3's answers, flattened: which text is in which element.
#pragma once

#include <expat.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lambdapack::exec::cloud::s3 {

/// A text, and the way to it from the outermost element: `ListBucketResult/Contents/Key`.
struct XmlText {
  std::string path;
  std::string text;
};

namespace detail {

struct XmlReader {
  XML_Parser parser;
  std::string path{};
  std::string text{};
  std::vector<XmlText> found{};

  static void begin(void* self, const char* name, const char**) {
    auto& r = *static_cast<XmlReader*>(self);
    if (r.path.size() > 400) XML_StopParser(r.parser, XML_FALSE);
    if (!r.path.empty()) r.path += '/';
    r.path += name;
    r.text.clear();
  }
  static void end(void* self, const char*) {
    auto& r = *static_cast<XmlReader*>(self);
    r.found.push_back({r.path, r.text});
    r.text.clear();
    const std::size_t slash = r.path.rfind('/');
    r.path.resize(slash == std::string::npos ? 0 : slash);
  }
  static void characters(void* self, const char* bytes, int size) {
    static_cast<XmlReader*>(self)->text.append(bytes, static_cast<std::size_t>(size));
  }
  // No answer of S3 has one, and entities are how XML does harm.
  static void doctype(void* self, const char*, const char*, const char*, int) {
    XML_StopParser(static_cast<XmlReader*>(self)->parser, XML_FALSE);
  }
};

}  // namespace detail

/// The elements of a document in the order in which they end; nothing if it is no XML, or has a
/// document type.
inline std::optional<std::vector<XmlText>> read_xml(std::string_view document) {
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), &XML_ParserFree);
  detail::XmlReader reader{parser.get()};
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(parser.get(), &detail::XmlReader::begin, &detail::XmlReader::end);
  XML_SetCharacterDataHandler(parser.get(), &detail::XmlReader::characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), &detail::XmlReader::doctype);
  if (XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE) !=
      XML_STATUS_OK)
    return std::nullopt;
  return std::move(reader.found);
}

/// The text of the first element with this path; empty if there is none.
inline std::string text_at(const std::vector<XmlText>& document, std::string_view path) {
  for (const XmlText& t : document)
    if (t.path == path) return t.text;
  return "";
}

}  // namespace lambdapack::exec::cloud::s3
