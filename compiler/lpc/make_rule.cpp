#include "lpc/make_rule.hpp"

#include <string_view>

namespace lambdapack::lpc {

namespace {

/// A name with what means something to make taken literally.
std::string escaped(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == ' ' || c == '#') result += '\\';
    if (c == '$') result += '$';
    result += c;
  }
  return result;
}

}  // namespace

std::string make_rule(const std::string& output, const std::set<std::string>& files) {
  std::string rule = escaped(output) + ":";
  for (const std::string& file : files) rule += " \\\n " + escaped(file);
  return rule + "\n";
}

}  // namespace lambdapack::lpc
