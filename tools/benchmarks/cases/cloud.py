"""Workers of lp::cloud on this machine, beside lp::threads."""

from harness import registry
from harness.bench import Program
from harness.registry import CaseFailed, Samples, best_of

RESIDUAL_LIMIT = 1.0
ROUNDS = 3
TILES = (512, 768, 1024)


def speeds(bench, program, flops):
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong result: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


def beside_threads(bench, n):
    """The GF/s of dpotrf by two workers, beside two threads; the best tile of each."""
    if not bench.need("lp::cloud", "bench_cloud", "libsqlite3-dev"):
        raise CaseFailed("lp::cloud is not built; install libsqlite3-dev")
    competitors = {}
    for tile in TILES:
        for name, program in (("ours", "bench_cloud"), ("threads", "bench_dpotrf")):
            competitors[(name, tile)] = (
                lambda program=program, tile=tile:
                speeds(bench, Program(program, (n, 2, tile)), n**3 / 3))
    best = best_of(bench.interleave(competitors, ROUNDS))
    return Samples(best["ours"][1], {"threads": best["threads"][1]},
                   f"tiles {best['ours'][0]} and {best['threads'][0]}")


registry.add(
    name="cloud_dpotrf_beside_threads", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
    measure=beside_threads,
    about="dpotrf by two worker processes with a directory and SQLite between them, from a matrix in "
          "memory to a matrix in memory, and lp::threads in one process of two; a ratio of 0.85 is "
          "wanted.")


REDIS_WORKERS = 4


def through_redis(bench, n):
    """Tasks a second by workers that do nothing else."""
    if not bench.need("Redis", "bench_redis_tasks", "libhiredis-dev redis-server"):
        raise CaseFailed("the ledger in Redis is not built; install libhiredis-dev, redis-server "
                         "and what else CMake says is missing")
    return Samples(bench.run(Program("bench_redis_tasks", (n, REDIS_WORKERS)))["samples"])


registry.add(
    name="cloud_tasks_through_redis", unit="tasks/s", sizes=(76800,), target=20000,
    measure=through_redis,
    about="Tasks a second through the ledger in Redis by four worker processes whose kernels do "
          "nothing, all on this machine; each task waits for two, and reads two values.")
