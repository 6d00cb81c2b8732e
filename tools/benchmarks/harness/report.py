"""Results as a table, for a terminal and for docs/measurements.md."""

# From how many cores kept busy by others a result is marked, and from how many its ratio is none.
BUSY_CORES = 0.05
VERY_BUSY_CORES = 0.5


def number(x):
    """A number with three digits that matter."""
    if x is None:
        return "-"
    if x == int(x) and abs(x) < 1e6:
        return f"{int(x):,}"
    if abs(x) >= 100:
        return f"{x:,.0f}"
    return f"{x:.1f}" if abs(x) >= 10 else f"{x:.3g}"


def size(n):
    return f"{n:,}" if n else "all"


def aim(entry):
    """The target, with whether it is met."""
    if "target" not in entry:
        return ""
    less = entry.get("better") == "less"
    met = entry["ours"] <= entry["target"] if less else entry["ours"] >= entry["target"]
    return f"{'<=' if less else '>='} {number(entry['target'])}{'' if met else ' MISSED'}"


def ratio(entry):
    """The ratio to the best peer, as far as it means anything."""
    load = entry.get("other_load", 0)
    mark = "*" if load > BUSY_CORES else ""
    if entry["ratio_to_best"] is None or load > VERY_BUSY_CORES:
        return f"-{mark}"
    return f"{entry['ratio_to_best']:.2f}{mark}"


def row(entry):
    peers = ", ".join(f"{name} {number(value)}" for name, value in entry["peers"].items())
    return [entry["case"], size(entry["n"]), entry["unit"],
            f"{number(entry['ours'])} ({number(entry['median']['ours'])})", peers or "-",
            ratio(entry), aim(entry), entry.get("note", "")]


HEAD = ["case", "n", "unit", "ours (median)", "peers", "ratio", "target", "note"]


def lines(results):
    """The table for a terminal, line by line."""
    rows = [HEAD] + [row(entry) for entry in results]
    widths = [max(len(r[c]) for r in rows) for c in range(len(HEAD))]
    for r in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(r, widths)).rstrip()
    if any(entry.get("other_load", 0) > BUSY_CORES for entry in results):
        yield ""
        yield ("* others kept the cores busy meanwhile: what is slow may be slow because of them; "
               f"no ratio above {VERY_BUSY_CORES} cores")


def markdown(results, cases):
    """docs/measurements.md."""
    about = {case.name: case.about for case in cases}
    yield "# Measurements"
    yield ""
    yield ("Made by `tools/bench --large --markdown docs/measurements.md` on a quiet machine;")
    yield "do not edit. Each line is the best of several rounds (in brackets the median of ours),"
    yield "ours and the peers' in turn. The ratio is to the best peer; above 1 we are ahead,"
    yield "whether more or less is better."
    for machine in dict.fromkeys(entry["machine"] for entry in results):
        yield ""
        yield f"## {machine}"
        yield ""
        here = [entry for entry in results if entry["machine"] == machine]
        yield "| " + " | ".join(HEAD) + " |"
        yield "|---|--:|---|--:|---|--:|---|---|"
        for entry in here:
            yield "| " + " | ".join(row(entry)) + " |"
        if any(entry.get("other_load", 0) > BUSY_CORES for entry in here):
            yield ""
            yield ("\\* Others kept the cores busy meanwhile: the line is not to be relied on. No "
                   f"ratio above {VERY_BUSY_CORES} cores.")
    yield ""
    yield "## The cases"
    yield ""
    for name in dict.fromkeys(entry["case"] for entry in results):
        yield f"- `{name}`: {about.get(name, 'no longer measured')}"
