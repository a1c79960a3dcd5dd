"""One program on both libraries: `assert_same(program)` runs it on mibun and on PyTorch and compares what it gives.

A program is a function of the library. Tensors are compared by dtype, shape, values and `requires_grad`, errors by
their class and first words, warnings by their category, everything else as printed.
"""

from __future__ import annotations

import inspect
import math
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch

import mibun

WORDS = 4  # of an error's text


def tidy(text: str) -> str:
    """Printed text without addresses, and without the modules of the two libraries."""
    text = re.sub(r" at 0x[0-9a-f]+", "", text)
    return re.sub(r"\b(mibun|torch)(\.\w+)*\.(?=\w)", "", text)


def described(value: Any) -> Any:
    """A value in plain Python, the same for both libraries."""
    if isinstance(value, mibun.Tensor | torch.Tensor):
        numbers = value.detach().tolist() if value.layout in (mibun.strided, torch.strided) else str(value)
        return {
            "dtype": str(value.dtype),
            "shape": tuple(value.shape),
            "values": numbers,
            "requires_grad": value.requires_grad,
        }
    if isinstance(value, Mapping):
        return {described(k): described(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [described(v) for v in value]
    if isinstance(value, bool | int | float | complex | str | bytes | type(None)):
        return tidy(value) if isinstance(value, str) else value
    return value.__name__ if inspect.isclass(value) else tidy(repr(value))


def seen(program: Callable[[Any], Any], library: Any) -> tuple[Any, list[str]]:
    """What a program gives on a library, and the categories of the warnings that it makes."""
    library.manual_seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = described(program(library))
        except Exception as error:
            result = (type(error).__name__, " ".join(tidy(str(error)).split()[:WORDS]))
    return result, sorted({w.category.__name__ for w in caught})


def difference(a: Any, b: Any, rtol: float, atol: float) -> str:
    """Where two described values differ, numbers by more than a little: "" where they do not."""
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        found = ((f"[{k!r}]", difference(a[k], b[k], rtol, atol)) for k in a)
        return next((place + inner for place, inner in found if inner), "")
    if isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b):
        found = ((f"[{i}]", difference(x, y, rtol, atol)) for i, (x, y) in enumerate(zip(a, b, strict=True)))
        return next((place + inner for place, inner in found if inner), "")
    if type(a) is type(b):
        if a == b or a != a and b != b:
            return ""
        if isinstance(a, float | complex) and abs(a - b) <= atol + rtol * abs(b) and abs(b) < math.inf:
            return ""
    return f": mibun {str(a)[:300]} | torch {str(b)[:300]}"


def assert_same(program: Callable[[Any], Any], rtol: float = 1e-5, atol: float = 1e-6, warn: bool = True) -> None:
    """Both libraries give the same, and warn of the same kinds of things (unless `warn` is False)."""
    (ours, our_warnings), (theirs, their_warnings) = seen(program, mibun), seen(program, torch)
    found = difference(ours, theirs, rtol, atol)
    assert not found, found
    assert not warn or our_warnings == their_warnings, (our_warnings, their_warnings)
