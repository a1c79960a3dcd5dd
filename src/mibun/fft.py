"""Discrete Fourier transforms, as `torch.fft` names them. The operators and their derivatives are in `ops/fourier.py`.

`n` and `s` are sizes to which the input is cut or filled up with zeros first; `norm` is "backward" (the default: the
inverse is divided by the number of elements), "forward" (the other one is) or "ortho" (both are, by its root).
"""

from __future__ import annotations

import math
from typing import Any

from .core.dtypes import as_dtype, get_default_dtype
from .core.registry import FUNCTIONS
from .core.tensor import Tensor
from .dispatch.arguments import check_tensor, whole, wrap_dim, wrap_dims
from .dispatch.inplace import write_out
from .ops.indexing.slicing import slice_along
from .ops.nn.padding import pad
from .ops.signal.fourier import complex_transform, real_transform, scale_of, to_real_transform

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


def _given(input: Any, name: str, real: bool | None, words: str = "expects a real input tensor") -> Tensor:
    """The input in a dtype that can be transformed: real, complex, or either (None)."""
    check_tensor(input, "fft_" + name)
    dtype = input._array_.dtype
    if dtype.kind in "biu":
        input = input.to(get_default_dtype())
        dtype = input._array_.dtype
    if dtype.itemsize == 2:
        raise RuntimeError(f"Unsupported dtype {input.dtype.scalar_name}")
    if real and dtype.kind == "c":
        if words.startswith("Only"):
            raise RuntimeError(f"{words}{input.dtype.scalar_name} (in {name})")
        raise RuntimeError(f"{name} {words}, but got {input.dtype.scalar_name}")
    if real is False and dtype.kind != "c":
        input = input.to(input.dtype.to_complex())
    return input


def _resize(input: Tensor, dim: int, size: int) -> Tensor:
    """Cut along a dimension, or fill up with zeros at the end."""
    own = input._array_.shape[dim]
    if own > size:
        return slice_along(input, dim, 0, size)
    if own < size:
        return pad(input, (0, 0) * (input._array_.ndim - dim - 1) + (0, size - own))
    return input


def _resize_all(input: Tensor, dims: tuple[int, ...], sizes: tuple[int, ...]) -> Tensor:
    for dim, size in zip(dims, sizes, strict=True):
        input = _resize(input, dim, size)
    return input


def _one(input: Tensor, dim: Any, n: Any, name: str, default: Any = None) -> tuple[int, int]:
    """One dimension, from 0 up, and the size to transform."""
    if input._array_.ndim == 0:
        wrap_dim(dim, 0, name)
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = wrap_dim(dim, input._array_.ndim, name)
    own = input._array_.shape[dim]
    size = (own if default is None else default(own)) if n is None else whole(n, name, "n")
    if size < 1:
        raise RuntimeError(f"Invalid number of data points ({size}) specified")
    return dim, size


