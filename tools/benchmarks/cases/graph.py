"""Task graphs: what they cost to derive, to hold, and to ask."""

from harness.bench import Program
from harness.registry import Samples, case

GRAPH = Program("bench_graph")
PUBLISHED = Program("bench_published")
MS = 1e-6
SECONDS = 1e-9


def samples_of(bench, names, program=GRAPH):
    """{name: samples in nanoseconds} of benchmarks of a program, in several rounds, and {name:
    counters}."""
    rounds = [bench.google(program, names) for _ in range(3)]
    return {name: [times[name] for times, _ in rounds] for name in names}, rounds[-1][1]


def table_note(counters, hash_table):
    """How much memory a hash table takes."""
    megabytes = counters[hash_table]["table_bytes"] / 1e6 if hash_table in counters else None
    return f"the hash table takes {megabytes:,.3g} MB" if megabytes else ""


@case(unit="ns", sizes=(10, 64, 1_000, 100_000, 10_000_000), less_is_better=True, target=150)
def successor_query(bench, n):
    """Who reads what syrk[k, i, j], k < j < i, wrote, in a Cholesky of n tile rows: the closed form
    beside a hash table over the unrolled graph (where that fits) and a point query of isl."""
    ours, isl = f"successors_closed_form/{n}", f"successors_isl/{n}"
    table = f"successors_hash_table/{n}"
    peers = {"isl": isl}
    if n <= 64:
        peers["hash_table"] = table
    samples, counters = samples_of(bench, [ours, *peers.values()])
    return Samples(samples[ours], {peer: samples[name] for peer, name in peers.items()},
                   table_note(counters, table))


@case(unit="ns", sizes=(10, 1_000, 100_000, 10_000_000), less_is_better=True)
def in_degree_query(bench, n):
    """For how many tasks syrk[k, i, j], k < j < i, waits, in a Cholesky of n tile rows."""
    name = f"in_degree/{n}"
    return Samples(samples_of(bench, [name])[0][name])


@case(unit="ms", sizes=(0,), less_is_better=True, target=50)
def analysis_cholesky(bench, _n):
    """From a traced Cholesky to its closed forms, once for all sizes."""
    return Samples([t * MS for t in samples_of(bench, ["analysis"])[0]["analysis"]])


@case(unit="ms", sizes=(0,), less_is_better=True)
def analysis_with_proof_cholesky(bench, _n):
    """From a traced Cholesky to its closed forms, and then the proof that the closed forms are right for all sizes."""
    name = "analysis_with_proof"
    return Samples([t * MS for t in samples_of(bench, [name])[0][name]])


@case(unit="s", sizes=(256,), less_is_better=True, target=0.5)
def enumeration_cholesky(bench, n):
    """All tasks of a Cholesky of n tile rows with their in-degrees, in the program's order, in one
    thread."""
    name = f"enumeration/{n}"
    samples, counters = samples_of(bench, [name])
    return Samples([t * SECONDS for t in samples[name]],
                   note=f"{int(counters[name]['tasks']):,} tasks")


@case(unit="bytes", sizes=(8, 100_000), less_is_better=True, target=8192)
def graph_bytes_cholesky(bench, n):
    """What a worker holds of the graph of Cholesky, whatever the number of tile rows."""
    name = f"ready/{n}"
    return Samples([bench.google(GRAPH, [name])[1][name]["formula_bytes"]])


@case(unit="ms", sizes=(8, 100_000), less_is_better=True, target=1)
def graph_ready(bench, n):
    """From closed forms and n tile rows to a graph that knows its size and its first task."""
    name = f"ready/{n}"
    return Samples([t * MS for t in samples_of(bench, [name])[0][name]])
