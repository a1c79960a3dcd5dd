"""Fourier transforms in the NumPy namespace: without scaling, in the precision of the input.

NumPy computes them in Python files of its own, so the filter for mibun's (see `core/quiet.py`) does not cover its
warnings.
"""

from __future__ import annotations

from typing import Any

from .library import np


@np.errstate(all="ignore")
def fourier(x: Any, axes: tuple[int, ...], inverse: bool) -> Any:
    """The complex transform over axes; inverse: with the other sign in the exponent."""
    if not axes:
        return x.copy()
    if not x.size:
        return x.astype(np.result_type(x.dtype, np.complex64))
    return np.fft.ifftn(x, axes=axes, norm="forward") if inverse else np.fft.fftn(x, axes=axes)


@np.errstate(all="ignore")
def real_fourier(x: Any, axes: tuple[int, ...]) -> Any:
    """The transform of a real array over axes, the last of which has its half without the redundant rest."""
    if not x.size:
        shape = list(x.shape)
        shape[axes[-1]] = shape[axes[-1]] // 2 + 1
        return np.zeros(shape, np.result_type(x.dtype, np.complex64))
    return np.fft.rfftn(x, axes=axes)


@np.errstate(all="ignore")
def real_inverse(x: Any, axes: tuple[int, ...], n: int) -> Any:
    """The inverse transform, to a real array, of the half that `real_fourier` gives; n: the size of the last axis."""
    shape = tuple([n if axis == axes[-1] else x.shape[axis] for axis in axes])
    if not x.size:
        whole = list(x.shape)
        whole[axes[-1]] = n
        return np.zeros(whole, x.real.dtype)
    return np.fft.irfftn(x, s=shape, axes=axes, norm="forward")
