"""Random programs of function transforms, nested to four levels, as text over the name `torch`.

`source(seed)` writes a program: functions within functions, each of which transforms the next one (vmap, grad, vjp,
jvp, jacrev, jacfwd, hessian, linearize) and uses values of the functions around it, containers, in-place operations and
views of what it has computed, and captured tensors that require grad, by which the results are differentiated in the
end.
`run(torch, seed)` runs it on a library and gives all results. As a program, this module compares mibun with installed
PyTorch:

    python tests/random_transforms.py [first seed] [how many]
"""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

SHAPES = [(), (2,), (3,), (2, 3), (3, 3)]
PRELUDE = '''
WEIGHTS = torch.cos(torch.arange(9.0 * 999, dtype=torch.float64) * 0.7).reshape(999, 9).T


def mix(tree, *shape):
    """Numbers of this shape, each of which depends on all that is in a container."""
    m = 1
    for size in shape:
        m *= size
    total = 0.0
    for leaf in torch.utils._pytree.tree_leaves(tree):
        n = leaf.numel()
        total = total + WEIGHTS[:m, n : 2 * n] @ leaf.reshape(-1) / (1 + n)
    return torch.sin(total).reshape(shape)

'''
UNARY = [
    "torch.sin({a})",
    "torch.tanh({a})",
    "torch.cos({a} * 0.5)",
    "torch.sigmoid({a})",
    "torch.exp(-{a} * {a})",
    "{a} / (1 + {a} ** 2)",
    "torch.nn.functional.softplus({a})",
    "torch.sqrt(1.5 + {a} * {a})",
    "torch.where({a} > 0.1, {a} * {a}, torch.sin({a}))",
    "{a}.detach() * {a}",
    "torch.zeros_like({a}) + {a}",
    "{a}.clone()",
    "{a} ** 3 * 0.3",
]
REDUCING = ["{a}.sum(0)", "{a}.mean(-1)", "{a}.logsumexp(0)", "{a}[1]", "{a}.prod(-1)", "{a}.cumsum(0)[-1]"]
OF_VECTORS = ["{a}.flip(0)", "torch.softmax({a}, 0)", "{a}.roll(1)", "{a}.cumsum(0)", "{a}[[1, 0]].repeat(2)[:{n}]"]
OF_MATRICES = ["{a} @ {a}.mT @ {a}", "{a}.softmax(-1)", "{a}.cumsum(1)", "{a}.flip(0, 1)", "{a}.mT.contiguous().mT"]
BINARY = [
    "{a} * {b}",
    "{a} + {b}",
    "{a} - 0.5 * {b}",
    "torch.sin({a} * {b})",
    "{a} / (1.5 + {b} * {b})",
    "torch.where({a} > {b}, {a}, {b} * 2)",
    "torch.lerp({a}, {b}, 0.3)",
    "torch.stack([{a}, {b}]).prod(0)",
    "torch.cat([{a}[None], {b}[None]])[1] * {a}",
]
IN_PLACE = [
    "{t}.mul_({a})",
    "{t}.add_({b}, alpha=0.5)",
    "{t}.sin_()",
    "{t}.copy_({a} * {b})",
    "{t}.sub_(torch.cos({b})).mul_(0.5)",
]
IN_PLACE_PARTS = [
    "{t}[0] = {b}[1] * {a}[0]",
    "{t}[1].mul_({b}[0])",
    "{t}[0] = 0.25",
    "{t}[1] = {b}[0]",
    "{t}[:1].add_({a}[1:2])",
    "{t}.select(0, 1).sin_()",
    "{t}[0].copy_({a}[1] * {b}[0])",
    "{t}[1:].zero_()",
    "{t}.narrow(0, 0, 2).cos_()",
]
KINDS = ["vmap", "vmap", "grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd", "hessian", "linearize"]
ORDER = {"vmap": 0, "hessian": 2}  # of derivative; 1 for the others


