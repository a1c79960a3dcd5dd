"""Fourier transforms in the JAX namespace, without scaling. XLA has them for up to three axes: more go in turns."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

_MOST = 3


def _complex(x: Any) -> Any:
    return x if x.dtype.kind == "c" else x.astype(np.result_type(x.dtype, np.complex64))


def fourier(x: Any, axes: tuple[int, ...], inverse: bool) -> Any:
    """The complex transform over axes; inverse: with the other sign in the exponent."""
    if not axes:
        return x
    x = _complex(x)
    if not math.prod(x.shape):
        return x
    for start in range(0, len(axes), _MOST):
        some = axes[start : start + _MOST]
        x = jnp.fft.ifftn(x, axes=some, norm="forward") if inverse else jnp.fft.fftn(x, axes=some)
    return x


def real_fourier(x: Any, axes: tuple[int, ...]) -> Any:
    """The transform of a real array over axes, the last of which has its half without the redundant rest."""
    if not math.prod(x.shape):
        shape = list(x.shape)
        shape[axes[-1]] = shape[axes[-1]] // 2 + 1
        return jnp.zeros(shape, np.result_type(x.dtype, np.complex64))
    return fourier(jnp.fft.rfftn(x, axes=axes[-1:]), axes[:-1], False)


def real_inverse(x: Any, axes: tuple[int, ...], n: int) -> Any:
    """The inverse transform, to a real array, of the half that `real_fourier` gives; n: the size of the last axis."""
    if not math.prod(x.shape):
        shape = list(x.shape)
        shape[axes[-1]] = n
        return jnp.zeros(shape, jnp.real(x).dtype)
    return jnp.fft.irfftn(fourier(x, axes[:-1], True), s=(n,), axes=axes[-1:], norm="forward")
