"""Softmax and its logarithm, over one dimension."""

from __future__ import annotations

import warnings
from typing import Any

from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import op
from ...dispatch.inplace import write_out
from ...dispatch.public import public


def _axis(x: Any, dim: int) -> Any:
    return dim if x.ndim else ()


@op(name="softmax_over", node="SoftmaxBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True)))  # fmt: skip
def _softmax(xp, input, *, dim):
    axis = _axis(input, dim)
    powers = xp.exp(input - xp.max(input, axis=axis, keepdims=True)) if input.shape[dim : dim + 1] != (0,) else input
    return powers / xp.sum(powers, axis=axis, keepdims=True)


@op(name="log_softmax_over", node="LogSoftmaxBackward0", dtype=None, scalars=False,
    vjp=lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True))  # fmt: skip
def _log_softmax(xp, input, *, dim):
    if input.shape[dim : dim + 1] == (0,):
        return input
    axis = _axis(input, dim)
    shifted = input - xp.max(input, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


def _over(record: Any, name: str, input: Any, dim: Any, dtype: Any) -> Any:
    if not isinstance(input, Tensor):
        check_tensor(input, name)
    if dtype is not None:
        input = input.to(dtype)
    array = input._array_
    if array.dtype.kind in "biuc":
        raise NotImplementedError(
            f"\"{name}_lastdim_kernel_impl\" not implemented for '{input.dtype.scalar_name}': give dtype= a real "
            "floating dtype"
        )
    return apply(record, (input,), {"dim": wrap_dim(dim, array.ndim, name)})


def _implicit_dim(name: str, ndim: int) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel(),
    )
    return 0 if ndim in (0, 1, 3) else 1


@public(method=True)
def softmax(input: Any, dim: int, dtype: Any = None, *, out: Any = None) -> Any:
    """exp(input) / sum(exp(input)) over one dimension, computed without overflow. dtype: cast to it first.

    NotImplementedError for integers and complex numbers, IndexError for a dimension out of range.

    >>> import mibun as torch
    >>> torch.softmax(torch.zeros(2, 4), dim=1)
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]])
    """
    result = _over(_softmax, "softmax", input, dim, dtype)
    return result if out is None else write_out(out, result, "softmax")


@public(method=True)
def log_softmax(input: Any, dim: int, dtype: Any = None, *, out: Any = None) -> Any:
    """log(softmax(input)) over one dimension, accurate also where softmax underflows. dtype: cast to it first."""
    result = _over(_log_softmax, "log_softmax", input, dim, dtype)
    return result if out is None else write_out(out, result, "log_softmax")


def functional_softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """exp(input) / sum(exp(input)) over one dimension. Without `dim`, a guess and a warning, as in PyTorch."""
    if dim is None:
        dim = _implicit_dim("softmax", input._array_.ndim)
    return _over(_softmax, "softmax", input, dim, dtype)


def functional_log_softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """log(softmax(input)) over one dimension. Without `dim`, a guess and a warning, as in PyTorch."""
    if dim is None:
        dim = _implicit_dim("log_softmax", input._array_.ndim)
    return _over(_log_softmax, "log_softmax", input, dim, dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """softmax(-input) over one dimension."""
    if dim is None:
        dim = _implicit_dim("softmin", input._array_.ndim)
    return _over(_softmax, "softmax", -input, dim, dtype)
