"""Copies into memory of their own (`clone`, `contiguous`) and over what a tensor holds (`copy_`).

Autograd passes through all of them; a gradient that comes back to a tensor of another dtype is cast by the engine.
"""

from __future__ import annotations

import numpy as np

from ...core import dtypes
from ...core.dtypes import (
    memory_format,
)
from ...core.memory import layout_of
from ...core.meta import MetaArray
from ...core.registry import LEADING, TENSORS, Array, constant_beside, is_numpys
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import SCALARS, apply, check_broadcast
from ...dispatch.declare import linear, op
from ...dispatch.inplace import apply_inplace, check_inplace_result
from ...dispatch.once import warn_of_lost_imaginary_parts
from ...dispatch.public import public
from ...xp.numpy.memory import has_channels_last
from ..annotations import Number
from .devices import to_device

# --- memory formats ---


_TO_LAST = {dtypes.channels_last: (0, 2, 3, 1), dtypes.channels_last_3d: (0, 2, 3, 4, 1)}
_FROM_LAST = {dtypes.channels_last: (0, 3, 1, 2), dtypes.channels_last_3d: (0, 4, 1, 2, 3)}


def check_format(function: str, memory_format: memory_format, ndim: int) -> None:
    if type(memory_format) is not dtypes.memory_format:
        raise TypeError(
            f"{function}(): argument 'memory_format' must be torch.memory_format, not {type(memory_format).__name__}"
        )
    if memory_format in _TO_LAST and ndim != len(_TO_LAST[memory_format]):
        name = str(memory_format).removeprefix("torch.")
        raise RuntimeError(
            f"required rank {len(_TO_LAST[memory_format])} tensor to use {name} format, but this tensor has {ndim} "
            "dimensions"
        )


# --- copies ---


@op(linear, dtype=None, name="clone", vjp=lambda xp, g: g)
def _clone(xp, input, *, memory_format):
    if memory_format is dtypes.preserve_format:
        return xp.copy_in_order(input)
    if memory_format is dtypes.contiguous_format:
        return xp.copy(input)
    return xp.permute_dims(xp.copy(xp.permute_dims(input, _TO_LAST[memory_format])), _FROM_LAST[memory_format])


@public("clone")
def clone(input: Tensor, *, memory_format: memory_format = dtypes.preserve_format) -> Tensor:
    """A copy in memory of its own, through which gradients flow back.

    Args:
        memory_format: `preserve_format` keeps the order of the dimensions in memory, `contiguous_format` does not.

    Returns:
        a Tensor of the same shape and dtype.

    Raises:
        RuntimeError: where the memory format needs another number of dimensions.

    >>> import mibun as torch
    >>> x = torch.ones(2)
    >>> y = x.clone()
    >>> y[0] = 5
    >>> x
    tensor([1., 1.])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"clone(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    if memory_format is None:
        memory_format = dtypes.preserve_format
    check_format("clone", memory_format, input._array_.ndim)
    return copied(input, memory_format)


_clone.__name__ = _clone.__qualname__ = "clone"


def in_format(flat: Array, shape: tuple[int, ...], memory_format: memory_format) -> Array:
    """Elements that follow each other in memory, as an array of this shape whose dimensions lie there in that order."""
    if memory_format not in _TO_LAST:
        return flat.reshape(shape)
    return flat.reshape([shape[axis] for axis in _TO_LAST[memory_format]]).transpose(_FROM_LAST[memory_format])


def has_order(array: Array, memory_format: memory_format) -> bool:
    """Whether `to` sees this memory format in an array: by the order of its dimensions, gaps or none."""
    return has_channels_last(array) == (memory_format in _TO_LAST)


def is_in_format(array: Array, memory_format: memory_format) -> bool:
    if memory_format in _TO_LAST:
        array = array.transpose(_TO_LAST[memory_format])
    return isinstance(array, np.generic) or array.flags.c_contiguous


def copied(input: Tensor, memory_format: dtypes.memory_format) -> Tensor:
    """A copy in a memory format that is known to fit."""
    return apply(_clone, (input,), {"memory_format": memory_format})


@public("contiguous", function=False)
def contiguous(self: Tensor, memory_format: memory_format = dtypes.contiguous_format) -> Tensor:
    """The same values, contiguous in memory: the Tensor itself where it is so already, else a copy.

    Args:
        memory_format: the order of dimensions in memory; `contiguous_format` is the order that they have.

    Raises:
        RuntimeError: for `preserve_format`.

    >>> import mibun as torch
    >>> torch.ones(2, 3).T.contiguous().stride()
    (2, 1)
    """
    check_format("contiguous", memory_format, self._array_.ndim)
    if memory_format is dtypes.preserve_format:
        if is_in_format(layout_of(self), dtypes.contiguous_format):
            return self
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    if is_in_format(layout_of(self), memory_format):
        return self
    return copied(self, memory_format)


# --- over what is there ---


@op(
    name="copy_over",
    node="CopyBackwards",
    dtype=None,
    vjp={
        "input": lambda xp, g: xp.zeros_like(g),
        "src": lambda xp, g: g,
    },
    jvp={"input": lambda xp, t: xp.zeros_like(t), "src": lambda xp, t: t},
)
def _copy_over(xp, input, src):
    src = xp.astype(src, input.dtype)
    return src if src.shape == input.shape else xp.broadcast_to(src, input.shape)


def _beside(source: Tensor, target: Tensor) -> Tensor:
    """The source, on the device of the target if that is another one, and none is batched, sparse or without data."""
    for array in (source._array_, target._array_):
        if type(array) in TENSORS or type(array) in LEADING or type(array) is MetaArray:
            return source
    if source._edge_ is None and is_numpys(type(source._array_)):
        array = constant_beside(source._array_, target._array_)
        return source if array is source._array_ else wrap(array)  # (it may have tangents)
    return to_device(source, target.device)


@public("copy_", function=False)
def copy_(self: Tensor, src: Tensor | Number, non_blocking: bool = False) -> Tensor:
    """Overwrite with the values of `src`, broadcast to this shape and cast to this dtype.

    Args:
        src: a Tensor that broadcasts, or a number.

    Returns:
        this tensor.

    Raises:
        RuntimeError: where `src` does not broadcast.

    The gradient goes to `src`; what was here before gets none.

    >>> import mibun as torch
    >>> torch.zeros(3).copy_(torch.tensor([1, 2, 3]))
    tensor([1., 2., 3.])
    """
    if not isinstance(src, Tensor):
        if not isinstance(src, SCALARS):
            raise TypeError(f"copy_(): argument 'src' (position 1) must be Tensor, not {type(src).__name__}")
        source = wrap(np.asarray(src))
    else:
        source = src
    if type(source._array_) is MetaArray and type(self._array_) is not MetaArray:
        raise NotImplementedError("Cannot copy out of meta tensor; no data!")
    if type(source._array_) is not type(self._array_) and type(self._array_) not in LEADING:
        source = _beside(source, self)
    check_broadcast([self._array_.shape, source._array_.shape])
    if source._array_.ndim > self._array_.ndim:
        check_inplace_result("copy_", self, source._array_.shape, self._array_.dtype)
    warn_of_lost_imaginary_parts(source._array_.dtype, self._array_.dtype)
    return apply_inplace(_copy_over, (self, source), {}, "copy_")
