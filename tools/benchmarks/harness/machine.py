"""The machine, named by its CPU, and how busy others keep it."""

import os
import re
import resource


def cpu_info(name):
    """A field of the first processor in /proc/cpuinfo, or an empty string."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        found = re.search(rf"^{name}\s*: (.*)$", info.read(), re.MULTILINE)
    return found.group(1).strip() if found else ""


def cpu_model():
    """The CPU's name, with its family and model, since some names are those of many."""
    name = cpu_info("model name") or os.uname().machine
    family, model = cpu_info("cpu family"), cpu_info("model")
    return f"{name} (family {family}, model {model})" if family else name


def cores():
    return len(os.sched_getaffinity(0))


def has_avx512():
    return {"avx512f", "avx512dq", "avx512bw", "avx512vl"} <= set(cpu_info("flags").split())


def _all_busy_seconds():
    with open("/proc/stat", encoding="utf-8") as stat:
        ticks = [int(field) for field in stat.readline().split()[1:9]]
    user, nice, system, _idle, _wait, irq, softirq, steal = ticks
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_busy_seconds():
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in own)


class OtherLoad:
    """How many cores others keep busy, on average, from the beginning of a `with` to its end."""

    def __enter__(self):
        self._begin = (os.times().elapsed, _all_busy_seconds(), _own_busy_seconds())
        return self

    def __exit__(self, *_):
        elapsed = os.times().elapsed - self._begin[0]
        others = (_all_busy_seconds() - self._begin[1]) - (_own_busy_seconds() - self._begin[2])
        self.cores = max(0.0, others / elapsed) if elapsed > 0.5 else 0.0
