// Which of BLIS's configurations (sets of kernels for one family of CPUs) runs, and the choice of
// a better one where BLIS does not know the CPU.
//
// BLIS recognises CPUs by vendor and model. One that is newer than itself gets `generic`: plain C,
// five times slower than what such a CPU can run. And it takes the name of the CPU for a proof that
// AVX-512 pays, so that a server whose hypervisor hides the name gets `haswell`: two thirds of its
// speed. lambdapack then picks by what the CPU can do.
// BLIS_ARCH_TYPE in the environment, set by the user, always wins.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lambdapack/kernel/detail/blis_abi.hpp"

namespace lambdapack::kernel {

/// The configuration of BLIS that this process uses.
struct BlisConfiguration {
  std::string name;       ///< BLIS's name for it: "skx", "haswell", "zen3", "generic" ...
  std::string chosen_by;  ///< "the user (BLIS_ARCH_TYPE)", "BLIS" or "lambdapack"
};

namespace detail {

/// The variable from which BLIS takes the number of a configuration.
inline constexpr const char* blis_arch_variable = "BLIS_ARCH_TYPE";

/// Holds the same number where lambdapack set BLIS_ARCH_TYPE. A child process inherits both, and
/// must not take the number for its user's wish: it may run on another machine.
inline constexpr const char* blis_arch_mark = "LAMBDAPACK_BLIS_ARCH_TYPE";

/// BLIS_ARCH_TYPE is set, and not by lambdapack.
inline bool user_chose_blis_arch() {
  const char* value = std::getenv(blis_arch_variable);
  const char* mark = std::getenv(blis_arch_mark);
  return value && !(mark && std::string_view(value) == mark);
}

/// The number of a configuration, or -1. BLIS's list ends with "generic".
inline int blis_arch_id(std::string_view name) {
  for (int id = 0;; ++id) {
    const std::string_view candidate = blis::arch_string(id);
    if (candidate == name) return id;
    if (candidate == "generic") return -1;
  }
}

/// The configurations that this CPU can run, the fastest first.
inline std::vector<std::string_view> blis_archs_of_this_cpu() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (avx2 && avx512) return {"skx", "haswell", "zen3"};
  if (avx2) return {"haswell", "zen3"};
#endif
  return {};
}

/// What BLIS would answer to `question`, asked in a child process, because its first answer is
/// final for the process that asked. -1 where there is no child or no answer from it. The child
/// says nothing and leaves no core: BLIS aborts when BLIS_ARCH_TYPE names what it was built
/// without.
template <class Question>
int ask_blis_in_child(Question question) {
  const pid_t child = ::fork();
  if (child < 0) return -1;
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    ::_exit(question());
  }
  int status = 0;
  pid_t answered = 0;
  do answered = ::waitpid(child, &status, 0);
  while (answered < 0 && errno == EINTR);
  return answered == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// BLIS has the configuration `id` and takes it when BLIS_ARCH_TYPE says so.
inline bool blis_accepts(int id) {
  return ask_blis_in_child([id] {
           ::setenv(blis_arch_variable, std::to_string(id).c_str(), 1);
           blis::init();
           return blis::arch_query_id();
         }) == id;
}

/// Whether BLIS's own choice leaves much of this CPU unused. AVX512-FP16 is a mark of Intel's
/// servers since Sapphire Rapids, all of which have two AVX-512 units.
inline bool blis_underrates_this_cpu(int choice) {
#if defined(__x86_64__)
  if (choice == blis_arch_id("haswell") && __builtin_cpu_supports("avx512fp16")) return true;
#endif
  return choice == blis_arch_id("generic");
}

/// Sets BLIS_ARCH_TYPE if BLIS would choose badly and has something better for this CPU.
inline bool choose_blis_arch() {
  if (user_chose_blis_arch()) return false;
  ::unsetenv(blis_arch_variable);
  ::unsetenv(blis_arch_mark);
  const std::vector<std::string_view> names = blis_archs_of_this_cpu();
  if (names.empty() || !blis_underrates_this_cpu(ask_blis_in_child(blis::arch_query_id)))
    return false;
  for (const std::string_view name : names) {
    const int id = blis_arch_id(name);
    if (id < 0 || !blis_accepts(id)) continue;
    const std::string number = std::to_string(id);
    ::setenv(blis_arch_variable, number.c_str(), 1);
    ::setenv(blis_arch_mark, number.c_str(), 1);
    return true;
  }
  return false;
}

/// Makes the choice while the program's static variables are initialised. BLIS reads
/// BLIS_ARCH_TYPE at the first call of any of its functions and never again, and that call may be
/// the user's own; so the choice has to be made before main. Nearly always the process has one
/// thread then, which is what fork and setenv want.
inline const bool blis_arch_chosen = choose_blis_arch();

}  // namespace detail

/// The configuration of BLIS in this process, and who chose it. Fixes the choice if BLIS has not
/// been called yet. BLIS ends the process if BLIS_ARCH_TYPE names a configuration that it lacks.
inline BlisConfiguration blis_configuration() {
  detail::blis::init();
  const int id = detail::blis::arch_query_id();
  const char* value = std::getenv(detail::blis_arch_variable);
  const bool as_told = value && std::atoi(value) == id;
  const char* by = !as_told                         ? "BLIS"
                   : detail::user_chose_blis_arch() ? "the user (BLIS_ARCH_TYPE)"
                                                    : "lambdapack";
  return {detail::blis::arch_string(id), by};
}

}  // namespace lambdapack::kernel
