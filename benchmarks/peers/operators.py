"""Single operators for all libraries: the call and its gradient by every operand, on few elements and on many.

`torch_step` makes them for a library of PyTorch's kind, `functional_step` for the others. Only names differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

# Elementwise, of one operand and of two: PyTorch's name, and NumPy's where it is another one.
ONE = """
    abs acos=arccos asin=arcsin atan=arctan cos cosh exp exp2 expm1 log log10 log1p log2 neg=negative reciprocal sign
    sin sinc sinh sqrt square tan tanh
""".split()
TWO = "add sub=subtract mul=multiply div=divide pow=power atan2=arctan2 maximum minimum logaddexp".split()
# Of a matrix, along its last dimension.
REDUCTIONS = "sum mean prod var std amax=max amin=min cumsum".split()

# Those that are written differently: (over PyTorch's kind, over `Library`), of one matrix.
WRITTEN: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (lambda t, a: t.sigmoid(a), lambda lib, a: lib.sigmoid(a)),
    "erf": (lambda t, a: t.erf(a), lambda lib, a: lib.erf(a)),
    "relu": (lambda t, a: t.relu(a), lambda lib, a: lib.np.maximum(a, 0)),
    "gelu": (
        lambda t, a: t.nn.functional.gelu(a),
        lambda lib, a: 0.5 * a * (1 + lib.erf(a * math.sqrt(0.5))),
    ),
    "silu": (lambda t, a: t.nn.functional.silu(a), lambda lib, a: a * lib.sigmoid(a)),
    "softplus": (lambda t, a: t.nn.functional.softplus(a), lambda lib, a: lib.np.logaddexp(a, 0)),
    "x * 2.5": (lambda t, a: a * 2.5, lambda lib, a: a * 2.5),
    "x ** 3": (lambda t, a: a**3, lambda lib, a: a**3),
    "1 / x": (lambda t, a: 1 / a, lambda lib, a: 1 / a),
    "where": (lambda t, a: t.where(a > 0.5, a, 0.0), lambda lib, a: lib.np.where(a > 0.5, a, 0.0)),
    "logsumexp": (lambda t, a: t.logsumexp(a, -1), lambda lib, a: lib.logsumexp(a)),
    "softmax": (lambda t, a: t.softmax(a, -1), lambda lib, a: lib.np.exp(a - lib.logsumexp(a)[:, None])),
    "norm": (lambda t, a: t.linalg.vector_norm(a), lambda lib, a: lib.np.sqrt(lib.np.sum(a * a))),
    "x[3:]": (lambda t, a: a[3:], lambda lib, a: a[3:]),
    "x[:, 1]": (lambda t, a: a[:, 1], lambda lib, a: a[:, 1]),
    "x[index]": (lambda t, a: a[_index(a)], lambda lib, a: lib.take(a, _index(a))),
    "reshape": (lambda t, a: a.reshape(-1), lambda lib, a: a.reshape(-1)),
    "transpose": (lambda t, a: a.T, lambda lib, a: a.T),
    "cat": (lambda t, a: t.cat([a, a]), lambda lib, a: lib.np.concatenate([a, a])),
    "stack": (lambda t, a: t.stack([a, a]), lambda lib, a: lib.np.stack([a, a])),
    "flip": (lambda t, a: a.flip(0), lambda lib, a: a[::-1]),
    "matmul": (lambda t, a: a @ a.T, lambda lib, a: lib.np.matmul(a, a.T)),
    "matrix times vector": (lambda t, a: a @ a[0], lambda lib, a: lib.np.matmul(a, a[0])),
    "einsum": (lambda t, a: t.einsum("ij,kj->ik", a, a), lambda lib, a: lib.np.einsum("ij,kj->ik", a, a)),
    "mean squared error": (
        lambda t, a: t.nn.functional.mse_loss(a, a * 0),
        lambda lib, a: lib.np.mean((a - a * 0) ** 2),
    ),
}
SIZES = {"small": 4, "large": 316}  # rows and columns

NAMES = [name.partition("=")[0] for name in (*ONE, *TWO, *REDUCTIONS)] + list(WRITTEN)
OPERATORS = [f"{name}, {size}" for name in NAMES for size in SIZES]


def _index(a: Any) -> np.ndarray:
    return np.arange(0, 2 * a.shape[0], 2) % a.shape[0]


def _operands(name: str, size: int) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    two = any(name == one.partition("=")[0] for one in TWO)
    return [(rng.random((size, size)) * 0.9 + 0.05).astype(np.float32) for _ in range(2 if two else 1)]


def torch_step(torch: Any, operator: str) -> Callable[[], Any]:
    """The step of one of `OPERATORS` in a library of PyTorch's kind."""
    name, _, size = operator.rpartition(", ")
    leaves = [torch.from_numpy(value).requires_grad_() for value in _operands(name, SIZES[size])]
    if name in WRITTEN:
        written = WRITTEN[name][0]
        function = lambda *operands: written(torch, *operands)  # noqa: E731
    elif name in [one.partition("=")[0] for one in REDUCTIONS]:
        reduce = getattr(torch, name)
        function = lambda a: reduce(a, -1)  # noqa: E731
    else:
        function = getattr(torch, name)
    ones = torch.ones_like(function(*leaves))

    def step() -> Any:
        out = function(*leaves)
        return torch.autograd.grad(out, leaves, ones)

    return step


def functional_step(lib: Any, operator: str) -> Callable[[], Any]:
    """The same in one of the others. AttributeError where it lacks the function."""
    name, _, size = operator.rpartition(", ")
    values = [lib.array(value) for value in _operands(name, SIZES[size])]
    spelled = {one.partition("=")[0]: one.rpartition("=")[2] for one in (*ONE, *TWO, *REDUCTIONS)}
    if name in WRITTEN:
        written = WRITTEN[name][1]
        function = lambda *operands: written(lib, *operands)  # noqa: E731
    else:
        own = getattr(lib.np, spelled[name])
        options: dict[str, Any] = {"ddof": 1} if name in ("var", "std") else {}
        along = any(name == one.partition("=")[0] for one in REDUCTIONS)
        function = lambda *operands: own(*operands, -1, **options) if along else own(*operands)  # noqa: E731
    both = lib.ready(lib.value_and_grad(lambda operands: lib.np.sum(function(*operands))))

    def step() -> Any:
        return both(values)[1]

    return step
