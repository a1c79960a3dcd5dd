"""Discrete Fourier transforms, as `torch.fft` names them. The operators and their derivatives are in `ops/fourier.py`.

`n` and `s` are sizes to which the input is cut or filled up with zeros first; `norm` is "backward" (the default: the
inverse is divided by the number of elements), "forward" (the other one is) or "ortho" (both are, by its root).

This file is written by `python -m tools.stubs`: change what it reads, not this.
"""

# pyright: reportMissingModuleSource=false
from builtins import bool as _bool, complex as _complex, float as _float, int as _int, range as _range, type as _type
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import EllipsisType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, overload

import numpy as np

from mibun import Generator, Tensor, return_types
from mibun import dtype as _dtype, device as _device, layout as _layout, memory_format as _memory_format
from mibun.core.tensor_methods import Number, Device, Ints, Index

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "hfft2",
    "hfftn",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "ihfft2",
    "ihfftn",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]

def fft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The Fourier transform along a dimension, complex. RuntimeError for n < 1 and for half precision.

    >>> import mibun as torch
    >>> torch.fft.fft(torch.tensor([1., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])
    """

def fft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`fftn` over two dimensions."""

def fftfreq(
    n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, requires_grad: _bool = False,
) -> Tensor:
    """The frequencies of the elements of `fft` of n elements that are d apart: [0, 1, ..., -2, -1] / (n d).

    >>> import mibun as torch
    >>> torch.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """

def fftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """The Fourier transform over several dimensions; by default all, or the last `len(s)`."""

def fftshift(input: Tensor, dim: Ints | None = None) -> Tensor:
    """The elements rolled so that frequency 0 is in the middle."""

def hfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The real spectrum of a signal that equals its conjugate reversed, of which the first half is given."""

def hfft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`hfftn` over two dimensions."""

def hfftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """`hfft` of the last dimension and `fft` of the others."""

def ifft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft`."""

def ifft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`ifftn` over two dimensions."""

def ifftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`."""

def ifftshift(input: Tensor, dim: Ints | None = None) -> Tensor:
    """The inverse of `fftshift`."""

def ihfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft`: the first half of the signal."""

def ihfft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`ihfftn` over two dimensions."""

def ihfftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`."""

def irfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft`: real numbers of which this is half of the spectrum; n: how many, by default an even
    number.
    """

def irfft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`irfftn` over two dimensions."""

def irfftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`; the last of `s` says how many elements the last dimension has, by default an even number."""

def rfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`fft` of real numbers, the first half only (n // 2 + 1 elements), of which the rest is the conjugate."""

def rfft2(
    input: Tensor, s: Ints | None = None, dim: Ints = (-2, -1), norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`rfftn` over two dimensions."""

def rfftfreq(
    n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: Device | None = None, requires_grad: _bool = False,
) -> Tensor:
    """The frequencies of the elements of `rfft` of n elements that are d apart: [0, 1, ..., n // 2] / (n d)."""

def rfftn(
    input: Tensor, s: Ints | None = None, dim: Ints | None = None, norm: str | None = None, *,
    out: Tensor | None = None,
) -> Tensor:
    """`fftn` of real numbers, of the last dimension the first half only."""
