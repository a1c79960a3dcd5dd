"""Limits on gradients between `backward` and the optimizer's step: of their joint norm, or of each element.

The `.grad` of each parameter is changed in place. `foreach`, a hint to PyTorch about how to loop, may be None or a bool
and makes no difference: there is one way here, over arrays.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...core.dtypes import from_numpy_dtype
from ...core.mode import no_grad
from ...core.registry import is_numpys, namespace_of
from ...core.site import stacklevel
from ...core.tensor import Tensor, wrap
from ...core.views import bump_version, own_array
from ...dispatch.inplace import array_to_write
from ...ops.creation.from_data import as_tensor
from ...ops.linalg.norms import vector_norm
from ...ops.shape.joining import stack


def _list(tensors: Tensor | Iterable[Tensor]) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _grads(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    return [grad for grad in (parameter.grad for parameter in _list(parameters)) if grad is not None]


_SMALL = 1 << 11  # elements of an array whose norm takes less time together with those of others
_FEWEST = 4
_ROW = 1 << 10  # elements whose squares are added up in single precision
_LARGE = 1 << 13


def _norms(arrays: list[Any], order: float) -> list[Any]:
    """The p-norm of each array."""
    small = [array for array in arrays if array.dtype.char == "f" and 0 < array.size <= _SMALL]
    if order != 2 or len(small) < _FEWEST or any([type(array) is not np.ndarray for array in small]):
        return [_norm(array, order) for array in arrays]
    flat = np.concatenate(small, axis=None, dtype=np.float64)
    flat *= flat
    starts = [0, *itertools.accumulate([array.size for array in small[:-1]])]
    found = iter(np.sqrt(np.add.reduceat(flat, starts)).astype(np.float32))
    together = set(map(id, small))
    return [next(found) if id(array) in together else _norm(array, order) for array in arrays]


def _norm(array: Any, order: float) -> Any:
    """The p-norm of all elements, as a NumPy scalar of the real dtype that the array has."""
    if order == 2:
        return _euclidean(array)
    flat = np.abs(array).reshape(-1)
    if order == math.inf:
        return flat.max(initial=0)
    if order == -math.inf:
        return flat.min()
    if order == 0:
        return flat.dtype.type(np.count_nonzero(flat))
    return flat.dtype.type(np.add.reduce(flat.astype(np.float64, copy=False) ** order) ** (1.0 / order))


def _total(arrays: list, order: float) -> Any:
    """The p-norm of the elements of all arrays."""
    norms = _norms(arrays, order)
    return _norm(np.array(norms, dtype=np.result_type(*{norm.dtype for norm in norms})), order)


def _euclidean(array: Any) -> Any:
    """The root of the sum of squares."""
    flat = array.reshape(-1)
    if flat.dtype.kind == "c":
        flat = flat.view(flat.real.dtype)  # |z|² is the sum of two squares
    if flat.dtype.char == "f" and flat.size >= _LARGE:
        rows = flat[: flat.size // _ROW * _ROW].reshape(-1, _ROW)
        total = float(np.add.reduce(np.vecdot(rows, rows), dtype=np.float64))
        if 1e-20 < total < math.inf:  # the squares have neither overflowed nor lost digits
            return flat.dtype.type(math.sqrt(total + _sum_of_squares(flat[rows.size :])))
    return flat.dtype.type(math.sqrt(_sum_of_squares(flat)))


def _sum_of_squares(flat: Any) -> float:
    """In double precision, some elements at a time."""
    total = 0.0
    for start in range(0, flat.size, _LARGE):
        wide = flat[start : start + _LARGE].astype(np.float64, copy=False)
        total += float(wide.dot(wide))
    return total


def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of several Tensors as if they were one vector: the norm of their norms; 0 where there are none.

    Args:
        tensors: one or several, of floating or complex dtypes.
        norm_type: p, which may be inf.
        error_if_nonfinite: RuntimeError where the norm is infinite or NaN.

    Raises:
        RuntimeError: for integers, too.

    >>> import mibun as torch
    >>> torch.nn.utils.get_total_norm([torch.tensor([3.]), torch.tensor([4.])])
    tensor(5.)
    """
    norm_type = float(norm_type)
    arrays = [one._array_ for one in _list(tensors)]
    if not arrays:
        return as_tensor(0.0)
    for array in arrays:
        if array.dtype.kind in "biu":
            raise RuntimeError(
                "linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
                f"{from_numpy_dtype(array.dtype)}"
            )
    if not all(map(is_numpys, set(map(type, arrays)))):
        norms = [vector_norm(one.detach(), norm_type) for one in _list(tensors)]
        total = vector_norm(stack([norm.to(norms[0].device) for norm in norms]), norm_type)
        if error_if_nonfinite and not bool(total.isfinite()):
            raise _not_finite(norm_type)
        return total
    with np.errstate(all="ignore"):
        total = wrap(_total(arrays, norm_type))
    if error_if_nonfinite and not np.isfinite(total._array_):
        raise _not_finite(norm_type)
    return total


