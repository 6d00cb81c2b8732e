#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "lambdapack/form/assembler.hpp"
#include "lambdapack/form/code.hpp"

namespace code_test {

namespace {

using namespace lambdapack::form;

struct Emitted {
  int tag;
  std::vector<std::int64_t> values;
  bool operator==(const Emitted&) const = default;
};

std::vector<Emitted> run(const std::vector<Word>& code, const std::vector<std::int64_t>& parameters,
                         const std::vector<std::int64_t>& point = {}) {
  std::vector<Emitted> all;
  Cursor cursor(code.data(), Entry{0}, parameters, point);
  int tag = 0, size = 0;
  std::int64_t values[max_tuple];
  while (cursor.next(tag, size, values)) all.push_back({tag, {values, values + size}});
  CHECK(Cursor(code.data(), Entry{0}, parameters, point).count() ==
        static_cast<std::int64_t>(all.size()));
  std::vector<Emitted> from_runs;
  Cursor by_runs(code.data(), Entry{0}, parameters, point);
  std::int64_t steps[max_tuple], times = 0;
  while (by_runs.next_run(tag, size, values, steps, times))
    for (; times > 0; --times) {
      from_runs.push_back({tag, {values, values + size}});
      for (int k = 0; k < size; ++k) values[k] += steps[k];
    }
  CHECK(from_runs == all);
  return all;
}

}  // namespace

TEST_CASE("a form that is not there emits nothing") {
  Cursor cursor(nullptr, Entry{}, {});
  CHECK_FALSE(cursor.any());
  CHECK(Cursor(nullptr, Entry{}, {}).count() == 0);
}

TEST_CASE("loops, with a step, empty, and one inside another") {
  Assembler out(1);
  const int i = out.scratch(), last = out.scratch(), j = out.scratch(), j_last = out.scratch();
  out.set(i, Affine::of(0));
  out.set(last, Affine{-1, {{0, 1}}});
  out.loop(i, last, 2, [&] {
    out.set(j, Affine::of_register(i));
    out.set(j_last, Affine{1, {{i, 1}}});
    out.loop(j, j_last, 1, [&] { out.emit(7, {Affine::of_register(i), Affine::of_register(j)}); });
  });
  out.end();
  const std::vector<Word> code = out.finish();
  CHECK(run(code, {0}).empty());
  CHECK(run(code, {-5}).empty());
  CHECK(run(code, {3}) == std::vector<Emitted>{{7, {0, 0}}, {7, {0, 1}}, {7, {2, 2}}, {7, {2, 3}}});
}

TEST_CASE("a loop that only emits is counted without being run") {
  Assembler out(1);
  const int i = out.scratch(), last = out.scratch();
  out.set(i, Affine::of(1));
  out.set(last, Affine::of_register(0));
  out.loop(i, last, 3, [&] { out.emit(0, {Affine::of_register(i)}); });
  out.end();
  const std::vector<Word> code = out.finish();
  const std::int64_t huge[] = {std::int64_t{1} << 60};
  CHECK(Cursor(code.data(), Entry{0}, huge).count() == ((std::int64_t{1} << 60) - 1) / 3 + 1);
  CHECK(run(code, {7}).size() == 3);
}

TEST_CASE("division and remainder round down, and the smaller and larger of two") {
  Assembler out(0);
  const int q = 1, r = 2, low = 3, high = 4;
  for (int reg = 0; reg < 5; ++reg) CHECK(out.scratch() == reg);
  out.floor_div(q, 0, 3);
  out.mod(r, 0, 3);
  out.min(low, q, r);
  out.max(high, q, r);
  out.emit(1, {Affine::of_register(q), Affine::of_register(r), Affine::of_register(low),
               Affine::of_register(high)});
  out.end();
  const std::vector<Word> code = out.finish();
  CHECK(run(code, {7}) == std::vector<Emitted>{{1, {2, 1, 1, 2}}});
  CHECK(run(code, {-7}) == std::vector<Emitted>{{1, {-3, 2, -3, 2}}});
  CHECK(run(code, {-6}) == std::vector<Emitted>{{1, {-2, 0, -2, 0}}});
}

TEST_CASE("jumps, and constants that do not fit") {
  Assembler out(1);
  const Assembler::Label end = out.label();
  out.if_negative(Affine{-5, {{0, 1}}}, end);
  out.if_nonzero(Affine{-10, {{0, 2}}}, end);
  out.emit(3, {});
  out.place(end);
  out.end();
  const std::vector<Word> code = out.finish();
  CHECK(run(code, {4}).empty());
  CHECK(run(code, {6}).empty());
  CHECK(run(code, {5}) == std::vector<Emitted>{{3, {}}});

  Assembler big(1);
  CHECK_THROWS_AS(big.set(0, Affine::of(std::int64_t{1} << 40)), lambdapack::program_error);
  CHECK_THROWS_AS(big.set(0, Affine{0, {{0, std::int64_t{1} << 33}}}), lambdapack::program_error);
}

}  // namespace code_test
