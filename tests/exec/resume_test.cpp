// Runs that go on from the tiles that an earlier one has saved.
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <lambdapack/lambdapack.hpp>

#include "support/folder.hpp"
#include "support/user_store.hpp"

namespace resume_test {

namespace {

namespace fs = std::filesystem;
using test_support::Folder;

// The call of a kernel that fails, from 0; none if it is negative. How it fails.
std::atomic<int> calls_left{-1};
bool dies = false;

void one_call() {
  if (calls_left.load() < 0 || calls_left.fetch_sub(1) > 0) return;
  if (dies) _exit(9);
  calls_left = 0;  // whoever runs beside fails too
  throw std::runtime_error("the power is cut");
}

void scale(lp::inout<double> a, double by) {
  for (std::int64_t k = 0; k < a.rows() * a.cols(); ++k) a.data()[k] = a.data()[k] * by + 1;
}

const auto own_potrf = lp::make_kernel("own_potrf", [](lp::inout<double> a) {
  one_call();
  scale(a, 0.5);
});
const auto own_trsm = lp::make_kernel("own_trsm", [](lp::in<double> l, lp::inout<double> a) {
  one_call();
  scale(a, l.data()[0]);
});
const auto own_syrk =
    lp::make_kernel("own_syrk", [](lp::inout<double> c, lp::in<double> a, lp::in<double> b) {
      one_call();
      scale(c, a.data()[0] - b.data()[0]);
    });
const auto own_shift = lp::make_kernel("own_shift", [](lp::inout<double> a, double by) {
  one_call();
  for (std::int64_t k = 0; k < a.rows() * a.cols(); ++k) a.data()[k] += by;
});
const auto own_copy = lp::make_kernel("own_copy", [](lp::out<double> to, lp::in<double> from) {
  one_call();
  *to = *from;
});
const auto halves =
    lp::make_kernel("halves", [](lp::out<double> low, lp::out<double> high, lp::in<double> from) {
      one_call();
      *low = *high = *from;
      for (std::int64_t k = 0; k < from.rows() * from.cols(); ++k) high.data()[k] += 7;
    });

void in_place(lp::InOut<double, 2> A) {
  const auto n = A.extent(0);
  for (auto k : lp::range(n)) {
    A(k, k) = own_potrf(A(k, k));
    for (auto i : lp::range(k + 1, n)) {
      A(i, k) = own_trsm(A(k, k), A(i, k));
      for (auto j : lp::range(k + 1, i + 1)) A(i, j) = own_syrk(A(i, j), A(i, k), A(j, k));
    }
  }
}

// Two results, one of them in memory, of tasks with two outputs each.
void apart(lp::In<double, 2> A, lp::Out<double, 2> L, lp::Out<double, 1> d) {
  const auto n = A.extent(0);
  auto W = lp::temp<double, 2>("W");
  for (auto i : lp::range(n))
    for (auto j : lp::range(n)) W(i, j) = own_copy(A(i, j));
  for (auto i : lp::range(n)) {
    for (auto j : lp::range(i + 1, n)) {
      lp::tie(L(i, j), L(j, i)) = halves(W(i, j));
    }
    lp::tie(L(i, i), d(i)) = halves(W(i, i));
  }
}

constexpr std::int64_t tile = 3, tiles = 4;

// Ragged, unless told otherwise.
lp::TiledMatrix<double> start_matrix(std::int64_t side = tiles * tile - 1) {
  lp::TiledMatrix<double> A(side, side, tile);
  for (std::int64_t i = 0; i < side; ++i)
    for (std::int64_t j = 0; j < side; ++j) A(i, j) = static_cast<double>(i * i + 3 * j) / 8;
  return A;
}

bool equal(const lp::TiledMatrix<double>& a, const lp::TiledMatrix<double>& b) {
  const auto x = a.to_dense(), y = b.to_dense();
  return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
}

std::vector<std::string> files_of(const Folder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path()))
    names.push_back(entry.path().filename());
  return names;
}

