"""Libraries written for PyTorch, on mibun: `./run ecosystem [NAME ...]`, or `python -m ecosystem` where they are there.

Each program in `programs/` uses one library as its quickstart does, seeded, and prints numbers. It was run on PyTorch
once (`--record`), which gave the file in `expected/`; here it runs under `mibun run`, and its numbers must be the same
to 1e-4. Libraries that are not installed are left out, and said to be.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
TOLERANCE = 1e-4  # relative to the larger of 1 and the number: float32 along another order of sums, for some steps
LIMIT = 300  # seconds for one program
# The library that a program needs, where it is not the program's own name.
LIBRARIES = {
    "ignite": "ignite",
    "lightning": "pytorch_lightning",
}
# Those that need no others but NumPy and SciPy: they run among the tests too.
LIGHT = ("einops", "opt_einsum", "torchdiffeq", "safetensors", "torchinfo", "higher", "zuko", "tensorly")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|inf|nan)\b")


class Outcome(NamedTuple):
    """How one program went. `words` say what was wrong, and are empty where nothing was."""

    name: str
    seconds: float
    words: str
    worst: float = math.nan


def programs() -> dict[str, Path]:
    """name -> program."""
    return {path.stem.removesuffix("_quickstart"): path for path in sorted((HERE / "programs").glob("*.py"))}


def is_installed(name: str) -> bool:
    """Whether the library of a program can be imported."""
    return importlib.util.find_spec(LIBRARIES.get(name, name)) is not None


def numbers(text: str) -> list[tuple[str, list[float]]]:
    """The lines of an output: each what is no number, and its numbers (True is 1, and False 0)."""
    found = []
    for line in text.splitlines():
        line = line.replace("True", "1").replace("False", "0")
        name, _, rest = line.partition(" ")
        found.append((name, [float(part) for part in _NUMBER.findall(rest)]))
    return found


def difference(output: str, expected: str) -> tuple[float, str]:
    """(the largest difference of two outputs, relative to 1 or the number; what is wrong, if anything)."""
    ours, theirs = numbers(output), numbers(expected)
    if [(name, len(values)) for name, values in ours] != [(name, len(values)) for name, values in theirs]:
        return math.inf, "other lines are printed"
    worst, where = 0.0, ""
    for (name, values), (_, others) in zip(ours, theirs, strict=True):
        for a, b in zip(values, others, strict=True):
            error = 0.0 if a == b or (a != a and b != b) else abs(a - b) / max(1.0, abs(b))
            if not error <= worst:
                worst, where = error, f"{name}: {a:g}, on PyTorch {b:g}"
    return worst, where if not worst <= TOLERANCE else ""


def run(name: str, command: Sequence[str]) -> Outcome:
    """Run one program and compare what it prints."""
    path = programs()[name]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, timeout=LIMIT, env=environment, cwd=HERE
        )
    except subprocess.TimeoutExpired:
        return Outcome(name, LIMIT, f"not done in {LIMIT} s")
    seconds = time.perf_counter() - start
    if done.returncode:
        return Outcome(name, seconds, (done.stderr.strip().splitlines() or ["no words"])[-1])
    worst, words = difference(done.stdout, (HERE / "expected" / f"{name}.txt").read_text())
    return Outcome(name, seconds, words, worst)


def record(names: Sequence[str], python: str) -> None:
    """Write what the programs print on PyTorch."""
    (HERE / "expected").mkdir(exist_ok=True)
    for name in names:
        done = subprocess.run([python, str(programs()[name])], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: failed on PyTorch\n{done.stderr}")
            continue
        (HERE / "expected" / f"{name}.txt").write_text(done.stdout)
        print(f"{name}: {len(done.stdout.splitlines())} lines")


def main() -> int:
    """Print the table; the status is the number of programs that do not give PyTorch's numbers."""
    parser = argparse.ArgumentParser(prog="python -m ecosystem", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="which libraries; all that are installed if none are named")
    parser.add_argument("--record", metavar="PYTHON", help="write the expected outputs, by a Python that has PyTorch")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    names = options.names or list(programs())
    if options.record:
        record(names, options.record)
        return 0
    absent = [name for name in names if not is_installed(name)]
    print(f"{'library':<20}{'seconds':>8}{'difference':>12}")
    failures = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        command = [sys.executable, "-m", "mibun", "run"]
        for outcome in pool.map(lambda name: run(name, command), [name for name in names if name not in absent]):
            failures += bool(outcome.words)
            print(f"{outcome.name:<20}{outcome.seconds:>8.1f}{outcome.worst:>12.1e}  {outcome.words}", flush=True)
    for name in absent:
        print(f"{name:<20}{'':>20}  not installed")
    print(f"{len(names) - len(absent) - failures} of {len(names) - len(absent)} give PyTorch's numbers")
    return failures


if __name__ == "__main__":
    sys.exit(main())
