// Principal components of 1,797 handwritten digits by the singular value decomposition:
//
//   X = U S V^H,   the rows of X images less their mean.
//
// The columns of U S are the components; the squares of S tell what part of the variance is in
// each.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <lambdapack/algorithm/svd.hpp>
#include <string>
#include <vector>

#include "../digits/digits_csv.hpp"
#include "../support/plot.hpp"
#include "../support/program.hpp"
#include "../support/table.hpp"

namespace {

constexpr std::int64_t tile = 64;

void run(const std::vector<std::string>& files, const std::string& directory) {
  const std::vector<digits::Image> images = digits::read_csv(files[0]);
  std::vector<double> mean(digits::pixel_count);
  for (const digits::Image& image : images)
    for (std::size_t p = 0; p < mean.size(); ++p)
      mean[p] += image.pixels[p] / static_cast<double>(images.size());
  const auto X = examples::matrix_of(
      images.size(), mean.size(), tile, tile,
      [&](std::size_t i, std::size_t p) { return images[i].pixels[p] - mean[p]; });

  const auto [U, s, V, reports] = lp::svd(X);

  double all = 0, first = 0;
  int for_90 = 0;
  for (const double value : s) all += value * value;
  for (double sum = 0; sum < 0.9 * all; ++for_90)
    sum += s[static_cast<std::size_t>(for_90)] * s[static_cast<std::size_t>(for_90)];
  first = s[0] * s[0] + s[1] * s[1];

  examples::Plot plot("Handwritten digits", "first component", "second component");
  for (int digit = 0; digit < 10; ++digit) plot.name(std::to_string(digit));
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    plot.point(U(row, 0) * s[0], U(row, 1) * s[1], images[i].digit);
  }
  const std::string picture = directory + "/pca.svg";
  examples::write_file(picture, plot.svg());
  std::printf("digits     %zu of %zu pixels\n", images.size(), mean.size());
  std::printf("variance   %.2f %% in two components; 90 %% takes %d of %zu\n", 100 * first / all,
              for_90, s.size());
  std::printf("picture    %s\n", picture.c_str());
}

}  // namespace

int main(int argc, char** argv) { return examples::program(argc, argv, 1, "DIGITS.CSV", run); }
