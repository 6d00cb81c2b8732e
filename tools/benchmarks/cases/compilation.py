"""What including lambdapack costs a user's compiler, and what lpc takes to check a program."""

import shutil

from harness import registry
from harness.registry import CaseFailed, Samples

SOURCES = {"ours": "compile_cholesky.cpp", "eigen": "compile_eigen.cpp"}


def compile_cholesky(bench, compiler, *definitions):
    if shutil.which(compiler) is None:
        raise CaseFailed(f"there is no {compiler}; run tools/setup")

    def competitor(source):
        command = [compiler, "-std=c++20", "-O2", *definitions, "-Iinclude", "-isystem",
                   "/usr/include/eigen3", "-c", f"tools/benchmarks/programs/{source}",
                   "-o", "/dev/null"]
        return lambda: [bench.compile(command)]

    samples = bench.interleave({name: competitor(source) for name, source in SOURCES.items()},
                               rounds=3)
    return Samples(samples.pop("ours"), samples)


for compiler_name, word in (("g++", "gcc"), ("clang++-19", "clang")):
    what = (f"Processor time of `{compiler_name} -O2 -c` for a file that factors a matrix: the "
            f"program of the manual and its call, beside one with Eigen's LLT")
    registry.add(
        name=f"compile_cholesky_{word}", unit="s", sizes=(0,), less_is_better=True, target=4,
        measure=lambda bench, _n, compiler=compiler_name: compile_cholesky(
            bench, compiler, "-DLAMBDAPACK_SEPARATE"),
        about=f"{what}. As for a project that links lambdapack::lambdapack.")
    registry.add(
        name=f"compile_cholesky_{word}_header_only", unit="s", sizes=(0,), less_is_better=True,
        measure=lambda bench, _n, compiler=compiler_name: compile_cholesky(bench, compiler),
        about=f"{what}. As for lambdapack::header_only.")


@registry.case(unit="times", sizes=(0,), less_is_better=True, target=1.5)
def lpc_check(bench, _n):
    """Processor time of `lpc --check` over that of `clang++-19 -fsyntax-only` for the same file, the
    program of the manual and its call, with the same flags."""
    flags = ["-std=c++20", "-DLAMBDAPACK_SEPARATE", "-Iinclude"]
    source = f"tools/benchmarks/programs/{SOURCES['ours']}"
    lpc = bench.programs.parent.parent / "bin" / "lpc"
    if not lpc.exists():
        raise CaseFailed("lpc was not built; run tools/setup")
    samples = bench.interleave({
        "lpc": lambda: [bench.compile([str(lpc), "--check", source, "--", *flags])],
        "clang": lambda: [bench.compile(["clang++-19", "-fsyntax-only", *flags, source])]})
    return Samples([ours / clang for ours, clang in zip(samples["lpc"], samples["clang"])],
                   note=f"lpc {min(samples['lpc']):.2f} s")
