"""Discrete Fourier transforms, as `torch.fft` names them. The operators and their derivatives are in `fourier.py`.

`n` and `s` are sizes to which the input is cut or filled up with zeros first; `norm` is "backward" (the default: the
inverse is divided by the number of elements), "forward" (the other one is) or "ortho" (both are, by its root).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ...core.device import device
from ...core.dtypes import as_dtype, dtype, get_default_dtype, layout
from ...core.tensor import Tensor, require_grad
from ...dispatch.arguments import check_tensor, whole, wrap_dim, wrap_dims
from ...dispatch.overloads import finish
from ..creation.ranges import arange
from ..indexing.slicing import slice_along
from ..nn.padding import pad
from .fourier import complex_transform, real_transform, scale_of, to_real_transform


def _given(input: Tensor, name: str, real: bool | None, words: str = "expects a real input tensor") -> Tensor:
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


def _one(
    input: Tensor, dim: int, n: int | None, name: str, default: Callable[[int], int] | None = None
) -> tuple[int, int]:
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


def _several(
    input: Tensor,
    s: int | Sequence[int] | None,
    dim: int | Sequence[int] | None,
    name: str,
    last: Callable[[int], int] | None = None,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The dimensions, from 0 up, and the sizes to transform; `last` gives the default size of the last one."""
    ndim = input._array_.ndim
    if isinstance(s, int):
        s = (s,)
    if dim is not None:
        if not ndim:
            for d in (dim,) if isinstance(dim, int) else dim:
                raise IndexError(f"Dimension specified as {d} but tensor has no dimensions")
        try:
            dims = wrap_dims(dim, ndim, name)
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


def _twice(size: int) -> int:
    return 2 * (size - 1)


# --- one dimension ---


def _complex_1d(input: Tensor, n: int | None, dim: int, norm: str | None, inverse: bool, name: str) -> Tensor:
    input = _given(input, name, None)
    dim, size = _one(input, dim, n, name)
    scale = scale_of(norm, size, inverse)
    input = _resize(input, dim, size)
    if input._array_.dtype.kind == "c":
        return complex_transform(input, dims=(dim,), inverse=inverse, scale=scale)
    result = real_transform(input, dims=(dim,), onesided=False, inverse=False, scale=scale)
    return result.conj() if inverse else result


def fft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
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
    """
    return finish(_complex_1d(input, n, dim, norm, False, "fft"), out, "fft_fft")


def ifft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of `fft`: `out[j] = 1/n sum_k input[k] exp(2 pi i j k / n)`. Arguments and errors as for `fft`.

    >>> import mibun as torch
    >>> torch.fft.ifft(torch.fft.fft(torch.tensor([1., 2., 3., 4.]))).real
    tensor([1., 2., 3., 4.])
    """
    return finish(_complex_1d(input, n, dim, norm, True, "ifft"), out, "fft_ifft")


def rfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
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
    """
    input = _given(input, "rfft", True)
    dim, size = _one(input, dim, n, "rfft")
    scale = scale_of(norm, size, False)
    result = real_transform(_resize(input, dim, size), dims=(dim,), onesided=True, inverse=False, scale=scale)
    return finish(result, out, "fft_rfft")


def irfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
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
    """
    input = _given(input, "irfft", False)
    dim, size = _one(input, dim, n, "irfft", _twice)
    scale = scale_of(norm, size, True)
    half = _resize(input, dim, size // 2 + 1)
    return finish(to_real_transform(half, dims=(dim,), inverse=True, scale=scale, n=size), out, "fft_irfft")


def hfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The real spectrum of a signal that equals its conjugate reversed, of which the first half is given.

    n: how many elements the spectrum has, by default an even number. Other arguments and errors as for `irfft`.

    >>> import mibun as torch
    >>> torch.fft.hfft(torch.tensor([1., 2., 3.]))
    tensor([ 8., -2.,  0., -2.])
    """
    input = _given(input, "hfft", False)
    dim, size = _one(input, dim, n, "hfft", _twice)
    scale = scale_of(norm, size, False)
    half = _resize(input, dim, size // 2 + 1).conj()
    return finish(to_real_transform(half, dims=(dim,), inverse=True, scale=scale, n=size), out, "fft_hfft")


def ihfft(
    input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Tensor | None = None
) -> Tensor:
    """The inverse of `hfft`: the first half of the signal, n // 2 + 1 elements. Arguments and errors as for `rfft`."""
    input = _given(input, "ihfft", True)
    dim, size = _one(input, dim, n, "ihfft")
    scale = scale_of(norm, size, True)
    result = real_transform(_resize(input, dim, size), dims=(dim,), onesided=True, inverse=False, scale=scale)
    return finish(result.conj(), out, "fft_ihfft")


# --- several dimensions ---


def _complex_nd(
    input: Tensor,
    s: int | Sequence[int] | None,
    dim: int | Sequence[int] | None,
    norm: str | None,
    inverse: bool,
    name: str,
) -> Tensor:
    input = _given(input, name, False)
    dims, sizes = _several(input, s, dim, name)
    scale = scale_of(norm, math.prod(sizes), inverse)
    input = _resize_all(input, dims, sizes)
    return complex_transform(input, dims=dims, inverse=inverse, scale=scale)


def fftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
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
    """
    return finish(_complex_nd(input, s, dim, norm, False, "fftn"), out, "fft_fftn")


def ifftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`; arguments and errors as there."""
    return finish(_complex_nd(input, s, dim, norm, True, "ifftn"), out, "fft_ifftn")


def rfftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`fftn` of real numbers, of the last dimension the first half only: s[-1] // 2 + 1 elements. Arguments as for
    `fftn`."""
    input = _given(input, "rfftn", True, "expects a real-valued input tensor")
    dims, sizes = _several(input, s, dim, "rfftn")
    if not dims:
        raise RuntimeError("rfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), False)
    input = _resize_all(input, dims, sizes)
    return finish(real_transform(input, dims=dims, onesided=True, inverse=False, scale=scale), out, "fft_rfftn")


def irfftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`; the last of `s`: how many elements the last dimension has, by default an even number.

    Other arguments and errors as for `fftn`.
    """
    input = _given(input, "irfftn", False)
    dims, sizes = _several(input, s, dim, "irfftn", _twice)
    if not dims:
        raise RuntimeError("irfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), True)
    half = _resize_all(input, dims, (*sizes[:-1], sizes[-1] // 2 + 1))
    result = to_real_transform(half, dims=dims, inverse=True, scale=scale, n=sizes[-1])
    return finish(result, out, "fft_irfftn")


def hfftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`hfft` of the last dimension and `fft` of the others; the last of `s` as for `irfftn`, other arguments as for
    `fftn`."""
    input = _given(input, "hfftn", False)
    dims, sizes = _several(input, s, dim, "hfftn", _twice)
    if not dims:
        raise RuntimeError("hfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), False)
    half = _resize_all(input, dims, (*sizes[:-1], sizes[-1] // 2 + 1))
    if len(dims) > 1:
        half = complex_transform(half, dims=dims[:-1], inverse=False, scale=1.0)
    half = half.conj()
    result = to_real_transform(half, dims=dims[-1:], inverse=True, scale=scale, n=sizes[-1])
    return finish(result, out, "fft_hfftn")


def ihfftn(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] | None = None,
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`: `ihfft` of the last dimension and `ifft` of the others. Arguments and errors as for
    `rfftn`."""
    input = _given(input, "ihfftn", True, "Only supports floating-point dtypes, but found: ")
    dims, sizes = _several(input, s, dim, "ihfftn")
    if not dims:
        raise RuntimeError("ihfftn must transform at least one axis")
    scale = scale_of(norm, math.prod(sizes), True)
    input = _resize_all(input, dims, sizes)
    half = real_transform(input, dims=dims[-1:], onesided=True, inverse=False, scale=scale)
    if len(dims) == 1:
        return finish(half.conj(), out, "fft_ihfftn")
    half = half.conj_physical()
    return finish(complex_transform(half, dims=dims[:-1], inverse=True, scale=1.0), out, "fft_ihfftn")


def fft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`fftn` over two dimensions, by default the last ones. Arguments and errors as there.

    >>> import mibun as torch
    >>> torch.fft.fft2(torch.ones(3, 2, 2)).shape
    torch.Size([3, 2, 2])
    """
    return fftn(input, s, dim, norm, out=out)


def ifft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`ifftn` over two dimensions, by default the last ones."""
    return ifftn(input, s, dim, norm, out=out)


def rfft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`rfftn` over two dimensions, by default the last ones."""
    return rfftn(input, s, dim, norm, out=out)


def irfft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`irfftn` over two dimensions, by default the last ones."""
    return irfftn(input, s, dim, norm, out=out)


def hfft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`hfftn` over two dimensions, by default the last ones."""
    return hfftn(input, s, dim, norm, out=out)


def ihfft2(
    input: Tensor,
    s: int | Sequence[int] | None = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`ihfftn` over two dimensions, by default the last ones."""
    return ihfftn(input, s, dim, norm, out=out)


# --- frequencies and shifts ---


def _frequencies(
    name: str,
    start: int,
    stop: int,
    n: int,
    d: float,
    dtype: dtype | None,
    device: device | str | int | None,
    requires_grad: bool,
) -> Tensor:
    dtype = get_default_dtype() if dtype is None else as_dtype(dtype, name)
    if dtype.category < 2:
        raise RuntimeError(f"{name} requires a floating point or complex dtype")
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    whole_numbers = arange(start, stop, dtype=dtype, device=device)
    step = n * float(d)
    result = whole_numbers * (1 / step if step else math.inf if n else 1.0)
    return require_grad(result, requires_grad)


def fftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    requires_grad: bool = False,
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
    """
    result = ifftshift(_frequencies("fftfreq", -(n // 2), (n + 1) // 2, n, d, dtype, device, False))
    result = require_grad(result, requires_grad)
    return finish(result, out, "fft_fftfreq")


def rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: device | str | int | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequencies of the elements of `rfft`: [0, 1, ..., n // 2] / (n d). Arguments and errors as for `fftfreq`.

    >>> import mibun as torch
    >>> torch.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    return finish(_frequencies("rfftfreq", 0, n // 2 + 1, n, d, dtype, device, requires_grad), out, "fft_rfftfreq")


def _shift(input: Tensor, dim: int | Sequence[int] | None, name: str, forward: bool) -> Tensor:
    check_tensor(input, "fft_" + name)
    ndim = input._array_.ndim
    dims = tuple(range(ndim)) if dim is None else wrap_dims(dim, ndim, name)
    sizes = [input._array_.shape[d] for d in dims]
    if not dims:
        return input.clone()
    return input.roll([size // 2 if forward else (size + 1) // 2 for size in sizes], dims)


def fftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """The elements rolled along dimensions (all by default) so that frequency 0 is in the middle.

    >>> import mibun as torch
    >>> torch.fft.fftshift(torch.fft.fftfreq(4))
    tensor([-0.5000, -0.2500,  0.0000,  0.2500])
    """
    return _shift(input, dim, "fftshift", True)


def ifftshift(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor:
    """The inverse of `fftshift`: the elements of a spectrum with frequency 0 in the middle in the order of `fft`."""
    return _shift(input, dim, "ifftshift", False)
