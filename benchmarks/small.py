"""Small work, where all of the time is Python's: `python -m benchmarks.small [PATTERN] [--rounds N] [--modules A,B]`.

Single calls on four numbers, and backwards of a few nodes; with `--parts`, what the parts of a recorded multiplication
take. The unit is NumPy's own multiplication of two such arrays,
timed in the same rounds, since on a noisy machine only ratios mean anything. CPU time, one thread, minima.
"""

from __future__ import annotations

import argparse
import importlib
import linecache
import os
import re
import sys
import time
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

import numpy as np

Call = Callable[[], Any]


def calls(torch: Any) -> dict[str, Call]:
    """name -> what is timed; what it makes is freed within the time."""
    rng = np.random.default_rng(0)
    x, y = [torch.from_numpy(rng.uniform(1, 2, 4).astype(np.float32)) for _ in range(2)]
    w, v = [t.clone().requires_grad_() for t in (x, y)]
    m = torch.from_numpy(rng.uniform(1, 2, (4, 4)).astype(np.float32)).requires_grad_()
    s = torch.tensor(2.0, requires_grad=True)
    z, n = w * v, m * 1.0

    def backward(made: Call, *leaves: Any) -> Call:
        def call() -> None:
            for leaf in leaves:
                leaf.grad = None
            made().backward()

        return call

    def kept(made: Any, *leaves: Any) -> Call:
        """The backward alone."""

        def call() -> None:
            for leaf in leaves:
                leaf.grad = None
            made.backward(retain_graph=True)

        return call

    return {
        "x * y, nothing recorded": lambda: x * y,
        "w * v": lambda: w * v,
        "w * 2.0": lambda: w * 2.0,
        "2.0 * w": lambda: 2.0 * w,
        "w + v": lambda: w + v,
        "w ** 3": lambda: w**3,
        "exp(w)": lambda: torch.exp(w),
        "sigmoid(w)": lambda: torch.sigmoid(w),
        "w.sum()": lambda: w.sum(),
        "w.mean()": lambda: w.mean(),
        "m.sum(1)": lambda: m.sum(1),
        "m @ m": lambda: m @ m,
        "w[0]": lambda: w[0],
        "w[1:]": lambda: w[1:],
        "m[:, 1:3]": lambda: m[:, 1:3],
        "m.reshape(2, 8)": lambda: m.reshape(2, 8),
        "m.view(2, 8)": lambda: m.view(2, 8),
        "m.t()": lambda: m.t(),
        "m.transpose(0, 1)": lambda: m.transpose(0, 1),
        "w.unsqueeze(0)": lambda: w.unsqueeze(0),
        "w.expand(4, 4)": lambda: w.expand(4, 4),
        "flip(w, (0,))": lambda: torch.flip(w, (0,)),
        "cat((w, v))": lambda: torch.cat((w, v)),
        "stack((w, v))": lambda: torch.stack((w, v)),
        "n.chunk(2, 1)": lambda: n.chunk(2, 1),
        "n.split(2)": lambda: n.split(2),
        "zeros_like(x)": lambda: torch.zeros_like(x),
        "zeros(4)": lambda: torch.zeros(4),
        "tensor(5.0)": lambda: torch.tensor(5.0),
        "tensor(5.0, requires_grad=True)": lambda: torch.tensor(5.0, requires_grad=True),
        "w.detach()": lambda: w.detach(),
        "s ** 3": lambda: s**3,
        "z.backward(x), kept": lambda: z.backward(x, retain_graph=True),
        "backward of 1 node": kept(s * 1.1, s),
        "backward of 2 nodes": kept((s * 1.1) * 2.0, s),
        "backward of 3 nodes": kept(((s * 1.1) * 2.0) * 3.0, s),
        "(s * 1.1).backward()": backward(lambda: s * 1.1, s),
        "(w * v).sum().backward()": backward(lambda: (w * v).sum(), w, v),
        "autograd.grad(z, w, x), kept": lambda: torch.autograd.grad(z, w, x, retain_graph=True),
        "autograd.grad(s * 1.1, s)": lambda: torch.autograd.grad(s * 1.1, s),
    }


