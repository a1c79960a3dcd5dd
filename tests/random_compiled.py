"""Random programs, compiled and not: `python tests/random_compiled.py --seed 0 --count 1000`.

The statements of `oracle/programs.py` (operators, views, in-place operations, hooks, modes, Functions, backward calls).
The first of them run as they are and make the arguments, the rest are the function that is compiled. It is called
several times on new arguments with other numbers; what is returned and everything that the program can see of its
tensors afterwards must be the same, bit for bit.
"""

from __future__ import annotations

import argparse
import contextlib
import linecache
import random
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import mibun as torch
from mibun.core.node import LEAF
from oracle.observing import functions
from oracle.programs import Program

CALLS = 9


def bits(tensor: Any) -> Any:
    """All that a program sees of a tensor."""
    try:
        node = tensor.grad_fn
    except RuntimeError as error:
        return str(error)
    array = tensor._array_
    grad = tensor._grad_
    return [
        array.dtype.str,
        np.shape(array),
        np.ascontiguousarray(array).tobytes(),
        tensor.stride(),
        tensor.requires_grad,
        tensor.is_leaf,
        node and [node.name(), [None if n is None else n.name() for n, _ in node.next_functions]],
        tensor.output_nr,
        tensor.is_inference() or tensor._version,
        tensor._is_view(),
        tensor._base is not None and [bits(tensor._base)],
        None if grad is None else bits(grad),
    ]


def tools() -> dict[str, Any]:
    """What the programs call beside `torch`; their hooks keep no log, which could not be compiled."""

    def note(name: str, factor: float | None = None) -> Callable:
        return lambda grad: None if factor is None else grad * factor

    def note_node(tensor: Any, name: str, pre: bool) -> None:
        node = tensor.grad_fn
        if node is not None:
            (node.register_prehook if pre else node.register_hook)(lambda *grads: None)

    return {
        "note": note,
        "note_node": note_node,
        "note_accumulated": lambda name: lambda tensor: None,
        "note_multi": lambda name: lambda grads: None,
        "or_zeros": lambda grad, like: torch.zeros_like(like) if grad is None else grad.clone(),
    }


class Case:
    """A program cut in two: what makes the arguments, and the function of these."""

    def __init__(self, seed: int) -> None:
        program = Program(seed)
        self.scope = {"torch": torch, **tools(), **functions(torch)}
        scope = dict(self.scope)
        self.statements = []
        for statement in program.statements:  # those that raise errors are left out, most of the time
            try:
                exec(statement, scope)
            except Exception:
                if seed % 8:
                    continue
            self.statements.append(statement)
        cut = random.Random(seed).randrange(1, len(self.statements))
        self.before, self.after = self.statements[:cut], self.statements[cut:]

    def arguments(self, call: int) -> dict[str, Any]:
        """New arguments."""
        scope = dict(self.scope)
        for statement in self.before:
            try:
                exec(statement, scope)
            except Exception:
                continue
        found = {name: scope[name] for name in scope if name[0] == "t" and name[1:].isdigit()}
        with torch.no_grad():
            for tensor in found.values():
                if (tensor._edge_ is None or tensor._edge_ is LEAF) and not tensor.is_inference():
                    with contextlib.suppress(RuntimeError):  # memory that repeats elements
                        tensor.data.mul_(1 + 0.125 * call)
        return found

    def function(self, names: list[str]) -> Callable:
        """The function that is compiled."""
        lines = [f"def program({', '.join(names)}):"]
        for statement in self.after:
            lines += [f"    {line}" for line in statement.splitlines()]
        made = {*names, *[s.split(" = ")[0] for s in self.after if s[0] == "t" and " = " in s.split("(")[0]]}
        made = {name for name in made if name.isidentifier() and name[0] == "t" and name[1:].isdigit()}
        shown = [name for name in sorted(made) if name in names or random.Random(name).random() < 0.6]
        lines.append(f"    return [{', '.join(shown)}]")
        scope = dict(self.scope)
        text = "\n".join(lines) + "\n"
        filename = f"<random program {id(self)}>"  # with its source, so that it can be split
        linecache.cache[filename] = len(text), None, text.splitlines(keepends=True), filename
        exec(compile(text, filename, "exec"), scope)
        return scope["program"]


def outcome(function: Callable, arguments: dict[str, Any]) -> Any:
    """What a call returns or raises, what becomes of the arguments, and a backward through what is returned."""
    try:
        result = function(*arguments.values())
    except Exception as error:
        result = []
        found: Any = [type(error).__name__, str(error)[:80]]
    else:
        found = [bits(tensor) for tensor in result]
    states = [found, [bits(tensor) for tensor in arguments.values()]]
    for tensor in result:
        try:
            (tensor * 1.5).sum().backward(retain_graph=True)
        except Exception as error:
            states.append([type(error).__name__, str(error)[:60]])
        else:
            states.append("ok")
    states.append([bits(tensor) for tensor in (*arguments.values(), *result)])
    return states


def run(seed: int, backend: Any = "inductor") -> tuple[str, Any]:
    """("compiled", "split", "eager" or "wrong", what is wrong or why it is not compiled)."""
    case = Case(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = list(case.arguments(0))
        if not names:
            return "eager", "no arguments"
        function = case.function(names)
        compiled = torch.compile(case.function(names), backend=backend)
        for call in range(CALLS):
            expected = outcome(function, case.arguments(call))
            found = outcome(compiled, case.arguments(call))
            if found != expected:
                return "wrong", (call, expected, found)
    inner = compiled._compiled
    if inner.splitter is not None:
        return "split", f"with {'some' if inner.programs() else 'no'} programs"
    if inner.programs():
        return "compiled", None
    return "eager", inner.reasons()[0][0] if inner.reasons() else "errors"


def main() -> None:
    """Run some programs and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--graphs", action="store_true", help="with a backend that is given a graph, and runs it")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    counts: dict[Any, int] = {}
    for seed in range(options.seed, options.seed + options.count):
        what, why = run(seed, (lambda gm, inputs: gm.forward) if options.graphs else "inductor")
        if what == "wrong":
            print(f"seed {seed}, call {why[0]}: {show(*why[1:])}", flush=True)
            if options.verbose:
                print("\n".join(Case(seed).before), "\n---\n", "\n".join(Case(seed).after), sep="")
            why = None
        counts[what, why] = counts.get((what, why), 0) + 1
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(count, *[part for part in key if part])


def show(expected: Any, found: Any, where: str = "") -> str:
    """The first difference."""
    if isinstance(expected, list) and isinstance(found, list):
        for i, (a, b) in enumerate(zip(expected, found, strict=False)):
            if a != b:
                return show(a, b, f"{where}[{i}]")
    return f"{where}: {expected!r:.120} expected, {found!r:.120} found"


if __name__ == "__main__":
    main()
