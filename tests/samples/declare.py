"""How a sample is declared: one line that says how to call an operator, on what, and what to expect of it.

The lines are in the other modules of this package; `tests/test_ops.py` runs each through every check it can think of,
and `tests/oracle/test_ops_oracle.py` compares the same lines with installed PyTorch. A line is written over the name
`torch` and knows nothing of mibun, so that it runs on both.
"""

from __future__ import annotations

import contextlib
import itertools
import warnings
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

inf, nan = float("inf"), float("nan")
# Where formulas have their edges. Every pair of them is tried for operators of two operands.
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 30.0, -30.0, 800.0, inf, -inf, nan]
SPECIAL_PAIR = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, inf, -inf, nan]
SPECIAL_COMPLEX = [0j, 1 + 0j, -1 + 0j, 1j, -1j, 2 + 0j, 0.5 - 0.5j]


class X:
    """A floating (or complex) tensor that is differentiated: its shape, and the interval that its elements come from.

    Without an interval the magnitudes are 0.3 to 1.7, of either sign: clear of the kinks at 0. `grad=False`: constant.
    `real`: stays real when the sample is run with complex numbers. `values`: these, instead of random ones.
    """

    def __init__(
        self,
        *shape: int,
        lo: float | None = None,
        hi: float = 2.0,
        grad: bool = True,
        real: bool = False,
        values: Any = None,
    ) -> None:
        self.shape, self.lo, self.hi, self.grad, self.real, self.values = shape, lo, hi, grad, real, values
        if values is not None:
            self.shape = np.shape(values)

    def make(
        self, random: np.random.Generator, complex_: bool = False, shape: tuple[int, ...] | None = None
    ) -> np.ndarray:
        """The array; `shape` overrides the sample's own."""
        if self.values is not None and shape is None:
            return np.array(self.values, complex if complex_ and not self.real else float)
        shape = self.shape if shape is None else shape
        if self.lo is None:
            real = random.uniform(0.3, 1.7, shape) * random.choice([-1.0, 1.0], shape)
        else:
            real = random.uniform(self.lo, self.hi, shape)
        if complex_ and not self.real:
            # Clear of the branch cuts, which lie on the axes.
            return np.asarray(real + 1j * random.uniform(0.2, 0.9, shape) * random.choice([-1.0, 1.0], shape))
        return np.asarray(real)


class I:  # noqa: E742
    """An integer tensor: random ones of a shape, from `lo` up to but not `hi`; or the given values."""

    def __init__(self, *shape: int, lo: int = 0, hi: int = 2, values: Any = None, dtype: Any = np.int64) -> None:
        self.shape, self.lo, self.hi, self.values, self.dtype = shape, lo, hi, values, dtype

    def make(self, random: np.random.Generator) -> np.ndarray:
        if self.values is not None:
            return np.array(self.values, self.dtype)
        return np.asarray(random.integers(self.lo, self.hi, self.shape, dtype=self.dtype))


class B:
    """A bool tensor: random ones of a shape, or the given values."""

    def __init__(self, *shape: int, values: Any = None) -> None:
        self.shape, self.values = shape, values

    def make(self, random: np.random.Generator) -> np.ndarray:
        if self.values is not None:
            return np.array(self.values, bool)
        return np.asarray(random.integers(0, 2, self.shape).astype(bool))