// Runs that fail at a later call each time, until one does not. Returns how many calls all took.
template <class Run>
int run_to_the_end(int step, Run run) {
  int calls = 0;
  for (int k = 0; k < 1000; ++k) {
    calls_left = step;
    try {
      const lp::exec::Report report = run();
      calls += static_cast<int>(report.tasks);
      calls_left = -1;
      return calls;
    } catch (const lp::run_error&) {
      calls += step;
    }
    step += 1;
  }
  FAIL("no run came to its end");
  return calls;
}

template <class Test>
void on_executors(Test test) {
  test(lp::sequential{});
  test(lp::threads{1});
  test(lp::threads{3});
}

const lp::ZarrOptions resumable{.resume = true};

}  // namespace

TEST_CASE("a run in place goes on from the tiles that failed runs have saved") {
  auto expected = start_matrix();
  lp::run(lp::sequential{}, in_place, expected);
  constexpr int all = tiles * (tiles + 1) * (tiles + 2) / 6;
  on_executors([&](const auto& executor) {
    for (int step = 0; step <= all; ++step) {
      const Folder folder;
      lp::write_zarr(folder.file("A.zarr"), start_matrix());
      run_to_the_end(step, [&] {
        return lp::run(executor, in_place, lp::zarr<double>(folder.file("A.zarr"), resumable));
      });
      CHECK(equal(lp::read_zarr<double>(folder.file("A.zarr")), expected));
      CHECK(files_of(folder) == std::vector<std::string>{"A.zarr"});
    }
  });
}

TEST_CASE("tasks whose results are saved do not run again") {
  const Folder folder;
  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  auto A = lp::zarr<double>(folder.file("A.zarr"), resumable);
  constexpr int all = tiles * (tiles + 1) * (tiles + 2) / 6;
  calls_left = all - 1;
  CHECK_THROWS_AS(lp::run(lp::sequential{}, in_place, A), lp::run_error);
  calls_left = -1;
  const lp::exec::Report report = lp::run(lp::sequential{true}, in_place, A);
  CHECK(report.resumed);
  // The last diagonal tile is missing: its three updates and its own task.
  CHECK(report.tasks == tiles);
  for (const lp::exec::Event& e : report.events)
    CHECK(report.graph->output(e.node, 0).indices == lp::Indices{tiles - 1, tiles - 1});
  CHECK_FALSE(lp::run(lp::sequential{}, in_place, A).resumed);
}

TEST_CASE("results that are lost with the process are made again, the others are not") {
  constexpr std::int64_t side = tiles * tile;
  lp::TiledMatrix<double> expected(side, side, tile), expected_d(side, tile, tile);
  const auto A = start_matrix(side);
  lp::run(lp::sequential{}, apart, A, expected, expected_d);
  on_executors([&](const auto& executor) {
    for (int step = 0; step < 2 * tiles * tiles; step += 3) {
      const Folder folder;
      lp::TiledMatrix<double> d(side, tile, tile);
      run_to_the_end(step, [&] {
        d = lp::TiledMatrix<double>(side, tile, tile);
        return lp::run(executor, apart, A,
                       lp::zarr<double>(folder.file("L.zarr"), side, side, tile, resumable), d);
      });
      CHECK(equal(lp::read_zarr<double>(folder.file("L.zarr")), expected));
      CHECK(equal(d, expected_d));
    }
  });
}

TEST_CASE("a run goes on where a process was killed") {
  auto expected = start_matrix();
  lp::run(lp::sequential{}, in_place, expected);
  const Folder folder;
  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  auto A = lp::zarr<double>(folder.file("A.zarr"), resumable);
  const lp::Compiled known = lp::compile(in_place);  // before the fork
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dies = true;
    calls_left = 13;
    try {
      lp::run(lp::sequential{}, in_place, A);
    } catch (...) {
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 9);
  const lp::exec::Report report = lp::run(lp::threads{2}, in_place, A);
  CHECK(report.resumed);
  CHECK(report.tasks < 20);
  CHECK(equal(lp::read_zarr<double>(folder.file("A.zarr")), expected));
}

