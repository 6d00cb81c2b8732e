"""Products and factorisations of whole matrices beside libraries that people would use instead."""

import functools
import sys
from pathlib import Path

from harness import machine
from harness.bench import Program
from harness.ranks import has_scalapack, scalapack
from harness.registry import CaseFailed, Samples, add, case

RESIDUAL_LIMIT = 1.0

# ScaLAPACK runs on a process for each core. The blocks that served it best, of 64 to 256.
SCALAPACK_BLOCKS = {"dgemm": (128, 256), "dpotrf": (128, 192), "dgeqrf": (64, 128),
                    "potri": (64, 128), "getri": (64, 128), "lq": (64, 128), "heev_values": (64,),
                    "solve": (64, 128)}
DASK = Path(__file__).resolve().parent.parent / "programs" / "dask_arrays.py"
DASK_CHUNK = 1024


def tile_of(n):
    """The tile that served best for dpotrf and dgetrf of a matrix of this order."""
    return 256 if n < 4096 else 384 if n < 8192 else 512


def speed(bench, program, flops):
    """The GF/s of one run of a program; a wrong result ends the case."""
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong result: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


def other_peers(bench, routine, n):
    """The peers that are no library of BLAS and LAPACK, as (name, program)."""
    peers = []
    if has_scalapack(bench):
        peers += [(f"scalapack_{block}", scalapack(routine, n, (1, bench.cores), block))
                  for block in SCALAPACK_BLOCKS.get(routine, ())]
    if routine in ("dgemm", "dpotrf") and bench.need_python("dask", "dask.array, scipy.linalg",
                                                       "python3-dask python3-scipy"):
        settings = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        if machine.has_avx512():
            settings["OPENBLAS_CORETYPE"] = "SkylakeX"
        peers.append(("dask", Program(DASK, (routine, n, bench.cores, DASK_CHUNK), settings,
                                      (sys.executable,))))
    return peers


def whole_matrix(bench, routine, n, flops, *tiling, more=()):
    """The GF/s of a routine of BLAS or LAPACK on all cores, ours and the peers'. `tiling` is the
    tile and, where there is one, the inner block; `more` are peers besides the libraries, as
    (name, program)."""
    programs = {"ours": Program(f"bench_{routine}", (n, bench.cores, *tiling))}
    for name, peer in bench.blas_peers.items():
        programs[name] = bench.blas_program(routine, peer, (n,))
    programs.update(other_peers(bench, routine, n))
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
def dpotrf_small_tiles(bench, n):
    """The same dpotrf with tiles of 128, beside the tiles that serve it best; a ratio of 0.75 is
    wanted."""
    tiles = {"ours": 128, "best_tile": tile_of(n)}
    samples = bench.interleave(
        {name: lambda t=tile: speed(bench, Program("bench_dpotrf", (n, bench.cores, t)), n**3 / 3)
         for name, tile in tiles.items()})
    return Samples(samples.pop("ours"), samples, f"best tile {tile_of(n)}")


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dgeqrf(bench, n):
    """QR of one n x n matrix in double precision on all cores, by a flat tree. Each sample is a
    process of its own that has warmed up; each factor is checked, ||A - Q R|| / (n ||A|| eps) < 1.
    Our analysis is not in the time: it is done once for all sizes."""
    tile = 384 if n < 8192 else 512
    return whole_matrix(bench, "dgeqrf", n, 4 * n**3 / 3, tile, tile // 8)


@case(unit="GF/s", sizes=(8192,))
def dpotrf_out_of_core(bench, n):
    """dpotrf of a Zarr array in place, by a process that takes no more than a quarter of the matrix's
    size, the wait for the disk included; beside lp::threads in memory, of which 0.7 is wanted, and Dask
    from Zarr to Zarr without a limit, of which 3 times."""
    flops, limit = n**3 / 3, n * n * 8 // 4 >> 20
    moved = []

    def ours():
        told = bench.run(Program("bench_out_of_core", (n, bench.cores, 256, limit)))
        if not told["residual"] < RESIDUAL_LIMIT or told["memory"] > limit << 20:
            raise CaseFailed(f"bench_out_of_core: residual {told['residual']}, {told['memory']} bytes")
        moved.append(told["loaded"] / (n * n * 8))
        return [flops / seconds * 1e-9 for seconds in told["samples"]]

    competitors = {"ours": ours,
                   "in_memory": lambda: speed(bench, Program("bench_dpotrf", (n, bench.cores, tile_of(n))),
                                              flops)}
    if bench.need_python("dask with zarr", "dask.array, scipy.linalg, zarr",
                         "python3-dask python3-scipy python3-zarr"):
        dask = Program(DASK, ("dpotrf_zarr", n, bench.cores, DASK_CHUNK),
                       {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}, (sys.executable,))
        competitors["dask"] = lambda: speed(bench, dask, flops)
    samples = bench.interleave(competitors, 3)
    return Samples(samples.pop("ours"), samples,
                   f"at most {limit} MiB; loaded {max(moved):.1f} times the matrix")


@case(unit="GF/s", sizes=(2048,), large_sizes=(8192,))
def dsvd_values(bench, n):
    """The singular values of one n x n matrix in double precision on all cores; the peers' dgesdd.
    Each sample is a process of its own that has warmed up; the norm of the values is checked
    against the matrix's. Operations are those of a direct bidiagonal reduction, 8 n^3 / 3, for all.
    Our analysis is not in the time: it is done once for all sizes."""
    return whole_matrix(bench, "dsvd_values", n, 8 * n**3 / 3)


# Of each: floating-point operations, and the ratio that is wanted.
MORE = {
    "potri": ("dpotrf and dpotri", lambda n: n**3, 1.05),
    "getri": ("dgetrf and dgetri", lambda n: 2 * n**3, 1.05),
    "lq": ("dgelqf", lambda n: 4 * n**3 / 3, 1.05),
    "heev_values": ("dsyevd without vectors", lambda n: 4 * n**3 / 3, 1.05),
}


def libraries(bench, n, routine):
    """The programs of a routine in the peers: LAPACK, and ScaLAPACK on a rank for each core."""
    programs = {name: bench.blas_program("more_routines", peer, (routine, n))
                for name, peer in bench.blas_peers.items()}
    programs.update(other_peers(bench, routine, n))
    return programs


def more_routine(bench, n, routine):
    """The GF/s of a routine of LAPACK on all cores, ours and the libraries'."""
    flops = MORE[routine][1](n)
    programs = {"ours": Program("bench_more_routines", (routine, n, bench.cores, tile_of(n)))}
    programs.update(libraries(bench, n, routine))
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()}, 3)
    return Samples(samples.pop("ours"), samples, f"tile {tile_of(n)}")