class S:
    """One sample.

    name: the public name, dotted from `torch` ("nn.functional.relu"); with `method=True`, that of a method of the first
        argument. `call`: instead, a function `(torch, *arguments)`.
    args: X, I, B, lists of them, and constants. kw: keyword arguments.
    ref: NumPy's or SciPy's function of the same arguments (keywords not passed), for the values.
    complex: complex numbers are checked too. `order`: how many times it can be differentiated (0: never, up to 2).
    boundary: True for pointwise operators (all special values), or a list of tuples of arrays in the place of the
        tensors, compared with PyTorch only; of differentiable operators the gradients too.
    inplace: name of the in-place method, None for `name_` where there is one, False for none.
    view: the result shares the first argument's memory.
    tol: relative and absolute tolerance of values where the default, 1e-12, is too strict; `why` says why.
    oracle: things PyTorch does otherwise, left out of the comparison: a dict of check -> reason. The checks are
        "value", "grad", "second", "dtypes", "float16" (among the dtypes), "boundary", "name", "shapes", "out", "all";
        "mixed": of operands of several dtypes; "refused": mibun may do what PyTorch refuses;
        "classes": both refuse, with different classes.
    vary, gaps: whether other shapes are tried, and inputs with gaps in their memory.
    numeric: whether the gradient is the derivative (of some functions it is not, by definition).
    warns: the start of a warning that the call gives.
    strict: reason why kernel or rules cannot run over array-api-strict.
    """

    def __init__(
        self,
        name: str,
        *args: Any,
        kw: dict | None = None,
        id: str | None = None,
        call: Callable | None = None,
        method: bool = False,
        ref: Callable | None = None,
        complex: bool = False,
        order: int = 2,
        boundary: Any = None,
        inplace: str | bool | None = None,
        view: bool = False,
        tol: float = 1e-12,
        why: str = "",
        oracle: dict[str, str] | None = None,
        strict: str | None = None,
        pointwise: bool = False,
        gradcheck: dict | None = None,
        vary: bool = True,
        gaps: bool = True,
        warns: str | None = None,
        numeric: bool = True,
    ) -> None:
        assert tol == 1e-12 or why, f"{name}: a tolerance needs a reason"
        self.name, self.args, self.kw, self.call, self.method, self.ref = name, args, kw or {}, call, method, ref
        self.complex, self.order, self.inplace, self.view = complex, order, inplace, view
        self.tol, self.oracle, self.strict, self.pointwise = tol, oracle or {}, strict, pointwise
        self.gradcheck, self.vary, self.gaps = gradcheck or {}, vary, gaps
        self.boundary_spec, self.warns, self.numeric = boundary, warns, numeric
        self.id = name + (f"-{id}" if id else "")

    def __repr__(self) -> str:
        return self.id

    def specs(self) -> Iterator[Any]:
        """The tensors among the arguments, lists opened."""
        for arg in self.args:
            yield from arg if isinstance(arg, (list, tuple)) else (arg,)

    def floats(self) -> list[X]:
        """Those that are floating."""
        return [spec for spec in self.specs() if isinstance(spec, X)]

    def arrays(
        self, complex_: bool = False, shapes: list | None = None, dtypes: list | None = None, seed: int = 0
    ) -> list[np.ndarray]:
        """NumPy arrays for the tensors among the arguments; `shapes` and `dtypes` are for the floating ones."""
        random = np.random.default_rng(zlib.crc32(self.id.encode()) + seed)
        found, n = [], 0
        for spec in self.specs():
            if isinstance(spec, X):
                array = spec.make(random, complex_, None if shapes is None else shapes[n])
                if dtypes is not None:
                    array = cast(array, dtypes[n], random)
                found.append(array)
                n += 1
            elif isinstance(spec, (I, B)):
                found.append(spec.make(random))
        return found

    def with_tensors(self, tensors: list) -> list:
        """The arguments with these tensors in their places."""
        left = iter(tensors)
        return [
            type(arg)(next(left) if isinstance(a, (X, I, B)) else a for a in arg)
            if isinstance(arg, (list, tuple))
            else next(left)
            if isinstance(arg, (X, I, B))
            else arg
            for arg in self.args
        ]

    def run(self, torch: Any, tensors: list, **more: Any) -> Any:
        """Call the operator of `torch` (mibun or PyTorch) on these tensors."""
        with self.quiet():
            return self._run(torch, tensors, more)

    def run_inplace(self, name: str, args: list) -> Any:
        """Call the in-place method."""
        with self.quiet():
            return getattr(args[0], name)(*args[1:], **self.kw)

    @contextlib.contextmanager
    def quiet(self) -> Iterator[None]:
        """Without the warning that the sample is known to give."""
        if self.warns is None:
            yield
            return
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", self.warns)
            yield

    def _run(self, torch: Any, tensors: list, more: dict) -> Any:
        args = self.with_tensors(tensors)
        if self.call is not None:
            return self.call(torch, *args, **self.kw, **more)
        if self.method:
            return getattr(args[0], self.name)(*args[1:], **self.kw, **more)
        return self.function(torch)(*args, **self.kw, **more)

    def function(self, torch: Any) -> Any:
        """The function itself."""
        for part in self.name.split("."):
            torch = getattr(torch, part)
        return torch

    def differentiated(self) -> list[bool]:
        """For each tensor among the arguments, whether it is differentiated."""
        return [
            self.order > 0 and isinstance(spec, X) and spec.grad for spec in self.specs() if isinstance(spec, (X, I, B))
        ]

    def boundaries(self) -> list[list[np.ndarray]]:
        """Arrays for the tensors, the floating ones with the special values."""
        found: list = []
        if self.boundary_spec is True:
            n = len(self.floats())
            if n == 1:
                found.append([SPECIAL])
            elif n == 2:
                found.append(list(zip(*itertools.product(SPECIAL_PAIR, repeat=2), strict=True)))
            if n == 1 and self.complex:
                found.append([SPECIAL_COMPLEX])
        elif self.boundary_spec is not None:
            found = self.boundary_spec
        complete = []
        for columns in found:
            given = iter(columns)
            tensors = [spec for spec in self.specs() if isinstance(spec, (X, I, B))]
            complete.append(
                [
                    np.array(next(given)) if isinstance(spec, X) else array
                    for spec, array in zip(tensors, self.arrays(), strict=True)
                ]
            )
        return complete

    def vary_shapes(self) -> dict[str, list[tuple[int, ...]]]:
        """Other shapes for the floating arguments: 0-d, and empty along the first and the last axis."""
        own = [spec.shape for spec in self.floats()]
        if not own or not self.vary or any(spec.values is not None for spec in self.floats()):
            return {}
        if self.pointwise:
            return {
                "0-d": [() for _ in own],
                "empty": [(0, 3) for _ in own],
                "empty too": [(2, 0), *[(1,) for _ in own[1:]]],
            }
        return {
            "0-d": [() for _ in own],
            "empty first": [(0, *shape[1:]) if shape else (0,) for shape in own],
            "empty last": [(*shape[:-1], 0) if shape else (0,) for shape in own],
        }


