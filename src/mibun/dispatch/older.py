"""Older signatures that PyTorch still takes: those with a factor in front of the Tensor that it scales.

`add(input, alpha, other)`, `addcmul(input, value, tensor1, tensor2)`, `addmm(beta, input, alpha, mat1, mat2)`. They are
tried only where a call does not fit the signature of today; the first one in a process is warned of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.tensor import Tensor
from .once import warn_once

_NUMBERS = (bool, int, float, complex, np.generic)
_FACTORS = frozenset(("alpha", "beta", "value"))


def _sums(first: str, second: str) -> tuple[str, ...]:
    """As function and as method, with both factors or with that of the input alone."""
    return tuple(
        [
            f"beta input alpha {first} {second}",
            f"beta input {first} {second}",
            f"input beta alpha {first} {second}",
            f"input beta {first} {second}",
        ]
    )


_SIGNATURES: dict[str, tuple[str, ...]] = {
    "add": ("input alpha other",),
    "sub": ("input alpha other",),
    "addcmul": ("input value tensor1 tensor2",),
    "addcdiv": ("input value tensor1 tensor2",),
    "addmm": _sums("mat1", "mat2"),
    "addmv": _sums("mat", "vec"),
    "addr": _sums("vec1", "vec2"),
    "addbmm": _sums("batch1", "batch2"),
    "baddbmm": _sums("batch1", "batch2"),
}


def has_older(name: str) -> bool:
    """Whether there are older signatures of a function, or of a method in place."""
    return name.removesuffix("_") in _SIGNATURES


def by_older(name: str, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """All arguments of a call by their names, where it fits one of the older signatures; else None."""
    for signature in _SIGNATURES[name.removesuffix("_")]:
        names = signature.split()
        if len(args) > len(names) or set(names[: len(args)]) & set(kwargs):
            continue
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        if set(names) <= set(given) and all(_fits(part, given[part]) for part in names):
            warn_once(
                "older signatures",
                f"This overload of {name} is deprecated: {name}({', '.join(names)}). Consider giving "
                f"{' and '.join([part for part in names if part in _FACTORS])} by keyword instead.",
            )
            if name.endswith("_"):
                given["self"] = given.pop("input")
            return given
    return None


def _fits(name: str, value: Any) -> bool:
    if name in _FACTORS:
        return isinstance(value, _NUMBERS) or (isinstance(value, Tensor) and value._array_.ndim == 0)
    return isinstance(value, Tensor) or (name == "other" and isinstance(value, _NUMBERS))
