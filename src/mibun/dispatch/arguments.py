"""Sizes and dimensions as PyTorch's functions take them: separately or as one sequence, negative counted from the end.

Every function here returns plain Python ints and tuples, or raises PyTorch's error.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Sequence
from typing import Any

from ..core.mode import is_grad_enabled
from ..core.tensor import Tensor


def whole(value: Any, function: str, argument: str) -> int:
    """An int, from anything that stands for one (NumPy's, 0-d integer tensors); bools and floats are refused."""
    if type(value) is int:
        return value
    try:
        if isinstance(value, bool):
            raise TypeError
        if isinstance(value, Tensor):
            if value._array_.size != 1 or value._array_.dtype.kind not in "iu":
                raise TypeError
            return int(value._array_.item())
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{function}(): argument '{argument}' must be int, not {type(value).__name__}") from None


def sizes_of(given: tuple, function: str, argument: str = "size") -> tuple[int, ...]:
    """The ints of `f(2, 3)`, `f((2, 3))` or `f([2, 3])`."""
    if len(given) == 1 and not hasattr(given[0], "__index__") and hasattr(given[0], "__iter__"):
        if not isinstance(given[0], Tensor):
            given = tuple(given[0])
    for value in given:
        if type(value) is not int:
            return tuple([_size(value, i, function, argument) for i, value in enumerate(given)])
    return tuple(given)


def _size(value: Any, position: int, function: str, argument: str) -> int:
    try:
        return whole(value, function, argument)
    except TypeError:
        raise TypeError(
            f"{function}(): argument '{argument}' must be tuple of ints, but found element of type "
            f"{type(value).__name__} at pos {position}"
        ) from None


def wrap_dim(dim: Any, ndim: int, function: str = "dim") -> int:
    """A dimension from 0 to ndim - 1. IndexError out of range; a 0-d tensor counts as having one dimension."""
    if type(dim) is not int:
        dim = whole(dim, function, "dim")
    n = ndim or 1
    if 0 <= dim < n:
        return dim
    if -n <= dim < 0:
        return dim + n
    raise IndexError(f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})")


def wrap_dims(dims: Any, ndim: int, function: str = "dim") -> tuple[int, ...]:
    """Several dimensions, given as an int or a sequence. RuntimeError where one appears twice."""
    if type(dims) is tuple or isinstance(dims, Sequence):
        wrapped = tuple([wrap_dim(dim, ndim, function) for dim in dims])
    else:
        wrapped = (wrap_dim(dims, ndim, function),)
    if len(wrapped) > 1 and len(set(wrapped)) != len(wrapped):
        twice = next(dim for i, dim in enumerate(wrapped) if dim in wrapped[:i])
        raise RuntimeError(f"dim {twice} appears multiple times in the list of dims (in {function})")
    return wrapped


def infer_shape(sizes: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Fill in the one -1 of a new shape for `count` elements."""
    if min(sizes, default=0) >= 0:
        if math.prod(sizes) != count:
            raise RuntimeError(
                f"shape '{list(sizes)}' is invalid for input of size {count}: it is one of {math.prod(sizes)} elements"
            )
        return sizes
    for i, size in enumerate(sizes):
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size} at index {i} of shape {list(sizes)}")
    if sizes.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred, but got several -1 in shape " + str(list(sizes)))
    known = math.prod([size for size in sizes if size != -1])
    if known == 0:
        if count == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(sizes)} because the unspecified dimension size "
                "-1 can be any value and is ambiguous"
            )
    elif count % known == 0:
        return tuple([count // known if size == -1 else size for size in sizes])
    raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {count}, which is no multiple of {known}")


def shape_of_ints(sizes: tuple, count: int) -> tuple[int, ...] | None:
    """`infer_shape` of sizes that are given one by one, remembered; None where one of them is no plain int."""
    for size in sizes:
        if type(size) is not int:
            return None
    return _remembered_shape(sizes, count)


@functools.lru_cache(1000)
def _remembered_shape(sizes: tuple[int, ...], count: int) -> tuple[int, ...] | None:
    try:
        return infer_shape(sizes, count)
    except RuntimeError:
        return None  # whoever asked raises it


def refuse_gradient(function: str, **arguments: Any) -> None:
    """RuntimeError where one of these requires grad: the function has no derivative for it, which would be lost."""
    if not is_grad_enabled():
        return
    for name, value in arguments.items():
        if isinstance(value, Tensor) and value.requires_grad:
            raise RuntimeError(
                f"The function '{function}' is not differentiable with respect to argument '{name}'. This input "
                "cannot have requires_grad True."
            )


def check_tensor(value: Any, function: str, argument: str = "input", position: int = 1) -> None:
    """TypeError where something else than a Tensor is given."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}. "
            "Make a Tensor of it with torch.as_tensor() first."
        )
