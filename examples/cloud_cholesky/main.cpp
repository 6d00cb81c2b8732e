// Factors a matrix by workers that come, go and die, and solves a system with it:
//   cloud_cholesky [ORDER [TILE [URL]]]
//   cloud_cholesky 2000 256 'cloud://?store=/tmp/runs&workers=2'
// The workers are this program too: main asks first whether it is one, and names the programs that
// they may be asked to run, those of lp::cholesky and lp::cholesky_solve.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <lambdapack/algorithm/cholesky.hpp>
#include <lambdapack/cloud.hpp>
#include <string>
#include <string_view>

namespace {

// The size that an argument gives.
std::int64_t size_of(const char* name, std::string_view text) {
  std::int64_t size = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (fault == std::errc() && end == text.data() + text.size() && size >= 1) return size;
  throw lp::input_error(std::string(name) + " was given '" + std::string(text) +
                        "'; expected a number of at least 1");
}

// A covariance of points on a line, which falls off with their distance.
double covariance(std::int64_t i, std::int64_t j) {
  const auto distance = static_cast<double>(i > j ? i - j : j - i);
  return std::exp(-distance / 20) + (i == j ? 0.5 : 0);
}

void factor_and_solve(std::int64_t n, std::int64_t tile, const std::string& url) {
  lp::TiledMatrix<double> A(n, n, tile), B(n, 1, tile);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) {
      A(i, j) = covariance(i, j);
      B(i, 0) += A(i, j);  // so that the solution is all ones
    }

  lp::cloud workers = lp::cloud::at(url);
  lp::exec::CloudBill bill;
  workers.on_bill = [&](const lp::exec::CloudBill& b) { bill = b; };
  const lp::exec::Report report = lp::cholesky(A, workers);
  std::printf(
      "order %lld: %lld tasks by %d workers, %.3f s, %.2f core seconds, %lld requests, "
      "%.1f MB, %.6f US dollars at AWS's prices\n",
      static_cast<long long>(n), static_cast<long long>(report.tasks), bill.workers, report.seconds,
      bill.core_seconds, static_cast<long long>(bill.gets + bill.puts),
      static_cast<double>(bill.bytes_read + bill.bytes_written) / 1e6, bill.money);
  lp::cholesky_solve(A, B, workers);

  double error = 0;
  for (std::int64_t i = 0; i < n; ++i) error = std::max(error, std::abs(B(i, 0) - 1));
  std::printf("the solution is off by %.1e at most\n", error);
}

}  // namespace

int main(int argc, char** argv) {
  if (lp::cloud::is_worker())
    return lp::cloud::work({lp::cloud::program(lp::algorithm::cholesky<double>),
                            lp::cloud::program(lp::algorithm::cholesky_solve<double>)});
  try {
    factor_and_solve(argc > 1 ? size_of("ORDER", argv[1]) : 2000,
                     argc > 2 ? size_of("TILE", argv[2]) : 256, argc > 3 ? argv[3] : "cloud://");
    return EXIT_SUCCESS;
  } catch (const lp::error& e) {
    std::fprintf(stderr, "cloud_cholesky: %s\n", e.what());
    return EXIT_FAILURE;
  }
}
