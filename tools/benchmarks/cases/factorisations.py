"""Products and factorisations of whole matrices beside libraries that people would use instead."""

from harness.bench import Program
from harness.registry import CaseFailed, Samples, case

RESIDUAL_LIMIT = 1.0


def tile_of(n):
    """The tile that served best for dpotrf and dgetrf of a matrix of this order."""
    return 256 if n < 4096 else 384 if n < 8192 else 512


def speed(bench, program, flops):
    """The GF/s of one run of a program; a wrong result ends the case."""
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong result: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


def whole_matrix(bench, routine, n, flops, *tiling, more=()):
    """The GF/s of a routine of BLAS or LAPACK on all cores, ours and the peers'. `tiling` is the
    tile and, where there is one, the inner block; `more` are peers besides the libraries, as
    (name, program)."""
    programs = {"ours": Program(f"bench_{routine}", (n, bench.cores, *tiling))}
    for name, peer in bench.blas_peers.items():
        programs[name] = bench.blas_program(routine, peer, (n,))
    programs.update(more)
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()})
    words = zip(("tile", "inner block"), tiling)
    return Samples(samples.pop("ours"), samples, ", ".join(f"{word} {x}" for word, x in words))


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dgemm(bench, n):
    """Product of two n x n matrices in double precision on all cores, measured as dpotrf is;
    ||C - A B|| / (n ||A|| ||B|| eps) < 1."""
    return whole_matrix(bench, "dgemm", n, 2 * n**3, 1024)


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dgetrf(bench, n):
    """LU factorisation with partial pivoting of one n x n matrix in double precision on all cores,
    measured as dpotrf is; ||A - P L U|| / (n ||A|| eps) < 1."""
    return whole_matrix(bench, "dgetrf", n, 2 * n**3 / 3, tile_of(n))


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dpotrf(bench, n):
    """Cholesky of one n x n matrix in double precision on all cores. Each sample is a process of
    its own that has warmed up; each factor is checked, ||A - L L^T|| / (n ||A|| eps) < 1. Our
    analysis is not in the time: it is done once for all sizes. StarPU has our kernels and tile."""
    more = []
    if bench.need("starpu", "bench_dpotrf_starpu", "libstarpu-dev"):
        more.append(("starpu", Program("bench_dpotrf_starpu", (n, bench.cores, tile_of(n)),
                                       {"STARPU_SILENT": "1"})))
    return whole_matrix(bench, "dpotrf", n, n**3 / 3, tile_of(n), more=more)


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dgeqrf(bench, n):
    """QR of one n x n matrix in double precision on all cores, by a flat tree. Each sample is a
    process of its own that has warmed up; each factor is checked, ||A - Q R|| / (n ||A|| eps) < 1.
    Our analysis is not in the time: it is done once for all sizes."""
    return whole_matrix(bench, "dgeqrf", n, 4 * n**3 / 3, 384, 48)


@case(unit="GF/s", sizes=(2048,), large_sizes=(8192,))
def dsvd_values(bench, n):
    """The singular values of one n x n matrix in double precision on all cores; the peers' dgesdd.
    Each sample is a process of its own that has warmed up; the norm of the values is checked
    against the matrix's. Operations are those of a direct bidiagonal reduction, 8 n^3 / 3, for all.
    Our analysis is not in the time: it is done once for all sizes."""
    return whole_matrix(bench, "dsvd_values", n, 8 * n**3 / 3)
