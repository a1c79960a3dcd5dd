"""How sparse tensors are printed: their indices and values, each as a tensor of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..xp.sparse.array import Coordinates


def parts_of(array: Any) -> list[tuple[str, np.ndarray]]:
    """What a sparse array consists of, by the names that users know."""
    if isinstance(array, Coordinates):
        return [("indices", array.indices), ("values", array.values)]
    first, second = ("crow_indices", "col_indices") if array.by_rows else ("ccol_indices", "row_indices")
    return [(first, array.pointers), (second, array.others), ("values", array.values)]


def contents(array: Any, indent: int, numbers: Callable[[np.ndarray, int], str]) -> str:
    """The text between the parentheses, up to the size. numbers(array, column): the text of a dense array."""
    lines = []
    for name, part in parts_of(array):
        start = f"{name}=tensor("
        text = numbers(part, indent + len(start))
        if part.size == 0:
            text += f", size={tuple(part.shape)}"
        lines.append(f"{start}{text})")
    return f",\n{' ' * indent}".join(lines)


def sizes(array: Any) -> list[str]:
    """What is written of the size."""
    return [f"size={tuple(array.shape)}", f"nnz={array.nnz}"]
