// What a server says, made fit for a message.
#pragma once

#include <string>
#include <string_view>

namespace lambdapack::exec::cloud::net {

/// The first characters of a foreign text, with a blank for everything that is not printable ASCII.
inline std::string printable(std::string_view foreign, std::size_t most = 300) {
  std::string result;
  for (const char c : foreign.substr(0, most)) result += c >= ' ' && c <= '~' ? c : ' ';
  if (foreign.size() > most) result += "...";
  return result;
}

}  // namespace lambdapack::exec::cloud::net
