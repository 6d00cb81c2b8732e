"""Tile kernels on one thread."""

from harness import registry
from harness.bench import Program
from harness.registry import Samples

# Floating-point operations for a tile of order n.
FLOPS = {"dgemm": lambda n: 2 * n**3, "dsyrk": lambda n: n**3, "dtrsm": lambda n: n**3,
         "dpotrf": lambda n: n**3 / 3}


def kernel(bench, name, n):
    def competitor(program):
        label = f"{name}/{n}"
        return lambda: [FLOPS[name](n) / bench.google(program, [label])[0][label]]

    competitors = {"ours": competitor(Program("bench_kernels"))}
    for peer in bench.blas_peers.values():
        competitors[peer.name] = competitor(bench.blas_program("kernels", peer, threads=1))
    samples = bench.interleave(competitors, rounds=3)
    return Samples(samples.pop("ours"), samples)


for word in FLOPS:
    registry.add(
        name=f"{word}_kernel", unit="GF/s", sizes=(128, 256, 512),
        measure=lambda bench, n, name=word: kernel(bench, name, n),
        about=f"{word} of n x n tiles in double precision on one thread, tiles in cache.")
