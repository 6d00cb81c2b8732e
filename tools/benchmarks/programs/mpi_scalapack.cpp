// bench_mpi_scalapack ROUTINE N ROWS COLS ROUNDS BLOCK, under mpirun: seconds of dpotrf, dgemm or
// dgeqrf of ScaLAPACK on ROWS x COLS processes, and the residual; or of potri (pdpotrf and
// pdpotri), getri (pdgetrf and pdgetri), lq (pdgelqf), heev_values (pdsyev) or solve (pdgesv).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "mpi_checks.hpp"

extern "C" {
void Cblacs_get(int context, int what, int* value);
void Cblacs_gridinit(int* context, const char* order, int rows, int cols);
void Cblacs_gridinfo(int context, int* rows, int* cols, int* row, int* col);
int numroc_(const int* n, const int* block, const int* process, const int* first, const int* all);
void descinit_(int* desc, const int* m, const int* n, const int* mb, const int* nb, const int* rsrc,
               const int* csrc, const int* context, const int* lld, int* info);
void pdpotrf_(const char* uplo, const int* n, double* a, const int* ia, const int* ja,
              const int* desc, int* info);
void pdgemm_(const char* ta, const char* tb, const int* m, const int* n, const int* k,
             const double* alpha, const double* a, const int* ia, const int* ja, const int* da,
             const double* b, const int* ib, const int* jb, const int* db, const double* beta,
             double* c, const int* ic, const int* jc, const int* dc);
void pdgeqrf_(const int* m, const int* n, double* a, const int* ia, const int* ja, const int* desc,
              double* tau, double* work, const int* lwork, int* info);
void pdgelqf_(const int* m, const int* n, double* a, const int* ia, const int* ja, const int* desc,
              double* tau, double* work, const int* lwork, int* info);
void pdpotri_(const char* uplo, const int* n, double* a, const int* ia, const int* ja,
              const int* desc, int* info);
void pdgetrf_(const int* m, const int* n, double* a, const int* ia, const int* ja, const int* desc,
              int* pivots, int* info);
void pdgetri_(const int* n, double* a, const int* ia, const int* ja, const int* desc,
              const int* pivots, double* work, const int* lwork, int* iwork, const int* liwork,
              int* info);
void pdgesv_(const int* n, const int* nrhs, double* a, const int* ia, const int* ja,
             const int* desc, int* pivots, double* b, const int* ib, const int* jb, const int* db,
             int* info);
void pdsyev_(const char* jobz, const char* uplo, const int* n, double* a, const int* ia,
             const int* ja, const int* desc, double* w, double* z, const int* iz, const int* jz,
             const int* dz, double* work, const int* lwork, int* info);
}

namespace {

const int zero = 0, one = 1;

/// The grid of processes, and this one's place in it.
struct Grid {
  int context = 0, rows = 1, cols = 1, row = 0, col = 0;

  Grid(int p, int q) {
    Cblacs_get(-1, 0, &context);
    Cblacs_gridinit(&context, "R", p, q);
    Cblacs_gridinfo(context, &rows, &cols, &row, &col);
  }
};

/// This process's part of a matrix of n rows.
struct Matrix {
  const Grid& grid;
  int n, block, down, across, ld, desc[9];
  std::vector<double> local;

  Matrix(const Grid& g, int order, int nb) : Matrix(g, order, order, nb) {}
  Matrix(const Grid& g, int order, int columns, int nb) : grid(g), n(order), block(nb) {
    down = numroc_(&n, &block, &grid.row, &zero, &grid.rows);
    across = numroc_(&columns, &block, &grid.col, &zero, &grid.cols);
    ld = std::max(1, down);
    int info = 0;
    descinit_(desc, &n, &columns, &block, &block, &zero, &zero, &grid.context, &ld, &info);
    local.resize(static_cast<std::size_t>(ld) * static_cast<std::size_t>(std::max(1, across)));
  }

