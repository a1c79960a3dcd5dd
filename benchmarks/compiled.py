"""`torch.compile` on whole workloads: `python -m benchmarks.compiled [PATTERN] [--rounds N] [--torch-compile]`.

Columns: PyTorch eager, mibun eager, and mibun compiled by each of its backends, all timed by turns in one process with
one thread, minima over the rounds; `jax.jit` is what one writes for JAX by hand (`peers/functional.py`), where it is
installed; with `--torch-compile` PyTorch's own compiler too, which needs one for C++. Results are compared with mibun's
eager ones first: "replay" must give the same bits, the others the same up to rounding. `first` is what the calls take
until there is a program, in seconds of CPU time.
"""

from __future__ import annotations

import os

# Before NumPy is imported, which makes its threads then.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import math
import re
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import mibun
from mibun.xp.native.compiler import wait

from .peers.libraries import installed, open_library
from .workloads import WORKLOADS

SKIPPED = {"chain of 100,000 nodes": "xla"}  # workload -> backends that are left out: it takes minutes to compile
CALLS = 6  # until there is a program, and one more


def arrays(found: Any) -> list[np.ndarray]:
    """What a step returns, as arrays of their own."""
    return [np.array(tensor.detach().numpy()) for tensor in found if tensor is not None]


def agree(name: str, make: Callable, compiled: Callable, exact: bool) -> float:
    """Run both as often as it takes to compile; returns the seconds that this took the compiled one."""
    spent = 0.0
    for _ in range(3):
        make(mibun)()  # what mibun has C made of is ready before anything is compared
    wait()
    step = make(mibun)
    for _ in range(CALLS):
        expected = arrays(step())
        start = time.process_time()
        found = compiled()
        spent += time.process_time() - start
        for a, b in zip(expected, arrays(found), strict=True):
            if exact and a.tobytes() != b.tobytes():
                raise AssertionError(f"{name}: other bits than eager")
            np.testing.assert_allclose(b, a, rtol=5e-3, atol=5e-4, err_msg=name)
    return spent


def best(step: Callable, calls: int) -> float:
    """The CPU time of a call."""
    start = time.process_time()
    for _ in range(calls):
        step()
    return (time.process_time() - start) / calls


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--backends", default="replay,xla", help="names, with commas between them")
    parser.add_argument("--torch-compile", action="store_true")
    options = parser.parse_args()
    try:
        import torch

        torch.set_num_threads(1)
    except ImportError:
        torch = None
    by_hand = open_library("jax", 1) if installed("jax") else None
    warnings.simplefilter("ignore")
    backends = options.backends.split(",")
    columns = ["torch", "eager", *backends, "jax.jit"] + (["torch.compile"] if options.torch_compile else [])
    print("workload".ljust(44), *[column.rjust(13) for column in columns], "torch/best".rjust(11), "first: replay, xla")
    ratios: dict[str, list[float]] = {"eager": [], "replay": [], "xla": [], "best": [], "jax.jit": []}
    for name, make in WORKLOADS.items():
        if not re.search(options.pattern, name):
            continue
        steps: dict[str, Callable] = {"eager": make(mibun)}
        first = {}
        if torch is not None:
            steps["torch"] = make(torch)
            if options.torch_compile:
                steps["torch.compile"] = torch.compile(make(torch))
        for backend in backends:
            if backend in SKIPPED.get(name, ""):
                continue
            compiled = mibun.compile(make(mibun), backend=backend)
            first[backend] = agree(name, make, compiled, backend == "replay")
            steps[backend] = compiled
        if by_hand is not None:
            steps["jax.jit"] = by_hand(name)
            for a, b in zip(arrays(make(mibun)()), steps["jax.jit"](), strict=True):
                np.testing.assert_allclose(np.asarray(b), a, rtol=5e-3, atol=5e-4, err_msg=f"{name}, by jax.jit")
        for step in steps.values():
            for _ in range(3):
                step()
        calls = max(1, min(20, int(0.02 / max(best(steps["eager"], 1), 1e-6))))  # (a model must not converge)
        times = dict.fromkeys(steps, math.inf)
        for _ in range(options.rounds):
            for column, step in steps.items():
                times[column] = min(times[column], best(step, calls))
        shown = [f"{times[c] * 1e3:.3f}" if c in times else "-" for c in columns]
        fastest = min([times[c] for c in ("eager", *backends) if c in times])
        ratio = times["torch"] / fastest if "torch" in times else math.nan
        ratios["best"].append(ratio)
        for column in ("eager", "replay", "xla", "jax.jit"):
            if column in times and "torch" in times:
                ratios[column].append(times["torch"] / times[column])
        took = ", ".join([f"{seconds:.1f} s" for seconds in first.values()])
        print(name.ljust(44), *[text.rjust(13) for text in shown], f"{ratio:10.2f}x", took, flush=True)
    for which, found in ratios.items():
        if found:
            mean = math.exp(sum(map(math.log, found)) / len(found))
            print(f"geometric mean of {len(found)}, torch eager over {which}: {mean:.2f}x")


if __name__ == "__main__":
    sys.exit(main())
