"""The gaps of the NumPy namespace for losses over classes: reading and writing one place of the class axis by index."""

from __future__ import annotations

from typing import Any

import numpy as np


def take_flat(x: Any, indices: Any) -> Any:
    """`x[indices]` for a vector x and indices of any shape."""
    return x.take(indices)


def _class_index(target: Any) -> tuple:
    """The index that picks, from an array with the class axis at 1 (at 0 for a 0-d target), one class per place."""
    if target.ndim == 0:
        return (target,)
    if target.ndim == 1:
        return np.arange(target.shape[0]), target
    grid = np.ogrid[tuple([slice(n) for n in target.shape])]
    return grid[0], target, *grid[1:]


def pick_classes(x: Any, target: Any) -> Any:
    """From x (batch, classes, *space), or (classes), the values at the classes of target (batch, *space), or ()."""
    return x[_class_index(target)]


def put_classes(values: Any, target: Any, shape: tuple[int, ...]) -> Any:
    """The transpose of `pick_classes`: zeros of this shape with the values at the classes of target."""
    out = np.zeros(shape, values.dtype)
    out[_class_index(target)] = values
    return out
