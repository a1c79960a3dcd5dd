"""Random programs of leaves, operators, views, in-place operations, hooks, modes and backward calls; what they show.

A program is a list of Python statements over the name `torch`; it runs unchanged on mibun and on PyTorch. `observe`
runs one and notes, after every statement, what a user can see of every tensor, or the exception's class. As a script
it does that on PyTorch for a range of seeds, in a process of its own since PyTorch itself crashes on some programs.
"""

from __future__ import annotations

import json
import math
import random
import re
import sys
import warnings

UNARY = ["sin", "tanh", "exp", "sigmoid", "neg", "abs", "square", "cos", "relu"]
UNARY_INPLACE = ["sin_", "tanh_", "neg_", "sigmoid_", "zero_", "relu_", "square_"]
BINARY = ["add", "sub", "mul", "maximum"]
BINARY_INPLACE = ["add_", "sub_", "mul_", "copy_"]
GRADIENT = re.compile(r"\.backward\(|autograd\.grad\(")
SHAPES = [(), (1,), (2,), (3,), (2, 3), (3, 2), (1, 3), (2, 1), (2, 2)]


class Program:
    """Makes a program from a seed, keeping track of the shapes so that most statements are valid."""

    def __init__(self, seed: int, length: int = 14) -> None:
        self.random = random.Random(seed)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.roots: dict[str, str] = {}  # tensor -> the one whose memory it may share
        self.statements: list[str] = []
        self.new_leaf()
        self.new_leaf()
        while len(self.statements) < length:
            self.step()
        self.statements.append(f"({self.some()} * 1.0).sum().backward()")

    def some(self) -> str:
        names = list(self.shapes)
        # Recent tensors are the interesting ones.
        return names[-1] if self.random.random() < 0.35 else self.random.choice(names)

    def define(self, shape: tuple[int, ...], expression: str) -> None:
        name = f"t{len(self.shapes)}"
        self.statements.append(f"{name} = {expression}")
        self.shapes[name] = shape
        self.roots[name] = name

    def new_leaf(self) -> None:
        shape = self.random.choice(SHAPES)
        values = [round(self.random.uniform(-1.5, 1.5), 2) for _ in range(math.prod(shape))]
        flag = self.random.random() < 0.75
        tensor = f"torch.tensor({values}, dtype=torch.float64).reshape({shape})"
        self.define(shape, f"{tensor}.detach().requires_grad_({flag})")

    def step(self) -> None:
        r = self.random.random()
        for limit, make in (
            (0.05, self.new_leaf), (0.20, self.unary), (0.36, self.binary), (0.54, self.view),
            (0.72, self.inplace), (0.76, self.reduction), (0.80, self.hook), (0.84, self.flags), (0.92, self.gradient),
            (1.0, self.under_mode),
        ):  # fmt: skip
            if r < limit:
                make()
                return

    def unary(self) -> None:
        x = self.some()
        self.define(self.shapes[x], f"{x}.{self.random.choice(UNARY)}()")

    def partner(self, x: str) -> str:
        """A tensor that broadcasts with x, or a number."""
        fits = [n for n, s in self.shapes.items() if broadcast(s, self.shapes[x]) is not None]
        return self.random.choice(fits) if self.random.random() < 0.8 else str(round(self.random.uniform(-2, 2), 1))

    def binary(self) -> None:
        x = self.some()
        y = self.partner(x)
        name = self.random.choice(BINARY)
        if y not in self.shapes and name == "maximum":
            name = "mul"
        shape = broadcast(self.shapes[x], self.shapes.get(y, ()))
        self.define(shape, f"torch.{name}({x}, {y})" if self.random.random() < 0.8 else f"{x} * {y}")

    def view(self) -> None:
        x = self.some()
        known = set(self.shapes)
        self.view_of(x)
        for name in self.shapes.keys() - known:
            self.roots[name] = self.roots[x]

    def sources(self, x: str, shape: tuple[int, ...]) -> list[str]:
        """What may be written into x: of a fitting shape, and in memory of its own (or x itself), since what PyTorch
        does when it reads what it is overwriting depends on the order of its loops."""
        return [
            n for n, s in self.shapes.items()
            if broadcast(s, shape) == shape and (n == x or self.roots[n] != self.roots[x])
        ]  # fmt: skip

    def view_of(self, x: str) -> None:
        shape = self.shapes[x]
        choice = self.random.choice([
            "select", "slice", "reshape", "t", "unsqueeze", "expand", "detach", "unbind", "split", "diagonal",
            "view_as", "squeeze", "narrow",
        ])  # fmt: skip
        n = math.prod(shape)
        if choice == "select" and shape:
            d = self.random.randrange(len(shape))
            i = self.random.randrange(shape[d])
            index = ", ".join([":"] * d + [str(i)])
            self.define(shape[:d] + shape[d + 1 :], self.random.choice([f"{x}[{index}]", f"{x}.select({d}, {i})"]))
        elif choice == "slice" and shape:
            start = self.random.randrange(shape[0])
            self.define((shape[0] - start, *shape[1:]), f"{x}[{start}:]")
        elif choice == "narrow" and shape:
            self.define((1, *shape[1:]), f"{x}.narrow(0, {self.random.randrange(shape[0])}, 1)")
        elif choice == "reshape":
            new = self.random.choice([(n,), (n, 1), (1, n)])
            self.define(new, f"{x}.{self.random.choice(['reshape', 'view'])}({new})")
        elif choice == "t" and len(shape) == 2:
            forms = [f"{x}.t()", f"{x}.transpose(0, 1)", f"{x}.permute(1, 0)", f"{x}.T"]
            self.define(shape[::-1], self.random.choice(forms))
        elif choice == "unsqueeze":
            self.define((1, *shape), f"{x}.unsqueeze(0)")
        elif choice == "squeeze" and shape and shape[0] == 1:
            self.define(shape[1:], f"{x}.squeeze(0)")
        elif choice == "expand":
            self.define((2, *shape), f"{x}.expand({(2, *shape)})")
        elif choice == "detach":
            self.define(shape, f"{x}.detach()")
        elif choice == "view_as":
            self.define(shape, f"{x}.view_as({x})")
        elif choice == "unbind" and shape:
            self.define(shape[1:], f"{x}.unbind(0)[{self.random.randrange(shape[0])}]")
        elif choice == "split" and shape and shape[0] > 1:
            self.define((1, *shape[1:]), f"{x}.split(1)[{self.random.randrange(shape[0])}]")
        elif choice == "diagonal" and len(shape) == 2:
            self.define((min(shape),), f"{x}.diagonal()")

    def inplace_statement(self) -> str | None:
        x = self.some()
        shape = self.shapes[x]
        r = self.random.random()
        if r < 0.3:
            return f"{x}.{self.random.choice(UNARY_INPLACE)}()"
        if r < 0.75:
            return f"{x}.{self.random.choice(BINARY_INPLACE)}({self.random.choice(self.sources(x, shape))})"
        if r < 0.85:
            return f"{x}.{self.random.choice(['mul_', 'add_', 'fill_'])}({round(self.random.uniform(-2, 2), 1)})"
        if shape:
            value = self.random.choice([n for n in self.sources(x, shape[1:]) if n != x] + ["0.5"])
            return f"{x}[{self.random.randrange(shape[0])}] = {value}"
        return None

    def inplace(self) -> None:
        statement = self.inplace_statement()
        if statement:
            self.statements.append(statement)

    def reduction(self) -> None:
        x = self.some()
        shape = self.shapes[x]
        if shape and self.random.random() < 0.5:
            self.define(shape[1:], f"{x}.sum(0)")
        else:
            self.define((), f"{x}.{self.random.choice(['sum', 'mean'])}()")

    def hook(self) -> None:
        x = self.some()
        self.statements.append(
            self.random.choice([
                f"{x}.register_hook(lambda g: g * 2)", f"{x}.register_hook(lambda g: log.append('{x}'))",
                f"{x}.retain_grad()",
            ])  # fmt: skip
        )

    def flags(self) -> None:
        x = self.some()
        last = list(self.shapes)[-1]  # detach_ of what an operation has saved already is refused by PyTorch alone
        self.statements.append(
            self.random.choice([
                f"{x}.requires_grad_()", f"{last}.detach_()", f"{x}.requires_grad_(False)", f"{x}.grad = None",
            ])  # fmt: skip
        )

    def gradient(self) -> None:
        x, y = self.some(), self.some()
        keep, create = self.random.random() < 0.5, self.random.random() < 0.3
        options = f"retain_graph={keep or None}, create_graph={create}"
        if self.random.random() < 0.5:
            self.statements.append(f"{x}.sum().backward({options})")
        elif self.random.random() < 0.3:
            self.statements.append(f"{x}.backward(torch.ones_like({x}), inputs=[{y}], {options})")
        else:
            # The clone hides whether a gradient happens to be a view (an expanded one, say), which is no promise.
            name = f"t{len(self.shapes)}"
            self.statements.append(f"{name} = torch.autograd.grad({x}.sum(), {y}, {options})[0].clone()")
            self.roots[name] = name
            self.shapes[name] = self.shapes[y]

    def under_mode(self) -> None:
        before = len(self.statements)
        self.random.choice([self.unary, self.view, self.inplace])()
        mode = self.random.choice(["torch.no_grad()", "torch.no_grad()", "torch.enable_grad()"])
        for i in range(before, len(self.statements)):
            self.statements[i] = f"with {mode}: {self.statements[i]}"


def broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that a and b broadcast to, None if they do not."""
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    if any(x != y and x != 1 and y != 1 for x, y in zip(a, b, strict=True)):
        return None
    return tuple(max(x, y) for x, y in zip(a, b, strict=True))


def state(tensor: object) -> object:
    """What a user sees of a tensor."""
    if tensor is None:
        return None
    try:
        name = tensor.grad_fn.name() if tensor.grad_fn is not None else None
    except RuntimeError:
        return "grad_fn refused"
    grad = tensor.grad
    return [
        list(tensor.shape), numbers(tensor), tensor.requires_grad, tensor.is_leaf, name, tensor._version,
        None if grad is None else [list(grad.shape), numbers(grad), grad.requires_grad], tensor._base is not None,
    ]  # fmt: skip


def numbers(tensor: object) -> list:
    """The values, rounded so that a last bit does not count; NaN and infinities as text."""
    try:
        values = tensor.detach().reshape(-1).tolist()
    except RuntimeError:  # "... on a tensor with unallocated storage": PyTorch's own trouble, very rarely
        return ["unreadable"]
    return [float(f"{v:.8g}") if math.isfinite(v) else str(v) for v in values]


def observe(torch: object, statements: list[str]) -> list:
    """Run a program; after each statement its outcome and the state of every tensor. It ends at the first exception."""
    scope: dict = {"torch": torch, "log": []}
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for statement in statements:
            try:
                exec(statement, scope)
            except Exception as error:
                outcome = type(error).__name__
            else:
                outcome = "ok"
            if outcome not in ("ok", "RuntimeError") or (outcome != "ok" and GRADIENT.search(statement)):
                # PyTorch leaves some grads changed when a backward fails, mibun none: only the outcome is compared.
                seen.append([outcome, {}, []])
                break
            names = [name for name in scope if name[0] == "t" and name[1:].isdigit()]
            states = {name: state(scope[name]) for name in names}
            seen.append([outcome, states, sorted(scope["log"])])
            if outcome != "ok" and " = " in statement:
                break  # what follows may need the name
    return seen


def main() -> None:
    """`programs.py START STOP`: observations of PyTorch for these seeds, one JSON line each."""
    import torch

    torch.set_num_threads(1)
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps([seed, observe(torch, Program(seed).statements)]), flush=True)


if __name__ == "__main__":
    main()
