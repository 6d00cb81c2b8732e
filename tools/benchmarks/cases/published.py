"""The published algorithms of "Serverless Linear Algebra", most of them with trees in their loops, and
a tree QR in place: what their graphs cost to derive, to hold, and to ask."""

from cases.graph import MS, PUBLISHED, samples_of, table_note
from harness.registry import Samples, add

# What it is, the most milliseconds for its analysis, and the most bytes of its graph.
PROGRAMS = {
    "cholesky": ("Cholesky, single assignment", None, None),
    "tsqr": ("TSQR", None, None),
    "gemm_tree": ("a matrix product with sums in trees of base 4", None, None),
    "tree_qr": ("QR with a tree in each step, single assignment", 500, 32 * 1024),
    "bdfac": ("the two-sided reduction to a band, single assignment", 2_000, 64 * 1024),
    "tree_qr_in_place": ("QR with a tree in each step, in place", 5_000, None),
}

SIZES = (10, 64, 1_000, 100_000, 10_000_000)


def analysis(program):
    def measure(bench, _n):
        name = f"analysis/{program}"
        return Samples([t * MS for t in samples_of(bench, [name], PUBLISHED)[0][name]])
    return measure


def graph_bytes(program):
    def measure(bench, _n):
        name = f"bytes/{program}"
        return Samples([bench.google(PUBLISHED, [name])[1][name]["formula_bytes"]])
    return measure


def successors(program):
    def measure(bench, n):
        ours, table = f"successors/{program}/{n}", f"hash_table/{program}/{n}"
        names = [ours, table] if n <= 64 else [ours]
        samples, counters = samples_of(bench, names, PUBLISHED)
        peers = {"hash_table": samples[table]} if n <= 64 else {}
        return Samples(samples[ours], peers, table_note(counters, table))
    return measure


def generated_successors(program):
    """Generated functions behind the graph's interface; the direct call is in the note."""
    def measure(bench, n):
        ours, direct = f"generated/{program}/{n}", f"function/{program}/{n}"
        table = f"hash_table/{program}/{n}"
        names = [ours, direct, table] if n <= 64 else [ours, direct]
        samples, counters = samples_of(bench, names, PUBLISHED)
        peers = {"hash_table": samples[table]} if n <= 64 else {}
        note = f"the function itself {min(samples[direct]):.3g} ns"
        memory = table_note(counters, table)
        return Samples(samples[ours], peers, f"{note}; {memory}" if memory else note)
    return measure


def in_degree(program):
    def measure(bench, n):
        name = f"in_degree/{program}/{n}"
        return Samples(samples_of(bench, [name], PUBLISHED)[0][name])
    return measure


for _program, (_what, _milliseconds, _bytes) in PROGRAMS.items():
    add(name=f"analysis_published_{_program}", unit="ms", sizes=(0,), less_is_better=True,
        target=_milliseconds, measure=analysis(_program),
        about=f"From the program to its closed forms, once for all sizes: {_what}.")
    add(name=f"graph_bytes_published_{_program}", unit="bytes", sizes=(0,), less_is_better=True,
        target=_bytes, measure=graph_bytes(_program),
        about=f"What a worker holds of the graph, whatever the sizes: {_what}.")

INTERIOR = {"cholesky": "syrk", "tree_qr": "tpmqrt", "bdfac": "tpmqrt"}

for _program, _kernel in INTERIOR.items():
    _what = PROGRAMS[_program][0]
    add(name=f"successor_query_{_program}", unit="ns", sizes=SIZES, less_is_better=True, target=150,
        measure=successors(_program),
        about=f"Who reads what an interior {_kernel} wrote, n tile rows: {_what}. Beside a hash table "
              "over the unrolled graph, where that fits.")
    add(name=f"generated_successor_query_{_program}", unit="ns", sizes=SIZES, less_is_better=True,
        target=60, measure=generated_successors(_program),
        about=f"The same by the functions that lpc generates, asked through the graph: {_what}.")
    add(name=f"in_degree_query_{_program}", unit="ns", sizes=SIZES, less_is_better=True,
        measure=in_degree(_program),
        about=f"For how many tasks an interior {_kernel} waits, n tile rows: {_what}.")
