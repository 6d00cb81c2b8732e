// A photograph in a few singular values: the randomized singular value decomposition of rank k
// keeps k (m + n + 1) numbers of m n. The input is 1024 x 768 pixels of red, green and blue, a byte
// each; the pictures before and after are grey.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <lambdapack/algorithm/norm.hpp>
#include <lambdapack/algorithm/randomized_svd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/plot.hpp"
#include "../support/program.hpp"
#include "../support/table.hpp"

namespace {

constexpr std::size_t width = 1024, height = 768;
constexpr std::int64_t tile = 256, rank = 50;

/// The brightness of each pixel, from 0 to 1.
lp::TiledMatrix<double> read_picture(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (bytes.size() != 3 * width * height)
    throw std::runtime_error(path + " has " + std::to_string(bytes.size()) +
                             " bytes; expected 1024 x 768 pixels of 3 bytes");
  return examples::matrix_of(height, width, tile, tile, [&](std::size_t i, std::size_t j) {
    const auto part = [&](std::size_t colour) {
      return static_cast<double>(static_cast<unsigned char>(bytes[3 * (i * width + j) + colour]));
    };
    return (0.299 * part(0) + 0.587 * part(1) + 0.114 * part(2)) / 255;
  });
}

/// A grey picture in the BMP format.
template <class Brightness>
std::string bmp(const Brightness& brightness) {
  std::string out;
  const auto number = [&](std::uint32_t value, int bytes) {
    for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> 8 * k & 255);
  };
  constexpr std::uint32_t header = 14 + 40 + 4 * 256;
  out += "BM";
  number(header + static_cast<std::uint32_t>(width * height), 4);
  number(0, 4);
  number(header, 4);
  number(40, 4);
  number(static_cast<std::uint32_t>(width), 4);
  number(static_cast<std::uint32_t>(height), 4);
  number(1, 2);
  number(8, 2);
  for (int k = 0; k < 4; ++k) number(0, 4);
  number(256, 4);
  number(0, 4);
  for (std::uint32_t grey = 0; grey < 256; ++grey) number(grey * 0x010101, 4);
  for (std::size_t i = height; i-- > 0;)
    for (std::size_t j = 0; j < width; ++j)
      out += static_cast<char>(std::lround(255 * std::clamp(brightness(i, j), 0.0, 1.0)));
  return out;
}

void run(const std::vector<std::string>& files, const std::string& directory) {
  const lp::TiledMatrix<double> picture = read_picture(files[0]);

  const auto [U, s, V, reports] = lp::randomized_svd(picture, rank);

  const auto again = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::int64_t k = 0; k < rank; ++k)
      sum += U(static_cast<std::int64_t>(i), k) * s[static_cast<std::size_t>(k)] *
             V(static_cast<std::int64_t>(j), k);
    return sum;
  };
  double lost = 0;
  for (std::size_t i = 0; i < height; ++i)
    for (std::size_t j = 0; j < width; ++j) {
      const double d =
          picture(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)) - again(i, j);
      lost += d * d;
    }
  examples::Plot plot("Singular values of a photograph", "number", "log10 of the value");
  for (std::size_t k = 0; k < s.size(); ++k)
    plot.point(static_cast<double>(k + 1), std::log10(s[k]));
  examples::write_file(directory + "/singular-values.svg", plot.svg());
  examples::write_file(directory + "/before.bmp", bmp([&](std::size_t i, std::size_t j) {
                         return picture(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
                       }));
  examples::write_file(directory + "/after.bmp", bmp(again));
  const double kept = static_cast<double>(rank) * static_cast<double>(width + height + 1) /
                      static_cast<double>(width * height);
  std::printf("picture    %zu x %zu, %lld of its singular values\n", width, height,
              static_cast<long long>(rank));
  std::printf("size       %.1f %% of the numbers\n", 100 * kept);
  std::printf("error      %.2f %% of the picture's norm\n",
              100 * std::sqrt(lost) / lp::norm(picture));
  std::printf("pictures   %s/before.bmp, after.bmp, singular-values.svg\n", directory.c_str());
}

}  // namespace

int main(int argc, char** argv) { return examples::program(argc, argv, 1, "FACE.RGB", run); }
