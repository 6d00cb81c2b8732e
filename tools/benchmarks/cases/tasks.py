"""What a task costs when its kernel does nothing."""

import functools

from harness import registry
from harness.bench import Program
from harness.registry import Samples

# Taskflow is not in Debian's archive, and so not among these.
PEERS = {"openmp": ("bench_empty_task_openmp", "libgomp (part of g++)"),
         "tbb": ("bench_empty_task_tbb", "libtbb-dev"),
         "starpu": ("bench_empty_task_starpu", "libstarpu-dev")}


def empty_task(bench, workers, n):
    def competitor(name):
        program = Program(name, (workers, n), {"OMP_NUM_THREADS": str(workers), "STARPU_SILENT": "1"})
        return lambda: bench.run(program)["samples"]

    competitors = {"ours": competitor("bench_empty_task")}
    for peer, (program, package) in PEERS.items():
        if bench.need(peer, program, package):
            competitors[peer] = competitor(program)
    samples = bench.interleave(competitors, *((1,) if n > 64 else ()))
    ours = samples.pop("ours")
    return Samples(ours, samples, f"{n * (n + 1) * (n + 2) // 6:,} tasks")


for number, word in ((1, "1_worker"), (2, "2_workers")):
    registry.add(
        name=f"empty_task_{word}", unit="ns", sizes=(64,), large_sizes=(256,), less_is_better=True,
        measure=lambda bench, n, workers=number: empty_task(bench, workers, n),
        about=f"Time of a whole run over the number of tasks: Cholesky of n tile rows with kernels "
              f"that do nothing, {word.replace('_', ' ')}. The peers build their graph as well as "
              f"run it; ours has no graph to build.")


@functools.cache
def large_graph(bench, n):
    return bench.run(Program("bench_large_graph", (2, n, 30), {}))


registry.add(
    name="large_graph_memory", unit="MB", sizes=(1817,), less_is_better=True, target=200,
    measure=lambda bench, n: Samples([large_graph(bench, n)["megabytes"]], {},
                                     f"after {large_graph(bench, n)['done']:,} tasks"),
    about="What the process has held at most after half a minute of a Cholesky of n tile rows, a "
          "graph of 10^9 tasks, on 2 workers, with tiles and kernels that are empty.")
registry.add(
    name="large_graph_task", unit="ns", sizes=(1817,), less_is_better=True,
    measure=lambda bench, n: Samples(large_graph(bench, n)["samples"], {},
                                     f"first task after {large_graph(bench, n)['started'] * 1e3:.2g} ms"),
    about="Time over the number of tasks in that half minute.")
