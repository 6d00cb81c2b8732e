#include "lpc/sarif.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>

#include "lambdapack/ir/detail/json_text.hpp"
#include "lambdapack/text.hpp"
#include "lpc/rules.hpp"

namespace lambdapack::lpc {

namespace {

using ir::detail::json_list;
using ir::detail::JsonObject;

/// How many bytes the UTF-8 character at `at` has; 0 if it is none.
std::size_t character_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char first = byte(at);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (at + length > text.size() || first == 0) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte(at + k) & 0xC0) != 0x80) return 0;
  if ((first == 0xE0 && byte(at + 1) < 0xA0) || (first == 0xED && byte(at + 1) >= 0xA0) ||
      (first == 0xF0 && byte(at + 1) < 0x90) || (first == 0xF4 && byte(at + 1) >= 0x90))
    return 0;
  return length;
}

/// A JSON string; what is not UTF-8 in a source file becomes question marks.
std::string quoted(const std::string& text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text, at);
    clean += length == 0 ? "?" : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return ir::detail::json_quoted(clean);
}

/// A file as an address: absolute ones begin with file://.
std::string uri(const std::string& file) {
  std::string result = file.starts_with('/') ? "file://" : "";
  for (const char c : file) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("/._-~").find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    char escaped[4];
    std::snprintf(escaped, sizeof escaped, "%%%02X", byte);
    result += escaped;
  }
  return result;
}

std::string region(const Stretch& place) {
  return JsonObject()
      .add("startLine", place.line)
      .add("startColumn", place.column)
      .add("endLine", place.end_line)
      .add("endColumn", place.end_column)
      .text();
}

std::string artifact(const Stretch& place) {
  return JsonObject().add("uri", quoted(uri(place.file))).text();
}

JsonObject location(const Stretch& place) {
  return JsonObject().add(
      "physicalLocation",
      JsonObject().add("artifactLocation", artifact(place)).add("region", region(place)).text());
}

std::string message(const std::string& text) {
  return JsonObject().add("text", quoted(text)).text();
}

std::string related(const Said& note) {
  return location(note.place).add("message", message(note.message)).text();
}

std::string fix(const Said::Fix& fix) {
  const std::string replacement = JsonObject()
                                      .add("deletedRegion", region(fix.place))
                                      .add("insertedContent", message(fix.text))
                                      .text();
  const std::string change = JsonObject()
                                 .add("artifactLocation", artifact(fix.place))
                                 .add("replacements", "[" + replacement + "]")
                                 .text();
  return JsonObject().add("artifactChanges", "[" + change + "]").text();
}

const char* level(Said::Level level) {
  return level == Said::Level::error ? "error" : level == Said::Level::warning ? "warning" : "note";
}

std::string result(const Said& said) {
  JsonObject object;
  object.add("ruleId", quoted(said.code.empty() ? "clang" : said.code));
  const auto known = std::find_if(rules().begin(), rules().end(),
                                  [&](const CodeTitle& rule) { return rule.code == said.code; });
  if (known != rules().end()) object.add("ruleIndex", known - rules().begin());
  object.add("level", quoted(level(said.level))).add("message", message(said.message));
  if (said.place.line > 0) object.add("locations", "[" + location(said.place).text() + "]");
  std::vector<Said> notes;
  for (const Said& note : said.notes)
    if (note.place.line > 0) notes.push_back(note);
  if (!notes.empty()) object.add("relatedLocations", json_list(notes, related));
  if (!said.fixes.empty()) object.add("fixes", json_list(said.fixes, fix));
  return object.text();
}

std::string rule(const CodeTitle& rule) {
  return JsonObject()
      .add("id", quoted(rule.code))
      .add("shortDescription", message(rule.title))
      .add("help", message(text({"docs/diagnostics/", rule.code, ".md"})))
      .text();
}

}  // namespace

std::string sarif(const std::vector<Said>& said, const std::string& version) {
  const std::vector<CodeTitle> all(rules().begin(), rules().end());
  const std::string driver = JsonObject()
                                 .add("name", quoted("lpc"))
                                 .add("version", quoted(version))
                                 .add("rules", json_list(all, rule, ",\n"))
                                 .text();
  const std::string run = JsonObject()
                              .add("tool", JsonObject().add("driver", driver).text())
                              .add("columnKind", quoted("unicodeCodePoints"))
                              .add("results", json_list(said, result, ",\n"))
                              .text();
  return JsonObject()
             .add("$schema", quoted("https://json.schemastore.org/sarif-2.1.0.json"))
             .add("version", quoted("2.1.0"))
             .add("runs", "[" + run + "]")
             .text() +
         "\n";
}

}  // namespace lambdapack::lpc
