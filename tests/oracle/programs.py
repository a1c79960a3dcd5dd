"""Random programs: leaves, operators, views, in-place operations, hooks, modes, Functions and backward calls.

A program is a list of Python statements over the name `torch` and the few names of `observing.py`; it runs unchanged on
mibun and on PyTorch. Most statements are valid, since shapes and shared memory are kept track of; the rest show errors.
"""

from __future__ import annotations

import math
import random
import re

UNARY = ["sin", "tanh", "exp", "sigmoid", "neg", "abs", "square", "cos", "relu", "clone"]
UNARY_INPLACE = ["sin_", "tanh_", "neg_", "sigmoid_", "zero_", "relu_", "square_", "abs_", "cos_", "exp_"]
BINARY = ["add", "sub", "mul", "maximum"]
BINARY_INPLACE = ["add_", "sub_", "mul_", "copy_"]
SHAPES = [(), (1,), (2,), (3,), (2, 3), (3, 2), (1, 3), (2, 1), (2, 2)]
MODES = ["torch.no_grad()"] * 3 + ["torch.enable_grad()", "torch.set_grad_enabled(False)", "torch.inference_mode()"]
VIEWS = [
    "select",
    "slice",
    "reshape",
    "t",
    "unsqueeze",
    "expand",
    "detach",
    "unbind",
    "split",
    "diagonal",
    "view_as",
    "squeeze",
    "narrow",
    "unfold",
    "as_strided",
    "movedim",
    "data",
    "chunk",
]
# What gives a layout in memory that NumPy and PyTorch do not both keep when they compute with it.
SPREAD = re.compile("expand|unfold|t_?\\(\\)|transpose|permute|[.]T|movedim")


