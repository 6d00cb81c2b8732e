// The bytes of pivots and candidates, and what is made of those that nobody wrote.
#include <algorithm>
#include <catch2/catch.hpp>
#include <complex>
#include <cstdint>
#include <cstring>
#include <vector>

#include "lambdapack/kernel/calu.hpp"
#include "reference.hpp"

namespace lu_payloads_test {

namespace {

using Candidates = lp::Candidates<double>;

template <class Payload>
std::vector<std::byte> bytes_of(const Payload& payload) {
  std::vector<std::byte> bytes(payload.byte_size());
  payload.write_bytes(bytes);
  return bytes;
}

std::vector<std::byte> bytes_of_integers(const std::vector<std::int64_t>& integers) {
  std::vector<std::byte> bytes(integers.size() * sizeof(std::int64_t));
  if (!integers.empty()) std::memcpy(bytes.data(), integers.data(), bytes.size());
  return bytes;
}

Candidates candidates(std::vector<Candidates::Origin> origins, std::int64_t rows) {
  return {lp::tile::Dense<double>::zeros(rows, 2), std::move(origins)};
}

}  // namespace

TEMPLATE_TEST_CASE("a panel that is factored twice has the same bytes", "[kernel]", float, double,
                   std::complex<float>, std::complex<double>) {
  using T = TestType;
  for (const std::int64_t rows : {5, 64, 300}) {
    CAPTURE(rows);
    const auto tile = reference::random_tile<T>(rows, 9);
    const void* const tiles[] = {&tile};
    std::vector<std::byte> first;
    for (const int turn : {0, 1}) {
      lp::tile::Dense<T> panel;
      lp::Pivots pivots;
      const auto factor = [&] {
        lp::kernel::getrf_panel<T>(lp::out<T>(&panel), lp::out<lp::Pivots>(&pivots),
                                   lp::in_list<T>(tiles));
      };
      factor();
      const std::int64_t held = panel.rows();
      {
        // What a panel of this size finds in the memory that it gets.
        panel = {};
        lp::tile::Dense<T> before(held, 9);
        std::fill_n(before.data(), before.size(), T(lp::real_t<T>(turn + 1)));
      }
      factor();
      if (turn == 0) first = bytes_of(panel);
      CHECK((bytes_of(panel) == first));
    }
  }
}

TEST_CASE("pivots are read as they were written") {
  const lp::Pivots pivots(9, 3, {4, 1, 8}, 1);
  const lp::Pivots read = lp::Pivots::read_bytes(bytes_of(pivots));
  CHECK(read.rows() == 9);
  CHECK(read.tile_rows() == 3);
  CHECK(read.zero() == 1);
  CHECK(read.swaps() == pivots.swaps());
  CHECK(read.top() == std::vector<std::int64_t>{4, 1, 8});
  CHECK(read.moved() == std::vector<std::int64_t>{4, 8});
  CHECK(read.moved_from() == std::vector<std::int64_t>{0, 2});
  CHECK(lp::Pivots::read_bytes(bytes_of(lp::Pivots())).rows() == 0);
}

TEST_CASE("bytes that are no pivots are refused") {
  // rows, rows of a tile, column of the first zero, exchanges
  for (const std::vector<std::int64_t>& integers :
       std::vector<std::vector<std::int64_t>>{{},
                                              {5, 2},
                                              {std::int64_t{1} << 61, 2, -1, 0},
                                              {1, 2, -1, 0, 1},
                                              {-1, 2, -1},
                                              {5, -7, -1, 0},
                                              {5, 0, -1, 0},
                                              {5, 2, -5, 0},
                                              {5, 2, 1, 0},
                                              {5, 2, -1, 5},
                                              {5, 2, -1, 1, 0}}) {
    CAPTURE(integers);
    CHECK_THROWS_AS(lp::Pivots::read_bytes(bytes_of_integers(integers)), lp::input_error);
  }
}

TEST_CASE("candidates are read as they were written, and damaged ones refused") {
  const Candidates good = candidates({{0, 1}, {2, 0}}, 2);
  const std::vector<std::byte> bytes = bytes_of(good);
  const Candidates read = Candidates::read_bytes(bytes);
  CHECK(read.origins.size() == 2);
  CHECK(read.origins[1].tile == 2);
  CHECK(read.rows.rows() == 2);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS(Candidates::read_bytes(std::span(bytes).first(size)), lp::input_error);
  CHECK_THROWS_AS(Candidates::read_bytes(bytes_of(candidates({{0, 1}}, 3))), lp::input_error);
  CHECK_THROWS_AS(Candidates::read_bytes(bytes_of(candidates({{99, -1}}, 1))), lp::input_error);
  CHECK_THROWS_AS(Candidates::read_bytes(bytes_of(candidates({{-1, 0}}, 1))), lp::input_error);
}

TEST_CASE("a winner that is no row of its panel is refused") {
  using Dense = lp::tile::Dense<double>;
  const Dense tile = Dense::zeros(2, 2);
  const void* const tiles[] = {&tile, &tile};
  for (const auto& origins : std::vector<std::vector<Candidates::Origin>>{
           {{0, 0}, {2, 0}}, {{0, 2}, {1, 0}}, {{1, 1}, {1, 1}}, {{INT64_MAX, 0}, {0, 0}}}) {
    const Candidates best = candidates(origins, 2);
    Dense top, displaced;
    lp::Pivots pivots;
    CHECK_THROWS_AS(
        lp::kernel::getrf_chosen<double>(lp::out<double>(&top), lp::out<double>(&displaced),
                                         lp::out<lp::Pivots>(&pivots), lp::in<Candidates>(&best),
                                         lp::in_list<double>(tiles)),
        lp::input_error);
  }
}

}  // namespace lu_payloads_test
