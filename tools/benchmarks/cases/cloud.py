"""Workers of lp::cloud on this machine, beside lp::threads, beside ScaLAPACK, and beside themselves."""

import functools
import urllib.parse

from harness import registry
from harness.bench import Program
from harness.ranks import has_scalapack, scalapack
from harness.registry import CaseFailed, Samples, best_of
from harness.services import S3_ENVIRONMENT, s3_bucket, service

RESIDUAL_LIMIT = 1.0
ROUNDS = 3

# Of each routine: floating-point operations, our tiles, ScaLAPACK's blocks.
ROUTINES = {
    "dpotrf": (lambda n: n**3 / 3, (512, 768, 1024), (128, 192)),
    "dgemm": (lambda n: 2 * n**3, (512, 1024), (128, 256)),
    "dgeqrf": (lambda n: 4 * n**3 / 3, (384, 512), (64, 128)),
}


def need_cloud(bench):
    if not bench.need("lp::cloud", "bench_cloud", "libsqlite3-dev"):
        raise CaseFailed("lp::cloud is not built; install libsqlite3-dev")


def speeds(bench, program, flops):
    told = bench.run(program)
    if not told["residual"] < RESIDUAL_LIMIT:
        raise CaseFailed(f"{program.name} gives a wrong result: residual {told['residual']}")
    return [flops / seconds * 1e-9 for seconds in told["samples"]]


def beside_threads(bench, n, options="", environment=None):
    """The GF/s of dpotrf by two workers, beside two threads; the best tile of each."""
    need_cloud(bench)
    flops, tiles, _ = ROUTINES["dpotrf"]
    competitors = {}
    for tile in tiles:
        workers = Program("bench_cloud", ("dpotrf", n, 2, tile, options), environment or {})
        threads = Program("bench_dpotrf", (n, 2, tile))
        for name, program in (("ours", workers), ("threads", threads)):
            competitors[(name, tile)] = lambda program=program: speeds(bench, program, flops(n))
    best = best_of(bench.interleave(competitors, ROUNDS))
    return Samples(best["ours"][1], {"threads": best["threads"][1]},
                   f"tiles {best['ours'][0]} and {best['threads'][0]}")


registry.add(
    name="cloud_dpotrf_beside_threads", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
    measure=beside_threads,
    about="dpotrf by two worker processes with a directory and SQLite between them, from a matrix in "
          "memory to a matrix in memory, and lp::threads in one process of two; a ratio of 0.85 is "
          "wanted.")


def on_servers(bench, n):
    """The same with Redis and an S3 server between the workers."""
    need_cloud(bench)
    with service(bench, "redis") as port, s3_bucket(bench) as store:
        options = urllib.parse.urlencode({"queue": f"redis://127.0.0.1:{port}", "store": store,
                                          "keep": "0"})
        return beside_threads(bench, n, options, S3_ENVIRONMENT)


registry.add(
    name="cloud_dpotrf_on_servers_beside_threads", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
    measure=on_servers,
    about="The same with Redis, which writes what it is told to disk, and Ceph, which holds objects "
          "in memory, between the workers, all on this machine; a ratio of 0.75 is wanted.")


def beside_scalapack(bench, n, routine):
    """The GF/s of a routine by two workers, and by ScaLAPACK on two ranks."""
    need_cloud(bench)
    flops, tiles, blocks = ROUTINES[routine]
    programs = {("ours", t): Program("bench_cloud", (routine, n, 2, t)) for t in tiles}
    if has_scalapack(bench):
        programs.update((("scalapack", b), scalapack(routine, n, (1, 2), b)) for b in blocks)
    best = best_of(bench.interleave(
        {key: lambda p=program: speeds(bench, p, flops(n)) for key, program in programs.items()},
        ROUNDS))
    note = ", ".join(f"{'tile' if name == 'ours' else 'block'} {size}"
                     for name, (size, _) in best.items())
    return Samples(best["ours"][1],
                   {name: values for name, (_, values) in best.items() if name != "ours"}, note)


