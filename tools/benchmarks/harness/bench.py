"""Runs the programs of ../programs: what a case has in its hands."""

import json
import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from harness import machine
from harness.registry import CaseFailed

ROUNDS = 5


@dataclass(frozen=True)
class Peer:
    """A BLAS and LAPACK to compare with: its programs are bench_dpotrf_NAME, bench_kernels_NAME.

    `library` must be among the libraries that the program loads, and no other BLAS. The variables
    in `threads` say how many threads the library may use; those in `untrusted` are removed, lest
    a setting that happens to be there makes the peer slower than it is.
    """

    name: str
    library: str
    package: str
    threads: tuple
    untrusted: tuple = ()


BLAS_PEERS = (
    Peer("openblas", "libopenblas.so", "libopenblas-openmp-dev",
         ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")),
    Peer("lapack_on_blis", "libblis.so", "libblis-openmp-dev liblapack-dev",
         ("BLIS_NUM_THREADS", "OMP_NUM_THREADS")),
)


@dataclass
class Program:
    """A program with its arguments, and what it wants of the environment: None is "not set".
    `launcher` is what starts it, such as mpirun with its options. It is one of the build, or a file
    by its whole path."""

    name: str | Path
    arguments: tuple = ()
    environment: dict = field(default_factory=dict)
    launcher: tuple = ()


class Bench:
    """Programs of one build, and the peers that are there."""

    def __init__(self, root, build):
        self.root = Path(root)
        self.programs = Path(build) / "tools" / "benchmarks"
        self.cores = machine.cores()
        self.missing = {}
        self.configurations = {}
        self._settings = {}
        self.blis = self.run(Program("bench_machine"))
        self.blas_peers = {p.name: p for p in BLAS_PEERS if self._is_usable(p)}

    def has(self, program):
        return (self.programs / program).is_file()

    def need(self, peer, program, package):
        """Whether a peer's program is there; if not, the reader is told what is missing."""
        if self.has(program):
            return True
        self.missing[peer] = f"not built; install {package} and run again"
        return False

    def need_python(self, peer, module, package):
        """The same for a module of Python."""
        found = subprocess.run([sys.executable, "-c", f"import {module}"], check=False,
                               stderr=subprocess.DEVNULL).returncode == 0
        if not found:
            self.missing[peer] = f"not there; install {package} and run again"
        return found

    def run(self, program):
        """What a program prints, as JSON."""
        command = [*program.launcher, str(self.programs / program.name),
                   *map(str, program.arguments)]
        environment = {**os.environ, **program.environment}
        environment = {name: value for name, value in environment.items() if value is not None}
        done = subprocess.run(command, env=environment, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise CaseFailed(f"{' '.join(command)} ended with status {done.returncode}: "
                             f"{done.stderr.strip()[-500:]}")
        return json.loads(done.stdout)

    def google(self, program, names):
        """{name: nanoseconds of processor} of benchmarks of a program on Google Benchmark, and
        {name: counters}."""
        chosen = "^(" + "|".join(re.escape(name) for name in names) + ")(/manual_time)?$"
        options = (f"--benchmark_filter={chosen}", "--benchmark_format=json",
                   "--benchmark_min_time=0.1")
        report = self.run(Program(program.name, options, program.environment))
        times, all_members = {}, {}
        for entry in report["benchmarks"]:
            if entry.get("error_occurred"):
                raise CaseFailed(f"{entry['name']}: {entry['error_message']}")
            manual = entry["name"].endswith("/manual_time")
            name = entry["name"].removesuffix("/manual_time")
            times[name] = entry["real_time" if manual else "cpu_time"]
            all_members[name] = entry
        return times, all_members

    @staticmethod
    def interleave(competitors, rounds=ROUNDS):
        """Calls each of {name: function that returns samples} in turn, `rounds` times; all samples
        of each."""
        samples = {name: [] for name in competitors}
        for _ in range(rounds):
            for name, measure in competitors.items():
                samples[name] += measure()
        return samples

    def blas_program(self, kind, peer, arguments=(), threads=None):
        """The program of a peer, on as many threads as there are cores or as given."""
        environment = {name: None for name in peer.untrusted}
        environment.update((name, str(threads or self.cores)) for name in peer.threads)
        environment.update(self._settings.get(peer.name, {}))
        return Program(f"bench_{kind}_{peer.name}", arguments, environment)

    def _better_configuration(self, peer):
        """The variable that gives a peer its best kernels for this CPU, where it is older than the
        CPU and chooses badly."""
        if peer.name == "lapack_on_blis" and self.blis["blis_chosen_by"] == "lambdapack":
            return {"BLIS_ARCH_TYPE": str(self.blis["blis_id"])}
        old_choices = ("haswell", "zen", "prescott", "sandybridge")
        if (peer.name == "openblas" and machine.has_avx512()
                and self.configurations[peer.name].lower() in old_choices):
            return {"OPENBLAS_CORETYPE": "SkylakeX"}
        return {}

    def _ask_configuration(self, peer):
        told = self.run(self.blas_program("dpotrf", peer, (0,)))
        self.configurations[peer.name] = told["configuration"]

    def _is_usable(self, peer):
        program = f"bench_dpotrf_{peer.name}"
        if not self.need(peer.name, program, peer.package):
            return False
        wrong = self._wrong_libraries(program, peer.library)
        if wrong:
            self.missing[peer.name] = f"its program loads {wrong}, not {peer.library} alone"
            return False
        self._ask_configuration(peer)
        self._settings[peer.name] = self._better_configuration(peer)
        self._ask_configuration(peer)
        return True

    def _wrong_libraries(self, program, library):
        """The BLAS libraries that a program loads, unless they are the wanted one and no other."""
        loaded = subprocess.run(["ldd", str(self.programs / program)], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        blas = set(re.findall(r"(lib(?:openblas|blis|blas|lapack)\.so)\S* =>", loaded))
        return "" if blas == {library} else " and ".join(sorted(blas)) or "no BLAS"

    def compile(self, command):
        """Seconds of processor that a compiler's command takes."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, cwd=self.root, check=False, text=True,
                              stderr=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise CaseFailed(f"{' '.join(command)} failed: {done.stderr.strip()[:500]}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
