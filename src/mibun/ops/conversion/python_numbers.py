"""Tensors as Python's numbers: `item`, `tolist`, `int(t)`, `bool(t)`, `t[i]`'s indices, formatting."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from ...core.batching import DATA_DEPENDENT, refuse_batched, waits
from ...core.meta import MetaArray
from ...core.registry import Array, namespace_of
from ...core.tensor import Tensor
from ...dispatch.numbers import real_part, warn_of_lost_gradient
from ...dispatch.public import public
from ..annotations import Number


@public("item", function=False)
def item(self: Tensor) -> Any:
    """The one element as a Python number.

    Raises:
        RuntimeError: if there is not exactly one.

    >>> import mibun as torch
    >>> torch.tensor([2.5]).item()
    2.5
    """
    array = self._array_
    if array.size != 1:
        raise RuntimeError(f"a Tensor with {array.size} elements cannot be converted to Scalar")
    if array.dtype.kind == "V" or array.dtype.num >= 256:
        return builtins.float(array.reshape(()))
    return _that_has("item", array).item()


def _that_has(method: str, array: Array) -> Array:
    """A raw array that gives Python's numbers; if its library's do not, its values as an array of NumPy's."""
    return array if hasattr(array, method) and not waits(array) else namespace_of(array).to_numpy(array)


@public("tolist", function=False)
def tolist(self: Tensor) -> Any:
    """The elements as nested lists of Python numbers; a number for a 0-d tensor.

    >>> import mibun as torch
    >>> torch.tensor([[1, 2], [3, 4]]).tolist()
    [[1, 2], [3, 4]]
    """
    array = _that_has("tolist", self._array_)
    return array.astype(np.float32).tolist() if array.dtype.num >= 256 else array.tolist()


# --- Python's protocols ---


def _only_element(self: Tensor) -> Any:
    if self._array_.size != 1:
        raise ValueError(
            f"only one element tensors can be converted to Python scalars, but this one has "
            f"{self._array_.size} elements"
        )
    return self.item()


# (`int(t)`, `bool(t)` and `item()` give no warning: what is rounded or compared has no gradient, and the last is
# explicit.)


@public("__int__", function=False)
def __int__(self: Tensor) -> builtins.int:
    return builtins.int(real_part(_only_element(self), "int64_t"))


@public("__float__", function=False)
def __float__(self: Tensor) -> builtins.float:
    value = real_part(_only_element(self), "double")
    if self._edge_ is not None:
        warn_of_lost_gradient(self)
    return builtins.float(value)


@public("__complex__", function=False)
def __complex__(self: Tensor) -> builtins.complex:
    value = _only_element(self)
    if self._edge_ is not None:
        warn_of_lost_gradient(self)
    return builtins.complex(value)


@public("__bool__", function=False)
def __bool__(self: Tensor) -> builtins.bool:
    array = self._array_
    if array.size != 1:
        if array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    return builtins.bool(array if type(array) is not MetaArray and not waits(array) else item(self))


@public("is_nonzero")
def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not 0. RuntimeError unless there is exactly one.

    >>> import mibun as torch
    >>> torch.is_nonzero(torch.tensor([0.]))
    False
    """
    return builtins.bool(input)


@public("__index__", function=False)
def __index__(self: Tensor) -> int:
    if self._array_.size != 1 or self._array_.dtype.kind not in "iub":
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return builtins.int(self._array_.reshape(()))


@public("__contains__", function=False)
def __contains__(self: Tensor, element: Tensor | Number) -> builtins.bool:
    if isinstance(element, (Tensor, builtins.bool, builtins.int, builtins.float, builtins.complex)):
        found = self == element
        refuse_batched(found, DATA_DEPENDENT)
        return builtins.bool(found._array_.any())
    raise RuntimeError(
        f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element).__name__}."
    )


@public("__format__", function=False)
def __format__(self: Tensor, spec: str) -> str:
    if self._array_.ndim == 0:
        return self.item().__format__(spec)
    return object.__format__(self, spec)
