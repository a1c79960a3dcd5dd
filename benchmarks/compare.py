"""All workloads, mibun against every installed peer: `python -m benchmarks.compare [PATTERN] [--peers A,B] [--json F]`.

Each library runs in a process of its own, started anew for every workload (`--operators`: once for all of them); the
processes take turns, round by round, so that never two of them work at once. All compute from the same numbers, and
their results are compared with mibun's before anything is timed. The table has the time of a step, and in brackets how
many times longer than mibun a library takes, as the median over the rounds; `--spread` adds the smallest and the
largest. `--memory` adds what the process needed beyond what it had after the import, at its most. A dash: the library
has no means for that workload, or is not ready `--limit` seconds after its import; "wrong": its results are others
than mibun's and the other libraries'. The reasons are printed below the table.
`python -m benchmarks.report FILE` plots what `--json FILE` keeps.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .peers.libraries import PEERS, as_arrays, installed, open_library
from .peers.operators import OPERATORS
from .workloads import WORKLOADS

_TOLERANCE = 1e-3  # sums of 10**5 float32 terms in another order: a hundred roundings, relative to the largest element
_ROUND = 0.1  # seconds of work in a round, at least


# --- in the process of a library ---


def serve(peer: str, threads: int) -> None:
    """Prepare what a line on stdin names, or time a round of it for an empty line; answers are lines of JSON."""
    clock: Callable[[], float] = time.process_time if threads == 1 else time.perf_counter
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    make = open_library(peer, threads)
    step: Any = None
    number = 1

    def prepare(name: str, file: str) -> dict[str, Any]:
        nonlocal step, number
        before = _start_of_peak()
        start = time.perf_counter()
        try:
            step = make(name)
            results = as_arrays(step())
        except (AttributeError, NotImplementedError, ImportError) as error:
            return {"absent": f"{type(error).__name__}: {error}"}
        first = time.perf_counter() - start
        np.savez(file, *results)
        del results
        once = 1.0
        for _ in range(3):
            start = clock()
            step()
            once = min(once, max(clock() - start, 1e-6))
        number = max(1, round(_ROUND / once))
        return {"first": first, "peak": _status("VmHWM") - before}

    def round_() -> float:
        start = clock()
        for _ in range(number):
            step()
        return (clock() - start) / number

    print(json.dumps({}), file=answers, flush=True)  # it is imported
    for line in sys.stdin:
        print(json.dumps(prepare(*json.loads(line)) if line.strip() else round_()), file=answers, flush=True)


def _status(name: str) -> int:
    """Bytes that Linux says of this process: VmRSS are in memory, VmHWM were so at most. 0 elsewhere."""
    if not Path("/proc/self/clear_refs").exists():
        return 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return 1024 * int(line.split()[1])
    return 0


def _start_of_peak() -> int:
    """Forget how much memory was used at most so far; returns what is used now."""
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


# --- in the process that compares ---


class _Peer:
    """The process of a library."""

    def __init__(self, peer: str, threads: int) -> None:
        self.peer = peer
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.compare", "--serve", peer]
        flags = {k: str(threads) for k in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        if peer == "jax" and threads == 1:
            flags["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        self.process = subprocess.Popen(
            [*command, "--threads", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **flags},
            start_new_session=True,
        )  # fmt: skip
        self.is_imported = False

    def _ask(self, line: str, limit: float | None = None) -> Any:
        """The answer to a line; TimeoutError if there is none after some seconds."""
        self.process.stdin.write(line + "\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        return self._answer(limit)

    def _answer(self, limit: float | None = None) -> Any:
        if not select.select([self.process.stdout], [], [], limit)[0]:
            raise TimeoutError
        answer = self.process.stdout.readline()  # type: ignore[union-attr]
        if not answer:
            raise RuntimeError(f"the process of {self.peer} ended; what it said is above")
        return json.loads(answer)

    def prepare(self, name: str, folder: str, limit: float) -> dict[str, Any]:
        """Have it make a step, and what that gave: first call and memory, or why it has none."""
        self.times: list[float] = []
        self.file = os.path.join(folder, f"{self.peer}.npz")
        self.about: dict[str, Any] = {"absent": f"not ready {limit:g} s after the import"}
        if not self.is_imported:
            self._answer()
            self.is_imported = True
        try:
            self.about = self._ask(json.dumps([name, self.file]), limit)
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)  # (compilers too)
        return self.about

    def round(self) -> None:
        """Time one."""
        self.times.append(self._ask(""))

    def results(self) -> list[np.ndarray]:
        """What its step gave."""
        with np.load(self.file) as file:
            return [file[key] for key in file.files]

    def close(self) -> None:
        """End it."""
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait()
        self.process.stdout.close()  # type: ignore[union-attr]


def _difference(ours: list[np.ndarray], theirs: list[np.ndarray]) -> float:
    """The largest difference of any result, relative to its largest element."""
    worst = 0.0
    for a, b in zip(ours, theirs, strict=True):
        worst = max(worst, float(np.max(np.abs(a - b)) / max(np.max(np.abs(b)), 1e-30)))
    return worst


def compare(name: str, running: list[_Peer], rounds: int, limit: float) -> dict[str, dict[str, Any]]:
    """One workload in all libraries: peer -> what was found of it. ArithmeticError if all results differ from mibun's.

    A library alone whose results differ from those of all others is not timed.
    """
    with tempfile.TemporaryDirectory() as folder:
        there = [one for one in running if "absent" not in one.prepare(name, folder, limit)]
        others = there[1:]
        for one in others:
            difference = _difference(there[0].results(), one.results())
            if not difference < _TOLERANCE:
                one.about["wrong"] = f"differs from {there[0].peer} by {difference:.1e} of the largest element"
                there.remove(one)
        if others and len(there) == 1:
            raise ArithmeticError(f"{name}: {others[0].peer} {others[0].about['wrong']}")
        for _ in range(rounds):
            for one in there:
                one.round()
    found = {}
    for one in running:
        found[one.peer] = dict(one.about)
        if one.times:
            ratios = sorted([t / ours for t, ours in zip(one.times, there[0].times, strict=True)])
            found[one.peer] |= {
                "time": min(one.times),
                "ratio": ratios[len(ratios) // 2],
                "least": ratios[0],
                "most": ratios[-1],
            }
    return found


def _compare_all(names: list[str], peers: list[str], options: argparse.Namespace) -> Iterator[tuple[str, dict]]:
    """Each name with what was found of it. Workloads have processes of their own, operators share them."""
    running: list[_Peer] = []
    try:
        for name in names:
            if not running:
                running = [_Peer(peer, options.threads) for peer in peers]
            yield name, compare(name, running, options.rounds, options.limit)
            for i, one in enumerate(running):
                if options.operators and one.process.poll() is not None:  # it took too long
                    one.close()
                    running[i] = _Peer(one.peer, options.threads)
            while running and not options.operators:
                running.pop().close()
    finally:
        for one in running:
            one.close()


def _time(seconds: float) -> str:
    for unit, factor in (("s ", 1.0), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"


def _cell(found: dict[str, Any], options: argparse.Namespace) -> str:
    if "time" not in found:
        return "wrong" if "wrong" in found else "-"
    spread = f" {found['least']:.2f}-{found['most']:.2f}" if options.spread else ""
    memory = f" {found['peak'] / 2**20:.0f}MB" if options.memory else ""
    return f"{_time(found['time'])} ({found['ratio']:.2f}x{spread}){memory}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="", help="which workloads: a regular expression")
    parser.add_argument("--peers", default=",".join(PEERS), help="the libraries, mibun first; absent ones are left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--spread", action="store_true", help="the smallest and largest ratio of the rounds")
    parser.add_argument("--memory", action="store_true", help="the largest memory, beyond that after the import")
    parser.add_argument("--json", metavar="FILE", help="keep all numbers for `python -m benchmarks.report`")
    parser.add_argument("--operators", action="store_true", help="single operators, small and large, with gradient")
    parser.add_argument("--limit", type=float, default=20, help="seconds until a step has to be ready to be timed")
    parser.add_argument("--serve", metavar="PEER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.threads)
        return
    peers = [peer for peer in options.peers.split(",") if installed(peer)]
    width = 18 + 11 * options.spread + 6 * options.memory
    print(f"{'a step, and times mibun':<40}" + "".join([f"{peer:>{width}}" for peer in peers]))
    table: dict[str, Any] = {}
    names = [name for name in (OPERATORS if options.operators else WORKLOADS) if re.search(options.pattern, name)]
    for name, found in _compare_all(names, peers, options):
        table[name] = found
        print(f"{name:<40}" + "".join([f"{_cell(found[peer], options):>{width}}" for peer in peers]), flush=True)
    print(f"{'geometric mean':<40}", end="")
    for peer in peers:
        ratios = [found[peer]["ratio"] for found in table.values() if "ratio" in found[peer]]
        mean = f"{np.exp(np.mean(np.log(ratios))):.2f}x of {len(ratios)}" if ratios else "-"
        print(f"{mean:>{width}}", end="")
    print()
    for name, found in table.items():
        for peer in peers:
            why = found[peer].get("absent") or found[peer].get("wrong")
            if why:
                print(f"{name}, {peer}: {why.splitlines()[0]}")
    if options.json:
        about = {
            "machine": platform.processor() or platform.machine(),
            "cpus": os.cpu_count(),
            "threads": options.threads,
        }
        Path(options.json).write_text(json.dumps({"about": about, "peers": peers, "table": table}, indent=1))


if __name__ == "__main__":
    main()
