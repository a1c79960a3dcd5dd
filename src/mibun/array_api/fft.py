"""The extension `fft` of the Array API standard: `mibun.fft` with the standard's arguments."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.dtypes import dtype
from ..core.tensor import Tensor
from ..ops.annotations import Device
from ..ops.signal import fft as _fft

Axes = Sequence[int] | None

# n, s: the sizes to which x is cut or filled up with zeros first (of the results, where they are real). norm: where the
# factor 1/n is: in the inverse ("backward"), in the transform ("forward"), or its root in both ("ortho").


def fft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The discrete Fourier transform along an axis: Σ x[k] exp(-2πi jk/n).

    >>> from mibun import array_api as xp
    >>> xp.fft.fft(xp.asarray([1.0, 0.0]))
    tensor([1.+0.j, 1.+0.j])
    """
    return _fft.fft(x, n, axis, norm)


def ifft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The inverse of `fft`.

    >>> from mibun import array_api as xp
    >>> xp.fft.ifft(xp.asarray([2j, 0]))
    tensor([0.+1.j, 0.+1.j])
    """
    return _fft.ifft(x, n, axis, norm)


def rfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The transform of real numbers, as far as it is not redundant: n//2 + 1 numbers.

    >>> from mibun import array_api as xp
    >>> xp.fft.rfft(xp.ones(4)).shape
    torch.Size([3])
    """
    return _fft.rfft(x, n, axis, norm)


def irfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The inverse of `rfft`: n real numbers, 2 (m - 1) of m by default.

    >>> from mibun import array_api as xp
    >>> xp.fft.irfft(xp.fft.rfft(xp.ones(5)), n=5)
    tensor([1., 1., 1., 1., 1.])
    """
    return _fft.irfft(x, n, axis, norm)


def hfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The transform of a Hermitian-symmetric signal, given by its first half: n real numbers.

    >>> from mibun import array_api as xp
    >>> xp.fft.hfft(xp.asarray([1j, 1, 1])).shape
    torch.Size([4])
    """
    return _fft.hfft(x, n, axis, norm)


def ihfft(x: Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Tensor:
    """The inverse of `hfft`, n//2 + 1 numbers.

    >>> from mibun import array_api as xp
    >>> xp.fft.ihfft(xp.ones(4)).dtype
    torch.complex64
    """
    return _fft.ihfft(x, n, axis, norm)


def fftn(x: Tensor, /, *, s: Axes = None, axes: Axes = None, norm: str = "backward") -> Tensor:
    """The discrete Fourier transform along several axes. axes: all, or as many of the last as s has.

    >>> from mibun import array_api as xp
    >>> xp.fft.fftn(xp.ones((2, 2)))[0, 0]
    tensor(4.+0.j)
    """
    return _fft.fftn(x, s, axes, norm)


def ifftn(x: Tensor, /, *, s: Axes = None, axes: Axes = None, norm: str = "backward") -> Tensor:
    """The inverse of `fftn`. axes: all, or as many of the last as s has.

    >>> from mibun import array_api as xp
    >>> xp.fft.ifftn(xp.ones((2, 2)))[0, 0]
    tensor(1.+0.j)
    """
    return _fft.ifftn(x, s, axes, norm)


def rfftn(x: Tensor, /, *, s: Axes = None, axes: Axes = None, norm: str = "backward") -> Tensor:
    """The transform of real numbers along several axes, as far as it is not redundant along the last of them.

    axes: all, or as many of the last as s has.

    >>> from mibun import array_api as xp
    >>> xp.fft.rfftn(xp.ones((2, 4))).shape
    torch.Size([2, 3])
    """
    return _fft.rfftn(x, s, axes, norm)


def irfftn(x: Tensor, /, *, s: Axes = None, axes: Axes = None, norm: str = "backward") -> Tensor:
    """The inverse of `rfftn`, real. axes: all, or as many of the last as s has.

    >>> from mibun import array_api as xp
    >>> xp.fft.irfftn(xp.ones((2, 3))).shape
    torch.Size([2, 4])
    """
    return _fft.irfftn(x, s, axes, norm)


def fftfreq(n: int, /, *, d: float = 1.0, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """The frequencies of the results of `fft`, for n samples at distances d: 0 up, then the negative ones.

    >>> from mibun import array_api as xp
    >>> xp.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    return _fft.fftfreq(n, d, dtype=dtype, device=device)


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: dtype | None = None, device: Device | None = None) -> Tensor:
    """The frequencies of the results of `rfft`, for n samples at distances d.

    >>> from mibun import array_api as xp
    >>> xp.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    return _fft.rfftfreq(n, d, dtype=dtype, device=device)


def fftshift(x: Tensor, /, *, axes: int | Sequence[int] | None = None) -> Tensor:
    """Frequencies in ascending order: what is at 0 goes to the middle of the axes, all by default.

    >>> from mibun import array_api as xp
    >>> xp.fft.fftshift(xp.arange(4))
    tensor([2, 3, 0, 1])
    """
    return _fft.fftshift(x, axes)


def ifftshift(x: Tensor, /, *, axes: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of `fftshift`.

    >>> from mibun import array_api as xp
    >>> xp.fft.ifftshift(xp.arange(4))
    tensor([2, 3, 0, 1])
    """
    return _fft.ifftshift(x, axes)


__all__ = [
    "fft",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "ifft",
    "ifftn",
    "ifftshift",
    "ihfft",
    "irfft",
    "irfftn",
    "rfft",
    "rfftfreq",
    "rfftn",
]
