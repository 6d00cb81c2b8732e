#include "command.hpp"

namespace lprun {

const std::vector<Algorithm>& algorithms() {
  static const std::vector<Algorithm> all = [] {
    std::vector<Algorithm> found;
    for (const auto family :
         {cholesky_algorithms, product_algorithms, triangular_algorithms, lu_algorithms,
          qr_algorithms, least_squares_algorithms, svd_algorithms, heev_algorithms})
      for (Algorithm& algorithm : family()) found.push_back(std::move(algorithm));
    return found;
  }();
  return all;
}

}  // namespace lprun