class Program:
    """Makes a program from a seed, keeping track of the shapes so that most statements are valid."""

    def __init__(self, seed: int, length: int = 16) -> None:
        self.random = random.Random(seed)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.roots: dict[str, str] = {}  # tensor -> the one whose memory it may share
        self.dense: set[str] = set()  # tensors whose elements lie in memory in order, with nothing around them
        self.leaves: set[str] = set()
        self.gradients: set[str] = set()  # results of recorded backwards
        self.inferred: set[str] = set()  # what inference tensors may have gone into
        self.spread: set[str] = set()  # what expanded or unfolded tensors have gone into: the layout may be any
        self.retained: set[str] = set()  # what keeps its gradient: if reshaped in place, PyTorch's has the old shape
        self.handles = 0
        self.statements: list[str] = []
        self.new_leaf()
        self.new_leaf()
        while len(self.statements) < length:
            self.step()
        self.statements.append(f"({self.some()} * 1.0).sum().backward()")

    def step(self) -> None:
        r = self.random.random()
        for limit, make in (
            (0.05, self.new_leaf),
            (0.18, self.unary),
            (0.31, self.binary),
            (0.47, self.view),
            (0.64, self.inplace),
            (0.67, self.reduction),
            (0.75, self.hook),
            (0.79, self.flags),
            (0.88, self.gradient),
            (0.93, self.function),
            (1.0, self.under_mode),
        ):
            if r < limit:
                make()
                return

    # --- names ---

    def some(self) -> str:
        names = list(self.shapes)
        # Recent tensors are the interesting ones.
        return names[-1] if self.random.random() < 0.35 else self.random.choice(names)

    def number(self) -> float:
        return round(self.random.uniform(-2, 2), 1)

    def define(self, shape: tuple[int, ...], expression: str, root: str | None = None) -> str:
        name = f"t{len(self.shapes)}"
        self.statements.append(f"{name} = {expression}")
        parts = re.findall(r"t\d+", expression)
        if any(part in self.inferred for part in parts):
            self.inferred.add(name)
        if SPREAD.search(expression) or any(part in self.spread for part in parts):
            self.spread.add(name)
        self.shapes[name] = shape
        self.roots[name] = name if root is None else root
        return name

    def partner(self, x: str) -> str:
        """A tensor that broadcasts with x, or a number."""
        fits = [n for n, s in self.shapes.items() if broadcast(s, self.shapes[x]) is not None]
        return self.random.choice(fits) if self.random.random() < 0.8 else str(self.number())

    def sources(self, x: str, shape: tuple[int, ...]) -> list[str]:
        """What may be written into x: of a fitting shape, and in memory of its own (or x itself), since what PyTorch
        does when it reads what it is overwriting depends on the order of its loops."""
        return [
            n
            for n, s in self.shapes.items()
            if broadcast(s, shape) == shape and (n == x or self.roots[n] != self.roots[x])
        ]

    # --- new tensors ---

    def new_leaf(self) -> None:
        shape = self.random.choice(SHAPES)
        values = [round(self.random.uniform(-1.5, 1.5), 2) for _ in range(math.prod(shape))]
        flag = self.random.random() < 0.75
        tensor = f"torch.tensor({values}, dtype=torch.float64).reshape({shape})"
        name = self.define(shape, f"{tensor}.detach().requires_grad_({flag})")
        self.dense.add(name)
        self.leaves.add(name)

    def unary(self) -> None:
        x = self.some()
        self.define(self.shapes[x], f"{x}.{self.random.choice(UNARY)}()")

    def binary(self) -> None:
        x = self.some()
        y = self.partner(x)
        name = self.random.choice(BINARY)
        if y not in self.shapes and name == "maximum":
            name = "mul"
        shape = broadcast(self.shapes[x], self.shapes.get(y, ()))
        r = self.random.random()
        if r < 0.7:
            self.define(shape, f"torch.{name}({x}, {y})")
        elif r < 0.9 or y not in self.shapes:
            self.define(shape, f"{x} * {y}")
        else:
            self.define(shape, f"torch.where({x}.detach() > 0, {x}, {y})")

    def reduction(self) -> None:
        x = self.some()
        shape = self.shapes[x]
        r = self.random.random()
        if shape and r < 0.4:
            self.define(shape[1:], f"{x}.sum(0)")
        elif shape and r < 0.5:
            self.define(shape[1:], f"{x}.max(0)[0]")
        elif len(shape) == 2 and r < 0.6:
            self.define((shape[0], shape[0]), f"{x} @ {x}.t()")
        else:
            self.define((), f"{x}.{self.random.choice(['sum', 'mean'])}()")

    def function(self) -> None:
        """The application of a user-written Function."""
        x = self.some()
        shape, root = self.shapes[x], self.roots[x]
        name = self.random.choice(["Cube", "Exponential", "Product", "Flat", "Same", "Double_", "Both", "WithSign"])
        if name == "Product":
            y = self.random.choice([n for n, s in self.shapes.items() if s == shape])
            self.define(shape, f"Product.apply({x}, {y})")
        elif name == "Flat" and x in self.spread:
            return
        elif name == "Flat":
            self.define((math.prod(shape),), f"Flat.apply({x})", root)
        elif name in ("Same", "Double_"):
            self.define(shape, f"{name}.apply({x})", root)
        elif name in ("Both", "WithSign"):
            self.define(shape, f"{name}.apply({x})[{self.random.randrange(2)}]")
        else:
            self.define(shape, f"{name}.apply({x})")

    def view(self) -> None:
        x = self.some()
        shape, root = self.shapes[x], self.roots[x]
        n = math.prod(shape)
        choose, pick = self.random.choice, self.random.randrange
        choice = choose(VIEWS)
        result: tuple[tuple[int, ...], str] | None = None
        if choice == "select" and shape:
            d = pick(len(shape))
            i = pick(shape[d])
            index = ", ".join([":"] * d + [str(i)])
            result = (shape[:d] + shape[d + 1 :], choose([f"[{index}]", f".select({d}, {i})"]))
        elif choice == "slice" and shape:
            start = pick(shape[0])
            result = ((shape[0] - start, *shape[1:]), f"[{start}:]")
        elif choice == "narrow" and shape:
            result = ((1, *shape[1:]), f".narrow(0, {pick(shape[0])}, 1)")
        elif choice == "reshape" and x not in self.spread:
            new = choose([(n,), (n, 1), (1, n)])
            result = (new, f".{choose(['reshape', 'view'])}({new})")
        elif choice == "t" and len(shape) == 2:
            result = (shape[::-1], choose([".t()", ".transpose(0, 1)", ".permute(1, 0)", ".T"]))
        elif choice == "movedim" and len(shape) == 2:
            result = (shape[::-1], ".movedim(0, 1)")
        elif choice == "unsqueeze":
            result = ((1, *shape), ".unsqueeze(0)")
        elif choice == "squeeze" and shape and shape[0] == 1:
            result = (shape[1:], ".squeeze(0)")
        elif choice == "expand":
            result = ((2, *shape), f".expand({(2, *shape)})")
        elif choice in ("detach", "data") and x not in self.inferred:
            result = (shape, choose([".detach()", ".data"] if shape else [".detach()"]))
        elif choice == "view_as":
            result = (shape, f".view_as({x})")
        elif choice == "unbind" and shape:
            result = (shape[1:], f".unbind(0)[{pick(shape[0])}]")
        elif choice in ("split", "chunk") and shape and shape[0] > 1:
            how = f".split(1)[{pick(shape[0])}]" if choice == "split" else f".chunk({shape[0]})[{pick(shape[0])}]"
            result = ((1, *shape[1:]), how)
        elif choice == "diagonal" and len(shape) == 2:
            result = ((min(shape),), ".diagonal()")
        elif choice == "unfold" and shape:
            size = pick(shape[0]) + 1  # windows that do not overlap
            result = ((shape[0] // size, *shape[1:], size), f".unfold(0, {size}, {size})")
        elif choice == "as_strided" and x in self.dense and n > 1:
            size, offset = pick(n) + 1, pick(n)
            count = (n - offset - 1) // size + 1
            result = ((count,), f".as_strided(({count},), ({size},), {offset})")
        if result is not None:
            self.define(result[0], x + result[1], root)

    # --- changes ---

    def inplace(self) -> None:
        x = self.some()
        shape = self.shapes[x]
        pick = self.random.choice
        target = x
        if self.random.random() < 0.1 and x not in self.inferred:  # through `detach()` PyTorch changes what it protects
            target = f"{x}.{pick(['detach()', 'data', 'view_as(' + x + ')'])}"
            if not shape and target.endswith("data"):  # mibun has saved the number itself, PyTorch its memory
                target = x
        r = self.random.random()
        statement = None
        if r < 0.25:
            statement = f"{target}.{pick(UNARY_INPLACE)}()"
        elif r < 0.6:
            sources = [n for n in self.sources(x, shape) if n != x or target == x]
            statement = f"{target}.{pick(BINARY_INPLACE)}({pick(sources)})" if sources else None
        elif r < 0.68:
            statement = f"{target}.{pick(['mul_', 'add_', 'fill_'])}({self.number()})"
        elif r < 0.8 and shape:
            value = pick([n for n in self.sources(x, shape[1:]) if n != x] + ["0.5"])
            statement = f"{target}[{self.random.randrange(shape[0])}] = {value}"
        elif r < 0.84 and shape:
            statement = f"{target}[...] = {pick([n for n in self.sources(x, shape) if n != x] + ['0.5'])}"
        elif r < 0.92 and x in self.spread:
            return  # PyTorch writes to expanded tensors in these ways, with a warning
        elif r < 0.88:
            mask = f"{x}.detach() > {self.number()}"
            statement = pick([f"{target}.masked_fill_({mask}, 0.5)", f"{target}[{mask}] = {self.number()}"])
        elif r < 0.92 and shape:
            index = f"torch.tensor([{self.random.randrange(shape[0])}])"
            constant = "torch.tensor(0.5, dtype=torch.float64)"
            values = pick([n for n in self.sources(x, (1, *shape[1:])) if n != x] + [constant])
            statement = f"{target}.index_put_(({index},), {values}, accumulate={pick([True, False])})"
        elif r < 0.95:
            y, z = pick(self.sources(x, shape)), pick(self.sources(x, shape))
            if x not in (y, z) and broadcast(self.shapes[y], self.shapes[z]) == shape:
                statement = f"torch.mul({y}, {z}, out={x})"
        else:
            self.reshaped(x)
        if statement:
            self.statements.append(statement)

    def reshaped(self, x: str) -> None:
        """An in-place change of the shape."""
        shape = self.shapes[x]
        if x in self.retained or x in self.leaves:  # of leaves, under no_grad, PyTorch's gradients keep the old shape
            return
        if len(shape) == 2:
            new, change = shape[::-1], self.random.choice(["t_()", "transpose_(0, 1)"])
        elif shape and shape[0] == 1:
            new, change = shape[1:], "squeeze_(0)"
        else:
            new, change = (1, *shape), "unsqueeze_(0)"
        self.define(new, f"{x}.{change}", self.roots[x])
        self.shapes[x] = new
        self.dense.discard(x)

    def hook(self) -> None:
        x = self.some()
        r = self.random.random()
        self.handles += 1
        before = f"h{self.handles} = "
        if r < 0.35:
            factor = self.random.choice(["", ", 2.0"])
            self.statements.append(f"{before}{x}.register_hook(note('{x}'{factor}))")
        elif r < 0.5:
            self.retained.add(x)
            self.statements.append(f"{x}.retain_grad()")
        elif r < 0.65:
            self.statements.append(f"note_node({x}, '{x}', {self.random.random() < 0.5})")
        elif r < 0.78:
            self.statements.append(f"{before}{x}.register_post_accumulate_grad_hook(note_accumulated('{x}'))")
        elif r < 0.88:
            both = sorted({x, self.some()})
            mode = self.random.choice(["all", "any"])
            self.statements.append(
                f"{before}torch.autograd.graph.register_multi_grad_hook("
                f"[{', '.join(both)}], note_multi('{x}'), mode='{mode}')"
            )
        else:
            made = [line.split(" = ")[0] for line in self.statements if line.startswith("h")]
            if made:
                self.statements.append(f"{self.random.choice(made)}.remove()")

    def flags(self) -> None:
        x = self.some()
        last = list(self.shapes)[-1]  # detach_ of what an operation has saved already is refused by PyTorch alone
        forms = [f"{x}.requires_grad_()", f"{x}.requires_grad_(False)", f"{x}.grad = None"]
        if last not in self.retained:  # PyTorch's retains_grad outlives detach_
            forms.append(f"{last}.detach_()")
        self.statements.append(self.random.choice(forms))

    def gradient(self) -> None:
        x, y = self.some(), self.some()
        keep, create = self.random.random() < 0.5, self.random.random() < 0.3
        options = f"retain_graph={keep or None}, create_graph={create}"
        r = self.random.random()
        if r < 0.35:
            self.statements.append(f"{x}.sum().backward({options})")
        elif r < 0.5:
            self.retained.add(y)
            # (The node of a single root is one that PyTorch's multi-grad hooks do not count.)
            self.statements.append(f"({x} * 1.0).backward(torch.ones_like({x}), inputs=[{y}], {options})")
        elif r < 0.6:
            self.statements.append(f"torch.autograd.backward([{x}.sum(), {y}.mean()], {options})")
        elif r < 0.67:
            given = f"(torch.ones_like({x}), {y}.detach().clone())"
            self.statements.append(f"torch.autograd.backward(({x}, {y}), {given}, {options})")
        elif r < 0.75:
            self.gradients.add(self.define(self.shapes[x], f"or_zeros({x}.grad, {x})"))
        else:
            more = self.random.choice(["", "", ", allow_unused=True", ", materialize_grads=True"])
            if self.random.random() < 0.7:
                arguments = f"{x}.sum(), {y}"
            else:
                z = self.some()
                arguments = f"[{x}, {z}], [{y}, {z}], [torch.ones_like({x}), {z}.detach().clone()]"
            call = f"torch.autograd.grad({arguments}, {options}{more})"
            self.gradients.add(self.define(self.shapes[y], f"or_zeros({call}[0], {y})"))

    def under_mode(self) -> None:
        before = len(self.statements)
        self.random.choice([self.unary, self.view, self.inplace, self.inplace, self.function])()
        mode = self.random.choice(MODES)
        for i in range(before, len(self.statements)):
            if "inference" in mode:
                self.inferred.update(re.findall(r"^(t\d+) =", self.statements[i]))
            self.statements[i] = f"with {mode}: {self.statements[i]}"


def broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that a and b broadcast to, None if they do not."""
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    if any(x != y and x != 1 and y != 1 for x, y in zip(a, b, strict=True)):
        return None
    return tuple(max(x, y) for x, y in zip(a, b, strict=True))