def cast(array: np.ndarray, dtype: np.dtype, random: np.random.Generator) -> np.ndarray:
    """An array of another dtype; integers from 1 to 3, complex numbers with an imaginary part."""
    if dtype.kind in "iu":
        array = np.nan_to_num(array, nan=1.0, posinf=3.0, neginf=1.0)
        return np.asarray(np.clip(np.abs(np.rint(array.real * 2)), 1, 3), dtype)
    if dtype.kind == "b":
        return np.asarray(array.real > 0.5)
    if dtype.kind == "c":
        return np.asarray(array.astype(dtype) + dtype.type(0.25j))
    return np.asarray(array.real.astype(dtype))


def tensors_in(result: Any) -> list:
    """The tensors of a result, in order."""
    if isinstance(result, (tuple, list)):
        return [tensor for part in result for tensor in tensors_in(part)]
    return [result] if hasattr(result, "requires_grad") else []


def unary(names: str, **options: Any) -> list[S]:
    """Samples of pointwise operators of one operand that share everything: their names, separated by spaces."""
    shape = options.pop("shape", (2, 3))
    lo, hi = options.pop("lo", None), options.pop("hi", 2.0)
    ref = options.pop("refs", {})
    return [
        S(
            name,
            X(*shape, lo=lo, hi=hi),
            ref=ref.get(name, getattr(np, name, None)),
            pointwise=True,
            **{"boundary": True, **options},
        )
        for name in names.split()
    ]
