"""Making arrays, by the Array API standard: PyTorch's constructors with the standard's arguments."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np

from ..core.device import check_device
from ..core.dtypes import dtype, get_default_complex_dtype, get_default_dtype, int64
from ..core.tensor import Tensor
from ..ops.annotations import Device, Number
from ..ops.creation import filled, like, ranges
from ..ops.creation.from_data import asarray as _asarray
from ..ops.creation.from_data import from_dlpack as _from_dlpack
from ..ops.pointwise.complexes import complex as _complex
from ..ops.shape.grids import meshgrid as _meshgrid
from ..ops.shape.joining import stack
from ..ops.shape.triangles import tril as _tril
from ..ops.shape.triangles import triu as _triu
from .dtypes import broadcast_to, finfo, promoted

Shape = int | tuple[int, ...]


def _holds_tensors(obj: Any) -> builtins.bool:
    return isinstance(obj, (list, tuple)) and any(isinstance(part, Tensor) or _holds_tensors(part) for part in obj)


def _stacked(obj: Any) -> Any:
    """A nested sequence with Tensors in it as one Tensor, through which gradients flow."""
    if not isinstance(obj, (list, tuple)):
        return obj
    return stack(promoted(*(part if isinstance(part, Tensor) else _asarray(part) for part in map(_stacked, obj))))


def asarray(
    obj: Any, /, *, dtype: dtype | None = None, device: Device | None = None, copy: builtins.bool | None = None
) -> Tensor:
    """`obj` as a Tensor, which shares its memory where it can.

    Args:
        obj: a Tensor, a NumPy array, whatever has DLPack or the buffer protocol, a number, or nested sequences of
            numbers or of Tensors: these are stacked, differentiably.
        dtype: by default that of `obj`; bool, int64 or the default dtypes for Python's numbers.
        device: the CPU. copy: True for memory of its own, False for ValueError where memory cannot be shared.

    >>> from mibun import array_api as xp
    >>> xp.asarray([xp.asarray(1.0), 2.0])
    tensor([1., 2.])
    """
    check_device(device, "asarray")
    if _holds_tensors(obj):
        if copy is False:
            raise ValueError("asarray(): a sequence of Tensors becomes one by a copy, which copy=False forbids")
        obj, copy = _stacked(obj), None
    if isinstance(obj, np.ndarray) and copy is not False and any(stride < 0 for stride in obj.strides):
        obj = obj.copy()  # no Tensor can share this memory
    return _asarray(obj, dtype=dtype, copy=copy)


def from_dlpack(x: Any, /, *, device: Device | None = None, copy: builtins.bool | None = None) -> Tensor:
    """A Tensor on the memory of an array of another library, through DLPack; on a copy with `copy=True`.

    >>> import numpy as np
    >>> from mibun import array_api as xp
    >>> xp.from_dlpack(np.ones(2))
    tensor([1., 1.], dtype=torch.float64)
    """
    return _from_dlpack(x, device=device, copy=copy)


def arange(
    start: float,
    /,
    stop: float | None = None,
    step: float = 1,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
) -> Tensor:
    """The numbers from `start` (0 if only one is given) to before `stop`; none if `step` leads away from it.

    dtype: int64 if all are integers, else the default dtype. ValueError for a step of 0.

    >>> from mibun import array_api as xp
    >>> xp.arange(3), xp.arange(1, 0).shape
    (tensor([0, 1, 2]), torch.Size([0]))
    """
    if stop is None:
        start, stop = 0, start
    if step == 0:
        raise ValueError("arange(): step must not be 0")
    if (stop > start) != (step > 0) or stop == start:
        if dtype is None:
            dtype = int64 if all(isinstance(value, int) for value in (start, stop, step)) else get_default_dtype()
        return filled.zeros(0, dtype=dtype, device=device)
    return ranges.arange(start, stop, step, dtype=dtype, device=device)


def linspace(
    start: Number | Tensor,
    stop: Number | Tensor,
    /,
    num: int,
    *,
    dtype: dtype | None = None,
    device: Device | None = None,
    endpoint: builtins.bool = True,
) -> Tensor:
    """`num` numbers, evenly spaced, from `start` to `stop`, or (`endpoint=False`) to before it.

    Args:
        start, stop: numbers, or 0-d Tensors, to which the gradient flows.
        dtype: the default dtype, the default complex dtype if one of the ends is complex; that of Tensors.

    >>> from mibun import array_api as xp
    >>> xp.linspace(0, 1, 4, endpoint=False)
    tensor([0.0000, 0.2500, 0.5000, 0.7500])
    """
    if isinstance(start, Tensor) or isinstance(stop, Tensor):
        first, last = promoted(start, stop, floating=True) if dtype is None else (asarray(start), asarray(stop))
        dtype = first.dtype if dtype is None else dtype
        part = linspace(0, 1, num, dtype=dtype, device=device, endpoint=endpoint)
        return first.to(dtype) * (1 - part) + last.to(dtype) * part
    if dtype is None:
        of_complex = isinstance(start, complex) or isinstance(stop, complex)
        dtype = get_default_complex_dtype() if of_complex else get_default_dtype()
    if dtype.is_complex:
        # Real and imaginary parts are spaced each for itself.
        first, last, real = complex(start), complex(stop), dtype.to_real()
        return _complex(
            linspace(first.real, last.real, num, dtype=real, device=device, endpoint=endpoint),
            linspace(first.imag, last.imag, num, dtype=real, device=device, endpoint=endpoint),
        )
    if dtype.is_floating_point and math.inf > abs(stop / 2 - start / 2) > finfo(dtype).max / 2:
        # The distance overflows, though no number in between does.
        return 2 * linspace(start / 2, stop / 2, num, dtype=dtype, device=device, endpoint=endpoint)
    if endpoint:
        return ranges.linspace(start, stop, num, dtype=dtype, device=device)
    return ranges.linspace(start, stop, num + 1, dtype=dtype, device=device)[:-1]


def eye(
    n_rows: int,
    n_cols: int | None = None,
    /,
    *,
    k: int = 0,
    dtype: dtype | None = None,
    device: Device | None = None,
) -> Tensor:
    """Ones on the k-th diagonal (above the main one for k > 0), zeros elsewhere: (n_rows, n_cols), square by default.

    >>> from mibun import array_api as xp
    >>> xp.eye(2, 3, k=1)
    tensor([[0., 1., 0.],
            [0., 0., 1.]])
    """
    rows, columns = ranges.arange(n_rows), ranges.arange(n_rows if n_cols is None else n_cols)
    on = rows[:, None] + k == columns
    check_device(device, "eye")
    return on.to(get_default_dtype() if dtype is None else dtype)


# --- of one value ---


def empty(shape: Shape, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """A Tensor for values to be written to. It holds zeros, so that programs behave the same at every run.

    >>> from mibun import array_api as xp
    >>> xp.empty((2, 3)).shape
    torch.Size([2, 3])
    """
    return filled.empty(shape, dtype=dtype, device=device)


def zeros(shape: Shape, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """Zeros, of the default dtype if none is given.

    >>> from mibun import array_api as xp
    >>> xp.zeros(2)
    tensor([0., 0.])
    """
    return filled.zeros(shape, dtype=dtype, device=device)


def ones(shape: Shape, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """Ones, of the default dtype if none is given.

    >>> from mibun import array_api as xp
    >>> xp.ones(2, dtype=xp.uint16)
    tensor([1, 1], dtype=torch.uint16)
    """
    return filled.ones(shape, dtype=dtype, device=device)


def full(
    shape: Shape, fill_value: Number | Tensor, *, dtype: dtype | None = None, device: Device | None = None
) -> Tensor:
    """One value throughout: a number, or a 0-d Tensor, to which the gradient flows. dtype: by default the value's.

    >>> from mibun import array_api as xp
    >>> xp.full((2,), 3)
    tensor([3, 3])
    """
    if isinstance(fill_value, Tensor):
        check_device(device, "full")
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        value = fill_value if dtype is None else fill_value.to(dtype)
        return broadcast_to(value, shape).clone()
    return filled.full((shape,) if isinstance(shape, int) else shape, fill_value, dtype=dtype, device=device)


def empty_like(x: Tensor, /, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """`empty` of the shape of x, and of its dtype if no other is given.

    >>> from mibun import array_api as xp
    >>> xp.empty_like(xp.ones(2), dtype=xp.int8).dtype
    torch.int8
    """
    return like.empty_like(x, dtype=dtype, device=device)


def zeros_like(x: Tensor, /, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """Zeros of the shape of x, and of its dtype if no other is given.

    >>> from mibun import array_api as xp
    >>> xp.zeros_like(xp.ones(2))
    tensor([0., 0.])
    """
    return like.zeros_like(x, dtype=dtype, device=device)


def ones_like(x: Tensor, /, *, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """Ones of the shape of x, and of its dtype if no other is given.

    >>> from mibun import array_api as xp
    >>> xp.ones_like(xp.zeros(2), dtype=xp.int64)
    tensor([1, 1])
    """
    return like.ones_like(x, dtype=dtype, device=device)


def full_like(
    x: Tensor, /, fill_value: Number | Tensor, *, dtype: dtype | None = None, device: Device | None = None
) -> Tensor:
    """One value in the shape of x, and of its dtype if no other is given.

    >>> from mibun import array_api as xp
    >>> xp.full_like(xp.zeros(2), 7)
    tensor([7., 7.])
    """
    return full(tuple(x.shape), fill_value, dtype=x.dtype if dtype is None else dtype, device=device)


# --- of other arrays ---


def meshgrid(*arrays: Tensor, indexing: str = "xy") -> tuple[Tensor, ...]:
    """The coordinates of a grid: for each vector, its values along an axis of its own, constant along the others.

    Args:
        arrays: vectors of one dtype.
        indexing: "ij" for axes in the order of the vectors, "xy" for the first two swapped.

    Raises:
        ValueError: for another indexing.

    >>> from mibun import array_api as xp
    >>> xp.meshgrid(xp.asarray([1, 2]), xp.asarray([3, 4, 5]))[0].shape
    torch.Size([3, 2])
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid(): indexing must be 'xy' or 'ij', not {indexing!r}")
    return tuple(_meshgrid(*arrays, indexing=indexing)) if arrays else ()


def tril(x: Tensor, /, *, k: int = 0) -> Tensor:
    """The lower triangles of matrices (..., m, n), up to the k-th diagonal; zeros above.

    >>> from mibun import array_api as xp
    >>> xp.tril(xp.ones((2, 2)))
    tensor([[1., 0.],
            [1., 1.]])
    """
    return _tril(x, k)


def triu(x: Tensor, /, *, k: int = 0) -> Tensor:
    """The upper triangles of matrices (..., m, n), from the k-th diagonal on; zeros below.

    >>> from mibun import array_api as xp
    >>> xp.triu(xp.ones((2, 2)), k=1)
    tensor([[0., 1.],
            [0., 0.]])
    """
    return _triu(x, k)
