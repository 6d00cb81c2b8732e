// Which configuration of BLIS runs, and on how many threads. Both are settled when a process
// starts, so each test runs this program again, with an environment of its own.
#include "lambdapack/kernel/blis.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <thread>

#include "lambdapack/kernel/dense.hpp"
#include "reference.hpp"

namespace blis_test {

namespace kernel = lp::kernel;
using reference::Dense;
using reference::in;
using reference::inout;

namespace installed {

int has_openmp() __asm__("bli_info_get_enable_openmp");
int has_pthreads() __asm__("bli_info_get_enable_pthreads");
void dgemm(const char* a_op, const char* b_op, const int* m, const int* n, const int* k,
           const double* alpha, const double* a, const int* lda, const double* b, const int* ldb,
           const double* beta, double* c, const int* ldc) __asm__("dgemm_");

}  // namespace installed

namespace {

bool blis_is_threaded() { return installed::has_openmp() || installed::has_pthreads(); }

/// What follows `label` on its line in the output of the hidden test `name` of this program, run
/// under `environment` (words for env).
std::string child(const std::string& environment, const std::string& name,
                  const std::string& label) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string command = "env -u BLIS_ARCH_TYPE -u LAMBDAPACK_BLIS_ARCH_TYPE " + environment +
                              " '" + self + "' '" + name + "' 2>&1";
  std::string output;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe);
  for (int c; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
  ::pclose(pipe);
  INFO(command << "\n" << output);
  const auto begin = output.find(label);
  REQUIRE(begin != std::string::npos);
  const auto value = begin + label.size();
  return output.substr(value, output.find('\n', value) - value);
}

std::ptrdiff_t threads_now() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// How many threads this process gets at most while it does `work`.
template <class Work>
std::ptrdiff_t new_threads_during(Work work) {
  std::atomic<bool> done = false;
  std::atomic<std::ptrdiff_t> before = 0, most = 0;
  std::thread counter([&] {
    before = most = threads_now();
    while (!done) {
      most = std::max<std::ptrdiff_t>(most, threads_now());
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  });
  while (most == 0) std::this_thread::yield();
  work();
  done = true;
  counter.join();
  return most - before;
}

/// Every kernel that calls BLIS, on tiles large enough for BLIS to want threads.
template <lp::Scalar T>
void work_hard() {
  const std::int64_t n = 500;
  auto l = Dense<T>::zeros(n, n), x = Dense<T>::zeros(n, n);
  for (std::int64_t j = 0; j < n; ++j) l(j, j) = T(4);
  kernel::potrf(inout(l));
  kernel::trsm(in(l), inout(x));
  kernel::trsm_left(in(l), inout(x));
  kernel::trsm_left_adjoint(in(l), inout(x));
  auto c = x;
  kernel::syrk(inout(c), in(x), in(x));
  kernel::syrk(inout(c), in(x), in(l));
  kernel::gemm(inout(c), in(x), in(l));
  kernel::gemm_sub_adjoint(inout(c), in(x), in(l));
  kernel::blas::trmm(kernel::blas::Side::left, kernel::blas::Uplo::lower, kernel::blas::Trans::none,
                     kernel::blas::Diag::non_unit, n, n, T(1), l.data(), n, x.data(), n);
}

void plain_dgemm(std::int64_t n) {
  const auto a = Dense<double>::zeros(n, n);
  auto c = a;
  const int order = static_cast<int>(n);
  const double one = 1;
  installed::dgemm("N", "N", &order, &order, &order, &one, a.data(), &order, a.data(), &order, &one,
                   c.data(), &order);
}

const std::string number_of_haswell = std::to_string(kernel::detail::blis_arch_id("haswell"));
const std::string configuration = "child: the configuration of BLIS";

}  // namespace

// BLIS reads its environment once in a process. So the next three are hidden and yet run every time:
// they are what the cases behind them start as child processes, each with an environment of its own,
// and whose output those cases check.
TEST_CASE("child: the configuration of BLIS", "[.]") {
  const auto before = kernel::blis_configuration();
  work_hard<double>();
  const auto after = kernel::blis_configuration();
  REQUIRE(before.name == after.name);
  REQUIRE(before.chosen_by == after.chosen_by);
  std::cout << "configuration: " << after.name << " by " << after.chosen_by << std::endl;
}

TEST_CASE("child: the threads of our kernels", "[.]") {
  const auto threads = new_threads_during([] {
    work_hard<float>();
    work_hard<double>();
    work_hard<std::complex<float>>();
    work_hard<std::complex<double>>();
  });
  std::cout << "new threads: " << threads << std::endl;
}

TEST_CASE("child: the threads of plain dgemm", "[.]") {
  std::cout << "new threads: " << new_threads_during([] { plain_dgemm(1000); }) << std::endl;
}

TEST_CASE("BLIS runs what suits the CPU, and generic only where nothing else does", "[kernel]") {
  const auto chosen = child("", configuration, "configuration: ");
  CAPTURE(chosen);
  CHECK(chosen.find("the user") == std::string::npos);
  if (!kernel::detail::blis_archs_of_this_cpu().empty())
    CHECK(chosen.find("generic") == std::string::npos);
}

TEST_CASE("the user's BLIS_ARCH_TYPE wins", "[kernel]") {
  if (kernel::detail::blis_archs_of_this_cpu().empty()) return;
  CHECK(child("BLIS_ARCH_TYPE=" + number_of_haswell, configuration, "configuration: ") ==
        "haswell by the user (BLIS_ARCH_TYPE)");
  const auto generic = std::to_string(kernel::detail::blis_arch_id("generic"));
  CHECK(child("BLIS_ARCH_TYPE=" + generic, configuration, "configuration: ") ==
        "generic by the user (BLIS_ARCH_TYPE)");
  CHECK(child("BLIS_ARCH_TYPE=" + number_of_haswell + " LAMBDAPACK_BLIS_ARCH_TYPE=0", configuration,
              "configuration: ") == "haswell by the user (BLIS_ARCH_TYPE)");
}

TEST_CASE("a choice inherited from a parent of lambdapack's is made anew", "[kernel]") {
  const std::string inherited =
      "BLIS_ARCH_TYPE=" + number_of_haswell + " LAMBDAPACK_BLIS_ARCH_TYPE=" + number_of_haswell;
  CHECK(child(inherited, configuration, "configuration: ") ==
        child("", configuration, "configuration: "));
}

TEST_CASE("BLIS's configurations are found by name", "[kernel]") {
  CHECK(kernel::detail::blis::arch_string(kernel::detail::blis_arch_id("haswell")) ==
        std::string("haswell"));
  CHECK(kernel::detail::blis_arch_id("generic") > 0);
  CHECK(kernel::detail::blis_arch_id("no such CPU") == -1);
}

TEST_CASE("a configuration that BLIS lacks is refused without a sound", "[kernel]") {
  CHECK_FALSE(kernel::detail::blis_accepts(99));
}

TEST_CASE("kernels run on the thread that calls them whatever the environment says", "[kernel]") {
  const std::string four = "OMP_NUM_THREADS=4 BLIS_NUM_THREADS=4";
  CHECK(child(four, "child: the threads of our kernels", "new threads: ") == "0");
  if (blis_is_threaded())
    CHECK(child(four, "child: the threads of plain dgemm", "new threads: ") == "3");
}

}  // namespace blis_test
