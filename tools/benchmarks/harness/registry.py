"""The registry of cases. A group of cases is a file in ../cases whose functions carry @case."""

import importlib
import pkgutil
import statistics
from dataclasses import dataclass, field
from typing import Callable

CASES = []


class CaseFailed(Exception):
    """A case cannot be measured; the text says why and what to do."""


@dataclass
class Samples:
    """What one case at one size gave: every sample of ours and of each peer, in the case's unit."""

    ours: list
    peers: dict = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Case:
    """A thing to measure: `measure(bench, n)` gives Samples for each of `sizes`.

    `large_sizes` are for --large only. Size 0 stands for "all sizes at once".
    """

    name: str
    unit: str
    sizes: tuple
    measure: Callable
    about: str
    less_is_better: bool = False
    target: float = None
    large_sizes: tuple = ()

    def best(self, samples):
        return min(samples) if self.less_is_better else max(samples)

    def result(self, n, samples):
        """The entry for --json. `ratio_to_best` is above 1 where we are ahead of every peer."""
        ours = self.best(samples.ours)
        peers = {name: self.best(values) for name, values in samples.peers.items() if values}
        ratio = None
        if peers and ours > 0:
            best = self.best(peers.values())
            ratio = best / ours if self.less_is_better else ours / best
        entry = {"case": self.name, "n": n, "unit": self.unit, "ours": ours, "peers": peers,
                 "ratio_to_best": ratio}
        if self.less_is_better:
            entry["better"] = "less"
        if self.target is not None:
            entry["target"] = self.target
        entry["median"] = {"ours": statistics.median(samples.ours)}
        entry["median"].update((name, statistics.median(values))
                               for name, values in samples.peers.items() if values)
        if samples.note:
            entry["note"] = samples.note
        return entry


def add(**properties):
    """Registers a case."""
    CASES.append(Case(**properties))


def case(**properties):
    """Registers the function below as the `measure` of a case; its docstring is `about`."""

    def register(measure):
        about = " ".join(measure.__doc__.split())
        add(name=measure.__name__, measure=measure, about=about, **properties)
        return measure

    return register


def load():
    """Imports every group of cases."""
    import cases

    for module in sorted(pkgutil.iter_modules(cases.__path__), key=lambda m: m.name):
        importlib.import_module(f"cases.{module.name}")
    return CASES


def best_of(samples):
    """Of the samples by (name, size) the best size of each name, as {name: (size, samples)}."""
    best = {}
    for (name, size), values in samples.items():
        if name not in best or max(values) > max(best[name][1]):
            best[name] = (size, values)
    return best
