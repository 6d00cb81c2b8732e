"""Many processes on this machine, beside ScaLAPACK of the same MPI, with one core for each rank."""

import functools
import os

from harness import registry
from harness.bench import Program
from harness.ranks import environment, has_scalapack, launcher, scalapack
from harness.registry import CaseFailed, Samples, best_of

RESIDUAL_LIMIT = 1.0
ROUNDS = 3

# Of each routine: floating-point operations, our tiles, and ScaLAPACK's blocks, of which the best
# counts; and the ratio that is wanted.
ROUTINES = {
    "dpotrf": (lambda n: n**3 / 3, (256, 384, 512), (128, 192, 256), 1.15),
    "dgemm": (lambda n: 2 * n**3, (512, 1024), (128, 256), 1.20),
    "dgeqrf": (lambda n: 4 * n**3 / 3, (384, 512), (64, 128), 1.05),
}
GRIDS = {2: (1, 2), 4: (2, 2)}


def speeds(bench, program, flops):
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong result: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


def beside_scalapack(bench, n, routine, ranks):
    """The GF/s of a routine on so many ranks, ours and ScaLAPACK's."""
    if not bench.need("lp::mpi", "bench_mpi", "libopenmpi-dev openmpi-bin"):
        raise CaseFailed("lp::mpi is not built; install libopenmpi-dev and openmpi-bin")
    flops, tiles, blocks, _ = ROUTINES[routine]
    grid = GRIDS[ranks]

    programs = {("ours", t): Program("bench_mpi", (routine, n, *grid, 1, 1, t, t // 8),
                                     environment(), launcher(ranks))
                for t in tiles}
    if has_scalapack(bench):
        programs.update((("scalapack", b), scalapack(routine, n, grid, b)) for b in blocks)
    samples = bench.interleave({key: lambda p=program: speeds(bench, p, flops(n))
                                for key, program in programs.items()}, ROUNDS)
    best = best_of(samples)
    note = ", ".join(f"{'tile' if name == 'ours' else 'block'} {size}"
                     for name, (size, _) in best.items())
    peers = {name: values for name, (_, values) in best.items() if name != "ours"}
    return Samples(best["ours"][1], peers, note)


for routine, (_, _, _, wanted) in ROUTINES.items():
    for ranks, grid in GRIDS.items():
        registry.add(
            name=f"mpi_{routine}_{ranks}_ranks", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
            measure=functools.partial(beside_scalapack, routine=routine, ranks=ranks),
            about=f"{routine} of one n x n matrix over {grid[0]} x {grid[1]} processes of one "
                  f"thread each, and p{routine} of ScaLAPACK; the best tile and the best block; a ratio "
                  f"of {wanted} is wanted. "
                  f"Each factor is checked. On {os.cpu_count()} cores, so that {ranks} ranks "
                  f"{'share them' if ranks > (os.cpu_count() or 1) else 'have one each'}.")


def one_process(bench, n):
    """The GF/s of dpotrf on two ranks of one thread, beside one process of two threads."""
    flops = ROUTINES["dpotrf"][0](n)
    competitors = {}
    for tile in (384, 512):
        ranks = Program("bench_mpi", ("dpotrf", n, 1, 2, 1, 1, tile), environment(), launcher(2))
        threads = Program("bench_dpotrf", (n, 2, tile))
        for name, program in (("ours", ranks), ("threads", threads)):
            competitors[(name, tile)] = lambda program=program: speeds(bench, program, flops)
    best = best_of(bench.interleave(competitors, ROUNDS))
    return Samples(best["ours"][1], {"threads": best["threads"][1]},
                   f"tiles {best['ours'][0]} and {best['threads'][0]}")


registry.add(
    name="mpi_dpotrf_beside_threads", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
    measure=one_process,
    about="dpotrf over two processes of one thread each, and lp::threads in one process of two; a "
          "ratio of 0.95 is wanted.")


@functools.cache
def share(bench, n):
    return bench.run(Program("bench_mpi_share", (n, 100, 100, 10)))


registry.add(
    name="mpi_share_start", unit="ms", sizes=(10000, 1000000), less_is_better=True,
    measure=lambda bench, n: Samples([share(bench, n)["start_seconds"] * 1e3], {},
                                     f"{share(bench, n)['bytes_at_end'] / 1e6:.2g} MB after "
                                     f"{share(bench, n)['tasks']:,} tasks"),
    about="What one rank of 100 x 100 does before its first task of a Cholesky of n x n tiles; then "
          "it walks its share for 10 s, and asks who reads what each task makes.")
