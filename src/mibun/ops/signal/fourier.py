"""Fourier transforms: complex to complex, real to complex, complex to real.

All are linear, and the transpose of one is one with the other sign in the exponent; where only half of a spectrum is
kept, as that of a real signal is redundant, what both halves stand for counts twice. The public functions are
in `fft.py`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.registry import Array
from ...dispatch.declare import linear, op

# --- operators: axes not negative; the result is multiplied by `scale` ---


@op(
    linear,
    name="fft_c2c",
    node="FftC2CBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale),
)
def complex_transform(xp, input, *, dims, inverse, scale):
    result = xp.fourier(input, dims, inverse)
    return result if scale == 1 else result * scale


def _halves(xp: Any, x: Array, dim: int, n: int) -> Array:
    """The factor that says how many elements of the whole spectrum each of the half stands for: 1 or 2."""
    count = np.full(n // 2 + 1, 2.0)
    count[0] = 1
    if n % 2 == 0:
        count[-1] = 1
    return xp.reshape(xp.astype(xp.asarray(count), x.dtype), (-1, *[1] * (x.ndim - dim - 1)))


def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
    if onesided:
        # The half that was left out has gradient 0.
        last = dims[-1]
        whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
        index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
        g = xp.basic_index_embed(g, shape=whole, index=index)
    return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))


@op(linear, name="fft_r2c", node="FftR2CBackward0", dtype=None, scalars=False, vjp=_real_transposed)
def real_transform(xp, input, *, dims, onesided, inverse, scale):
    if onesided:
        result = xp.real_fourier(input, dims)
        if inverse:
            result = xp.conj(result)
    else:
        result = xp.fourier(input, dims, inverse)
    return result if scale == 1 else result * scale


def _to_real_transposed(xp, g, dims, inverse, scale, n):
    half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
    return half * _halves(xp, half, dims[-1], n)


@op(linear, name="fft_c2r", node="FftC2RBackward0", dtype=None, scalars=False, vjp=_to_real_transposed)
def to_real_transform(xp, input, *, dims, inverse, scale, n):
    result = xp.real_inverse(input if inverse else xp.conj(input), dims, n)
    return result if scale == 1 else result * scale


def scale_of(norm: str | None, count: int, inverse: bool) -> float:
    """The factor that a normalisation asks for. RuntimeError for an unknown one."""
    if norm not in (None, "backward", "forward", "ortho"):
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    if norm == "ortho":
        return 1 / math.sqrt(count)
    return 1 / count if (norm == "forward") != inverse else 1.0