for routine in ROUTINES:
    registry.add(
        name=f"cloud_{routine}_beside_scalapack", unit="GF/s", sizes=(4096,), large_sizes=(8192,),
        measure=functools.partial(beside_scalapack, routine=routine),
        about=f"{routine} by two worker processes with a directory and SQLite between them, from "
              f"matrices in memory to a matrix in memory, and p{routine} of ScaLAPACK on two ranks; a "
              "ratio of 1.0 is wanted.")


def bytes_read(bench, n):
    """The share of bytes that workers read with a cache of tiles, of those that they read without."""
    need_cloud(bench)
    tile = n // 16
    fetched = n * (n + tile) // 2 * 8  # what the client takes back

    def read(options):
        return bench.run(Program("bench_cloud", ("dpotrf", n, 2, tile, options)))["bytes_read"] - fetched

    without = read("cache_bytes=0")
    return Samples([read("") / without for _ in range(ROUNDS)], {},
                   f"{without / 1e9:.2f} GB without; tile {tile}")


registry.add(
    name="cloud_bytes_read", unit="of all", sizes=(4096,), large_sizes=(8192,), target=0.4,
    less_is_better=True, measure=bytes_read,
    about="Bytes that two workers read in a Cholesky of 16 tile rows, beside those that they read "
          "with a cache of 0 bytes, where no task is chosen for the tiles that a worker has.")


def sleepers(bench, rows, workers, milliseconds, killed, options):
    need_cloud(bench)
    return bench.run(Program("bench_cloud_sleepers", (rows, workers, milliseconds, killed, options)))


RECOVERY = {"rows": 32, "workers": 16, "milliseconds": 20}
RECOVERY_LEASE = 2.0
KILLED = 13


def recovery(bench, n):
    """What a run takes longer when most workers are killed, in leases."""
    options = f"lease={RECOVERY_LEASE * 1000:.0f}&least_workers={RECOVERY['workers']}"

    def seconds(killed):
        return sleepers(bench, **RECOVERY, killed=killed, options=options)["samples"][0]

    undisturbed = min(seconds(0) for _ in range(ROUNDS))
    return Samples([(seconds(KILLED) - undisturbed) / RECOVERY_LEASE for _ in range(ROUNDS)], {},
                   f"{undisturbed:.2f} s undisturbed, a lease is {RECOVERY_LEASE:.0f} s")


registry.add(
    name="cloud_recovery", unit="leases", sizes=(0,), target=1.0, less_is_better=True,
    measure=recovery,
    about=f"How much longer a Cholesky of {RECOVERY['rows']} tile rows takes, whose kernels sleep for "
          f"{RECOVERY['milliseconds']} ms, when {KILLED} of its {RECOVERY['workers']} workers are "
          "killed half way; the work that is lost with them is counted in.")


PROVISION = {"rows": 64, "workers": 180, "milliseconds": 100, "killed": 0}


def provision(bench, n):
    """Core-seconds of workers that come as there are tasks, and of workers that are there always."""
    with service(bench, "redis") as port:
        queue = f"queue=redis://127.0.0.1:{port}"
        fixed = sleepers(bench, **PROVISION, options=f"{queue}&least_workers={PROVISION['workers']}"
                                                     "&idle=3600000")
        ours = sleepers(bench, **PROVISION, options=f"{queue}&scaling=0.5&idle=100")
    return Samples([ours["core_seconds"] / fixed["core_seconds"]], {},
                   f"{ours['core_seconds']:.0f} and {fixed['core_seconds']:.0f} core-seconds, "
                   f"{ours['samples'][0]:.0f} and {fixed['samples'][0]:.0f} s")


registry.add(
    name="cloud_provision", unit="of fixed", sizes=(0,), target=0.8, less_is_better=True,
    measure=provision,
    about=f"Core-seconds of a Cholesky of {PROVISION['rows']} tile rows, whose kernels sleep for "
          f"{PROVISION['milliseconds']} ms, by up to {PROVISION['workers']} processes that are started "
          "at half a worker for each task that is ready or runs, beside those of as many that are "
          "there from beginning to end.")


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
