"""Window functions, by which stretches of a signal are multiplied before a Fourier transform.

A periodic window of n elements is the symmetric one of n + 1 without its last element.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...core.device import device
from ...core.dtypes import as_dtype, dtype, get_default_dtype, layout
from ...core.registry import Array
from ...core.tensor import Tensor, require_grad, wrap
from ...dispatch.arguments import whole
from ...dispatch.public import public
from ...xp.special.functions import i0
from ..creation.options import check_options


def _window(
    name: str, length: int, periodic: bool, dtype: dtype | None, requires_grad: bool, formula: Callable[[Array], Array]
) -> Tensor:
    """The window of a formula over places from 0 to 1."""
    length = whole(length, name, "window_length")
    if length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={length}")
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype, name)
    if dtype.category != 2:
        raise RuntimeError(f"{name} expects floating point dtypes, got: {dtype}")
    if length < 2:
        values = np.ones(length)
    else:
        n = length + 1 if periodic else length
        values = formula(np.arange(length) / (n - 1))
    return require_grad(wrap(values.astype(dtype.np)), bool(requires_grad))


@public("bartlett_window", method=False)
def bartlett_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle: `1 - |2 t - 1|`, t from 0 to 1. Arguments and errors as for `hann_window`."""
    check_options("bartlett_window", layout, device, pin_memory)
    return _window("bartlett_window", window_length, periodic, dtype, requires_grad, lambda t: 1 - np.abs(2 * t - 1))


@public("blackman_window", method=False)
def blackman_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Blackman's window: `0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t)`, t from 0 to 1. Arguments as for `hann_window`."""
    check_options("blackman_window", layout, device, pin_memory)
    return _window(
        "blackman_window",
        window_length,
        periodic,
        dtype,
        requires_grad,
        lambda t: 0.42 - 0.5 * np.cos(2 * math.pi * t) + 0.08 * np.cos(4 * math.pi * t),
    )


@public("hamming_window", method=False)
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Hamming's window: `alpha - beta cos(2 pi t)`, t from 0 to 1. Other arguments and errors as for `hann_window`."""
    check_options("hamming_window", layout, device, pin_memory)
    return _window(
        "hamming_window",
        window_length,
        periodic,
        dtype,
        requires_grad,
        lambda t: alpha - beta * np.cos(2 * math.pi * t),
    )


@public("hann_window", method=False)
def hann_window(
    window_length: int,
    periodic: bool = True,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Hann's window: `sin(pi t)²`, t from 0 to 1.

    Args:
        window_length: how many elements.
        periodic: for spectra: t stops before 1, as if the next period followed. Else the window is symmetric.
        dtype: floating, by default the default dtype.

    Returns:
        (window_length,).

    Raises:
        RuntimeError: for a negative length, and dtypes that are not floating.

    >>> import mibun as torch
    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    check_options("hann_window", layout, device, pin_memory)
    return _window(
        "hann_window", window_length, periodic, dtype, requires_grad, lambda t: 0.5 - 0.5 * np.cos(2 * math.pi * t)
    )


@public("kaiser_window", method=False)
def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Kaiser's window: `I0(beta sqrt(1 - (2 t - 1)²)) / I0(beta)`, t from 0 to 1, I0 the modified Bessel function.

    beta: how narrow it is. Other arguments and errors as for `hann_window`.
    """
    check_options("kaiser_window", layout, device, pin_memory)
    scale = i0(np, np.array([float(beta)]))
    return _window(
        "kaiser_window",
        window_length,
        periodic,
        dtype,
        requires_grad,
        lambda t: i0(np, beta * np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))) / scale,
    )
