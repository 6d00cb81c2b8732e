#include "spread.hpp"

#include <lambdapack/algorithm/retile.hpp>

#include <utility>

namespace lprun {

bool is_spread(const Run& run) {
  return run.command().text("--backend") == "mpi" && !run.asks_for_residual();
}

SharedArray::SharedArray(const Run& run, const char* option)
    : path_(from_first_rank(
          lp::tile::detail::partial_name(lp::tile::detail::resolved(run.command().text(option))))) {
  was_made_ = true;
}

SharedArray::~SharedArray() {
  if (rank() == 0 && !path_.empty()) lp::tile::detail::remove_tree(path_);
}

void SharedArray::publish(const std::string& target) {
  if (rank() == 0) lp::tile::detail::replace_directory(path_, lp::tile::detail::resolved(target));
  path_.clear();
}

namespace {

/// use(matrix) with input k in tiles of --tile if it is a .npy file, else in its chunks.
template <lp::Scalar T, class Use>
auto with_input(const Run& run, std::size_t k, const Use& use) {
  const std::string& path = run.command().inputs()[k];
  return is_npy(path) ? use(lp::npy<T>(path, run.tile())) : use(lp::zarr<T>(path));
}

template <lp::Scalar T, class M>
lp::tile::detail::Grid grid_of(M matrix) {
  return dynamic_cast<lp::tile::detail::GridStore<T>&>(*lp::bind(matrix, 2)).grid();
}

}  // namespace

template <lp::Scalar T>
lp::tile::detail::Grid grid_of_input(const Run& run, std::size_t k) {
  const auto grid = with_input<T>(run, k, [](auto matrix) { return grid_of<T>(matrix); });
  return lp::tile::detail::make_grid(grid.rows, grid.cols, run.tile(), run.tile(), sizeof(T));
}

template <lp::Scalar T>
std::unique_ptr<SharedArray> shared_copy(Run& run, std::size_t k) {
  auto copy = std::make_unique<SharedArray>(run);
  const auto grid = grid_of_input<T>(run, k);
  with_input<T>(run, k, [&](auto matrix) {
    lp::retile(matrix, lp::zarr<T>(copy->path(), grid.rows, grid.cols, run.tile()), run.mover());
  });
  return copy;
}

template <lp::Scalar T>
SharedInput<T>::SharedInput(Run& run, std::size_t k) : path_(run.command().inputs()[k]) {
  if (!is_npy(path_)) {
    const auto grid = grid_of<T>(lp::zarr<T>(path_));
    if (grid.tile_rows == run.tile() && grid.tile_cols == run.tile()) return;
  }
  copy_ = shared_copy<T>(run, k);
  path_ = copy_->path();
}

template <lp::Scalar T>
void write_shared(Run& run, const char* option, std::unique_ptr<SharedArray> array) {
  const std::string& target = run.command().text(option);
  if (!is_npy(target)) return array->publish(target);
  const auto matrix = lp::zarr<T>(array->path());
  const auto grid = grid_of<T>(matrix);
  lp::retile(matrix, lp::npy<T>(target, grid.rows, grid.cols, run.tile()), run.mover());
}

#define INSTANTIATE(T)                                                       \
  template lp::tile::detail::Grid grid_of_input<T>(const Run&, std::size_t); \
  template std::unique_ptr<SharedArray> shared_copy<T>(Run&, std::size_t);   \
  template class SharedInput<T>;                                             \
  template void write_shared<T>(Run&, const char*, std::unique_ptr<SharedArray> array);
INSTANTIATE(float)
INSTANTIATE(double)
INSTANTIATE(std::complex<float>)
INSTANTIATE(std::complex<double>)
#undef INSTANTIATE

}  // namespace lprun
