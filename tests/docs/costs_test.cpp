// docs/algorithms-costs.md and its pictures are what this file makes of runs of the algorithms.
// With LAMBDAPACK_WRITE_DOCS=1 in the environment it writes them.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <lambdapack/exec/noting.hpp>
#include <lambdapack/report/graph_svg.hpp>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "docs/support.hpp"
#include "support/library.hpp"

namespace costs_test {

namespace {

namespace fs = std::filesystem;
using library::Executor;
using tiled_matrices::numbers;
using tiled_matrices::positive;

const fs::path docs = fs::path(LAMBDAPACK_SOURCE_DIR) / "docs";
const bool writes = std::getenv("LAMBDAPACK_WRITE_DOCS") != nullptr;

/// Four tiles of b.
constexpr std::int64_t b = 32, n = 4 * b;

/// A picture of more tasks than this tells nobody anything.
constexpr std::int64_t most_tasks = 150;

/// An algorithm: its operations as text and as a number for n x n matrices of 4 x 4 tiles (0 where
/// its kernels do not count them), and a call.
struct Algorithm {
  const char* title;
  const char* operations;
  double number;
  void (*call)(const Executor&);
};

constexpr double n3 = static_cast<double>(n) * n * n, nnb = static_cast<double>(n) * n * b;

lp::TiledMatrix<double> any(std::uint64_t seed = 1) { return numbers(n, n, b, seed); }
lp::TiledMatrix<double> definite() { return positive(n, b); }
lp::TiledMatrix<double> column(std::uint64_t seed = 2) { return numbers(n, b, b, seed); }

const Algorithm algorithms[] = {
    {"gemm", "2 m n k for a C of m x n", 2 * n3,
     [](const Executor& on) {
       auto C = any(3);
       lp::gemm(any(1), any(2), C, {.beta = 1}, on);
     }},
    {"gemm of few tiles and long sums", "2 m n k", 2 * 32 * static_cast<double>(b) * b* b,
     [](const Executor& on) {
       lp::TiledMatrix<double> C(b, b, b);
       lp::gemm(numbers(b, 32 * b, b), numbers(32 * b, b, b), C, {}, on);
     }},
    {"syrk and herk", "n² k for a C of n x n", n3,
     [](const Executor& on) {
       auto C = definite();
       lp::syrk(any(), C, {}, on);
     }},
    {"symm and hemm", "2 m² n for a B of m x n", 2 * n3,
     [](const Executor& on) {
       lp::TiledMatrix<double> C(n, n, b);
       lp::symm(definite(), any(), C, {}, on);
     }},
    {"syr2k and her2k", "2 n² k for a C of n x n", 2 * n3,
     [](const Executor& on) {
       auto C = definite();
       lp::syr2k(any(1), any(2), C, {}, on);
     }},
    {"trmm", "m² n for a B of m x n", n3,
     [](const Executor& on) {
       auto B = any();
       lp::trmm(definite(), B, {}, on);
     }},
    {"trsm", "m² n for a B of m x n", n3,
     [](const Executor& on) {
       auto B = any();
       lp::trsm(definite(), B, {}, on);
     }},
    {"Cholesky", "n³/3", n3 / 3,
     [](const Executor& on) {
       auto L = definite();
       lp::cholesky(L, on);
     }},
    {"Systems by Cholesky", "2 n² k for a B of n x k, besides the factorization", 2 * nnb,
     [](const Executor& on) {
       auto X = column();
       lp::cholesky_solve(definite(), X, on);
     }},
    {"Cholesky within a band", "n w² for a band of w diagonals; here w is one tile", 0,
     [](const Executor& on) {
       auto L = definite(), X = column();
       for (std::int64_t j = 0; j < n; ++j)
         for (std::int64_t i = j + b; i < n; ++i) L(i, j) = 0;
       lp::band_cholesky(L, b, on);
       lp::band_cholesky_solve(L, X, b, on);
     }},
    {"LU with partial pivoting", "2/3 n³", 2 * n3 / 3,
     [](const Executor& on) {
       auto A = any();
       lp::lu(A, on);
     }},
    {"LU with tournament pivoting", "2/3 n³, and what the tournaments take", 2 * n3 / 3,
     [](const Executor& on) {
       auto A = any();
       lp::calu(A, on);
     }},
    {"Systems by LU", "2 n² k for a B of n x k, besides the factorization", 0,
     [](const Executor& on) {
       auto A = any(), X = column();
       const lp::Lu lu = lp::lu(A);
       lp::lu_solve(A, lu, X, lp::Op::none, on);
     }},
    {"Systems in one call", "those of the factorization and of the solve, for each of both",
     2 * n3 / 3 + n3 / 3 + 4 * nnb,
     [](const Executor& on) {
       auto A = any(), S = definite(), X = column(), Y = X;
       lp::solve(A, X, on);
       lp::solve_positive(S, Y, on);
     }},
    {"Systems in mixed precision", "2/3 n³ in single precision, and 4 n² k for each step", 0,
     [](const Executor& on) {
       auto X = column();
       lp::solve_mixed(any(), column(), X, on);
     }},
    // Products on the diagonal are of whole tiles.
    {"L D Lᴴ", "n³/3", n3 / 3 + 6.0 * b* b* b,
     [](const Executor& on) {
       auto A = definite();
       lp::ldl(A, on);
     }},
    {"Systems by L D Lᴴ", "2 n² k for a B of n x k, besides the factorization", 0,
     [](const Executor& on) {
       auto X = column();
       lp::ldl_solve(definite(), X, on);
     }},
    {"Hermitian systems by butterflies", "n³/3, and 4 n² k for each step", 0,
     [](const Executor& on) {
       auto X = column();
       lp::solve_hermitian(definite(), column(), X, on);
     }},
    {"Inverse of a triangle", "n³/3", 0,
     [](const Executor& on) {
       auto A = definite();
       lp::triangular_inverse(A, {}, on);
     }},
    {"Inverse by Cholesky", "2/3 n³ besides the factorization", 0,
     [](const Executor& on) {
       auto A = definite();
       lp::cholesky_inverse(A, on);
     }},
    {"Inverse by LU", "4/3 n³ besides the factorization", 0,
     [](const Executor& on) {
       auto A = any();
       const lp::Lu lu = lp::lu(A);
       lp::lu_inverse(A, lu, on);
     }},
    {"Norms", "m n", 0,
     [](const Executor& on) {
       lp::norm(any(), lp::Norm::one, on);
       lp::hermitian_norm(definite(), lp::Part::lower, on);
     }},
    {"Conditions", "2 n² for each of at most 11 solves", 0,
     [](const Executor& on) {
       auto A = any();
       const lp::Lu lu = lp::lu(A);
       lp::lu_rcond(A, lu, 1.0, lp::Norm::one, on);
       lp::cholesky_rcond(definite(), 1.0, on);
     }},
    {"Transposes, other tiles, other numbers", "none", 0,
     [](const Executor& on) {
       lp::TiledMatrix<double> B(n, n, b), C(n, n, b / 2);
       lp::TiledMatrix<float> S(n, n, b);
       lp::transpose(any(), B, lp::Op::transpose, on);
       lp::retile(any(), C, on);
       lp::convert(any(), S, on);
     }},
    {"Random matrices", "14 m n, and twice as many for a Hermitian one", 0,
     [](const Executor& on) {
       lp::TiledMatrix<double> A(n, n, b);
       lp::random_matrix(A, {}, on);
       lp::random_matrix(A, {.hermitian = true}, on);
     }},
    {"QR", "2 n² (m - n/3) for m ≥ n; for the Q of min(m, n) columns as many again", 8 * n3 / 3,
     [](const Executor& on) { lp::qr(any(), {.tree = lp::QrTree::flat}, on).form_q(on); }},
    {"QR by trees", "2 n² (m - n/3) for m ≥ n", 0,
     [](const Executor& on) { lp::qr(any(), {.tree = lp::QrTree::binary}, on); }},
    {"Tall and skinny QR", "2 m n²", 0,
     [](const Executor& on) { lp::tsqr(numbers(8 * b, b, b), {.domain = 2}, on); }},
    {"QR with column pivoting", "6 n² (m - n/3) for m ≥ n, and what the choices take", 0,
     [](const Executor& on) { lp::qr_pivoted(any(), on); }},
    {"Cholesky-QR2", "4 m n² + n³", 0,
     [](const Executor& on) { lp::cholesky_qr2(numbers(4 * b, b, b), on); }},
    {"LQ and RQ", "2 m² (n - m/3) for n ≥ m", 4 * n3 / 3,
     [](const Executor& on) { lp::lq(any(), on); }},
    {"Least squares", "those of QR, and 4 m n k for a B of m x k", 4 * n3 / 3 + 3 * nnb,
     [](const Executor& on) { lp::least_squares(any(), column(), {}, on); }},
    {"Singular values", "8/3 n³, and 8 n³ or so for vectors", 0,
     [](const Executor& on) { lp::svd(any(), on); }},
    {"The largest singular values", "4 (q + 1) m n l with l samples and q iterations", 0,
     [](const Executor& on) { lp::randomized_svd(any(), 4, {}, on); }},
    {"Eigenvalues of Hermitian matrices", "4/3 n³, and 4 n³ or so for vectors", 0,
     [](const Executor& on) { lp::heev(definite(), {}, on); }},
    {"Polar decomposition", "5 m n² for a step by QR, 3 m n² + n³/3 for one by Cholesky", 0,
     [](const Executor& on) { lp::polar(any(), on); }},
};

/// "1/3", "2", or "0.67 to 1": operations of tasks, in b³.
std::string share(double least, double most) {
  const auto one = [](double x) -> std::string {
    for (const int d : {1, 2, 3}) {
      const double times = std::round(x * d);
      if (times > 0 && std::abs(x * d - times) < 0.05 * times)
        return d == 1 ? std::to_string(std::lround(times)) : lp::text({std::lround(times), "/", d});
    }
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.2g", x);
    return digits;
  };
  return one(least) == one(most) ? one(least) : one(least) + " to " + one(most);
}

std::string file_name(std::string name) {
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Writes a file of docs, or checks that it holds that.
void put(const std::string& name, const std::string& text) {
  if (writes) {
    fs::create_directories((docs / name).parent_path());
    std::ofstream(docs / name) << text;
    return;
  }
  INFO("docs/" << name
               << " is not what this test makes; to write all: LAMBDAPACK_WRITE_DOCS=1 "
                  "test_docs 'costs of the algorithms'");
  CHECK(contents(docs / name) == text);
}

/// What the page says of the program of a run.
std::string described(const lp::exec::Report& report, const std::string& name) {
  const lp::TaskGraph& graph = *report.graph;
  std::map<int, std::array<double, 2>> operations;
  for (const lp::exec::Event& e : report.events)
    if (e.operations >= 0) {
      const double x = e.operations / (static_cast<double>(b) * b * b);
      const auto at = operations.try_emplace(e.node.line, std::array{x, x}).first;
      at->second = {std::min(at->second[0], x), std::max(at->second[1], x)};
    }
  std::string said = "\n" + name + ", here of " + std::to_string(graph.size()) + " tasks:\n\n" +
                     "| kernel | tasks | operations of one, in b³ |\n|---|---|---|\n";
  for (int line = 0; line < graph.statements(); ++line) {
    const auto found = operations.find(line);
    said +=
        "| `" + graph.kernel(line) + "` | " +
        (graph.has_count_formula(line) ? "`" + graph.count_formula(line) + "`"
                                       : "no formula; here " + std::to_string(graph.size(line))) +
        " | " + (found == operations.end() ? "" : share(found->second[0], found->second[1])) +
        " |\n";
  }
  if (graph.size() > most_tasks || report.program->name == "program") return said;
  const std::string picture = "images/algorithms/" + file_name(report.program->name) + ".svg";
  put(picture, lp::graph_svg(*report.program, graph));
  return said + "\n![The tasks of " + report.program->name + "](" + picture + ")\n";
}

}  // namespace

TEST_CASE("costs of the algorithms") {
  std::string page =
      "# What the algorithms cost\n\n"
      "For each algorithm of [algorithms.md](algorithms.md) and\n"
      "[algorithms-orthogonal.md](algorithms-orthogonal.md), which have the programs and their "
      "sources: the floating-point\n"
      "operations, and for each program that a front runs, its tasks by kernel, as the analyser's "
      "formulas in the arrays'\n"
      "extents in tiles, what one of them does with tiles of b x b, and the picture of its graph "
      "at four tiles, where that\n"
      "has not more than " +
      std::to_string(most_tasks) +
      " tasks. A program stands where it is run first. Numbers are of real matrices; complex ones\n"
      "take four times as many operations. This page is made by a test, "
      "`tests/docs/costs_test.cpp`, which says how.\n";
  std::set<std::string> shown;
  for (const Algorithm& algorithm : algorithms) {
    CAPTURE(algorithm.title);
    std::vector<lp::exec::Report> reports;
    algorithm.call(Executor(lp::noting(reports, lp::sequential{.record_events = true})));
    page +=
        "\n## " + std::string(algorithm.title) + "\n\nOperations: " + algorithm.operations + ".\n";
    double operations = 0;
    for (const lp::exec::Report& report : reports) {
      for (const lp::exec::Event& e : report.events) operations += std::max(0.0, e.operations);
      // One without a name is a lambda, or does nothing but call others.
      const std::string& name = report.program->name;
      const bool has_name = name != "program";
      const std::string known =
          has_name ? "`" + name + "`" : "a program of " + report.graph->kernel(0);
      if (shown.insert(known).second) page += described(report, known);
    }
    if (algorithm.number > 0) CHECK(operations == Approx(algorithm.number).epsilon(0.1));
  }
  put("algorithms-costs.md", page);
}

}  // namespace costs_test
