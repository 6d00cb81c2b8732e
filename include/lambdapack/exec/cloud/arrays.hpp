// The arrays of a run as a worker has them: shapes without contents. Tiles are brought as values,
// and what tasks save is put aside for the worker to store.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/description.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/kernel/function.hpp"
#include "lambdapack/tile/detail/grid_store.hpp"
#include "lambdapack/tile/store.hpp"

namespace lambdapack::exec::cloud {

/// A tile that a task has made and that is part of a result.
struct FinalTile {
  TileName name;
  tile::Tile tile;
};
using FinalTiles = std::vector<FinalTile>;

namespace detail {

[[noreturn]] inline void no_contents(const std::string& what) {
  throw internal_error(what + " was read by a task, not brought as a value");
}

/// A matrix without contents.
template <Scalar T>
class MatrixShape final : public tile::detail::GridStore<T> {
 public:
  MatrixShape(const ArrayDescription& array, int position, std::shared_ptr<FinalTiles> finals)
      : tile::detail::GridStore<T>(array.title, *array.grid,
                                   static_cast<int>(array.extents.size())),
        position_(position),
        finals_(std::move(finals)) {
    if (this->extents() != array.extents)
      throw input_error(text({"lambdapack: run.json says that ", this->describe(), " has ",
                              tile::to_string(array.extents),
                              " tiles, which its shape has not; start the run again"}));
  }

  void begin(tile::Use) override {}
  tile::Tile load(tile::Index) override { no_contents(this->describe()); }
  void save(tile::Index index, tile::Tile tile) override {
    finals_->push_back({{position_, Indices(index)}, this->in_shape(index, std::move(tile))});
  }
  void commit() override {}
  void abandon(const std::string&) noexcept override {}

 private:
  const int position_;
  const std::shared_ptr<FinalTiles> finals_;
};

/// Any other array without contents.
class ArrayShape final : public tile::Store {
 public:
  ArrayShape(ArrayDescription array, const kernel::Parameter& parameter, int position,
             std::shared_ptr<FinalTiles> finals)
      : array_(std::move(array)),
        parameter_(parameter),
        position_(position),
        finals_(std::move(finals)) {}

  const std::vector<std::int64_t>& extents() const override { return array_.extents; }
  const tile::PayloadType& payload() const override { return *parameter_.payload; }
  std::string describe() const override { return array_.title; }
  tile::Tile blank(tile::Index) override { return parameter_.blank(); }
  tile::Origin origin(tile::Index index) const override {
    return {origin(0, index), origin(1, index)};
  }
  void begin(tile::Use) override {}
  tile::Tile load(tile::Index) override { no_contents(describe()); }
  void save(tile::Index index, tile::Tile tile) override {
    if (!tile || !(tile.type() == payload()))
      throw input_error(text({"tile ", tile::to_string(index), " of ", describe(), " would be ",
                              tile ? std::string_view(tile.type().name) : "missing", "; expected ",
                              std::string_view(payload().name), ": check what the kernel writes"}));
    finals_->push_back({{position_, Indices(index)}, std::move(tile)});
  }
  void commit() override {}
  void abandon(const std::string&) noexcept override {}

 private:
  std::int64_t origin(std::size_t d, tile::Index index) const {
    const std::vector<std::int64_t>& begins = array_.origins[d];
    return d < index.size() && static_cast<std::size_t>(index[d]) < begins.size()
               ? begins[static_cast<std::size_t>(index[d])]
               : 0;
  }

  const ArrayDescription array_;
  const kernel::Parameter parameter_;
  const int position_;
  const std::shared_ptr<FinalTiles> finals_;
};

template <Scalar T>
std::shared_ptr<tile::Store> matrix_shape(const ArrayDescription& array, int position,
                                          const std::shared_ptr<FinalTiles>& finals) {
  if (!array.grid || array.payload != tile::Dense<T>::type_name()) return nullptr;
  return std::make_shared<MatrixShape<T>>(array, position, finals);
}

}  // namespace detail

/// The parameter of some kernel that is given tiles of array `a`; null if no task is.
inline const kernel::Parameter* parameter_of_array(
    const ir::Program& program, const std::vector<std::shared_ptr<const kernel::Function>>& kernels,
    std::size_t a) {
  for (const ir::Statement& s : program.statements) {
    std::size_t read = 0, written = 0;
    for (const kernel::Parameter& p : kernels[static_cast<std::size_t>(s.kernel)]->parameters) {
      if (p.role == kernel::Role::scalar) continue;
      const bool reads = p.role != kernel::Role::out;
      const ir::Access& access = reads ? s.reads[read] : s.writes[written];
      if (static_cast<std::size_t>(access.array) == a) return &p;
      if (reads) ++read;
      if (p.role == kernel::Role::out || p.role == kernel::Role::inout) ++written;
    }
  }
  return nullptr;
}

/// The arrays of a job for somebody who runs its tasks; what tasks save goes to `finals`.
inline std::vector<std::shared_ptr<tile::Store>> array_shapes(
    const ir::Program& program, const std::vector<std::shared_ptr<const kernel::Function>>& kernels,
    const std::vector<std::optional<ArrayDescription>>& arrays,
    const std::shared_ptr<FinalTiles>& finals) {
  std::vector<std::shared_ptr<tile::Store>> shapes;
  for (std::size_t a = 0; a < arrays.size(); ++a) {
    std::shared_ptr<tile::Store> shape;
    if (arrays[a]) {
      const auto position = static_cast<int>(a);
      shape = detail::matrix_shape<double>(*arrays[a], position, finals);
      if (!shape) shape = detail::matrix_shape<float>(*arrays[a], position, finals);
      if (!shape) shape = detail::matrix_shape<std::complex<double>>(*arrays[a], position, finals);
      if (!shape) shape = detail::matrix_shape<std::complex<float>>(*arrays[a], position, finals);
      const kernel::Parameter* p = parameter_of_array(program, kernels, a);
      if (!shape && p != nullptr)
        shape = std::make_shared<detail::ArrayShape>(*arrays[a], *p, position, finals);
    }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

}  // namespace lambdapack::exec::cloud
