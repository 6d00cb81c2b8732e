// A table of calls of the library's fronts on small matrices, for executors whose results must be
// those of lp::threads to the bit.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <lambdapack/algorithm/algorithm.hpp>
#include <utility>
#include <vector>

#include "support/tiled_matrices.hpp"

namespace library {

/// Any executor, so that the fronts are compiled once.
struct Executor {
  std::function<lp::exec::Handle(lp::exec::Job)> begin;

  template <lp::Executor E>
  explicit Executor(const E& executor)
      : begin([executor](lp::exec::Job job) { return executor.start(std::move(job)); }) {}
  lp::exec::Handle start(lp::exec::Job job) const { return begin(std::move(job)); }
};

/// The numbers of all results of a call, one after the other.
class Results {
 public:
  void add(double number) { numbers_.push_back(number); }
  void add(const std::vector<double>& list) {
    numbers_.insert(numbers_.end(), list.begin(), list.end());
  }
  void add(const lp::TiledMatrix<double>& matrix) {
    const auto dense = matrix.to_dense();
    numbers_.insert(numbers_.end(), dense.data(), dense.data() + dense.size());
  }
  template <class... More>
  requires(sizeof...(More) > 1) void add(const More&... more) { (add(more), ...); }

  bool operator==(const Results& other) const {
    return numbers_.size() == other.numbers_.size() &&
           std::memcmp(numbers_.data(), other.numbers_.data(), numbers_.size() * sizeof(double)) ==
               0;
  }
  bool empty() const { return numbers_.empty(); }

