// The handwritten digits: 1,797 images of 8 x 8 pixels, one a line, 64 numbers from 0 to 16 and the
// digit that it shows, separated by commas. (UCI "Optical Recognition of Handwritten Digits".)
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace digits {

inline constexpr std::size_t image_count = 1797;
inline constexpr std::size_t pixel_count = 64;

/// One image, pixels from 0 (white) to 1 (black), and what it shows.
struct Image {
  std::array<double, pixel_count> pixels{};
  int digit = 0;
};

namespace detail {

inline std::runtime_error wrong(const std::string& file, std::size_t line,
                                const std::string& what) {
  return std::runtime_error(file + ":" + std::to_string(line) + ": " + what);
}

/// A number from 0 to `most`; throws with the place if the field is none.
inline double number_in(std::string_view field, double most, const std::string& file,
                        std::size_t line, std::size_t column) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || !(value >= 0 && value <= most))
    throw wrong(file, line,
                "column " + std::to_string(column) + " is '" + std::string(field) +
                    "', but should be a number from 0 to " +
                    std::to_string(static_cast<int>(most)));
  return value;
}

inline Image parse(std::string_view text, const std::string& file, std::size_t line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::size_t comma = text.find(',', at);
    fields.push_back(text.substr(at, comma == std::string_view::npos ? comma : comma - at));
    at = comma == std::string_view::npos ? comma : comma + 1;
  }
  if (fields.size() != pixel_count + 1)
    throw wrong(file, line,
                "the line has " + std::to_string(fields.size()) + " columns, but should have " +
                    std::to_string(pixel_count + 1) + ": 64 pixels and the digit");
  Image image;
  for (std::size_t p = 0; p < pixel_count; ++p)
    image.pixels[p] = number_in(fields[p], 16, file, line, p + 1) / 16;
  const double digit = number_in(fields[pixel_count], 9, file, line, pixel_count + 1);
  image.digit = static_cast<int>(digit);
  if (image.digit != digit)
    throw wrong(file, line,
                "the digit is '" + std::string(fields[pixel_count]) +
                    "', but should be a whole number from 0 to 9");
  return image;
}

}  // namespace detail

/// All images of the file. Throws std::runtime_error, with file and line, where it is not as
/// described above.
inline std::vector<Image> read_csv(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot open " + file + "; tools/demo fetches the digits");
  std::vector<Image> images;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    images.push_back(detail::parse(line, file, images.size() + 1));
  }
  if (in.bad()) throw std::runtime_error("cannot read " + file);
  if (images.size() != image_count)
    throw std::runtime_error(file + " has " + std::to_string(images.size()) +
                             " images, but should have " + std::to_string(image_count) +
                             "; fetch it again with tools/demo");
  return images;
}

}  // namespace digits
