"""lpc over whatever source there is: it must end with 0 or 1, and with a sentence."""

import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

SECONDS = 60
SOURCES = (".cpp", ".hpp", ".h")


def parsed_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lpc")
    parser.add_argument("root", type=pathlib.Path, help="the project's folder")
    parser.add_argument("--files", type=int, default=6, help="how many files to take as they are")
    parser.add_argument("--mutants", type=int, default=20, help="how many damaged files to make")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flag", action="append", default=[], help="of Clang, for all files")
    parser.add_argument("--pch", help="lambdapack.hpp, precompiled, for files that are none of its")
    return parser.parse_args()


def project_files(root):
    folders = [root / name for name in ("include", "compiler", "tests", "examples")]
    return [f for folder in folders for f in folder.rglob("*") if f.suffix in SOURCES]


def installed_headers():
    found = []
    for folder in ("/usr/include/eigen3/Eigen", "/usr/include/catch2"):
        found += [f for f in pathlib.Path(folder).rglob("*") if f.is_file()]
    return found


class Tally:
    """How lpc has ended so far."""

    def __init__(self):
        self.statuses = {}
        self.slowest = 0.0

    def add(self, status, seconds):
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.slowest = max(self.slowest, seconds)

    def __str__(self):
        ends = [f"{count} ended with {status}" for status, count in sorted(self.statuses.items())]
        return f"{', '.join(ends)}; the slowest took {self.slowest:.1f} s"


def complaint(arguments, file, flags, tally):
    """What is wrong with how lpc ends on a file, or nothing."""
    command = [arguments.lpc, "--check", str(file), "--", "-x", "c++", "-std=c++20", *flags]
    begin = time.monotonic()
    try:
        ended = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"it runs for more than {SECONDS} seconds"
    tally.add(ended.returncode, time.monotonic() - begin)
    said = ended.stderr.decode(errors="replace")
    if ended.returncode not in (0, 1):
        return f"it ends with {ended.returncode}\n{said[-2000:]}"
    if "internal error" in said or "Clang crashed" in said or "PLEASE submit" in said:
        return f"it blames itself\n{said[-2000:]}"
    if not re.search(r"[a-z]{3,} [a-z]", said):
        return f"it says no sentence: {said!r}"
    return None


def damaged(text, choices):
    """A copy of a text, cut off, or with tokens left out, repeated or exchanged."""
    if choices.random() < 0.3:
        return text[: choices.randrange(len(text))]
    tokens = re.findall(r"\w+|\s+|[^\w\s]", text)
    for _ in range(choices.randint(1, 3)):
        k, other = choices.randrange(len(tokens)), choices.randrange(len(tokens))
        kind = choices.choice(("leave out", "repeat", "exchange", "copy"))
        if kind == "leave out":
            tokens[k] = ""
        elif kind == "repeat":
            tokens[k] *= 2
        elif kind == "exchange":
            tokens[k], tokens[other] = tokens[other], tokens[k]
        else:
            tokens[k] = tokens[other]
    return "".join(tokens)


def seeds_of_mutants(root):
    return [
        *sorted((root / "tests/compiler/errors").glob("*.cpp")),
        root / "examples/published/programs.hpp",
        root / "examples/digits/main.cpp",
        root / "tests/support/algorithms.hpp",
        root / "tests/support/programs.hpp",
        root / "tests/support/plain_programs.hpp",
        root / "tests/support/plain_forms.hpp",
    ]


def main():
    arguments = parsed_arguments()
    choices = random.Random(arguments.seed)
    root = arguments.root.resolve()
    flags = [f"-I{root / 'include'}", f"-I{root / 'tests'}", f"-I{root / 'compiler'}"]
    flags += ["-isystem", "/usr/include/eigen3", *arguments.flag]
    failures = 0
    tally = Tally()

    def run(file, name, more):
        nonlocal failures
        is_header = root / "include" in file.parents or pathlib.Path("/usr") in file.parents
        if arguments.pch and not is_header:
            more = [*more, "-include-pch", arguments.pch]
        wrong = complaint(arguments, file, more + flags, tally)
        if wrong:
            failures += 1
            print(f"{name}: {wrong}", flush=True)

    files = sorted(project_files(root)) + sorted(installed_headers())
    for file in choices.sample(files, min(arguments.files, len(files))):
        run(file, file, [])

    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.mutants):
            seed = choices.choice(seeds_of_mutants(root))
            file = pathlib.Path(folder) / f"mutant{number}.cpp"
            file.write_text(damaged(seed.read_text(), choices))
            before = failures
            run(file, f"mutant {number} of {seed}", [f"-I{seed.parent}"])
            if failures > before:
                kept = pathlib.Path(tempfile.gettempdir()) / f"lpc_mutant{number}.cpp"
                shutil.copy(file, kept)
                print(f"kept as {kept}", flush=True)
    print(f"{failures} failures; {tally}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
