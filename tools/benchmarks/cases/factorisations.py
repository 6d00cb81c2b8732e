"""Factorisations of whole matrices beside libraries that people would use instead."""

from harness.bench import Program
from harness.registry import CaseFailed, Samples, case

RESIDUAL_LIMIT = 1.0


def tile_of(n):
    """The tile that served best for a matrix of this order."""
    return 256 if n < 4096 else 384


def speed(bench, program, flops):
    """The GF/s of one factorisation; one that is wrong ends the case."""
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong factor: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dpotrf(bench, n):
    """Cholesky of one n x n matrix in double precision on all cores. Each sample is a process of
    its own that has warmed up; each factor is checked, ||A - L L^T|| / (n ||A|| eps) < 1. Our
    analysis is not in the time: it is done once for all sizes."""
    flops, tile = n**3 / 3, tile_of(n)
    programs = {"ours": Program("bench_dpotrf", (n, bench.cores, tile))}
    for name, peer in bench.blas_peers.items():
        programs[name] = bench.blas_program("dpotrf", peer, (n,))
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()})
    return Samples(samples.pop("ours"), samples, f"tile {tile}")


@case(unit="GF/s", sizes=(4096,), large_sizes=(8192,))
def dgeqrf(bench, n):
    """QR of one n x n matrix in double precision on all cores, by a flat tree. Each sample is a
    process of its own that has warmed up; each factor is checked, ||A - Q R|| / (n ||A|| eps) < 1.
    Our analysis is not in the time: it is done once for all sizes."""
    flops, tile, inner = 4 * n**3 / 3, 384, 48
    programs = {"ours": Program("bench_dgeqrf", (n, bench.cores, tile, inner))}
    for name, peer in bench.blas_peers.items():
        programs[name] = bench.blas_program("dgeqrf", peer, (n,))
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()})
    return Samples(samples.pop("ours"), samples, f"tile {tile}, inner block {inner}")


@case(unit="GF/s", sizes=(2048,), large_sizes=(8192,))
def dsvd_values(bench, n):
    """The singular values of one n x n matrix in double precision on all cores; the peers' dgesdd.
    Each sample is a process of its own that has warmed up; the norm of the values is checked
    against the matrix's. Operations are those of a direct bidiagonal reduction, 8 n^3 / 3, for all.
    Our analysis is not in the time: it is done once for all sizes."""
    flops = 8 * n**3 / 3
    programs = {"ours": Program("bench_dsvd_values", (n, bench.cores))}
    for name, peer in bench.blas_peers.items():
        programs[name] = bench.blas_program("dsvd_values", peer, (n,))
    samples = bench.interleave({name: lambda p=program: speed(bench, p, flops)
                                for name, program in programs.items()})
    return Samples(samples.pop("ours"), samples)
