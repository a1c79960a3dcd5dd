"""Backends that are functions: the graphs that they are given are PyTorch's, call by call.

PyTorch's part is done in a process of its own: once its compiler has run, distributions check no arguments any more,
and calls of Python's are made in another way, which counts of references show.
"""

from __future__ import annotations

import functools
import importlib
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.oracle


@functools.cache
def theirs() -> dict[str, Any]:
    """What this file, run as a program, prints of PyTorch."""
    pytest.importorskip("torch")
    done = subprocess.run([sys.executable, "-W", "ignore", __file__], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def same(name: str) -> None:
    ours = json.loads(json.dumps(ASKED[name](importlib.import_module("mibun"))))
    assert ours == theirs()[name]


def named(node: Any) -> Any:
    """A call as words: a method's name, or a function's."""
    target = node.target
    name = target if isinstance(target, str) else target.__name__
    return node.op, name.rstrip("_") if name.endswith("__") else name, len(node.all_input_nodes)


def graphs(torch: Any, program: Callable, calls: int) -> list[Any]:
    """For each graph that a backend is given: its calls, the shapes of its inputs, how many outputs it has."""
    found = []

    def backend(gm: Any, inputs: list) -> Any:
        nodes = list(gm.graph.nodes)
        shapes = sorted([tuple(one.shape) for one in inputs if isinstance(one, torch.Tensor)])
        (output,) = [node for node in nodes if node.op == "output"]
        found.append(([named(node) for node in nodes if node.op.startswith("call")], shapes, len(output.args[0])))
        return gm.forward

    torch._dynamo.reset()
    torch.manual_seed(0)
    compiled, arguments = program(torch, lambda function: torch.compile(function, backend=backend))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(calls):
            compiled(*arguments)
    torch._dynamo.reset()
    return found


def arithmetic(torch: Any, compiled: Callable) -> Any:
    def f(x, y):
        z = torch.relu(x) * 2 + y.sin()
        z = 1 - z
        z = -z / y
        return z.view(-1)[1:], z @ x.t(), z > 0

    return compiled(f), (torch.ones(2, 3), torch.ones(2, 3))


def in_place(torch: Any, compiled: Callable) -> Any:
    def f(x):
        y = x.clone()
        y += 1
        y.mul_(2)
        y[0] = 3
        return y

    return compiled(f), (torch.ones(3),)


def layers(torch: Any, compiled: Callable) -> Any:
    nn = torch.nn
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.LayerNorm(4), nn.Dropout(0.5), nn.Linear(4, 2), nn.Softmax(-1))
    return compiled(model), (torch.ones(5, 3),)


def several(torch: Any, compiled: Callable) -> Any:
    def f(x):
        low, where = torch.max(x, dim=0)
        a, b = torch.chunk(x, 2)
        return torch.cat([a, b]), low + 1

    return compiled(f), (torch.ones(4, 2),)


def factories(torch: Any, compiled: Callable) -> Any:
    def f(x):
        return x + torch.zeros(3) * torch.arange(3)

    return compiled(f), (torch.ones(3),)


def without_grad(torch: Any, compiled: Callable) -> Any:
    def f(x):
        y = x * 2
        with torch.no_grad():
            z = y.exp()
        return z + y

    return compiled(f), (torch.ones(3, requires_grad=True),)


def broken(torch: Any, compiled: Callable) -> Any:
    def f(x):
        y = x.sin() + 1
        torch._dynamo.graph_break()
        z = y.cos()
        return z * y

    return compiled(f), (torch.ones(3),)


def errors(torch: Any) -> Any:
    torch._dynamo.reset()
    found = []
    for backend in (lambda gm, inputs: 1 / 0, lambda gm, inputs: None, "no such backend"):
        try:
            torch.compile(lambda x: x + 1, backend=backend)(torch.ones(2))
        except RuntimeError as error:
            known = isinstance(error, (torch._dynamo.exc.BackendCompilerFailed, torch._dynamo.exc.InvalidBackend))
            found.append((type(error).__name__, known))
    return found


def counters(torch: Any) -> Any:
    testing = importlib.import_module(f"{torch.__name__}._dynamo.testing")
    counted = torch._dynamo.utils.counters
    torch._dynamo.reset()
    counted.clear()
    counter = testing.CompileCounter()
    compiled = torch.compile(lambda x: x.sin() + 1, backend=counter)
    for n in (2, 2, 2):
        compiled(torch.ones(n))
    found = counter.frame_count, counter.op_count, counted["stats"]["unique_graphs"]
    torch._dynamo.reset()
    counted.clear()
    return found


PROGRAMS = [arithmetic, in_place, layers, several, factories, without_grad, broken]
ASKED: dict[str, Callable] = {
    **{one.__name__: functools.partial(graphs, program=one, calls=6) for one in PROGRAMS},
    "errors": errors,
    "counters": counters,
}


@pytest.mark.parametrize("name", list(ASKED))
def test_a_backend_is_given_and_told_the_same(name: str) -> None:
    same(name)


if __name__ == "__main__":
    print(json.dumps({name: ask(importlib.import_module("torch")) for name, ask in ASKED.items()}))