TEST_CASE("a run of another program or size, and half a chunk, are not gone on from") {
  const Folder folder;
  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  auto A = lp::zarr<double>(folder.file("A.zarr"), resumable);
  calls_left = 15;
  CHECK_THROWS_AS(lp::run(lp::sequential{}, in_place, A), lp::run_error);
  calls_left = -1;
  const auto other = [](lp::InOut<double, 2> B) {
    for (auto k : lp::range(B.extent(0))) B(k, k) = own_potrf(B(k, k));
  };
  CHECK_FALSE(lp::run(lp::sequential{}, other, A).resumed);

  fs::remove_all(folder.file("A.zarr"));
  for (const std::string& name : files_of(folder)) fs::remove_all(folder.file(name));
  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  calls_left = 15;
  CHECK_THROWS_AS(lp::run(lp::sequential{}, in_place, A), lp::run_error);
  calls_left = -1;
  std::string kept;
  for (const std::string& name : files_of(folder))
    if (name.starts_with(".A.zarr.kept-")) kept = name;
  REQUIRE_FALSE(kept.empty());
  fs::rename(folder.file(kept + "/3.0"), folder.file(kept + "/3.0.part"));
  CHECK(lp::run(lp::sequential{}, in_place, A).resumed);
  auto expected = start_matrix();
  lp::run(lp::sequential{}, in_place, expected);
  CHECK(equal(lp::read_zarr<double>(folder.file("A.zarr")), expected));
  CHECK_FALSE(folder.has("A.zarr/3.0.part"));
}

TEST_CASE("a run that would read something else begins from nothing") {
  const Folder folder;
  auto A = lp::zarr<double>(folder.file("A.zarr"), resumable);
  const auto fail_in_place = [&] {
    lp::write_zarr(folder.file("A.zarr"), start_matrix());
    calls_left = 15;
    CHECK_THROWS_AS(lp::run(lp::sequential{}, in_place, A), lp::run_error);
    calls_left = -1;
  };
  fail_in_place();
  auto other = start_matrix();
  other(0, 0) += 1;
  lp::write_zarr(folder.file("A.zarr"), other);
  CHECK_FALSE(lp::run(lp::sequential{}, in_place, A).resumed);
  lp::run(lp::sequential{}, in_place, other);
  CHECK(equal(lp::read_zarr<double>(folder.file("A.zarr")), other));

  constexpr std::int64_t side = tiles * tile;
  auto B = start_matrix(side);
  lp::TiledMatrix<double> d(side, tile, tile);
  const auto L = [&] {
    return lp::zarr<double>(folder.file("L.zarr"), side, side, tile, resumable);
  };
  calls_left = 20;
  CHECK_THROWS_AS(lp::run(lp::sequential{}, apart, B, L(), d), lp::run_error);
  B(side - 1, 0) += 1;
  calls_left = -1;
  d = lp::TiledMatrix<double>(side, tile, tile);
  CHECK_FALSE(lp::run(lp::sequential{}, apart, B, L(), d).resumed);
}

TEST_CASE("a compiled program knows the constants that it was traced with") {
  const auto shifted = [](lp::InOut<double, 2> A, float by) {
    for (auto k : lp::range(A.extent(0))) A(k, k) = own_shift(A(k, k), by);
  };
  const auto start = [&](const lp::Compiled& compiled, auto& A) {
    return lp::sequential{}.start(compiled.job({lp::bind(A, 2)}, {})).wait();
  };
  const Folder folder;
  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  auto A = lp::zarr<double>(folder.file("A.zarr"), resumable);
  calls_left = 3;
  CHECK_THROWS_AS(start(lp::compile(shifted, 2), A), lp::run_error);
  calls_left = -1;
  CHECK_FALSE(start(lp::compile(shifted, 3), A).resumed);

  lp::write_zarr(folder.file("A.zarr"), start_matrix());
  calls_left = 3;
  CHECK_THROWS_AS(start(lp::compile(shifted, 2), A), lp::run_error);
  calls_left = -1;
  CHECK(lp::run(lp::sequential{}, shifted, A, 2.0).resumed);
}