def _several(input: Tensor, s: Any, dim: Any, name: str, last: Any = None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The dimensions, from 0 up, and the sizes to transform; `last` gives the default size of the last one."""
    ndim = input._array_.ndim
    if isinstance(s, int):
        s = (s,)
    if dim is not None:
        try:
            dims = wrap_dims(dim, ndim, name) if ndim else tuple(dim)
        except RuntimeError:
            raise RuntimeError("FFT dims must be unique") from None
    elif s is not None:
        if len(s) > ndim:
            raise RuntimeError(f"Got shape with {len(s)} values but input tensor only has {ndim} dimensions.")
        dims = tuple(range(ndim - len(s), ndim))
    else:
        dims = tuple(range(ndim))
    if s is not None and len(s) != len(dims):
        raise RuntimeError("When given, dim and shape arguments must have the same length")
    shape = input._array_.shape
    sizes = []
    for i, d in enumerate(dims):
        given = -1 if s is None else whole(s[i], name, "s")
        if given == -1:
            given = shape[d] if last is None or i < len(dims) - 1 else last(shape[d])
        if given < 1:
            raise RuntimeError(f"Invalid number of data points ({given}) specified")
        sizes.append(given)
    return dims, tuple(sizes)


def _finish(result: Any, out: Any, name: str) -> Any:
    return result if out is None else write_out(out, result, "fft_" + name)


def _twice(size: int) -> int:
    return 2 * (size - 1)


# --- one dimension ---


def _complex_1d(input: Any, n: Any, dim: int, norm: str | None, inverse: bool, name: str) -> Tensor:
    input = _given(input, name, None)
    dim, size = _one(input, dim, n, name)
    scale = scale_of(norm, size, inverse)
    input = _resize(input, dim, size)
    if input._array_.dtype.kind == "c":
        return complex_transform(input, dims=(dim,), inverse=inverse, scale=scale)
    result = real_transform(input, dims=(dim,), onesided=False, inverse=False, scale=scale)
    return FUNCTIONS["conj"](result) if inverse else result


def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The Fourier transform along a dimension, complex. RuntimeError for n < 1 and for half precision.

    >>> import mibun as torch
    >>> torch.fft.fft(torch.tensor([1., 0., 0.]))
    tensor([1.+0.j, 1.+0.j, 1.+0.j])
    """
    return _finish(_complex_1d(input, n, dim, norm, False, "fft"), out, "fft")


def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `fft`."""
    return _finish(_complex_1d(input, n, dim, norm, True, "ifft"), out, "ifft")


def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """`fft` of real numbers, the first half only (n // 2 + 1 elements), of which the rest is the conjugate."""
    input = _given(input, "rfft", True)
    dim, size = _one(input, dim, n, "rfft")
    scale = scale_of(norm, size, False)
    result = real_transform(_resize(input, dim, size), dims=(dim,), onesided=True, inverse=False, scale=scale)
    return _finish(result, out, "rfft")


def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `rfft`: real numbers of which this is half of the spectrum; n: how many, by default an even
    number.
    """
    input = _given(input, "irfft", False)
    dim, size = _one(input, dim, n, "irfft", _twice)
    scale = scale_of(norm, size, True)
    half = _resize(input, dim, size // 2 + 1)
    return _finish(to_real_transform(half, dims=(dim,), inverse=True, scale=scale, n=size), out, "irfft")


def hfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The real spectrum of a signal that equals its conjugate reversed, of which the first half is given."""
    input = _given(input, "hfft", False)
    dim, size = _one(input, dim, n, "hfft", _twice)
    scale = scale_of(norm, size, False)
    half = FUNCTIONS["conj"](_resize(input, dim, size // 2 + 1))
    return _finish(to_real_transform(half, dims=(dim,), inverse=True, scale=scale, n=size), out, "hfft")


def ihfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `hfft`: the first half of the signal."""
    input = _given(input, "ihfft", True)
    dim, size = _one(input, dim, n, "ihfft")
    scale = scale_of(norm, size, True)
    result = real_transform(_resize(input, dim, size), dims=(dim,), onesided=True, inverse=False, scale=scale)
    return _finish(FUNCTIONS["conj"](result), out, "ihfft")


# --- several dimensions ---


def _complex_nd(input: Any, s: Any, dim: Any, norm: str | None, inverse: bool, name: str) -> Tensor:
    input = _given(input, name, False)
    dims, sizes = _several(input, s, dim, name)
    scale = scale_of(norm, math.prod(sizes), inverse)
    input = _resize_all(input, dims, sizes)
    return complex_transform(input, dims=dims, inverse=inverse, scale=scale)


def fftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The Fourier transform over several dimensions; by default all, or the last `len(s)`."""
    return _finish(_complex_nd(input, s, dim, norm, False, "fftn"), out, "fftn")


def ifftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `fftn`."""
    return _finish(_complex_nd(input, s, dim, norm, True, "ifftn"), out, "ifftn")


def rfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """`fftn` of real numbers, of the last dimension the first half only."""
    input = _given(input, "rfftn", True, "expects a real-valued input tensor")
    dims, sizes = _several(input, s, dim, "rfftn")
    if not dims:
        raise RuntimeError("rfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), False)
    input = _resize_all(input, dims, sizes)
    return _finish(real_transform(input, dims=dims, onesided=True, inverse=False, scale=scale), out, "rfftn")


def irfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `rfftn`; the last of `s` says how many elements the last dimension has, by default an even number."""
    input = _given(input, "irfftn", False)
    dims, sizes = _several(input, s, dim, "irfftn", _twice)
    if not dims:
        raise RuntimeError("irfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), True)
    half = _resize_all(input, dims, (*sizes[:-1], sizes[-1] // 2 + 1))
    result = to_real_transform(half, dims=dims, inverse=True, scale=scale, n=sizes[-1])
    return _finish(result, out, "irfftn")


def hfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """`hfft` of the last dimension and `fft` of the others."""
    input = _given(input, "hfftn", False)
    dims, sizes = _several(input, s, dim, "hfftn", _twice)
    if not dims:
        raise RuntimeError("hfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), False)
    half = _resize_all(input, dims, (*sizes[:-1], sizes[-1] // 2 + 1))
    if len(dims) > 1:
        half = complex_transform(half, dims=dims[:-1], inverse=False, scale=1.0)
    half = FUNCTIONS["conj"](half)
    result = to_real_transform(half, dims=dims[-1:], inverse=True, scale=scale, n=sizes[-1])
    return _finish(result, out, "hfftn")


def ihfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of `hfftn`."""
    input = _given(input, "ihfftn", True, "Only supports floating-point dtypes, but found: ")
    dims, sizes = _several(input, s, dim, "ihfftn")
    if not dims:
        raise RuntimeError("ihfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), True)
    input = _resize_all(input, dims, sizes)
    half = real_transform(input, dims=dims[-1:], onesided=True, inverse=False, scale=scale)
    if len(dims) == 1:
        return _finish(FUNCTIONS["conj"](half), out, "ihfftn")
    half = FUNCTIONS["conj_physical"](half)
    return _finish(complex_transform(half, dims=dims[:-1], inverse=True, scale=1.0), out, "ihfftn")


def fft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`fftn` over two dimensions."""
    return fftn(input, s, dim, norm, out=out)


def ifft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`ifftn` over two dimensions."""
    return ifftn(input, s, dim, norm, out=out)


def rfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`rfftn` over two dimensions."""
    return rfftn(input, s, dim, norm, out=out)


def irfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`irfftn` over two dimensions."""
    return irfftn(input, s, dim, norm, out=out)


def hfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`hfftn` over two dimensions."""
    return hfftn(input, s, dim, norm, out=out)


def ihfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """`ihfftn` over two dimensions."""
    return ihfftn(input, s, dim, norm, out=out)


# --- frequencies and shifts ---


def _frequencies(
    name: str, start: int, stop: int, n: int, d: float, dtype: Any, device: Any, requires_grad: bool
) -> Tensor:
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype, name)
    if dtype.category < 2:
        raise RuntimeError(f"{name} requires a floating point or complex dtype")
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    whole_numbers = FUNCTIONS["arange"](start, stop, dtype=dtype, device=device)
    step = n * float(d)
    result = whole_numbers * (1 / step if step else math.inf if n else 1.0)
    return result.requires_grad_(requires_grad)


def fftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Any:
    """The frequencies of the elements of `fft` of n elements that are d apart: [0, 1, ..., -2, -1] / (n d).

    >>> import mibun as torch
    >>> torch.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    result = ifftshift(_frequencies("fftfreq", -(n // 2), (n + 1) // 2, n, d, dtype, device, False))
    result = result.requires_grad_(requires_grad)
    return _finish(result, out, "fftfreq")


def rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Any:
    """The frequencies of the elements of `rfft` of n elements that are d apart: [0, 1, ..., n // 2] / (n d)."""
    return _finish(_frequencies("rfftfreq", 0, n // 2 + 1, n, d, dtype, device, requires_grad), out, "rfftfreq")


def _shift(input: Any, dim: Any, name: str, forward: bool) -> Tensor:
    check_tensor(input, "fft_" + name)
    ndim = input._array_.ndim
    dims = tuple(range(ndim)) if dim is None else wrap_dims(dim, ndim, name)
    sizes = [input._array_.shape[d] for d in dims]
    if not dims:
        return input.clone()
    return FUNCTIONS["roll"](input, [size // 2 if forward else (size + 1) // 2 for size in sizes], dims)


def fftshift(input: Any, dim: Any = None) -> Any:
    """The elements rolled so that frequency 0 is in the middle."""
    return _shift(input, dim, "fftshift", True)


def ifftshift(input: Any, dim: Any = None) -> Any:
    """The inverse of `fftshift`."""
    return _shift(input, dim, "ifftshift", False)
