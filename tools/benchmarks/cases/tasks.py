"""What a task costs when its kernel does nothing."""

from harness import registry
from harness.bench import Program
from harness.registry import Samples

# Taskflow is not in Debian's archive, and so not among these.
PEERS = {"openmp": ("bench_empty_task_openmp", "libgomp (part of g++)"),
         "tbb": ("bench_empty_task_tbb", "libtbb-dev")}


def empty_task(bench, workers, n):
    def competitor(name):
        program = Program(name, (workers, n), {"OMP_NUM_THREADS": str(workers)})
        return lambda: bench.run(program)["samples"]

    competitors = {"ours": competitor("bench_empty_task")}
    for peer, (program, package) in PEERS.items():
        if bench.need(peer, program, package):
            competitors[peer] = competitor(program)
    samples = bench.interleave(competitors)
    ours = samples.pop("ours")
    return Samples(ours, samples, f"{n * (n + 1) * (n + 2) // 6:,} tasks")


for number, word in ((1, "1_worker"), (2, "2_workers")):
    registry.add(
        name=f"empty_task_{word}", unit="ns", sizes=(64,), less_is_better=True,
        measure=lambda bench, n, workers=number: empty_task(bench, workers, n),
        about=f"Time of a whole run over the number of tasks: Cholesky of n tile rows with kernels "
              f"that do nothing, {word.replace('_', ' ')}. The peers build their graph as well as "
              f"run it; ours has no graph to build.")