TEST_CASE("a run that was given other options for the array begins from nothing") {
  constexpr std::int64_t side = tiles * tile;
  const auto A = start_matrix(side);
  lp::TiledMatrix<double> d(side, tile, tile), expected = A, expected_d = d;
  lp::run(lp::sequential{}, apart, A, expected, expected_d);
  const lp::ZarrOptions options[] = {{.resume = true},
                                     {.zstd = 3, .resume = true},
                                     {.separator = '/', .resume = true},
                                     {.zstd = 3, .separator = '/', .resume = true}};
  for (const lp::ZarrOptions& first : options)
    for (const lp::ZarrOptions& second : options) {
      const Folder folder;
      const auto run = [&](const lp::ZarrOptions& how) {
        return lp::run(lp::sequential{}, apart, A,
                       lp::zarr<double>(folder.file("L.zarr"), side, side, tile, how), d);
      };
      calls_left = 25;
      CHECK_THROWS_AS(run(first), lp::run_error);
      calls_left = -1;
      d = lp::TiledMatrix<double>(side, tile, tile);
      CHECK(run(second).resumed == (&first == &second));
      CHECK(equal(lp::read_zarr<double>(folder.file("L.zarr")), expected));
    }
}

TEST_CASE("a saved chunk that is not whole is made again") {
  auto expected = start_matrix();
  lp::run(lp::sequential{}, in_place, expected);
  for (const bool compressed : {false, true})
    for (const double part : {0.0, 0.01, 0.1, 0.5, 0.99}) {
      const Folder folder;
      const std::string path = folder.file("A.zarr");
      lp::write_zarr(path, start_matrix(),
                     {.zstd = compressed ? std::optional(1) : std::nullopt, .separator = '/'});
      auto A = lp::zarr<double>(path, resumable);
      calls_left = 15;
      CHECK_THROWS_AS(lp::run(lp::sequential{}, in_place, A), lp::run_error);
      calls_left = -1;
      int broken = 0;
      for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
        if (entry.is_regular_file() && entry.path().string().find(".kept-") != std::string::npos) {
          fs::resize_file(entry.path(), static_cast<std::uintmax_t>(
                                            static_cast<double>(entry.file_size()) * part));
          ++broken;
        }
      REQUIRE(broken > 0);
      CHECK_FALSE(lp::run(lp::sequential{}, in_place, A).resumed);
      CHECK(equal(lp::read_zarr<double>(path), expected));
    }
}

namespace {

// With bytes between its members, and after them.
struct Factor {
  bool twice = false;
  double by = 1;
  bool negative = false;
};

// One whose unused bytes are `junk`, if the compiler lets them be.
Factor factor(double by, unsigned char junk) {
  Factor f;
  std::memset(static_cast<void*>(&f), junk, sizeof f);
  f.twice = f.negative = false;
  f.by = by;
  return f;
}

template <class By>
void scaled(const lp::In<double, 2>& A, const lp::Out<double, 2>& B, const By& by) {
  const auto kernel = lp::make_kernel("scaled", [by](lp::out<double> to, lp::in<double> from) {
    one_call();
    *to = *from;
    scale(lp::inout<double>(&*to), by());
  });
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) B(i, j) = kernel(A(i, j));
}
void scaled_by_factor(lp::In<double, 2> A, lp::Out<double, 2> B, Factor f) {
  scaled(A, B, [f] { return f.by; });
}
void scaled_by_text(lp::In<double, 2> A, lp::Out<double, 2> B, std::string by) {
  scaled(A, B, [by] { return std::stod(by); });
}
void scaled_behind(lp::In<double, 2> A, lp::Out<double, 2> B, const double* by) {
  scaled(A, B, [by] { return *by; });
}

}  // namespace

