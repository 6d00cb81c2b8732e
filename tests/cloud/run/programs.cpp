#include "programs.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <lambdapack/algorithm/cloud_programs.hpp>
#include <stdexcept>
#include <string>
#include <thread>

namespace test_cloud {

namespace {

void put(std::span<std::byte>& out, const void* bytes, std::size_t size) {
  if (size > 0) std::memcpy(out.data(), bytes, size);
  out = out.subspan(size);
}

[[noreturn]] void no_words() {
  throw lp::input_error("these bytes are no words; they are truncated or of another type");
}

std::string take(std::span<const std::byte>& in, std::size_t size) {
  if (size > in.size()) no_words();
  std::string taken(reinterpret_cast<const char*>(in.data()), size);
  in = in.subspan(size);
  return taken;
}

const auto improve = lp::make_kernel("improve", [](lp::inout<double> x, lp::in<double> a) {
  x(0, 0) = (x(0, 0) + a(0, 0) / x(0, 0)) / 2;
});
const auto judge = lp::make_kernel(
    "judge", [](lp::out<double> flag, lp::in<double> x, lp::in<double> a, double tolerance) {
      flag.resize(1, 1);
      flag(0, 0) = std::abs(x(0, 0) * x(0, 0) - a(0, 0)) < tolerance;
    });
const auto first_of = lp::make_kernel("first_of", [](lp::out<double> s, lp::in<double> a) {
  s.resize(1, 1);
  s(0, 0) = a(0, 0);
});
const auto sum_of =
    lp::make_kernel("sum_of", [](lp::out<double> s, lp::in<double> a, lp::in<double> b) {
      s.resize(1, 1);
      s(0, 0) = a(0, 0) + b(0, 0);
    });
const auto fail_at = lp::make_kernel("fail_at", [](lp::inout<double> a, std::int64_t i) {
  if (i == 2) throw lp::tile_fault(3, "the numbers are not to my liking");
  a(0, 0) += 1;
});
const auto die_at = lp::make_kernel("die_at", [](lp::inout<double> a, std::int64_t i) {
  if (i == 1) std::raise(SIGKILL);
  a(0, 0) += 1;
});
const auto crash_at = lp::make_kernel("crash_at", [](lp::inout<double> a, std::int64_t i) {
  if (i == 1) std::abort();
  a(0, 0) += 1;
});
const auto fail_deeply_at =
    lp::make_kernel("fail_deeply_at", [](lp::inout<double> a, std::int64_t i) {
      a(0, 0) += 1;
      if (i != 1) return;
      try {
        try {
          throw std::out_of_range("the inner one");
        } catch (...) {
          std::throw_with_nested(lp::tile_fault(2, "the middle one"));
        }
      } catch (...) {
        std::throw_with_nested(std::runtime_error("the outer one"));
      }
    });
const auto sleep_for = lp::make_kernel("sleep_for", [](lp::inout<double> a, std::int64_t ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  a(0, 0) += 1;
});
const auto pass = lp::make_kernel("pass", [](lp::inout<double> a, std::int64_t left) {
  const char* const gate = std::getenv("LAMBDAPACK_TEST_GATE");
  for (int tries = 0; left == 1 && gate != nullptr && ::access(gate, F_OK) != 0; ++tries) {
    if (tries == 60000) throw lp::run_error("lambdapack: nobody has opened the gate");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  a(0, 0) += 1;
});
// The last of twelve is through only when it has been begun a second time.
const auto wait_for_twin =
    lp::make_kernel("wait_for_twin", [](lp::inout<double> a, std::int64_t i) {
      const std::string place = std::getenv("LAMBDAPACK_TEST_TWIN");
      a(0, 0) += 1;
      if (i != 11 || std::filesystem::exists(place + "/first")) {
        if (i == 11) std::filesystem::create_directory(place + "/second");
        return;
      }
      std::filesystem::create_directory(place + "/first");
      for (int tries = 0; !std::filesystem::exists(place + "/second"); ++tries) {
        if (tries == 6000) throw lp::run_error("lambdapack: there is no twin");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
const auto meet = lp::make_kernel("meet", [](lp::out<Words> b, lp::in<Words> a, lp::in<Words> c) {
  b->words = a->words;
  b->words.insert(b->words.end(), c->words.begin(), c->words.end());
});

}  // namespace

std::size_t Words::byte_size() const {
  std::size_t size = 0;
  for (const std::string& word : words) size += sizeof(std::uint64_t) + word.size();
  return size;
}

void Words::write_bytes(std::span<std::byte> out) const {
  for (const std::string& word : words) {
    const std::uint64_t size = word.size();
    put(out, &size, sizeof size);
    put(out, word.data(), word.size());
  }
}

Words Words::read_bytes(std::span<const std::byte> in) {
  Words read;
  while (!in.empty()) {
    std::uint64_t size = 0;
    std::memcpy(&size, take(in, sizeof size).data(), sizeof size);
    read.words.push_back(take(in, size));
  }
  return read;
}

void root(lp::InOut<double, 0> x, lp::In<double, 0> a, lp::Integer most, double tolerance) {
  auto flag = lp::temp<double, 1>("flag");
  for (auto t : lp::range(most)) {
    x() = improve(x(), a());
    flag(t) = judge(x(), a(), tolerance);
    lp::stop_if(flag(t));
  }
}

void tree_sum(lp::In<double, 1> A, lp::Out<double, 0> sum, lp::Out<double, 1> rest) {
  const auto n = A.extent(0);
  auto S = lp::temp<double, 2>("S");
  rest.unwritten(lp::zero);
  for (auto j : lp::range(n)) S(0, j) = first_of(A(j));
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto j : lp::range(0, n, lp::pow2(level + 1))) {
      if (auto pair = lp::when(j + lp::pow2(level) < n))
        S(level + 1, j) = sum_of(S(level, j), S(level, j + lp::pow2(level)));
      if (auto odd = lp::when(j + lp::pow2(level) >= n)) S(level + 1, j) = first_of(S(level, j));
    }
  sum.unwritten(lp::zero);
  if (auto some = lp::when(n >= 1)) sum() = first_of(S(lp::log2_ceil(n), 0));
  for (auto j : lp::range(0, rest.extent(0), 2)) rest(j) = first_of(A(0));
}

void fails(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = fail_at(A(i), i);
}

void kills_workers(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = die_at(A(i), i);
}

void crashes_workers(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = crash_at(A(i), i);
}

void fails_deeply(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = fail_deeply_at(A(i), i);
}

void sleeps(lp::InOut<double, 1> A, lp::Integer steps, std::int64_t ms) {
  for (auto i : lp::range(A.extent(0)))
    for ([[maybe_unused]] auto k : lp::range(steps)) A(i) = sleep_for(A(i), ms);
}

void gated(lp::InOut<double, 1> A, lp::Integer steps) {
  for (auto i : lp::range(A.extent(0)))
    for (auto k : lp::range(steps)) A(i) = pass(A(i), steps - k);
}

void straggles(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = wait_for_twin(A(i), i);
}

void unknown(lp::InOut<double, 1> A) {
  for (auto i : lp::range(A.extent(0))) A(i) = fail_at(A(i), i + 100);
}

void neighbours(lp::In<Words, 1> A, lp::Out<Words, 1> B) {
  for (auto i : lp::range(1, A.extent(0))) B(i - 1) = meet(A(i - 1), A(i));
}

lp::exec::cloud::Programs programs() {
  using lp::cloud;
  return lp::cloud_programs<double>(
      {cloud::program(root), cloud::program(tree_sum), cloud::program(fails),
       cloud::program(kills_workers), cloud::program(sleeps), cloud::program(gated),
       cloud::program(neighbours), cloud::program(straggles), cloud::program(crashes_workers),
       cloud::program(fails_deeply)});
}

lp::TiledMatrix<double> client_input() {
  lp::TiledMatrix<double> A(16, 1, 2);
  for (int i = 0; i < 16; ++i) A(i, 0) = i;
  return A;
}

int client(const char* store) {
  ::setenv("LAMBDAPACK_TEST_GATE", (std::string(store) + ".gate").c_str(), 1);
  auto A = client_input();
  const lp::cloud executor{
      .workers = 2, .store = store, .run = "orphan", .lease = std::chrono::milliseconds(300)};
  lp::run(executor, gated, A, 20);
  return 0;
}

}  // namespace test_cloud
