// Everything about a run in one line: cloud://?store=DIR&queue=sqlite:DIR&workers=2
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/exec/cloud/net/url.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud {

/// The names and values of a URL's query.
class Url {
 public:
  Url() = default;

  /// Throws input_error unless the text is `cloud://?NAME=VALUE&...`.
  explicit Url(std::string_view text) {
    constexpr std::string_view scheme = "cloud://";
    if (!text.starts_with(scheme)) refuse(text, "it does not begin with cloud://");
    std::string_view rest = text.substr(scheme.size());
    if (rest.empty()) return;
    if (rest[0] != '?') refuse(text, "there is no '?' behind cloud://");
    rest.remove_prefix(1);
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      const std::size_t equals = part.find('=');
      if (equals == std::string_view::npos || equals == 0)
        refuse(text, lambdapack::text({"\"", part, "\" is not NAME=VALUE"}));
      values_[std::string(part.substr(0, equals))] = decoded(text, part.substr(equals + 1));
    }
  }

  Url& set(const std::string& name, std::string value) {
    values_[name] = std::move(value);
    return *this;
  }
  Url& set(const std::string& name, std::int64_t value) { return set(name, std::to_string(value)); }

  /// The value, or `otherwise` if it is not there.
  std::string get(const std::string& name, const std::string& otherwise = {}) const {
    const auto at = values_.find(name);
    return at == values_.end() ? otherwise : at->second;
  }
  /// The same, as an integer. Throws input_error if it is none from `least` on.
  std::int64_t integer(const std::string& name, std::int64_t otherwise,
                       std::int64_t least = 0) const {
    const auto at = values_.find(name);
    if (at == values_.end()) return otherwise;
    std::int64_t value = 0;
    const char* const end = at->second.data() + at->second.size();
    const auto [rest, error] = std::from_chars(at->second.data(), end, value);
    if (error != std::errc() || rest != end || value < least)
      throw input_error(text({"lambdapack: ", name, "=", at->second,
                              " in a cloud:// URL: expected an integer of at least ", least}));
    return value;
  }

  /// The same, as a number. Throws input_error if it is none from 0 on.
  double real(const std::string& name, double otherwise) const {
    const auto at = values_.find(name);
    if (at == values_.end()) return otherwise;
    double value = 0;
    const char* const end = at->second.data() + at->second.size();
    const auto [rest, error] = std::from_chars(at->second.data(), end, value);
    if (error != std::errc() || rest != end || !(value >= 0))
      throw input_error(text({"lambdapack: ", name, "=", at->second,
                              " in a cloud:// URL: expected a number from 0 on"}));
    return value;
  }

  /// Throws input_error if there is a name that is not one of these.
  void expect_only(const std::vector<std::string>& names) const {
    for (const auto& [name, value] : values_) {
      bool known = false;
      std::string all;
      for (const std::string& n : names) {
        known = known || n == name;
        all += text({all.empty() ? "" : ", ", n});
      }
      if (!known)
        throw input_error(text({"lambdapack: a cloud:// URL has no ", name, "; expected ", all}));
    }
  }

  std::string text_form() const {
    std::string url = "cloud://";
    for (const auto& [name, value] : values_) {
      url += url.size() == 8 ? '?' : '&';
      url += name + "=";
      for (const char c : value) {
        const auto u = static_cast<unsigned char>(c);
        if (u > 32 && u < 127 && c != '%' && c != '&' && c != '+')
          url += c;
        else
          url += text({"%", std::string(1, digits[u >> 4]), std::string(1, digits[u & 15])});
      }
    }
    return url;
  }

 private:
  static constexpr const char* digits = "0123456789ABCDEF";

  [[noreturn]] static void refuse(std::string_view text, const std::string& why) {
    throw input_error(
        lambdapack::text({"lambdapack: \"", net::detail::without_user(text),
                          "\" is no URL of a run: ", why, "; write cloud://?store=DIR&workers=2"}));
  }

  static std::string decoded(std::string_view all, std::string_view value) {
    std::optional<std::string> plain = net::percent_decode(value);
    if (!plain) refuse(all, "two hexadecimal digits are missing behind a '%'");
    return *std::move(plain);
  }

  std::map<std::string, std::string> values_;
};

}  // namespace lambdapack::exec::cloud