TEST_CASE("a run whose program was traced with other values begins from nothing") {
  constexpr std::int64_t side = tiles * tile;
  const auto A = start_matrix(side);
  const Folder folder;
  const auto run = [&](const auto& program, const auto& by) {
    return lp::run(lp::sequential{}, program, A,
                   lp::zarr<double>(folder.file("B.zarr"), side, side, tile, resumable), by);
  };
  const auto stop = [&](const auto& program, const auto& by) {
    calls_left = 7;
    CHECK_THROWS_AS(run(program, by), lp::run_error);
    calls_left = -1;
  };
  const auto is_right = [&](double by) {
    lp::TiledMatrix<double> expected(side, side, tile);
    lp::run(lp::sequential{}, scaled_by_factor, A, expected, factor(by, 0));
    return equal(lp::read_zarr<double>(folder.file("B.zarr")), expected);
  };
  stop(scaled_by_factor, factor(1, 0));
  CHECK_FALSE(run(scaled_by_factor, factor(3, 0)).resumed);
  CHECK(is_right(3));
  CHECK(run(scaled_by_factor, factor(1, 0)).resumed);
  CHECK(is_right(1));
#if defined(__GNUC__) && !defined(__clang__)
  stop(scaled_by_factor, factor(2, 0x55));
  CHECK(run(scaled_by_factor, factor(2, 0xaa)).resumed);
  CHECK(is_right(2));
#endif

  // Nobody can tell whether these are the same.
  stop(scaled_by_text, std::string("1"));
  CHECK(files_of(folder) == std::vector<std::string>{"B.zarr"});
  CHECK_FALSE(run(scaled_by_text, std::string("3")).resumed);
  CHECK(is_right(3));
  double by = 1;
  stop(scaled_behind, &by);
  by = 4;
  CHECK_FALSE(run(scaled_behind, &by).resumed);
  CHECK(is_right(4));
}

TEST_CASE("a run goes on where its inputs can say that they have not changed") {
  const Folder folder;
  constexpr std::int64_t side = tiles * tile;
  lp::TiledMatrix<double> d(side, tile, tile);
  const auto L = [&] {
    return lp::zarr<double>(folder.file("L.zarr"), side, side, tile, resumable);
  };
  const auto resumes = [&](const auto& B) {
    calls_left = 20;
    CHECK_THROWS_AS(lp::run(lp::sequential{}, apart, B, L(), d), lp::run_error);
    calls_left = -1;
    d = lp::TiledMatrix<double>(side, tile, tile);
    bool is_kept = false;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      is_kept = is_kept || entry.path().filename().string().find(".kept-") != std::string::npos;
    const bool resumed = lp::run(lp::sequential{}, apart, B, L(), d).resumed;
    CHECK(is_kept == resumed);
    return resumed;
  };
  lp::write_zarr(folder.file("B.zarr"), start_matrix(side));
  CHECK(resumes(lp::zarr<double>(folder.file("B.zarr"), side, side, tile)));
  const auto B = start_matrix(side);
  CHECK_FALSE(resumes(std::make_shared<test_support::UserStore>(B.store(2))));
}

TEST_CASE("two runs do not save to one place") {
  const Folder folder;
  const auto L = lp::zarr<double>(folder.file("L.zarr"), 4, 4, 2, resumable);
  const auto one = L.store(2), other = L.store(2);
  one->name_run("same");
  other->name_run("same");
  one->begin(lp::tile::Use::write);
  CHECK_THROWS_WITH(other->begin(lp::tile::Use::write), Catch::Contains("another run is saving"));
  one->abandon("it is over");
  CHECK_NOTHROW(other->begin(lp::tile::Use::write));
  other->abandon("it is over");
  CHECK(files_of(folder).empty());
}

}  // namespace resume_test