for name, (what, _, wanted) in MORE.items():
    add(name=f"d{name}", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
        measure=functools.partial(more_routine, routine=name),
        about=f"lp's {name} of one n x n matrix in double precision on all cores, beside {what}; a "
              f"ratio of {wanted} is wanted. Operations are LAPACK's.")


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dsolve_mixed(bench, n):
    """One system of n equations, factored in single precision and refined to double, beside our own
    solve in double precision, of which 1.8 is wanted, and the libraries' dgesv. Each process has solved
    a system of the same size before, so that all memory has been touched."""
    flops = 2 * n**3 / 3
    tile = tile_of(n)
    programs = {"ours": Program("bench_more_routines", ("solve_mixed", n, bench.cores, tile)),
                "double": Program("bench_more_routines", ("solve", n, bench.cores, tile))}
    programs.update(libraries(bench, n, "solve"))
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()}, 3)
    return Samples(samples.pop("ours"), samples, f"tile {tile}")


# Of the rest of the library: what it is, the routine of LAPACK if there is one, and floating-point
# operations, or None where bytes say more.
TALL, FEW = 16, 64
LIBRARY = {
    "syrk": ("C := A Aᵀ", "dsyrk", lambda n: n**3),
    "symm": ("C := A B, A symmetric", "dsymm", lambda n: 2 * n**3),
    "syr2k": ("C := A Bᵀ + B Aᵀ", "dsyr2k", lambda n: 2 * n**3),
    "trmm": ("B := A B, A triangular", "dtrmm", lambda n: n**3),
    "trsm": ("A X = B, A triangular", "dtrsm", lambda n: n**3),
    "trtri": ("the inverse of a triangle", "dtrtri", lambda n: n**3 / 3),
    "posv": (f"Cholesky and {FEW} right sides", "dposv", lambda n: n**3 / 3 + 2 * FEW * n**2),
    "pbtrf": ("Cholesky within a band of n / 8", "dpbtrf", lambda n: n * (n / 8)**2),
    "ldl": ("L D Lᵀ without pivoting", "", lambda n: n**3 / 3),
    "sysv": (f"a symmetric system by butterflies, {FEW} right sides", "dsysv",
             lambda n: n**3 / 3 + 2 * FEW * n**2),
    "calu": ("LU by tournament pivoting", "dgetrf", lambda n: 2 * n**3 / 3),
    "tsqr": (f"R of an n x n / {TALL} matrix", "dgeqrf", lambda n: 2 * n * (n / TALL)**2),
    "cholesky_qr2": (f"Q and R of an n x n / {TALL} matrix", "", lambda n: 4 * n * (n / TALL)**2),
    "geqp3": ("QR with column pivoting, by tournament", "dgeqp3", lambda n: 4 * n**3 / 3),
    "gels": (f"least squares, n x n / {TALL}, {FEW} right sides", "dgels",
             lambda n: 2 * n * (n / TALL)**2 + 4 * FEW * n * (n / TALL)),
    "heev": ("eigenvalues and vectors", "dsyevd", lambda n: 4 * n**3),
    "svd": ("singular values and vectors", "dgesdd", lambda n: 20 * n**3 / 3),
    "randomized_svd": (f"the {FEW} largest singular values and vectors", "", lambda n: 12 * FEW * n**2),
    "polar": ("the polar decomposition", "", lambda n: 40 * n**3 / 3),
    "gecon": ("the condition, from L and U", "dgecon", None),
    "lange": ("the one norm", "dlange", None),
    "transpose": ("the transpose", "", None),
    "latms": ("a random matrix of given singular values", "", None),
}


def library_routine(bench, n, routine):
    """The GF/s, or the GB/s, of a routine of the library on all cores, ours and the libraries'."""
    _, name, flops = LIBRARY[routine]
    amount = flops(n) if flops else 8 * n**2
    tile = tile_of(n)
    programs = {"ours": Program("bench_library", (routine, n, bench.cores, tile))}
    if name:
        programs.update((peer, bench.blas_program("library", p, (routine, n)))
                        for peer, p in bench.blas_peers.items())
    samples = bench.interleave({peer: lambda p=program: speed(bench, p, amount)
                                for peer, program in programs.items()}, 3)
    return Samples(samples.pop("ours"), samples, f"tile {tile}")


for name, (what, peer, flops) in LIBRARY.items():
    add(name=f"library_{name}", unit="GF/s" if flops else "GB/s", sizes=(4096,), large_sizes=(8192,),
        measure=functools.partial(library_routine, routine=name),
        about=f"{what[0].upper()}{what[1:]}, of n x n matrices in double precision on all cores"
              f"{', beside ' + peer if peer else ''}. "
              f"{'Operations are those that the peer counts' if flops else 'Bytes are those of one matrix'}.")
