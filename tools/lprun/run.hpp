// A command under way: what all algorithms do alike.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "command.hpp"
#include "executor.hpp"
#include "files.hpp"

namespace lprun {

/// Reads inputs, runs, writes outputs, and says in the end what it was.
class Run {
 public:
  /// Throws lp::input_error if an output cannot be written.
  explicit Run(const Command& command);

  const Command& command() const { return command_; }
  /// The element type of the first input, as NumPy writes it.
  const std::string& type() const { return type_; }

  /// Input k, in the tiles that the command line asks for, or in these.
  template <lp::Scalar T>
  lp::TiledMatrix<T> read(std::size_t k) const {
    return read<T>(k, tile(), tile());
  }
  template <lp::Scalar T>
  lp::TiledMatrix<T> read(std::size_t k, std::int64_t tile_rows, std::int64_t tile_cols) const {
    return lprun::read<T>(command_.inputs()[k], tile_rows, tile_cols);
  }
  std::int64_t tile() const { return command_.integer("--tile"); }

  /// A number of the command line as a T. Throws command_error on a complex one for real matrices.
  template <lp::Scalar T>
  T number(const char* option) const {
    const std::complex<double> value = command_.number(option);
    using R = lp::real_t<T>;
    if constexpr (!std::is_same_v<T, R>)
      return T(static_cast<R>(value.real()), static_cast<R>(value.imag()));
    if (value.imag() != 0)
      throw command_error(std::string(option) + " is complex, but is to be real here");
    return T(static_cast<R>(value.real()));
  }

  /// Whether --residual was given.
  bool asks_for_residual() const { return command_.has("--residual"); }
  /// `value` if the residual is asked for, to keep an input that is overwritten.
  template <class X>
  X kept(const X& value) const {
    return asks_for_residual() ? value : X();
  }

  /// What runs the algorithm; its runs are counted.
  Chosen executor() {
    return {backend_, workers_, command_.has("--trace"), &reports_, command_.text("--cloud")};
  }
  /// What moves matrices of an algorithm that is spread over ranks.
  Chosen mover() { return {backend_, workers_, false, &moves_}; }
  /// What runs all else.
  Chosen aside() const {
    return {backend_ == Backend::cloud ? Backend::threads : backend_, workers_, false, nullptr};
  }

  /// The result of compute(), whose time is counted. `operations` are the additions and
  /// multiplications of real numbers in it for a real matrix; 0 if there is no usual number.
  template <lp::Scalar T, class Compute>
  auto timed(double operations, const Compute& compute) {
    const Clock clock{this, std::chrono::steady_clock::now()};
    operations_ += std::is_same_v<T, lp::real_t<T>> ? operations : 4 * operations;
    return compute();
  }

  /// Writes a result to the file that `option` names, if it does.
  template <class Result>
  void write(const char* option, const Result& result) const {
    if (rank() == 0 && command_.has(option)) lprun::write(command_.text(option), result);
  }
  /// Writes the result, for -o; its shape is said in the end.
  template <lp::Scalar T>
  void write(const lp::TiledMatrix<T>& result) {
    wrote(result.rows(), result.cols(), tile());
    write("-o", result);
  }
  /// The result, of this shape and in these tiles, is where -o says.
  void wrote(std::int64_t rows, std::int64_t cols, std::int64_t tile_rows) {
    shape_ = std::to_string(rows) + " x " + std::to_string(cols);
    tile_rows_ = tile_rows;
  }
  template <class R>
  void write(const std::vector<R>& result) {
    shape_ = std::to_string(result.size());
    write("-o", result);
  }

  /// Prints a scaled residual.
  void say(const std::string& what, double value) const;
  /// Writes the traces and prints the summary.
  void end() const;

 private:
  struct Clock {
    Run* run;
    std::chrono::steady_clock::time_point begin;
    ~Clock() {
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
      run->seconds_ += time.count();
    }
  };

  void write_traces() const;

  const Command& command_;
  std::string type_;
  Backend backend_;
  int workers_;
  std::vector<lp::exec::Report> reports_, moves_;
  std::string shape_;
  std::int64_t tile_rows_;
  double seconds_ = 0;
  double operations_ = 0;
};

/// Multiplications and additions in the QR of an m x n matrix.
inline double qr_operations(std::int64_t rows, std::int64_t cols) {
  const auto m = static_cast<double>(rows), n = static_cast<double>(cols);
  const double k = std::min(m, n);
  return 4 * m * n * k - 2 * (m + n) * k * k + 4 * k * k * k / 3;
}

/// Body::run<T>(run) with the element type of the first input.
template <class Body>
void with_elements(Run& run) {
  with_type(run.type(), [&]<lp::Scalar T>(std::type_identity<T>) { Body::template run<T>(run); });
}

}  // namespace lprun