 private:
  std::vector<double> numbers_;
};

struct Case {
  const char* name;
  void (*call)(const Executor&, Results&);
};

inline constexpr std::int64_t tile = 8;

inline lp::TiledMatrix<double> wide() { return tiled_matrices::numbers(20, 35, tile); }
inline lp::TiledMatrix<double> tall() { return tiled_matrices::numbers(35, 20, tile, 2); }
inline lp::TiledMatrix<double> square() { return tiled_matrices::numbers(30, 30, tile, 3); }
inline lp::TiledMatrix<double> definite() { return tiled_matrices::positive(30, tile, 4); }
inline lp::TiledMatrix<double> columns(std::int64_t rows) {
  return tiled_matrices::numbers(rows, 11, tile, 5);
}

/// The calls. Those that others make part of theirs are not repeated.
inline const Case all[] = {
    {"gemm",
     [](const Executor& on, Results& found) {
       auto C = columns(20), D = tiled_matrices::numbers(7, 5, 4, 9);
       lp::gemm(wide(), columns(35), C, {.alpha = 2, .beta = 0.5}, on);
       lp::gemm(tiled_matrices::numbers(7, 150, 4), tiled_matrices::numbers(150, 5, 4, 2), D, {},
                on);
       found.add(C, D);
       lp::gemm(tiled_matrices::numbers(7, 150, 4), tiled_matrices::numbers(150, 5, 4, 2), D,
                {.beta = 2}, on);
       found.add(D);
     }},
    {"syrk, syr2k and symm",
     [](const Executor& on, Results& found) {
       auto C = definite(), D = C;
       auto B = columns(30);
       lp::syrk(square(), C, {.op = lp::Op::transpose}, on);
       lp::syr2k(square(), square(), D, {.part = lp::Part::upper}, on);
       lp::symm(definite(), columns(30), B, {.beta = 1}, on);
       found.add(C, D, B);
     }},
    {"trmm and trsm",
     [](const Executor& on, Results& found) {
       auto B = columns(30), X = B;
       lp::trmm(definite(), B, {.op = lp::Op::transpose}, on);
       lp::trsm(definite(), X, {.part = lp::Part::upper}, on);
       found.add(B, X);
     }},
    {"cholesky, its solve, its inverse and its condition",
     [](const Executor& on, Results& found) {
       auto L = definite(), X = columns(30);
       lp::cholesky(L, on);
       lp::cholesky_solve(L, X, on);
       found.add(L, X, lp::cholesky_rcond(L, 10.0, on));
       lp::cholesky_inverse(L, on);
       found.add(L);
     }},
    {"cholesky within a band",
     [](const Executor& on, Results& found) {
       auto L = definite(), X = columns(30);
       for (std::int64_t j = 0; j < 30; ++j)
         for (std::int64_t i = j + 11; i < 30; ++i) L(i, j) = 0;
       lp::band_cholesky(L, 10, on);
       lp::band_cholesky_solve(L, X, 10, on);
       found.add(L, X);
     }},
    {"lu, its solve, its inverse and its condition",
     [](const Executor& on, Results& found) {
       auto A = square(), B = square(), X = columns(30);
       const lp::Lu lu = lp::lu(A, on), other = lp::calu(B, on);
       lp::lu_solve(A, lu, X, lp::Op::transpose, on);
       found.add(A, B, X, lp::lu_rcond(A, lu, 10.0, lp::Norm::one, on));
       for (const std::int64_t pivot : lu.pivots) found.add(static_cast<double>(pivot));
       for (const std::int64_t pivot : other.pivots) found.add(static_cast<double>(pivot));
       lp::lu_inverse(A, lu, on);
       found.add(A);
     }},
    {"ldl and its solve",
     [](const Executor& on, Results& found) {
       auto A = definite(), X = columns(30);
       lp::ldl(A, on);
       lp::ldl_solve(A, X, on);
       found.add(A, X);
     }},
    {"solve and solve_positive",
     [](const Executor& on, Results& found) {
       auto A = square(), S = definite(), X = columns(30), Y = X;
       lp::solve(A, X, on);
       lp::solve_positive(S, Y, on);
       found.add(A, S, X, Y);
     }},
    {"solve_mixed and solve_positive_mixed",
     [](const Executor& on, Results& found) {
       auto X = columns(30), Y = X;
       const auto one = lp::solve_mixed(square(), columns(30), X, on);
       const auto other = lp::solve_positive_mixed(definite(), columns(30), Y, on);
       found.add(X, Y, static_cast<double>(one.iterations), static_cast<double>(other.iterations));
     }},
    {"solve_hermitian",
     [](const Executor& on, Results& found) {
       auto A = definite(), X = columns(30);
       for (std::int64_t i = 0; i < 30; i += 2) A(i, i) = -A(i, i);
       const auto steps = lp::solve_hermitian(A, columns(30), X, on);
       found.add(X, static_cast<double>(steps.iterations));
     }},
    {"triangular_inverse",
     [](const Executor& on, Results& found) {
       auto L = definite(), U = L;
       lp::triangular_inverse(L, {}, on);
       lp::triangular_inverse(U, {.part = lp::Part::upper, .diagonal = lp::Diagonal::unit}, on);
       found.add(L, U);
     }},
    {"norms",
     [](const Executor& on, Results& found) {
       for (const lp::Norm of : {lp::Norm::max, lp::Norm::one, lp::Norm::inf, lp::Norm::frobenius})
         found.add(lp::norm(wide(), of, on));
       for (const lp::Part part : {lp::Part::lower, lp::Part::upper})
         found.add(lp::hermitian_norm(definite(), part, on));
     }},
    {"transpose, retile and convert",
     [](const Executor& on, Results& found) {
       lp::TiledMatrix<double> B(35, 20, tile), C(20, 35, 5, 12), D(20, 35, tile);
       lp::TiledMatrix<float> S(20, 35, tile);
       lp::transpose(wide(), B, lp::Op::transpose, on);
       lp::retile(wide(), C, on);
       lp::convert(wide(), S, on);
       lp::convert(S, D, on);
       found.add(B, C, D);
     }},
    {"random_matrix",
     [](const Executor& on, Results& found) {
       lp::TiledMatrix<double> A(20, 35, tile), S(30, 30, tile);
       lp::random_matrix(A, {.spectrum = lp::Spectrum::geometric, .condition = 100}, on);
       lp::random_matrix(S, {.condition = 100, .hermitian = true}, on);
       found.add(A, S);
     }},
    {"qr, tsqr and least squares",
     [](const Executor& on, Results& found) {
       const auto f = lp::qr(tall(), {.tree = lp::QrTree::flat}, on);
       const auto t = lp::tsqr(tiled_matrices::numbers(60, 6, 8, 6, 2), {.domain = 2}, on);
       found.add(f.tiles(), lp::form_q(f, on), t.tiles(), lp::form_q(t, on));
       found.add(lp::least_squares(tall(), columns(35), {}, on),
                 lp::least_squares(wide(), columns(20), {}, on));
     }},
    {"qr_pivoted",
     [](const Executor& on, Results& found) {
       for (const auto& A : {wide(), tall()}) {
         const auto f = lp::qr_pivoted(A, on);
         found.add(f.tiles(), lp::form_q(f, on));
         for (const std::int64_t column : f.columns()) found.add(static_cast<double>(column));
       }
     }},
    {"lq and rq",
     [](const Executor& on, Results& found) {
       const auto f = lp::lq(wide(), on);
       const auto g = lp::rq(wide(), on);
       auto C = columns(35), D = C, E = wide();
       f.apply_q(C, lp::Side::left, on);
       f.apply_q_adjoint(D, lp::Side::left, on);
       f.apply_q_adjoint(E, lp::Side::right, on);
       found.add(f.tiles(), lp::form_q(f, on), g.r(), lp::form_q(g, on), C, D, E);
     }},
    {"cholesky_qr2",
     [](const Executor& on, Results& found) {
       const auto [q, r, reports] = lp::cholesky_qr2(tiled_matrices::numbers(150, 6, tile, 3), on);
       found.add(q, r);
     }},
    {"svd and singular_values",
     [](const Executor& on, Results& found) {
       const auto [u, s, v, reports] = lp::svd(tall(), on);
       found.add(u, s, v, lp::singular_values(tall(), on));
     }},
    {"randomized_svd",
     [](const Executor& on, Results& found) {
       const auto top = lp::randomized_svd(wide(), 3, {.oversampling = 4}, on);
       found.add(top.u, top.s, top.v);
     }},
    {"heev and heev_values",
     [](const Executor& on, Results& found) {
       const auto S = tiled_matrices::positive(70, tile);
       const auto [w, v, reports] = lp::heev(S, {}, on);
       found.add(w, v, lp::heev_values(S, {.part = lp::Part::upper}, on));
     }},
    {"polar",
     [](const Executor& on, Results& found) {
       const auto [u, h, reports] = lp::polar(tall(), on);
       found.add(u, h);
     }},
};

/// What a call gives.
inline Results results(const Case& one, const Executor& executor) {
  Results found;
  one.call(executor, found);
  return found;
}

}  // namespace library
