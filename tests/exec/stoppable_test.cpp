// Statements of a loop that has stopped: no kernel is called, what the tiles held is handed on.
#include <atomic>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "counted.hpp"
#include "every_executor.hpp"
#include "lambdapack/ir/validate.hpp"

namespace stoppable_test {

namespace {

namespace ir = lp::ir;
using lp::tile::Stop;
using test_exec::Counted;
using test_exec::on_every_executor;

std::atomic<int> calls{0};

const auto increment = lp::make_kernel("increment", [](lp::inout<Counted> x) {
  ++calls;
  ++x->value;
});
const auto duplicate = lp::make_kernel("duplicate", [](lp::out<Counted> x, lp::in<Counted> y) {
  ++calls;
  x->value = y->value;
});
const auto add_to = lp::make_kernel("add_to", [](lp::inout<Counted> x, lp::in<Counted> y) {
  ++calls;
  x->value += y->value;
});
const auto swap_tiles = lp::make_kernel("swap", [](lp::inout<Counted> a, lp::inout<Counted> b) {
  ++calls;
  std::swap(a->value, b->value);
});
const auto reached =
    lp::make_kernel("reached", [](lp::out<Stop> now, lp::in<Stop> before, lp::in<Counted> x) {
      now->value = before->value || x->value >= 5;
    });

/// Statement `line` asks the control tile that statement `control` writes.
void make_stoppable(lp::Traced& traced, std::size_t line, std::size_t control) {
  ir::Statement& s = traced.program.statements[line];
  s.stoppable = true;
  s.reads.push_back(traced.program.statements[control].writes[0]);
  s.reads.insert(s.reads.end(), s.writes.begin(), s.writes.end());
}

void read_as_zero(lp::Traced& traced) {
  for (ir::Array& a : traced.program.arrays)
    if (a.role == ir::ArrayRole::temp || a.role == ir::ArrayRole::out)
      a.unwritten = ir::Unwritten{};
  ir::validate(traced.program);
}

lp::Traced iteration(int steps) {
  lp::Traced traced = lp::trace([steps](lp::InOut<Counted, 0> x) {
    auto stop = lp::temp<Stop, 1>("stop");
    for (auto t : lp::range(steps)) {
      stop(t) = reached(stop(t - 1), x());
      x() = increment(x());
    }
  });
  make_stoppable(traced, 1, 0);
  read_as_zero(traced);
  return traced;
}

}  // namespace

TEST_CASE("an iteration stops, and its last value is the result") {
  on_every_executor([](auto run) {
    lp::TileArray<Counted> x(std::vector<std::int64_t>{});
    x().value = 2;
    const int before = Counted::alive;
    calls = Counted::copies = 0;
    Counted::most = before;
    const lp::exec::Report report = run(iteration(40), {}, {x.store(0)});
    CHECK(x().value == 5);
    CHECK(calls == 3);
    CHECK(report.tasks == 80);
    CHECK(report.handed_on == 37);
    CHECK(Counted::copies == 0);
    CHECK(Counted::alive == before);
    CHECK(Counted::most - before <= 1);
    std::int64_t marked = 0;
    for (const lp::exec::Event& e : report.events) {
      CHECK(e.handed_on == (e.node.line == 1 && e.node.indices[0] >= 3));
      marked += e.handed_on ? 1 : 0;
    }
    CHECK(marked == 37);
  });
}

TEST_CASE("an iteration that does not stop runs to its end") {
  on_every_executor([](auto run) {
    lp::TileArray<Counted> x(std::vector<std::int64_t>{});
    Counted::copies = 0;
    const lp::exec::Report report = run(iteration(4), {}, {x.store(0)});
    CHECK(x().value == 4);
    CHECK(report.handed_on == 0);
    CHECK(Counted::copies == 0);
  });
}

TEST_CASE("an iteration that has stopped before its first step changes nothing") {
  on_every_executor([](auto run) {
    lp::TileArray<Counted> x(std::vector<std::int64_t>{});
    x().value = 30;
    calls = 0;
    run(iteration(6), {}, {x.store(0)});
    CHECK(x().value == 30);
    CHECK(calls == 0);
  });
}

TEST_CASE("tiles that were not written before the stop are handed on as their rule says") {
  lp::Traced traced = lp::trace([](lp::InOut<Counted, 0> x, lp::Out<Counted, 1> history) {
    auto stop = lp::temp<Stop, 1>("stop");
    for (auto t : lp::range(history.extent(0))) {
      stop(t) = reached(stop(t - 1), x());
      x() = increment(x());
      history(t) = duplicate(x());
    }
  });
  make_stoppable(traced, 1, 0);
  make_stoppable(traced, 2, 0);
  read_as_zero(traced);
  on_every_executor([&](auto run) {
    lp::TileArray<Counted> x(std::vector<std::int64_t>{}), history({9});
    for (int t = 0; t < 9; ++t) history(t).value = 100;
    run(traced, {9}, {x.store(0), history.store(1)});
    for (int t = 0; t < 9; ++t) CHECK(history(t).value == (t < 5 ? t + 1 : 0));
  });
}

TEST_CASE("several outputs are handed on crosswise or straight") {
  for (const int start : {0, 5}) {
    lp::Traced traced = lp::trace([](lp::In<Counted, 0> x, lp::InOut<Counted, 1> A) {
      auto stop = lp::temp<Stop, 0>("stop");
      auto before = lp::temp<Stop, 0>("before");
      stop() = reached(before(), x());
      for (auto i : lp::range(A.extent(0) - 1))
        lp::tie(A(i), A(i + 1)) = swap_tiles(A(i), A(i + 1));
    });
    make_stoppable(traced, 1, 0);
    read_as_zero(traced);
    on_every_executor([&](auto run) {
      lp::TileArray<Counted> x(std::vector<std::int64_t>{}), A({6});
      x().value = start;
      for (int i = 0; i < 6; ++i) A(i).value = i;
      run(traced, {6}, {x.store(0), A.store(1)});
      for (int i = 0; i < 6; ++i) CHECK(A(i).value == (start == 5 ? i : (i + 1) % 6));
    });
  }
}

TEST_CASE("a value that was handed on is not changed under its other readers") {
  lp::Traced traced =
      lp::trace([](lp::InOut<Counted, 1> A, lp::Out<Counted, 1> B, lp::In<Counted, 0> x) {
        auto stop = lp::temp<Stop, 0>("stop");
        auto before = lp::temp<Stop, 0>("before");
        auto S = lp::temp<Counted, 1>("S");
        stop() = reached(before(), x());
        for (auto i : lp::range(A.extent(0))) {
          S(i) = increment(A(i));
          B(i) = duplicate(S(i));
          S(i) = add_to(S(i), S(i));
          A(i) = increment(S(i));
          B(i) = add_to(B(i), S(i));
        }
      });
  make_stoppable(traced, 3, 0);
  read_as_zero(traced);
  for (const int start : {0, 5})
    on_every_executor([&](auto run) {
      lp::TileArray<Counted> x(std::vector<std::int64_t>{}), A({8}), B({8});
      x().value = start;
      for (int i = 0; i < 8; ++i) A(i).value = i;
      const int before = Counted::alive;
      run(traced, {8, 8}, {A.store(1), B.store(1), x.store(0)});
      CHECK(Counted::alive == before);
      const int factor = start == 5 ? 1 : 2;
      for (int i = 0; i < 8; ++i) {
        CHECK(A(i).value == factor * (i + 1) + 1);
        CHECK(B(i).value == (factor + 1) * (i + 1));
      }
    });
}

}  // namespace stoppable_test
