"""Programs of several processes of one thread each, on this machine."""

import os

from harness import machine
from harness.bench import Program


def launcher(ranks):
    """mpirun, on this machine alone; root is asked for nothing."""
    binding = "core" if ranks <= (os.cpu_count() or 1) else "none"
    return ("mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", binding,
            "--mca", "btl", "self,vader", "--mca", "oob_tcp_if_include", "lo", "-n", str(ranks))


def environment():
    """One thread for each rank, and the best kernels of whichever BLAS a peer is linked to."""
    settings = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "BLIS_NUM_THREADS": "1"}
    if machine.has_avx512():
        settings["OPENBLAS_CORETYPE"] = "SkylakeX"
    return settings


def scalapack(routine, n, grid, block):
    """The program of a routine of ScaLAPACK on p x q processes, in square blocks."""
    return Program("bench_mpi_scalapack", (routine, n, *grid, 1, block), environment(),
                   launcher(grid[0] * grid[1]))


def has_scalapack(bench):
    return bench.need("scalapack", "bench_mpi_scalapack",
                      "libscalapack-openmpi-dev libopenmpi-dev openmpi-bin")