class Writer:
    """Writes one program. `budget`: the derivatives that are still to be taken, of which more take long."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.count = 0
        self.budget = 4
        self.linearized = 0  # in how many functions that are linearised: forward mode records other things without grad

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def line(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    # --- statements ---

    def of_shape(self, scope: dict[str, tuple], shape: tuple) -> str:
        """A value of this shape: one that there is, or made from another one."""
        found = [name for name, other in scope.items() if other == shape]
        if found and self.chance(0.8):
            return self.random.choice(found[-4:])
        name = self.random.choice(list(scope)[-6:])
        return f"mix({name}{''.join(f', {n}' for n in shape)})"

    def expression(self, scope: dict[str, tuple]) -> tuple[str, tuple]:
        a = self.random.choice(list(scope)[-5:])
        shape = scope[a]
        kind = self.random.random()
        if kind < 0.4:
            return self.random.choice(BINARY).format(a=a, b=self.of_shape(scope, shape)), shape
        if kind < 0.5 and shape:
            choice = self.random.choice(REDUCING)
            rest = shape[:-1] if "(-1)" in choice else shape[1:]
            return choice.format(a=a), rest
        if kind < 0.65 and len(shape) == 1:
            return self.random.choice(OF_VECTORS).format(a=a, n=shape[0]), shape
        if kind < 0.65 and len(shape) == 2:
            return self.random.choice(OF_MATRICES).format(a=a), shape
        return self.random.choice(UNARY).format(a=a), shape

    def statements(self, indent: int, scope: dict[str, tuple], count: int) -> None:
        for _ in range(count):
            if self.chance(0.25):
                self.in_place(indent, scope)
                continue
            name = self.name("v")
            text, shape = self.expression(scope)
            if self.chance(0.04) and not self.linearized:
                self.line(indent, "with torch.no_grad():")
                self.line(indent + 1, f"{name} = {text}")
            else:
                self.line(indent, f"{name} = {text}")
            scope[name] = shape

    def in_place(self, indent: int, scope: dict[str, tuple]) -> None:
        """Something of its own is computed from two values, and then changed by them."""
        a = self.random.choice(list(scope)[-5:])
        shape = scope[a]
        b = self.of_shape(scope, shape)
        if b.startswith("mix"):
            other = self.name("v")
            self.line(indent, f"{other} = {b}")
            scope[other] = shape
            b = other
        t = self.name("t")
        self.line(indent, f"{t} = {a} * {b}" if self.chance(0.7) else f"{t} = torch.zeros_like({a} * {b}) + {b}")
        for _ in range(self.random.randint(1, 3)):
            choices = IN_PLACE + (IN_PLACE_PARTS if shape else [])
            target = t
            if len(shape) == 2 and self.chance(0.2):
                target = f"{t}.mT" if shape == (3, 3) else f"{t}.view({shape[0]}, {shape[1]})"
                choices = IN_PLACE_PARTS if shape == (3, 3) else choices
            self.line(indent, self.random.choice(choices).format(t=target, a=a, b=b))
        scope[t] = shape

    # --- functions and their transforms ---

    def function(
        self, indent: int, outer: dict[str, tuple], depth: int, shapes: list[tuple], out: Any, aux: bool
    ) -> str:
        """Define a function of arguments of these shapes (or of a container, see `transformed`). Returns its name."""
        name = self.name("f")
        arguments = [self.name("x") for _ in shapes]
        box = self.box
        if box is None:
            self.line(indent, f"def {name}({', '.join(arguments)}):")
        else:
            self.line(indent, f"def {name}(box):")
            for i, argument in enumerate(arguments):
                self.line(indent + 1, f"{argument} = {self.item('box', box, i, len(shapes))}")
        scope = {**outer, **dict(zip(arguments, shapes, strict=True))}
        self.statements(indent + 1, scope, self.random.randint(0, 2))
        if depth:
            self.transformed(indent + 1, scope, depth)
        self.statements(indent + 1, scope, self.random.randint(1, 2))
        used = [*arguments, *list(scope)[-3:]]
        result = self.result(scope, used, out)
        self.line(indent + 1, f"return {result}" + (f", ({used[-1]}, [{used[0]} * 2])" if aux else ""))
        return name

    def result(self, scope: dict[str, tuple], used: list[str], out: Any) -> str:
        parts = f"({', '.join(dict.fromkeys(used))},)"
        if out == "scalar":
            return f"mix({parts})"
        if out == "tree":
            return f"{{'one': mix({parts}, 2), 'two': [{used[-1]}, mix({used[0]})]}}"
        return f"mix({parts}{''.join(f', {n}' for n in out)})"

    def item(self, box: str, kind: str, i: int, n: int) -> str:
        if kind == "dict":
            return f"{box}['k{i}']"
        if kind == "nested":
            return f"{box}[0]" if i == 0 else f"{box}[1][{i - 1}]"
        return f"{box}[{i}]"

    def boxed(self, kind: str | None, values: list[str]) -> str:
        """The arguments of a call: separately, or in one container."""
        if kind is None:
            return ", ".join(values)
        if kind == "dict":
            return "{" + ", ".join(f"'k{i}': {value}" for i, value in enumerate(values)) + "}"
        if kind == "nested":
            return f"({values[0]}, [{', '.join(values[1:])}])"
        return f"[{', '.join(values)}]"

    box: str | None = None

    def transformed(self, indent: int, scope: dict[str, tuple], depth: int) -> None:
        """Define a function, transform and call it, and mix what it gives into a value."""
        kinds = [kind for kind in KINDS if ORDER.get(kind, 1) <= self.budget]
        kind = self.random.choice(kinds)
        self.budget -= ORDER.get(kind, 1)
        shapes = [self.random.choice(SHAPES) for _ in range(self.random.randint(1, 3))]
        if kind in ("jacrev", "jacfwd", "hessian"):
            shapes = [self.random.choice(SHAPES[:3]) for _ in shapes[:2]]
        out: Any = "scalar" if kind.startswith("grad") else self.random.choice(["scalar", "tree", (2,), (3,)])
        if kind == "hessian":
            out = self.random.choice(["scalar", (2,)])
        aux = kind in ("grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd") and self.chance(0.2)
        box = self.random.choice(["dict", "nested", "list"]) if len(shapes) > 1 and self.chance(0.3) else None
        self.box = box
        self.linearized += kind == "linearize"
        f = self.function(indent, scope, depth - 1, shapes, out, aux)
        self.linearized -= kind == "linearize"
        values = [self.of_shape(scope, shape) for shape in shapes]
        r = self.name("r")
        has_aux = ", has_aux=True" if aux else ""
        if kind == "vmap":
            self.vmap(indent, scope, f, shapes, values, out, box, r)
        elif kind in ("grad", "grad_and_value", "jacrev", "jacfwd", "hessian"):
            places = 0 if box is not None else self.argnums(len(shapes), kind in ("jacfwd", "hessian"))
            chunk = f", chunk_size={self.random.randint(1, 3)}" if kind == "jacrev" and self.chance(0.3) else ""
            self.line(
                indent,
                f"{r} = torch.func.{kind}({f}, argnums={places}{has_aux}{chunk})({self.boxed(box, values)})",
            )
        elif kind == "vjp":
            rest = ", *rest" if aux else ""
            self.line(indent, f"value, product{rest} = torch.func.vjp({f}, {self.boxed(box, values)}{has_aux})")
            self.line(indent, "cotangents = torch.utils._pytree.tree_map(lambda x: torch.cos(x), value)")
            again = ", product(cotangents)" if self.chance(0.2) else ""
            self.line(indent, f"{r} = (value, product(cotangents){again}{rest})")
        else:
            tangents = [self.of_shape(scope, shape) for shape in shapes]
            values, tangents = self.boxed(box, values), self.boxed(box, tangents)
            if kind == "jvp":
                self.line(indent, f"{r} = torch.func.jvp({f}, ({values},), ({tangents},){has_aux})")
            else:
                self.line(indent, f"value, product = linearize({f}, {values})")
                self.line(indent, f"{r} = (value, product({tangents}))")
        name = self.name("v")
        shape = self.random.choice(SHAPES)
        self.line(indent, f"{name} = mix({r}{''.join(f', {n}' for n in shape)})")
        scope[name] = shape

    def argnums(self, count: int, forward: bool) -> Any:
        if count == 1 or self.chance(0.6):
            # PyTorch's jacfwd gives zeros for those that are counted from the end.
            return self.random.randint(0 if forward else -count, count - 1)
        return tuple(self.random.sample(range(count), self.random.randint(1, count)))

    def vmap(self, indent, scope, f, shapes, values, out, box, r) -> None:
        size = self.random.randint(2, 3)
        dims: list[Any] = []
        stacked = []
        for i, (shape, value) in enumerate(zip(shapes, values, strict=True)):
            if (
                self.chance(0.3)
                and (dims or len(shapes) > 1)
                and (i < len(shapes) - 1 or any(d is not None for d in dims))
            ):
                dims.append(None)
                stacked.append(value)
                continue
            dim = self.random.randint(-len(shape) - 1, len(shape))
            dims.append(dim)
            parts = [value, f"{value} * 0.5", f"torch.sin({value})"][:size]
            stacked.append(f"torch.stack([{', '.join(parts)}], {dim})")
        if box is None:
            in_dims = f"({', '.join(map(str, dims))},)"
        else:
            in_dims = f"({self.boxed(box, [str(dim) for dim in dims])},)"
        if len(set(dims)) == 1 and self.chance(0.5):
            in_dims = str(dims[0])
        if out == "tree":
            # (PyTorch gives arbitrary memory for negative ones where an output is the same for all examples.)
            out_dims = self.random.choice(["0", "{'one': 1, 'two': [0, 0]}", "{'one': -1, 'two': 0}"])
        else:
            rank = 0 if out == "scalar" else len(out)
            out_dims = str(self.random.randint(-rank - 1, rank))
        chunk = f", chunk_size={self.random.randint(1, 2)}" if self.chance(0.15) else ""
        call = self.boxed(box, stacked)
        self.line(indent, f"{r} = torch.vmap({f}, in_dims={in_dims}, out_dims={out_dims}{chunk})({call})")

    # --- the program ---

    def program(self) -> str:
        """The whole text: `program()` returns the results and the gradients of what was captured."""
        self.line(0, "def program():")
        scope: dict[str, tuple] = {}
        captured = []
        for i, shape in enumerate(SHAPES):
            name = f"c{i}"
            n = int(np.prod(shape))
            self.line(1, f"{name} = torch.sin(torch.arange({float(n)}, dtype=torch.float64) * 1.3 + {i})")
            self.line(1, f"{name} = {name}.reshape({shape})" + (".requires_grad_()" if self.chance(0.4) else ""))
            if self.lines[-1].endswith("requires_grad_()"):
                captured.append(name)
            scope[name] = shape
        self.line(1, "results = []")
        depth = self.random.randint(1, 4)
        self.transformed(1, scope, depth)
        results = [line.split(" = ")[0].strip() for line in self.lines if line.startswith("    r") and " = " in line]
        result = next(name for name in reversed(results) if name[1:].isdigit())
        self.line(1, f"results += torch.utils._pytree.tree_leaves({result})")
        if captured:
            self.line(1, f"loss = mix({result})")
            self.line(1, "results.append(loss)")
            self.line(1, "if loss.requires_grad:")
            self.line(2, "loss.backward()")
            self.line(1, f"results += [x.grad for x in ({', '.join(captured)},)]")
        self.line(1, "return results")
        return PRELUDE + "\n".join(self.lines) + "\n"


def source(seed: int) -> str:
    """The text of the program."""
    return Writer(seed).program()


def run(torch: Any, seed: int) -> list:
    """What the program computes on this library: NumPy arrays, None for gradients that there are not."""

    def linearize(function: Any, *primals: Any) -> tuple:
        # PyTorch's own cannot be nested: forward mode does the same.
        return function(*primals), lambda *tangents: torch.func.jvp(function, primals, tangents)[1]

    own = torch.func.linearize if torch.__name__ == "mibun" else linearize
    names = {"torch": torch, "linearize": own}
    exec(compile(source(seed), f"<random transforms {seed}>", "exec"), names)  # noqa: S102 (the text is ours)
    return [None if x is None else np.asarray(x.detach().numpy()) for x in names["program"]()]


def difference(ours: list, theirs: list) -> str | None:
    """What is not equal, in words."""
    if len(ours) != len(theirs):
        return f"{len(ours)} results, {len(theirs)} expected"
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if a is None or b is None:
            if (a is None) != (b is None):
                return f"result {i} is {a}, {b} expected"
        elif a.shape != b.shape or a.dtype != b.dtype:
            return f"result {i} is {a.dtype}{list(a.shape)}, {b.dtype}{list(b.shape)} expected"
        elif not np.all(
            np.isnan(b) | np.isclose(a, b, rtol=1e-7, atol=1e-9 * np.abs(b[np.isfinite(b)]).max(initial=1.0))
        ):
            # (PyTorch has nan in the second derivatives of a product with zeros.)
            return f"result {i} is off by {np.abs(a - b).max()}:\n{a}\nexpected:\n{b}"
    return None


REFUSED: list[str] = []  # what PyTorch has refused


def compare(ours: Any, theirs: Any, seed: int) -> str | None:
    """How the two libraries differ on a program, None if they do not."""
    try:
        expected = run(theirs, seed)
    except (RuntimeError, NotImplementedError) as error:
        REFUSED.append(f"seed {seed}: {error}")  # such a program is none
        return None
    try:
        return difference(run(ours, seed), expected)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main() -> int:
    import torch

    import mibun

    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    failed = 0
    for seed in range(first, first + count):
        words = compare(mibun, torch, seed)
        if words is not None:
            failed += 1
            print(f"seed {seed}: {words.splitlines()[0]}")
    print(f"PyTorch refuses {len(REFUSED)}, such as {REFUSED[:1]}")
    print(f"{failed} of {count} programs differ; to see one: python tests/random_transforms.py SEED 1")
    if failed and count == 1:
        print(source(first))
        print(words)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
