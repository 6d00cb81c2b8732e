// Cholesky's tasks, submitted to StarPU as its documentation shows: by inserting them in the
// program's order, with the tiles that each reads and writes.
#pragma once

#include <starpu.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace bench {

/// The three kinds of task.
struct StarpuKernels {
  starpu_codelet potrf;
  starpu_codelet trsm;
  starpu_codelet syrk;
};

inline void require_starpu(int status, const char* what) {
  if (status == 0) return;
  std::fprintf(stderr, "%s: status %d\n", what, status);
  std::exit(EXIT_FAILURE);
}

/// A codelet for the processor, of tiles read and, at last, one that is changed.
inline starpu_codelet codelet(starpu_cpu_func_t function, int reads) {
  starpu_codelet made;
  starpu_codelet_init(&made);
  made.cpu_funcs[0] = function;
  made.nbuffers = reads + 1;
  for (int k = 0; k < reads; ++k) made.modes[k] = STARPU_R;
  made.modes[reads] = STARPU_RW;
  return made;
}

/// StarPU on so many workers while it lives.
class Starpu {
 public:
  explicit Starpu(int workers) {
    starpu_conf conf;
    starpu_conf_init(&conf);
    conf.ncpus = workers;
    conf.ncuda = 0;
    conf.nopencl = 0;
    // The priority scheduler, which has the best results of those that need no models of speed.
    conf.sched_policy_name = "prio";
    require_starpu(starpu_init(&conf), "starpu_init");
  }
  Starpu(const Starpu&) = delete;
  Starpu& operator=(const Starpu&) = delete;
  ~Starpu() { starpu_shutdown(); }
};

/// The tiles of the lower triangle as StarPU's handles.
class StarpuTiles {
 public:
  /// address(i, j) is a tile's first byte, of `bytes`.
  template <class Address>
  StarpuTiles(std::int64_t n, std::size_t bytes, Address address) : n_(n), handles_(n * n) {
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = j; i < n; ++i)
        starpu_variable_data_register(&(*this)(i, j), STARPU_MAIN_RAM,
                                      reinterpret_cast<std::uintptr_t>(address(i, j)), bytes);
  }
  StarpuTiles(const StarpuTiles&) = delete;
  StarpuTiles& operator=(const StarpuTiles&) = delete;
  ~StarpuTiles() {
    for (std::int64_t j = 0; j < n_; ++j)
      for (std::int64_t i = j; i < n_; ++i) starpu_data_unregister((*this)(i, j));
  }

  starpu_data_handle_t& operator()(std::int64_t i, std::int64_t j) {
    return handles_[static_cast<std::size_t>(i + j * n_)];
  }

  /// Submits all tasks and waits for them. Those on the way to the end come first.
  void cholesky(StarpuKernels& kernels) {
    for (std::int64_t k = 0; k < n_; ++k) {
      const int left = static_cast<int>(n_ - k);
      insert(kernels.potrf, 3 * left, {}, (*this)(k, k));
      for (std::int64_t i = k + 1; i < n_; ++i) {
        insert(kernels.trsm, 3 * left - static_cast<int>(i - k), {(*this)(k, k)}, (*this)(i, k));
        for (std::int64_t j = k + 1; j <= i; ++j)
          insert(kernels.syrk, 3 * left - static_cast<int>(i - k + j - k),
                 {(*this)(i, k), (*this)(j, k)}, (*this)(i, j));
      }
    }
    require_starpu(starpu_task_wait_for_all(), "starpu_task_wait_for_all");
  }

 private:
  void insert(starpu_codelet& kernel, int priority,
              std::initializer_list<starpu_data_handle_t> reads, starpu_data_handle_t changed) {
    starpu_task* const task = starpu_task_create();
    task->cl = &kernel;
    task->priority = priority;
    unsigned k = 0;
    for (const starpu_data_handle_t& handle : reads) task->handles[k++] = handle;
    task->handles[k] = changed;
    require_starpu(starpu_task_submit(task), "starpu_task_submit");
  }

  std::int64_t n_;
  std::vector<starpu_data_handle_t> handles_;
};

}  // namespace bench