def measure(functions: list[Call], rounds: int) -> list[float]:
    """Nanoseconds of each: the minimum over alternating rounds of CPU time, of about a millisecond each."""
    clock, numbers = time.process_time_ns, []
    for function in functions:
        start = time.perf_counter_ns()
        for _ in range(20):
            function()
        numbers.append(max(20, 20 * 1_000_000 // max(1, time.perf_counter_ns() - start)))
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for i, (function, number) in enumerate(zip(functions, numbers, strict=True)):
            repeat = range(number)
            start = clock()
            for _ in repeat:
                function()
            best[i] = min(best[i], (clock() - start) / number)
    return best


# What each stretch of a recorded multiplication is for, and how its first line begins (see `dispatch/template.py`).
PARTS = (
    ("the call itself", "def call"),
    ("mode, and class of the first operand", "    mode ="),
    ("both arrays, class and dtype of the second", "    x ="),
    ("NumPy's multiplication", "    try:"),
    ("the new Tensor", "    result = new"),
    ("whether to record, and where the gradients go", "    edge_0 = "),
    ("the new node", "    node = OpNode"),
    ("its sequence number", "    node.sequence_nr"),
    ("the site: the user's frame, code and line", "    frame ="),
    ("shape and dtype, for the checks of gradients", "    node.shape"),
    ("hooks, parameters, namespace: that there are none", "    node.hooks"),
    ("the edges", "    node.many"),
    ("saved values and their versions", "    if edge_1 is None:\n        node.v0"),
    ("the result's place in the graph", "    result._edge_ = (node"),
)


def parts(torch: Any, rounds: int) -> list[tuple[str, float]]:
    """(what it is for, nanoseconds) of each stretch of the text of a multiplication: the function is cut off there."""
    w, v = [torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True) for _ in range(2)]
    function = (w * v, torch.Tensor.__mul__)[1]
    lines = "".join(linecache.cache[function.__code__.co_filename][2]).splitlines()
    text = [f"{line}\n{after}" for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    starts = [next(i for i, line in enumerate(text) if line.startswith(start)) for _, start in PARTS]
    calls: list[Call] = []
    for stop in [*[start for start in starts[1:]], len(lines)]:
        module = compile("\n".join([*lines[:stop], "    return None"]), function.__code__.co_filename, "exec")
        code = next(part for part in module.co_consts if isinstance(part, CodeType))
        cut = FunctionType(code, dict(function.__globals__))
        calls.append(lambda cut=cut: cut(w, v))
    empty, *times = measure([lambda: None, *calls], rounds)
    return [(what, t - before) for (what, _), t, before in zip(PARTS, times, [empty, *times], strict=False)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.small", description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="", help="which calls: a regular expression")
    parser.add_argument("--rounds", type=int, default=60, help="alternations; the minimum is taken")
    parser.add_argument("--modules", default="mibun,torch", help="the libraries, the first against the last")
    parser.add_argument("--parts", action="store_true", help="the parts of a recorded multiplication of the first one")
    options = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != "1":
        os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"))
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks.small", *sys.argv[1:]])
    names = options.modules.split(",")
    if options.parts:
        for what, ns in parts(importlib.import_module(names[0]), options.rounds):
            print(f"{what:<52}{ns:>6.0f} ns")
        return
    tables = [calls(importlib.import_module(name)) for name in names]
    wanted = [name for name in tables[0] if re.search(options.pattern, name)]
    a, b = np.ones(4, np.float32), np.ones(4, np.float32)
    functions = [lambda: a * b, *[table[name] for name in wanted for table in tables]]
    bare, *times = measure(functions, options.rounds)
    print(f"NumPy's multiplication takes {bare:.0f} ns; the columns say how many of those a call takes")
    print(f"{'':<36}" + "".join([f"{name:>12}" for name in names]) + "   ratio")
    for i, name in enumerate(wanted):
        row = times[i * len(names) : (i + 1) * len(names)]
        columns = "".join([f"{t / bare:>12.1f}" for t in row])
        print(f"{name:<36}{columns}" + (f"{row[-1] / row[0]:>7.2f}x" if len(row) > 1 else ""))


if __name__ == "__main__":
    main()
