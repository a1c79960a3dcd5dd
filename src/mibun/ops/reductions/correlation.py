"""The covariances of several variables and their correlation coefficients: cov, corrcoef."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..pointwise.complexes import complex as complex_of


def _check_weights(weights: Tensor, n: int, name: str) -> None:
    check_tensor(weights, "cov", name)
    if weights._array_.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{weights._array_.ndim} dimensions"
        )
    integers = weights._array_.dtype.kind in "iu"
    if name == "fweights" and not integers:
        raise RuntimeError(
            f"cov(): expected fweights to have integral dtype but got fweights with {weights.dtype} dtype"
        )
    if name == "aweights" and weights._array_.dtype.kind not in "fV":
        raise RuntimeError(
            f"cov(): expected aweights to have floating point dtype but got aweights with {weights.dtype} dtype"
        )
    if weights._array_.size != n:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{weights._array_.size} != {n}"
        )
    if bool((weights < 0).any()):
        raise RuntimeError(f"cov(): {name} cannot be negative")


@public("cov")
def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """The covariance matrix of variables (rows) from observations (columns): sum w (x - m) (y - m')^* / norm.

    The means are weighted by w = fweights * aweights. The norm is the sum of w less `correction` (with aweights less
    correction * sum(w aweights) / sum(w)), and not below 0.

    fweights: how often each observation was made (integers); aweights: its importance (floats).

    >>> import mibun as torch
    >>> torch.cov(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    check_tensor(input, "cov")
    if input._array_.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input with "
            f"{input._array_.ndim} dimensions"
        )
    if input._array_.dtype.kind == "b":
        raise RuntimeError("cov(): bool dtype is not supported for input")
    x = input.reshape(1, -1) if input._array_.ndim < 2 else input
    n = x._array_.shape[1]
    weights = None
    if fweights is not None:
        _check_weights(fweights, n, "fweights")
        weights = fweights
    if aweights is not None:
        _check_weights(aweights, n, "aweights")
        weights = aweights if weights is None else weights * aweights
    total = n if weights is None else weights.sum()
    if weights is None:
        mean = x.sum(1) / n
    else:
        mean = (x * weights).sum(1) / total
    if weights is None:
        norm: Any = max(n - correction, 0)
    elif aweights is not None and correction != 0:
        norm = total - correction * (weights * aweights).sum() / total
    else:
        norm = total - correction
    centered = x - mean.unsqueeze(1)
    other = centered if weights is None else centered * weights
    conjugate = other.conj() if other._array_.dtype.kind == "c" else other
    product = centered.matmul(conjugate.transpose(0, 1))
    if isinstance(norm, Tensor):
        norm = norm.clamp(min=0)
    return (product / norm).squeeze()


@public("corrcoef")
def corrcoef(input: Tensor) -> Tensor:
    """The matrix of correlation coefficients of variables (rows): the covariances divided by the deviations.

    >>> import mibun as torch
    >>> torch.corrcoef(torch.tensor([[1., 2., 3.], [3., 2., 1.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    check_tensor(input, "corrcoef")
    if input._array_.ndim > 2:
        raise RuntimeError(
            f"corrcoef(): expected input to have two or fewer dimensions but got an input with {input._array_.ndim} "
            "dimensions"
        )
    c = cov(input)
    if c._array_.ndim == 0:
        return c / c
    deviation = c.diagonal().real.sqrt() if c._array_.dtype.kind == "c" else c.diagonal().sqrt()
    c = c / deviation.unsqueeze(1) / deviation.unsqueeze(0)
    if c._array_.dtype.kind == "c":
        return complex_of(c.real.clip(-1, 1), c.imag.clip(-1, 1))
    return c.clip(-1, 1)
