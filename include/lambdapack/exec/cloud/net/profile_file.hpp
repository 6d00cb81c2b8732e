// The files in which AWS's tools keep profiles: credentials, regions, endpoints.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lambdapack::exec::cloud::net {

/// The value of an environment variable; nothing if it is not set or empty.
inline std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

/// Settings by profile. What is indented belongs to the line before it, and is left out.
using Profiles = std::map<std::string, std::map<std::string, std::string>>;

namespace detail {

inline std::string_view stripped(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace detail

/// What is in such a file; nothing if there is none. A section `[profile NAME]` is profile NAME.
inline Profiles read_profiles(const std::string& path) {
  Profiles result;
  std::ifstream file(path);
  std::string line, section;
  while (std::getline(file, line)) {
    const std::string_view words = detail::stripped(line);
    if (words.empty() || words.front() == '#' || words.front() == ';') continue;
    if (words.front() == '[') {
      std::string_view name = detail::stripped(words.substr(1, words.find(']') - 1));
      if (name.starts_with("profile ")) name = detail::stripped(name.substr(8));
      section = std::string(name);
      result[section];
      continue;
    }
    const std::size_t equals = words.find('=');
    if (equals == std::string_view::npos || line.front() == ' ' || line.front() == '\t') continue;
    result[section][std::string(detail::stripped(words.substr(0, equals)))] =
        std::string(detail::stripped(words.substr(equals + 1)));
  }
  return result;
}

/// The name of the profile that is in use.
inline std::string profile_name() {
  if (auto name = environment("AWS_PROFILE")) return *name;
  return environment("AWS_DEFAULT_PROFILE").value_or("default");
}

/// Where the file is that the variable names, or else `~/.aws/NAME`.
inline std::string profile_path(const char* variable, const char* name) {
  if (auto path = environment(variable)) return *path;
  return environment("HOME").value_or("") + "/.aws/" + name;
}

/// The file with credentials, and the one with the other settings.
inline std::string credentials_path() {
  return profile_path("AWS_SHARED_CREDENTIALS_FILE", "credentials");
}
inline std::string config_path() { return profile_path("AWS_CONFIG_FILE", "config"); }

/// A setting of the profile that is in use, from the configuration file.
inline std::optional<std::string> configured(const std::string& setting) {
  Profiles profiles = read_profiles(config_path());
  const auto& profile = profiles[profile_name()];
  const auto at = profile.find(setting);
  if (at == profile.end() || at->second.empty()) return std::nullopt;
  return at->second;
}

/// The region that environment or configuration name.
inline std::optional<std::string> default_region() {
  if (auto region = environment("AWS_REGION")) return region;
  if (auto region = environment("AWS_DEFAULT_REGION")) return region;
  return configured("region");
}

}  // namespace lambdapack::exec::cloud::net
