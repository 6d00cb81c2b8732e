// Every construct of the language, used as it is meant.
#include "lambdapack/lambdapack.hpp"

#include <Eigen/Core>
#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

namespace {

using complex = std::complex<double>;

/// A payload that is not a matrix.
struct Names {
  std::vector<char> letters;

  static std::string type_name() { return "names"; }
  std::size_t byte_size() const { return letters.size(); }
  void write_bytes(std::span<std::byte> out) const {
    for (std::size_t k = 0; k < letters.size(); ++k) out[k] = std::byte(letters[k]);
  }
  static Names read_bytes(std::span<const std::byte> in) {
    Names names;
    for (const std::byte b : in) names.letters.push_back(static_cast<char>(b));
    return names;
  }
};

void double_tile(lp::inout<double> a) { a(0, 0) *= 2; }

template <class T>
void shift(lp::out<T> b, const lp::in<T>& a, T by) noexcept {
  b.resize(a.rows(), a.cols());
  for (std::int64_t k = 0; k < a.rows(); ++k) b(k, 0) = a(k, 0) + by;
}

struct Smallest {
  void operator()(lp::out<double> least, lp::in_list<double> all, int width) const {
    least.resize(1, 1);
    least(0, 0) = all.empty() ? width : all[0](0, 0);
  }
};

const auto twice = lp::make_kernel("twice", double_tile);
const auto moved = lp::make_kernel("moved", shift<complex>);
const auto smallest = lp::make_kernel("smallest", Smallest{});
const auto split =
    lp::make_kernel("split", [](lp::out<double>, lp::inout<double>, lp::in<double>) {});
const auto greet = lp::make_kernel("greet", [](lp::out<Names> names) { names->letters = {'h'}; });
const auto create = lp::make_kernel("create", [](lp::out<float>, std::int64_t, float, complex) {});

void indices(lp::InOut<double, 2> A, lp::Integer t) {
  const auto m = A.extent(0), n = A.extent(1);
  for (auto i : lp::range(m))
    for (auto j : lp::range(1, n)) A(i, j) = twice(A(i, j));
  for (auto i : lp::range(0, m - t, 2)) A(2 * i - i * 1, 0) = twice(A(-(-i), t - t));
  for (auto i : lp::range(n - 1, -1, -1)) A(0, +1 + i - 1) = twice(A(0, i));
  A(0, 0) = twice(A(0, 0));
}

void guards(lp::InOut<double, 2> A) {
  for (auto i : lp::range(A.extent(0)))
    for (auto j : lp::range(A.extent(1))) {
      if (auto lower = lp::when(i > j)) A(i, j) = twice(A(i, j));
      if (auto upper = lp::when(!(i >= j) && (i < 7 || j != 3))) {
        if (auto corner = lp::when(0 == i && j <= A.extent(1) - 1)) A(i, j) = twice(A(i, j));
      }
    }
}

void arrays(lp::In<complex, 1> x, lp::Out<complex, 1> y, lp::Out<double, 0> z,
            const lp::In<double, 3>& cube, lp::Out<Names, 1> names, lp::Out<float, 8> deep) {
  auto S = lp::temp<double, 2>("S");
  auto T = lp::temp<complex, 0>("T");
  T() = moved(x(0), complex(0, 1));
  y(0) = moved(T(), complex(1, 0));
  S(0, -1) = copy(cube(0, 0, 0));
  lp::tie(S(1, 0), S(0, 0)) = split(S(0, -1), cube(0, 0, 1));
  z() = smallest(cube(lp::range(2), 0, lp::range(4, 0, -1)), cube.extent(2));
  names(0) = greet();
  deep(0, 0, 0, 0, 0, 0, 0, 0) = create(x.extent(0) - 1, 0.5F, complex(1, 2));
}

void words(lp::InOut<float, 2> A, lp::In<float, 2> B) {
  A(0, 0) = potrf(A(0, 0));
  A(1, 0) = trsm(A(0, 0), A(1, 0));
  A(1, 0) = trsm_left(A(0, 0), A(1, 0));
  A(1, 0) = trsm_left_adjoint(A(0, 0), A(1, 0));
  A(1, 1) = syrk(A(1, 1), A(1, 0), A(1, 0));
  A(1, 1) = gemm(A(1, 1), A(1, 0), B(0, 1));
  A(1, 1) = gemm_sub(A(1, 1), A(1, 0), B(0, 1));
  A(1, 1) = gemm_sub_adjoint(A(1, 1), A(1, 0), B(0, 1));
  A(1, 1) = add(A(1, 1), B(0, 1));
  A(1, 1) = scale(A(1, 1), 0.5);
  A(1, 1) = copy(B(1, 1));
}

const auto ones = lp::make_kernel("ones", [](lp::out<double>) {});

void functions(lp::InOut<double, 2> A, lp::Integer t) {
  const auto n = A.extent(0);
  for (auto level : lp::range(lp::log2_ceil(n)))
    for (auto j : lp::range(0, n, lp::pow2(level + 1)))
      A(j / 2, (j + t) % 3) = twice(A(j + pow2(level), 2 * (n / 4)));
  for (auto i : lp::range(0, n, 3 * lp::pow(4, t)))
    A(i, lp::log_floor(3, n)) = twice(A(lp::log_ceil(10, i), lp::log2_floor(i) - lp::pow2(3)));
}

void reductions(lp::In<float, 2> A, lp::InOut<float, 2> C) {
  C(0, 0) += gemm(A(0, 0), A(0, 1));
  C(0, 0) += gemm_sub(A(0, 0), A(0, 1));
  C(0, 0) += gemm_sub_adjoint(A(0, 0), A(0, 1));
  C(0, 0) += syrk(A(0, 0), A(0, 1));
  C(0, 0) += add(A(0, 0));
}

void make(lp::In<double, 1> x, lp::Out<double, 1> y) {
  y.unwritten(ones);
  y(0) = copy(x(0));
}
void change(lp::InOut<double, 1> x, lp::Integer t) { x(t) = twice(x(t)); }

lp::Expr S_size(const lp::InOut<double, 1>& x, lp::Expr t) { return x.extent(0) + t; }

void calls(lp::InOut<double, 1> x, lp::Out<double, 1> y, lp::Integer t) {
  auto S = lp::temp<double, 1>("S", lp::extents(S_size(x, t)), ones);
  auto U = lp::temp<double, 1>("U", lp::extents(4), lp::zero);
  auto V = lp::temp<double, 1>("V", lp::zero);
  make(x, y);
  make(y, S);
  make(S, S);
  change(x, S.extent(0));
  change(S, 2);
  change(U, t);
  V(0) = twice(V(0));
}

void steps(lp::InOut<double, 1> x, lp::Integer most) {
  auto flag = lp::temp<float, 1>("flag");
  for (auto t : lp::range(most)) {
    x(0) = twice(x(0));
    flag(t) = create(t, 0.5F, complex(1, 2));
    lp::stop_if(flag(t));
  }
}

template <class T>
void helper(lp::InOut<T, 2> A, lp::Expr k) {
  A(k, k) = potrf(A(k, k));
}

template <class T>
void constants(lp::InOut<T, 2> A, int step, bool lower) {
  for (auto k : lp::range(0, A.extent(0), step))
    if (lower) helper(A, k);
}

lp::exec::Report run_all(lp::TiledMatrix<double>& A, const lp::TiledMatrix<double>& B,
                         Eigen::MatrixXd& E, lp::TileArray<Names>& names,
                         std::shared_ptr<lp::tile::Store> store) {
  const auto copy_all = [](lp::In<double, 2> from, lp::Out<double, 2> to) {
    for (auto i : lp::range(to.extent(0)))
      for (auto j : lp::range(to.extent(1))) to(i, j) = copy(from(i, j));
  };
  const auto greet_all = [](lp::Out<Names, 1> all) {
    for (auto i : lp::range(all.extent(0))) all(i) = greet();
  };
  lp::run(lp::sequential{}, guards, A);
  lp::run(lp::threads{}, constants<double>, A, 2, true);
  lp::run(lp::threads{.workers = 2, .record_events = true}, indices, A, 1);
  lp::run(lp::threads{}, copy_all, B, lp::map(E, 8));
  lp::run(lp::threads{}, copy_all, B, store);
  lp::run(lp::threads{}, greet_all, names);

  const lp::Compiled compiled = lp::compile(constants<double>, 1, false);
  const lp::TaskGraph graph = compiled.graph({4, 4});
  graph.for_each_task([](const lp::Node&) {});
  auto handle = lp::start(lp::threads{}, guards, A);
  while (!handle.wait_for(std::chrono::milliseconds(100))) handle.cancel();
  return handle.wait();
}

}  // namespace

int main() {
  static_cast<void>(arrays);
  static_cast<void>(words);
  static_cast<void>(functions);
  static_cast<void>(reductions);
  static_cast<void>(calls);
  static_cast<void>(steps);
  static_cast<void>(run_all);
}