def _not_finite(norm_type: float) -> RuntimeError:
    return RuntimeError(
        f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it cannot be "
        "clipped. To disable this error and scale the gradients by the non-finite norm anyway, set "
        "`error_if_nonfinite=False`"
    )


class _Rounded(dict):
    """A number in each dtype that it is asked for in."""

    def __init__(self, number: Any) -> None:
        self.number = number

    def __missing__(self, dtype: Any) -> Any:
        if issubclass(type(self.number), (float, np.generic)):
            rounded = np.array(dtype.type(self.number))
        else:  # in a call that is recorded
            rounded = self.number.astype(dtype)
        self[dtype] = rounded
        return rounded


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor], max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Scale the gradients by `max_norm / (total_norm + 1e-6)` where that is below 1: half of `clip_grad_norm_`.

    >>> import mibun as torch
    >>> x = torch.tensor([1.], requires_grad=True)
    >>> x.backward()
    >>> torch.nn.utils.clip_grads_with_norm_(x, max_norm=1., total_norm=torch.tensor(2.))
    >>> x.grad
    tensor([0.5000])
    """
    with no_grad(), np.errstate(all="ignore"):
        factor = float(max_norm) / (total_norm._array_ + 1e-6)
        # Not Python's min, which would hide a NaN.
        factor = namespace_of(factor).minimum(factor, 1.0)
        factors = _Rounded(factor)
        for grad in _grads(parameters):
            array = own_array(grad)
            if not is_numpys(type(array)) or not is_numpys(type(factor)):
                grad.mul_(wrap(factor).to(grad))
                continue
            if not issubclass(type(factor), np.generic) or factor != 1:  # else nothing would change
                np.multiply(array, factors[array.dtype], out=array)
            bump_version(grad, "clip_grad_norm_")


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients of all parameters by one factor, so that their joint norm is at most `max_norm`.

    Args:
        parameters: one or several; those without gradient do not count.
        max_norm: the limit.
        norm_type, error_if_nonfinite: as of `get_total_norm`.

    Returns:
        The norm before, a Tensor ().

    >>> import mibun as torch
    >>> x = torch.tensor([3., 4.], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> torch.nn.utils.clip_grad_norm_(x, 5.)
    tensor(10.)
    >>> x.grad
    tensor([3.0000, 4.0000])
    """
    parameters = _list(parameters)
    total_norm = get_total_norm(_grads(parameters), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(parameters, max_norm, total_norm)
    return total_norm


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None) -> None:
    """Limit each element of the gradients to [-clip_value, clip_value], in place.

    >>> import mibun as torch
    >>> x = torch.tensor([3., 0.25], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> torch.nn.utils.clip_grad_value_(x, 1.)
    >>> x.grad
    tensor([1.0000, 0.5000])
    """
    limit = float(clip_value)
    lows, highs = _Rounded(-limit), _Rounded(limit)
    with no_grad():
        for grad in _grads(parameters):
            array = array_to_write(grad, "clip_grad_value_")
            if array is None:
                grad.clamp_(min=-limit, max=limit)
            else:  # NaN stays what it is, and a limit below zero is above the other one, as with clamp_
                array.clip(lows[array.dtype], highs[array.dtype], out=array)


def clip_grad_norm(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The former name of `clip_grad_norm_`, whose arguments it takes; FutureWarning.

    >>> import mibun as torch
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     torch.nn.utils.clip_grad_norm(torch.zeros(2, requires_grad=True), 5.)
    tensor(0.)
    """
    warnings.warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=stacklevel(),
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)
