"""Discrete Fourier transforms, as `torch.fft` names them. An index: the functions are in `ops/signal/fft.py`.

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

@overload
def fft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along a dimension: `out[k] = sum_j input[j] exp(-2 pi i j k / n)`.

    Args:
        input: of any dtype but half precision; integers count as the default dtype.
        n: the size to transform; the input is cut or filled up with zeros at the end. By default as it is.
        dim: the dimension.
        norm: "backward" (the default: the inverse is divided by n), "forward" (this is) or "ortho" (both are, by its
            root).
        out: a tensor to write the result into.

    Returns:
        complex, of the input's shape, with n elements along `dim`.

    Raises:
        RuntimeError: for n < 1, another norm, and half precision. IndexError for a dim that there is not.

    >>> import mibun as torch
    >>> torch.fft.fft(torch.tensor([1., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def fft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along a dimension: `out[k] = sum_j input[j] exp(-2 pi i j k / n)`.

    Args:
        input: of any dtype but half precision; integers count as the default dtype.
        n: the size to transform; the input is cut or filled up with zeros at the end. By default as it is.
        dim: the dimension.
        norm: "backward" (the default: the inverse is divided by n), "forward" (this is) or "ortho" (both are, by its
            root).
        out: a tensor to write the result into.

    Returns:
        complex, of the input's shape, with n elements along `dim`.

    Raises:
        RuntimeError: for n < 1, another norm, and half precision. IndexError for a dim that there is not.

    >>> import mibun as torch
    >>> torch.fft.fft(torch.tensor([1., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def fft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`fftn` over two dimensions, by default the last ones. Arguments and errors as there.

    >>> import mibun as torch
    >>> torch.fft.fft2(torch.ones(3, 2, 2)).shape
    torch.Size([3, 2, 2])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def fft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`fftn` over two dimensions, by default the last ones. Arguments and errors as there.

    >>> import mibun as torch
    >>> torch.fft.fft2(torch.ones(3, 2, 2)).shape
    torch.Size([3, 2, 2])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def fftfreq(
    n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, requires_grad: _bool = False,
) -> Tensor:
    """The frequencies of the elements of `fft`: [0, 1, ..., -2, -1] / (n d), the negative ones in the second half.

    Args:
        n: how many elements there are.
        d: how far the samples of the signal are apart.
        dtype: floating or complex, by default the default dtype.

    Returns:
        (n,).

    Raises:
        RuntimeError: for a negative n, and integer dtypes.

    >>> import mibun as torch
    >>> torch.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def fftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The Fourier transform over several dimensions, one after the other.

    Args:
        input: of any dtype but half precision; integers count as the default dtype.
        s: the sizes to transform; the input is cut or filled up with zeros at the end (-1: as it is).
        dim: the dimensions, by default the last `len(s)`, or all.
        norm: as for `fft`, with the product of the sizes in the place of n.
        out: a tensor to write the result into.

    Returns:
        complex, of the input's shape, with the sizes `s` along `dim`.

    Raises:
        RuntimeError: where a dimension appears twice, `s` and `dim` are not equally long, and as for `fft`. IndexError
            for a dim that there is not.

    >>> import mibun as torch
    >>> torch.fft.fftn(torch.ones(2, 2))
    tensor([[4.+0.j, 0.+0.j],
            [0.+0.j, 0.+0.j]])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def fftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The Fourier transform over several dimensions, one after the other.

    Args:
        input: of any dtype but half precision; integers count as the default dtype.
        s: the sizes to transform; the input is cut or filled up with zeros at the end (-1: as it is).
        dim: the dimensions, by default the last `len(s)`, or all.
        norm: as for `fft`, with the product of the sizes in the place of n.
        out: a tensor to write the result into.

    Returns:
        complex, of the input's shape, with the sizes `s` along `dim`.

    Raises:
        RuntimeError: where a dimension appears twice, `s` and `dim` are not equally long, and as for `fft`. IndexError
            for a dim that there is not.

    >>> import mibun as torch
    >>> torch.fft.fftn(torch.ones(2, 2))
    tensor([[4.+0.j, 0.+0.j],
            [0.+0.j, 0.+0.j]])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def fftshift(input: Tensor, dim: _int | Sequence[_int] | None = None) -> Tensor:
    """The elements rolled along dimensions (all by default) so that frequency 0 is in the middle.

    >>> import mibun as torch
    >>> torch.fft.fftshift(torch.fft.fftfreq(4))
    tensor([-0.5000, -0.2500,  0.0000,  0.2500])

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def fftshift(input: Tensor, *, axis: _int | Sequence[_int] | None) -> Tensor:
    """The elements rolled along dimensions (all by default) so that frequency 0 is in the middle.

    >>> import mibun as torch
    >>> torch.fft.fftshift(torch.fft.fftfreq(4))
    tensor([-0.5000, -0.2500,  0.0000,  0.2500])

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def hfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The real spectrum of a signal that equals its conjugate reversed, of which the first half is given.

    n: how many elements the spectrum has, by default an even number. Other arguments and errors as for `irfft`.

    >>> import mibun as torch
    >>> torch.fft.hfft(torch.tensor([1., 2., 3.]))
    tensor([ 8., -2.,  0., -2.])

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def hfft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The real spectrum of a signal that equals its conjugate reversed, of which the first half is given.

    n: how many elements the spectrum has, by default an even number. Other arguments and errors as for `irfft`.

    >>> import mibun as torch
    >>> torch.fft.hfft(torch.tensor([1., 2., 3.]))
    tensor([ 8., -2.,  0., -2.])

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def hfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`hfftn` over two dimensions, by default the last ones.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def hfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`hfftn` over two dimensions, by default the last ones.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def hfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`hfft` of the last dimension and `fft` of the others; the last of `s` as for `irfftn`, other arguments as for
    `fftn`.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def hfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """`hfft` of the last dimension and `fft` of the others; the last of `s` as for `irfftn`, other arguments as for
    `fftn`.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ifft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft`: `out[j] = 1/n sum_k input[k] exp(2 pi i j k / n)`. Arguments and errors as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.ifft(torch.fft.fft(torch.tensor([1., 2., 3., 4.]))).real
    tensor([1., 2., 3., 4.])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ifft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft`: `out[j] = 1/n sum_k input[k] exp(2 pi i j k / n)`. Arguments and errors as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.ifft(torch.fft.fft(torch.tensor([1., 2., 3., 4.]))).real
    tensor([1., 2., 3., 4.])

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ifft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`ifftn` over two dimensions, by default the last ones.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ifft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`ifftn` over two dimensions, by default the last ones.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ifftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`; arguments and errors as there.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ifftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`; arguments and errors as there.

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ifftshift(input: Tensor, dim: _int | Sequence[_int] | None = None) -> Tensor:
    """The inverse of `fftshift`: the elements of a spectrum with frequency 0 in the middle in the order of `fft`.

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ifftshift(input: Tensor, *, axis: _int | Sequence[_int] | None) -> Tensor:
    """The inverse of `fftshift`: the elements of a spectrum with frequency 0 in the middle in the order of `fft`.

    Operator roll:
        vjp: lambda xp, g, shifts, dims: xp.rolled(g, shifts=tuple([-s for s in shifts]), dims=dims)
        node: RollBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ihfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft`: the first half of the signal, n // 2 + 1 elements. Arguments and errors as for `rfft`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ihfft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft`: the first half of the signal, n // 2 + 1 elements. Arguments and errors as for `rfft`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ihfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`ihfftn` over two dimensions, by default the last ones.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ihfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`ihfftn` over two dimensions, by default the last ones.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def ihfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`: `ihfft` of the last dimension and `ifft` of the others. Arguments and errors as for
    `rfftn`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def ihfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`: `ihfft` of the last dimension and `ifft` of the others. Arguments and errors as for
    `rfftn`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is

    Operator fft_c2c:
        vjp: lambda xp, g, dims, inverse, scale: xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale)
        node: FftC2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def irfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft`: the real numbers of whose spectrum this is the first half.

    Args:
        input: complex, or real numbers as such.
        n: how many numbers there are; by default an even number, twice what the input has, less two.
        dim, norm, out: as for `fft`.

    Returns:
        real, with n elements along `dim`. What cannot be in such a spectrum (an imaginary part at 0) is ignored.

    Raises:
        RuntimeError: as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.irfft(torch.fft.rfft(torch.tensor([1., 2., 3.])), n=3)
    tensor([1., 2., 3.])

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def irfft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft`: the real numbers of whose spectrum this is the first half.

    Args:
        input: complex, or real numbers as such.
        n: how many numbers there are; by default an even number, twice what the input has, less two.
        dim, norm, out: as for `fft`.

    Returns:
        real, with n elements along `dim`. What cannot be in such a spectrum (an imaginary part at 0) is ignored.

    Raises:
        RuntimeError: as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.irfft(torch.fft.rfft(torch.tensor([1., 2., 3.])), n=3)
    tensor([1., 2., 3.])

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def irfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`irfftn` over two dimensions, by default the last ones.

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def irfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`irfftn` over two dimensions, by default the last ones.

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def irfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`; the last of `s`: how many elements the last dimension has, by default an even number.

    Other arguments and errors as for `fftn`.

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def irfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`; the last of `s`: how many elements the last dimension has, by default an even number.

    Other arguments and errors as for `fftn`.

    Operator fft_c2r:
        vjp: _to_real_transposed
            def _to_real_transposed(xp, g, dims, inverse, scale, n):
                half = xp.fft_r2c(g, dims=dims, onesided=True, inverse=not inverse, scale=scale)
                return half * _halves(xp, half, dims[-1], n)
        node: FftC2RBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def rfft(
    input: Tensor, n: _int | None = None, dim: _int = -1, norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`fft` of real numbers, of which the first half is enough: element n - k is the conjugate of element k.

    Args:
        input: real, not of half precision; integers count as the default dtype.
        n, dim, norm, out: as for `fft`.

    Returns:
        complex, with n // 2 + 1 elements along `dim`.

    Raises:
        RuntimeError: for complex numbers, and as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.rfft(torch.tensor([1., 0., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def rfft(
    input: Tensor, n: _int | None = None, *, axis: _int, norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """`fft` of real numbers, of which the first half is enough: element n - k is the conjugate of element k.

    Args:
        input: real, not of half precision; integers count as the default dtype.
        n, dim, norm, out: as for `fft`.

    Returns:
        complex, with n // 2 + 1 elements along `dim`.

    Raises:
        RuntimeError: for complex numbers, and as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.rfft(torch.tensor([1., 0., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

@overload
def rfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] = (-2, -1),
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`rfftn` over two dimensions, by default the last ones.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def rfft2(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int], norm: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`rfftn` over two dimensions, by default the last ones.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """

def rfftfreq(
    n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None,
    device: _device | str | _int | None = None, requires_grad: _bool = False,
) -> Tensor:
    """The frequencies of the elements of `rfft`: [0, 1, ..., n // 2] / (n d). Arguments and errors as for `fftfreq`.

    >>> import mibun as torch
    >>> torch.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """

@overload
def rfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, dim: _int | Sequence[_int] | None = None,
    norm: str | None = None, *, out: Tensor | None = None,
) -> Tensor:
    """`fftn` of real numbers, of the last dimension the first half only: s[-1] // 2 + 1 elements. Arguments as for
    `fftn`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
@overload
def rfftn(
    input: Tensor, s: _int | Sequence[_int] | None = None, *, axis: _int | Sequence[_int] | None,
    norm: str | None = None, out: Tensor | None = None,
) -> Tensor:
    """`fftn` of real numbers, of the last dimension the first half only: s[-1] // 2 + 1 elements. Arguments as for
    `fftn`.

    Operator fft_r2c:
        vjp: _real_transposed
            def _real_transposed(xp, g, input_shape, dims, onesided, inverse, scale):
                if onesided:
                    # The half that was left out has gradient 0.
                    last = dims[-1]
                    whole = (*g.shape[:last], input_shape[last], *g.shape[last + 1 :])
                    index = (*[slice(None)] * last, slice(0, g.shape[last]), ...)
                    g = xp.basic_index_embed(g, shape=whole, index=index)
                return xp.real(xp.fft_c2c(g, dims=dims, inverse=not inverse, scale=scale))
        node: FftR2CBackward0
        forward mode: the operator on the tangents
        dtypes: each as it is
    """
