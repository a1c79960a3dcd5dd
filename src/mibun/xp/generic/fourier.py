"""Fourier transforms in pure Array API, whose extension `fft` has them: without scaling."""

from __future__ import annotations

from .gaps import gap, is_complex


@gap
def fourier(xp, x, axes, inverse):
    if not axes:
        return xp.copy(x)
    if not is_complex(xp, x):
        x = xp.make_complex(x, xp.base.zeros_like(x))
    if inverse:
        return xp.base.fft.ifftn(x, axes=axes, norm="forward")
    return xp.base.fft.fftn(x, axes=axes)


@gap
def real_fourier(xp, x, axes):
    return xp.base.fft.rfftn(x, axes=axes)


@gap
def real_inverse(xp, x, axes, n):
    shape = tuple([n if axis == axes[-1] else x.shape[axis] for axis in axes])
    return xp.base.fft.irfftn(x, s=shape, axes=axes, norm="forward")
