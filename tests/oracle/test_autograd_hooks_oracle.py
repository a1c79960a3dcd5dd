"""Hooks of every kind on random graphs: what is called, in which order and with what, is as in installed PyTorch.

Left out is what differs on purpose (see docs/differences.md): the order among more than three leaves of one node, what
`grad` returns for a hooked tensor when something behind it is asked for too, and hooks on groups with leaves in `grad`.
"""

from __future__ import annotations

import math
import random

import pytest

torch = pytest.importorskip("torch")

import mibun  # noqa: E402


def numbers(grad):
    return None if grad is None else grad.reshape(-1).tolist()


class Program:
    """Makes and runs the same random program on either library; `log` has all that could be seen."""

    def __init__(self, library, seed: int) -> None:
        self.library = library
        self.random = random.Random(seed)
        self.log: list = []
        self.handles: list = []
        number = self.random.randint
        values = [[number(1, 3) + 0.5, number(1, 3)] for _ in range(number(1, 4))]
        self.leaves = [library.tensor(value, dtype=library.float64, requires_grad=True) for value in values]
        self.tensors = list(self.leaves)
        self.nodes: list = []  # hooks of a leaf's node live as long as the node in PyTorch

    def run(self) -> list:
        for _ in range(self.random.randint(2, 9)):
            self.step()
            if self.random.random() < 0.6:
                self.hook(len(self.tensors) - 1)
            if self.random.random() < 0.4:
                self.hook(self.random.randrange(len(self.tensors)))
        for _ in range(self.random.randint(1, 3)):
            self.backward()
            if self.handles and self.random.random() < 0.5:
                self.random.choice(self.handles).remove()
        return self.log

    def step(self) -> None:
        a, b = self.random.choice(self.tensors), self.random.choice(self.tensors)
        kinds = ["mul", "add", "exp", "scale", "stack", "view", "unbind", "in-place", "view in-place"]
        kind = self.random.choice(kinds)
        if kind == "mul":
            result = a * b
        elif kind == "add":
            result = a + b
        elif kind == "exp":
            result = (a * 0.1).exp()
        elif kind == "scale":
            result = a * 2
        elif kind == "stack":
            result = self.library.stack([a, b])[self.random.randrange(2)]
        elif kind == "view":
            result = a.view(2)
        elif kind == "unbind":
            result = a.unbind()[0] * b
        else:
            result = a.clone()
            result.register_hook(lambda g: self.log.append(("before the change", numbers(g))))
            if kind == "in-place":
                result.mul_(b)
            else:
                result[0:1].mul_(3)
        self.tensors.append(result)

    def hook(self, index: int) -> None:
        tensor = self.tensors[index]
        kind = self.random.choice(["tensor", "tensor", "pre", "post", "accumulated", "retain", "all", "any"])
        factor = self.random.choice([None, None, 2.0, -1.0])
        name = f"{kind} {index}, {len(self.handles)}"
        log = self.log

        def scaled(grads):
            return None if factor is None else tuple(None if g is None else g * factor for g in grads)

        def on_tensor(grad):
            log.append((name, numbers(grad)))
            return None if factor is None or grad is None else grad * factor

        def on_pre(grads):
            log.append((name, list(map(numbers, grads))))
            return scaled(grads)

        def on_post(inputs, outputs):
            log.append((name, list(map(numbers, inputs)), list(map(numbers, outputs))))
            return scaled(inputs)

        def on_accumulated(leaf):
            log.append((name, numbers(leaf.grad)))
            if factor is not None:
                leaf.grad = None

        graph = self.library.autograd.graph
        if kind == "tensor":
            self.handles.append(tensor.register_hook(on_tensor))
        elif kind in ("pre", "post"):
            node = graph.get_gradient_edge(tensor).node
            self.nodes.append(node)
            self.handles.append(node.register_prehook(on_pre) if kind == "pre" else node.register_hook(on_post))
        elif kind == "accumulated" and tensor.is_leaf:
            self.handles.append(tensor.register_post_accumulate_grad_hook(on_accumulated))
        elif kind == "retain":
            tensor.retain_grad()
        elif kind in ("all", "any"):
            group = [tensor, *self.random.sample(self.tensors, min(2, len(self.tensors)))]
            group = [t for t in group if not t.is_leaf]
            if group and kind == "all":
                self.handles.append(graph.register_multi_grad_hook(group, on_pre))
            elif group:
                self.handles.append(graph.register_multi_grad_hook(group, on_tensor, mode="any"))

    def backward(self) -> None:
        *before, root = self.tensors
        kind = self.random.choice(["backward", "backward", "inputs", "grad"])
        inputs = self.random.sample(before, min(2, len(before)))
        self.log.append(kind)
        if kind == "backward":
            root.sum().backward(retain_graph=True)
        elif kind == "inputs":
            root.sum().backward(inputs=inputs, retain_graph=True)
        else:
            grads = self.library.autograd.grad(root.sum(), inputs[:1], retain_graph=True, allow_unused=True)
            self.log.append(list(map(numbers, grads)))
        self.log.append([numbers(t.grad) if t.is_leaf or t.retains_grad else None for t in self.tensors])


def same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9) or (math.isnan(a) and math.isnan(b)) or a == b
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_random_graphs_with_hooks(start):
    for seed in range(start, start + 100):
        expected = Program(torch, seed).run()
        seen = Program(mibun, seed).run()
        for step, (ours, theirs) in enumerate(zip(seen, expected, strict=False)):
            assert same(ours, theirs), f"seed {seed}, entry {step}, after {expected[max(0, step - 3) : step]}"
        assert len(seen) == len(expected), f"seed {seed}"