  template <class F>
  void for_each(F&& f) {
    for (int q = 0; q < across; ++q)
      for (int p = 0; p < down; ++p)
        f((p / block * grid.rows + grid.row) * block + p % block,
          (q / block * grid.cols + grid.col) * block + q % block,
          local[static_cast<std::size_t>(p) +
                static_cast<std::size_t>(q) * static_cast<std::size_t>(ld)]);
  }
};

double potrf(const Grid& grid, int n, int block, double& residual) {
  Matrix A(grid, n, block);
  A.for_each([&](int i, int j, double& x) { x = bench::spd_element(i, j, n); });
  int info = 0;
  const double time =
      bench::mpi_seconds([&] { pdpotrf_("L", &n, A.local.data(), &one, &one, A.desc, &info); });
  residual = bench::mpi_cholesky_residual(n, [&](auto&& f) {
    A.for_each([&](int i, int j, double& x) {
      if (i >= j) f(i, j, x);
    });
  });
  return time;
}

double gemm(const Grid& grid, int n, int block, double& residual) {
  Matrix A(grid, n, block), B(grid, n, block), C(grid, n, block);
  A.for_each([&](int i, int j, double& x) { x = bench::general_element(0, i, j, n); });
  B.for_each([&](int i, int j, double& x) { x = bench::general_element(1, i, j, n); });
  const double alpha = 1, beta = 0;
  const double time = bench::mpi_seconds([&] {
    pdgemm_("N", "N", &n, &n, &n, &alpha, A.local.data(), &one, &one, A.desc, B.local.data(), &one,
            &one, B.desc, &beta, C.local.data(), &one, &one, C.desc);
  });
  residual = bench::mpi_gemm_residual(n, [&](auto&& f) { C.for_each(f); });
  return time;
}

double geqrf(const Grid& grid, int n, int block, double& residual) {
  Matrix A(grid, n, block);
  A.for_each([&](int i, int j, double& x) { x = bench::general_element(0, i, j, n); });
  std::vector<double> tau(static_cast<std::size_t>(n)), work(1);
  int info = 0, size = -1;
  pdgeqrf_(&n, &n, A.local.data(), &one, &one, A.desc, tau.data(), work.data(), &size, &info);
  size = static_cast<int>(work[0]);
  work.resize(static_cast<std::size_t>(size));
  const double time = bench::mpi_seconds([&] {
    pdgeqrf_(&n, &n, A.local.data(), &one, &one, A.desc, tau.data(), work.data(), &size, &info);
  });
  residual = bench::mpi_qr_residual(n, [&](auto&& f) {
    A.for_each([&](int i, int j, double& x) {
      if (i <= j) f(i, j, x);
    });
  });
  return time;
}

// What these compute is not the question here.

Matrix positive(const Grid& grid, int n, int block) {
  Matrix A(grid, n, block);
  A.for_each([&](int i, int j, double& x) { x = bench::spd_element(i, j, n); });
  return A;
}
Matrix general(const Grid& grid, int n, int block) {
  Matrix A(grid, n, block);
  A.for_each([&](int i, int j, double& x) { x = bench::general_element(0, i, j, n); });
  return A;
}

void require(const char* routine, int info) {
  if (info == 0) return;
  std::fprintf(stderr, "%s: info = %d\n", routine, info);
  std::exit(EXIT_FAILURE);
}

double potri(const Grid& grid, int n, int block, double&) {
  Matrix A = positive(grid, n, block);
  int info = 0;
  return bench::mpi_seconds([&] {
    pdpotrf_("L", &n, A.local.data(), &one, &one, A.desc, &info);
    require("pdpotrf", info);
    pdpotri_("L", &n, A.local.data(), &one, &one, A.desc, &info);
    require("pdpotri", info);
  });
}

double getri(const Grid& grid, int n, int block, double&) {
  Matrix A = general(grid, n, block);
  std::vector<int> pivots(static_cast<std::size_t>(A.ld + block)), integers(1);
  std::vector<double> work(1);
  int info = 0, size = -1, integer_size = -1;
  return bench::mpi_seconds([&] {
    pdgetrf_(&n, &n, A.local.data(), &one, &one, A.desc, pivots.data(), &info);
    require("pdgetrf", info);
    const auto invert = [&] {
      pdgetri_(&n, A.local.data(), &one, &one, A.desc, pivots.data(), work.data(), &size,
               integers.data(), &integer_size, &info);
      require("pdgetri", info);
    };
    invert();
    size = static_cast<int>(work[0]);
    integer_size = integers[0];
    work.resize(static_cast<std::size_t>(size));
    integers.resize(static_cast<std::size_t>(integer_size));
    invert();
  });
}

double lq(const Grid& grid, int n, int block, double&) {
  Matrix A = general(grid, n, block);
  std::vector<double> tau(static_cast<std::size_t>(n)), work(1);
  int info = 0, size = -1;
  const auto factor = [&] {
    pdgelqf_(&n, &n, A.local.data(), &one, &one, A.desc, tau.data(), work.data(), &size, &info);
    require("pdgelqf", info);
  };
  factor();
  size = static_cast<int>(work[0]);
  work.resize(static_cast<std::size_t>(size));
  return bench::mpi_seconds(factor);
}

double heev_values(const Grid& grid, int n, int block, double&) {
  Matrix A = positive(grid, n, block), Z(grid, n, block);
  std::vector<double> values(static_cast<std::size_t>(n)), work(1);
  int info = 0, size = -1;
  const auto decompose = [&] {
    pdsyev_("N", "L", &n, A.local.data(), &one, &one, A.desc, values.data(), Z.local.data(), &one,
            &one, Z.desc, work.data(), &size, &info);
    require("pdsyev", info);
  };
  decompose();
  size = static_cast<int>(work[0]);
  work.resize(static_cast<std::size_t>(size));
  return bench::mpi_seconds(decompose);
}

double solve(const Grid& grid, int n, int block, double&) {
  Matrix A = general(grid, n, block), B(grid, n, 1, block);
  B.for_each([&](int, int, double& x) { x = 1; });
  std::vector<int> pivots(static_cast<std::size_t>(A.ld + block));
  int info = 0;
  return bench::mpi_seconds([&] {
    pdgesv_(&n, &one, A.local.data(), &one, &one, A.desc, pivots.data(), B.local.data(), &one, &one,
            B.desc, &info);
    require("pdgesv", info);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) return EXIT_FAILURE;
  MPI_Init(&argc, &argv);
  const std::string routine = argv[1];
  const int n = std::atoi(argv[2]), rounds = std::atoi(argv[5]), block = std::atoi(argv[6]);
  const Grid grid(std::atoi(argv[3]), std::atoi(argv[4]));
  const std::map<std::string, double (*)(const Grid&, int, int, double&)> routines{
      {"dpotrf", potrf},
      {"dgemm", gemm},
      {"dgeqrf", geqrf},
      {"potri", potri},
      {"getri", getri},
      {"lq", lq},
      {"heev_values", heev_values},
      {"solve", solve}};
  const auto run = routines.at(routine);
  double residual = 0;
  std::vector<double> samples;
  run(grid, std::min(n, 1024), block, residual);
  for (int round = 0; round < rounds; ++round) samples.push_back(run(grid, n, block, residual));
  bench::mpi_print(samples, residual);
  MPI_Finalize();
}
