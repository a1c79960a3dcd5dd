"""Dropout: set elements, or whole channels, to zero at random in training, and scale up the rest.

The random numbers come from the default generator, in PyTorch's order: the same seed drops the same elements.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np

from ...core.meta import MetaArray, without_data
from ...core.mode import enable_grad, no_grad
from ...core.registry import Array
from ...core.site import stacklevel
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor
from ...dispatch.public import public
from ..creation.filled import zeros
from ..creation.like import empty_like
from ..random.examples import drawn
from ..random.samples import bernoulli_any_array, checked_generator


def _check_p(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def random_mask(input: Tensor, shape: tuple[int, ...] | None, keep: float) -> Array:
    """Zeros and ones, ones with probability `keep`, of the input's shape or another."""
    if type(input._array_) is MetaArray:
        return without_data(input._array_.shape if shape is None else shape, bool)
    array = input._array_
    if shape is not None:
        like = np.empty(shape, dtype=array.dtype)
    elif not hasattr(array, "flags") or array.flags.c_contiguous:
        like = array
    else:
        like = empty_like(input.detach())._array_
    generator = checked_generator(None, "bernoulli_")
    return drawn(like, lambda like: bernoulli_any_array(generator, like, keep))


def _times(input: Tensor, factor: Tensor, inplace: bool) -> Tensor:
    return input.mul_(factor) if inplace else input * factor


def _drop(name: str, input: Tensor, p: float, training: bool, inplace: bool, by_channel: bool = False) -> Tensor:
    check_tensor(input, name)
    _check_p(p)
    array = input._array_
    if p == 0 or not training or array.size == 0:
        return input
    if array.dtype.kind in "biu" and p != 1:
        raise RuntimeError(
            f"result type Float can't be cast to {input.dtype.scalar_name}: {name} needs a floating dtype"
        )
    with no_grad():
        if p == 1:
            return _with_grad(input, zeros((), dtype=input.dtype), inplace)
        shape = array.shape[:2] + (1,) * (array.ndim - 2) if by_channel else None
        noise = wrap(random_mask(input, shape, 1 - p) / array.dtype.type(1 - p))
    return _times(input, noise, inplace)


def _with_grad(input: Tensor, factor: Tensor, inplace: bool) -> Tensor:
    with enable_grad():
        return _times(input, factor, inplace)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, each element is 0 with probability p, else divided by 1 - p; otherwise the input itself.

    Args:
        input: of any shape, of a floating or complex dtype.
        p: the probability.
        training: whether anything is dropped.
        inplace: write the result into `input`.

    Raises:
        ValueError: for p outside of [0, 1].
        RuntimeError: for integers.

    Source: Srivastava et al., JMLR 15 (2014).

    >>> import mibun as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.functional.dropout(torch.ones(2, 3), 0.5).shape
    torch.Size([2, 3])
    """
    return _drop("dropout", input, p, training, inplace)


def _feature_dropout(name: str, n: int, input: Tensor, p: float, training: bool, inplace: bool) -> Tensor:
    check_tensor(input, name)
    _check_p(p)
    ndim = input._array_.ndim
    if n == 1 and ndim not in (2, 3):
        raise RuntimeError(f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input; see dropout")
    if ndim < (1 if n == 3 else 2):
        raise RuntimeError(f"Feature dropout requires at least 2 dimensions in the input: {name} got {ndim}")
    if ndim not in (n + 1, n + 2):
        warnings.warn(
            f"{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in an error in a future "
            f"release. To retain the behavior and silence this warning, please use dropout instead.",
            stacklevel=stacklevel(),
        )
    if ndim == n + 1:
        return _drop(name, input.unsqueeze(0), p, training, inplace, True).squeeze(0)
    return _drop(name, input, p, training, inplace, True)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, whole channels of (N, C, L) or (C, L) are 0 with probability p; see `dropout`."""
    return _feature_dropout("dropout1d", 1, input, p, training, inplace)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, whole channels of (N, C, H, W) are 0 with probability p; see `dropout`."""
    check_tensor(input, "dropout2d")
    _check_p(p)
    if input._array_.ndim not in (3, 4):
        return _feature_dropout("dropout2d", 2, input, p, training, inplace)
    return _drop("dropout2d", input, p, training, inplace, True)  # (N, C, L) is taken as it was before dropout1d


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """In training, whole channels of (N, C, D, H, W) or (C, D, H, W) are 0 with probability p; see `dropout`."""
    return _feature_dropout("dropout3d", 3, input, p, training, inplace)


def _alpha_drop(name: str, input: Tensor, p: float, training: bool, inplace: bool, by_channel: bool) -> Tensor:
    """Dropped elements get selu's limit -1.758..., then all are scaled so that mean 0 and variance 1 are kept."""
    check_tensor(input, name)
    _check_p(p)
    array = input._array_
    if p == 0 or not training or array.size == 0:
        return input
    if p == 1:
        return _times(input, zeros((), dtype=input.dtype), inplace)
    alpha = 1.7580993408473766
    scale = 1 / math.sqrt((alpha * alpha * p + 1) * (1 - p))
    with no_grad():
        shape = array.shape[:2] + (1,) * (array.ndim - 2) if by_channel else None
        noise = wrap(random_mask(input, shape, 1 - p))
        shift = (noise - 1) * (alpha * scale) + alpha * scale * p
        noise = noise * scale
    return input.mul_(noise).add_(shift) if inplace else input * noise + shift


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Dropout for selu: keeps the mean 0 and the variance 1 of the input. Source: Klambauer et al. (2017)."""
    return _alpha_drop("alpha_dropout", input, p, training, inplace, False)


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """alpha_dropout of whole channels."""
    return _alpha_drop("feature_alpha_dropout", input, p, training, inplace, True)


# --- the forms in `mibun`: `train` has no default, and what is in place has a name of its own ---


def _main_form(function: Callable) -> None:
    def call(input: Tensor, p: float, train: bool) -> Tensor:
        return function(input, p, train)

    def inplace(input: Tensor, p: float, train: bool) -> Tensor:
        return function(input, p, train, True)

    call.__doc__, inplace.__doc__ = function.__doc__, f"`{function.__name__}` in place."
    public(function.__name__, method=False)(call)
    public(function.__name__ + "_", method=False)(inplace)


for _function in (dropout, alpha_dropout, feature_alpha_dropout):
    _main_form(_function)


@public("feature_dropout", method=False)
def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """In training, whole channels (N, C, *) are 0 with probability p; see `dropout`."""
    return _drop("feature_dropout", input, p, train, False, True)


@public("feature_dropout_", method=False)
def feature_dropout_(input: Tensor, p: float, train: bool) -> Tensor:
    """`feature_dropout` in place."""
    return _drop("feature_dropout_", input, p, train, True, True)
