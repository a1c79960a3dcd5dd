"""Softmax and its logarithm over one dimension, and samples of categories by Gumbel noise."""

from __future__ import annotations

import warnings

from ...core.dtypes import dtype
from ...core.mode import no_grad
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, wrap_dim
from ...dispatch.declare import Op, op
from ...dispatch.inplace import write_out
from ...dispatch.public import public
from ..creation.like import empty_like, zeros_like


def _axis(x: Array, dim: int) -> int | tuple[()]:
    return dim if x.ndim else ()


@op(
    name="softmax_over",
    memory="contiguous",
    node="SoftmaxBackward0",
    dtype=None,
    rows=lambda ndim, params: params["dim"],
    scalars=False,
    vjp=lambda xp, g, out, dim: out * (g - xp.sum(g * out, axis=_axis(out, dim), keepdims=True)),
)
def _softmax(xp, input, *, dim):
    axis = _axis(input, dim)
    powers = xp.exp(input - xp.max(input, axis=axis, keepdims=True)) if input.shape[dim : dim + 1] != (0,) else input
    return powers / xp.row_sums(powers, axis)


@op(
    name="log_softmax_over",
    memory="contiguous",
    node="LogSoftmaxBackward0",
    dtype=None,
    rows=lambda ndim, params: params["dim"],
    scalars=False,
    vjp=lambda xp, g, out, dim: g - xp.exp(out) * xp.sum(g, axis=_axis(out, dim), keepdims=True),
)
def _log_softmax(xp, input, *, dim):
    if input.shape[dim : dim + 1] == (0,):
        return input
    axis = _axis(input, dim)
    shifted = input - xp.max(input, axis=axis, keepdims=True)
    return shifted - xp.log(xp.row_sums(xp.exp(shifted), axis))


def _over(record: Op, name: str, input: Tensor, dim: int, dtype: dtype | None) -> Tensor:
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


@public("softmax")
def softmax(input: Tensor, dim: int, dtype: dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

    Args:
        input: of any shape, of a real floating dtype; the result has its shape.
        dim: the dimension that is summed over.
        dtype: cast to it first.

    Raises:
        NotImplementedError: for integers and complex numbers.
        IndexError: for a dimension out of range.

    >>> import mibun as torch
    >>> torch.softmax(torch.zeros(2, 4), dim=1)
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]])
    """
    result = _over(_softmax, "softmax", input, dim, dtype)
    return result if out is None else write_out(out, result, "softmax")


@public("log_softmax")
def log_softmax(input: Tensor, dim: int, dtype: dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

    >>> import mibun as torch
    >>> torch.log_softmax(torch.zeros(4), dim=0)
    tensor([-1.3863, -1.3863, -1.3863, -1.3863])
    """
    result = _over(_log_softmax, "log_softmax", input, dim, dtype)
    return result if out is None else write_out(out, result, "log_softmax")


def functional_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None
) -> Tensor:
    """`exp(input) / sum(exp(input))` over one dimension, computed without overflow.

    Args:
        input: of any shape, of a real floating dtype; the result has its shape.
        dim: the dimension that is summed over; without it a guess, and a warning, as in PyTorch.
        dtype: cast to it first.

    Raises:
        NotImplementedError: for integers and complex numbers.
        IndexError: for a dimension out of range.

    >>> import mibun as torch
    >>> torch.nn.functional.softmax(torch.zeros(4), dim=0)
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    if dim is None:
        check_tensor(input, "softmax")
        dim = _implicit_dim("softmax", input._array_.ndim)
    return _over(_softmax, "softmax", input, dim, dtype)


def functional_log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None
) -> Tensor:
    """`log(softmax(input))` over one dimension, accurate also where softmax underflows; arguments as for `softmax`.

    >>> import mibun as torch
    >>> torch.nn.functional.log_softmax(torch.tensor([0., 1000.]), dim=0)
    tensor([-1000.,     0.])
    """
    if dim is None:
        check_tensor(input, "log_softmax")
        dim = _implicit_dim("log_softmax", input._array_.ndim)
    return _over(_log_softmax, "log_softmax", input, dim, dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: dtype | None = None) -> Tensor:
    """`softmax(-input)` over one dimension; arguments as for `softmax`."""
    if dim is None:
        check_tensor(input, "softmin")
        dim = _implicit_dim("softmin", input._array_.ndim)
    return _over(_softmax, "softmax", -input, dim, dtype)


def gumbel_softmax(
    logits: Tensor, tau: float | Tensor = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """A sample from the relaxed categorical distribution of these logits: `softmax((logits + noise) / tau, dim)`.

    Args:
        logits: of any shape, of a real floating dtype; the result has its shape and dtype.
        tau: the temperature: the lower, the nearer to one-hot.
        hard: give the sample one-hot, with the gradient of the soft one.
        eps: has no effect.
        dim: the dimension of the categories.

    Source: Jang, Gu and Poole; Maddison, Mnih and Teh (2016): arXiv:1611.01144, arXiv:1611.00712. The noise follows the
    Gumbel distribution: minus the logarithm of exponential noise.

    >>> import mibun as torch
    >>> torch.nn.functional.gumbel_softmax(torch.zeros(2, 3), hard=True).sum(1)
    tensor([1., 1.])
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=stacklevel())
    with no_grad():
        noise = -empty_like(logits.detach()).exponential_().log()
    soft = functional_softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    with no_grad():
        index = soft.argmax(dim, keepdim=True)
        chosen = zeros_like(logits.detach()).scatter_(dim, index, 1.0)
    return chosen - soft.detach() + soft
