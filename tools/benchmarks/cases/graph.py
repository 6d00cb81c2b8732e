"""The graph of Cholesky: what it costs to derive, to hold, and to ask."""

from harness.bench import Program
from harness.registry import Samples, case

GRAPH = Program("bench_graph")
MS = 1e-6


def samples_of(bench, names):
    """{name: samples in nanoseconds} of benchmarks in bench_graph, in several rounds."""
    rounds = [bench.google(GRAPH, names)[0] for _ in range(3)]
    return {name: [times[name] for times in rounds] for name in names}


@case(unit="ns", sizes=(10, 64, 1_000, 100_000, 10_000_000), less_is_better=True, target=150)
def successor_query(bench, n):
    """Who reads what syrk[k, i, j], k < j < i, wrote, in a Cholesky of n tile rows: the closed form
    beside a hash table over the unrolled graph (where that fits) and a point query of isl."""
    ours, isl = f"successors_closed_form/{n}", f"successors_isl/{n}"
    peers = {"isl": isl}
    if n <= 64:
        peers["hash_table"] = f"successors_hash_table/{n}"
    samples = samples_of(bench, [ours, *peers.values()])
    return Samples(samples[ours], {peer: samples[name] for peer, name in peers.items()})


@case(unit="ms", sizes=(0,), less_is_better=True, target=50)
def analysis_cholesky(bench, _n):
    """From a traced Cholesky to its closed forms, once for all sizes."""
    return Samples([t * MS for t in samples_of(bench, ["analysis"])["analysis"]])


@case(unit="bytes", sizes=(8, 100_000), less_is_better=True, target=8192)
def graph_bytes_cholesky(bench, n):
    """What a worker holds of the graph of Cholesky, whatever the number of tile rows."""
    name = f"ready/{n}"
    return Samples([bench.google(GRAPH, [name])[1][name]["formula_bytes"]])


@case(unit="ms", sizes=(8, 100_000), less_is_better=True, target=1)
def graph_ready(bench, n):
    """From closed forms and n tile rows to a graph that knows its size and its first task."""
    name = f"ready/{n}"
    return Samples([t * MS for t in samples_of(bench, [name])[name]])
