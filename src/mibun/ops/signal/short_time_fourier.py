"""The Fourier transform of short stretches of a signal, and the signal from these: `stft` and `istft`."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...core.batching import all_values
from ...core.dtypes import dtype, get_default_dtype
from ...core.site import stacklevel
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.public import public
from ..indexing.slicing import slice_along
from ..nn.padding import pad
from ..pointwise.complexes import view_as_real
from ..shape.strides import _unfold_embed
from .fourier import complex_transform, real_transform, to_real_transform


def _window_of(input: Tensor, window: Tensor | None, win_length: int, n_fft: int, like: dtype | None) -> Tensor:
    """The window in the middle of n_fft elements, ones if None."""
    found: Any = window
    if window is None:
        found = input.new_ones(win_length, dtype=get_default_dtype() if like is None else like)
    if win_length < n_fft:
        left = (n_fft - win_length) // 2
        found = pad(found, (left, n_fft - win_length - left))
    return found


def _add_up(frames: Tensor, total: int, hop: int) -> Tensor:
    """Stretches (B, times, n) added up to signals (B, total): the transpose of `unfold`."""
    batch, _, size = frames._array_.shape
    return _unfold_embed(frames, shape=(batch, total), dim=1, size=size, step=hop)


def _check_window(name: str, window: Tensor | None, win_length: int) -> None:
    if window is not None and tuple(window._array_.shape) != (win_length,):
        raise RuntimeError(
            f"{name}: expected a 1D window tensor of size equal to win_length={win_length}, but got window with size "
            f"{list(window._array_.shape)}"
        )


@public("stft")
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """The short-time Fourier transform: the transforms of overlapping stretches of signals.

    `out[b, k, t] = sum_j window[j] input[b, t hop_length + j] exp(-2 pi i j k / n_fft)`

    Args:
        input: (L,) or (B, L), floating or complex.
        n_fft: the size of a stretch.
        hop_length: how far the next one starts, by default n_fft // 4.
        win_length: the size of the window, n_fft by default; a smaller one is put in the middle of zeros.
        window: (win_length,), by default ones.
        center: stretches are centred at multiples of hop_length, the signal being padded on both sides for that.
        pad_mode: how: "reflect", "constant", "replicate" or "circular".
        normalized: divide by the root of n_fft.
        onesided: half of the frequencies, the default for real signals and windows.
        return_complex: must be given for real signals; False, which is deprecated, gives the parts as a last dimension.
        align_to_window: without center, the first window, not the first stretch, starts the signal.

    Returns:
        complex, (B, n_fft // 2 + 1, times) if onesided, else (B, n_fft, times); without B for one signal.

    Raises:
        RuntimeError: for sizes that do not fit, integers, and onesided results of complex numbers.

    >>> import mibun as torch
    >>> torch.stft(torch.ones(16), n_fft=4, return_complex=True).shape
    torch.Size([3, 17])
    """
    check_tensor(input, "stft")
    array = input._array_
    window_complex = window is not None and window._array_.dtype.kind == "c"
    any_complex = array.dtype.kind == "c" or window_complex
    if return_complex is None:
        if not any_complex:
            raise RuntimeError("stft requires the return_complex parameter be given for real inputs.")
        return_complex = True
    if not return_complex:
        warnings.warn(
            "stft with return_complex=False is deprecated. In a future pytorch release, stft will return complex "
            "tensors "
            "for all inputs, and return_complex=False will raise an error. Note: you can still call "
            "torch.view_as_real on the complex output to recover the old return format.",
            stacklevel=stacklevel(),
        )
    if array.dtype.itemsize == 2 and array.dtype.kind in "fV":
        raise RuntimeError(f"stft: Unsupported dtype {input.dtype.scalar_name}")
    if array.dtype.kind not in "fcV":
        raise RuntimeError(
            f"stft({input.dtype.scalar_name}{list(array.shape)}, n_fft={n_fft}): expected a tensor of floating "
            "point or "
            "complex values"
        )
    if array.ndim not in (1, 2):
        raise RuntimeError(f"stft: expected a 1D or 2D tensor, but got {array.ndim}D")
    n_fft = whole(n_fft, "stft", "n_fft")
    hop = n_fft // 4 if hop_length is None else whole(hop_length, "stft", "hop_length")
    win_length = n_fft if win_length is None else whole(win_length, "stft", "win_length")
    if align_to_window is not None and center:
        raise RuntimeError("stft: align_to_window should only be set when center = false")
    single = array.ndim == 1
    if single:
        input = input.unsqueeze(0)
    if center:
        half = n_fft // 2
        input = pad(input.unsqueeze(1), (half, half), mode=pad_mode).squeeze(1)
    length = input._array_.shape[1]
    if n_fft <= 0 or n_fft > length:
        raise RuntimeError(f"stft: expected 0 < n_fft < {length}, but got n_fft={n_fft}")
    if hop <= 0:
        raise RuntimeError(f"stft: expected hop_length > 0, but got hop_length={hop}")
    if win_length <= 0 or win_length > n_fft:
        raise RuntimeError(f"stft: expected 0 < win_length <= n_fft, but got win_length={win_length}")
    _check_window("stft", window, win_length)
    if onesided is None:
        onesided = not any_complex
    if onesided and any_complex:
        raise RuntimeError("Cannot have onesided output if window or input is complex")
    if align_to_window:
        left = (n_fft - win_length) // 2
        input = pad(input, (left, left))
    if window is not None or win_length < n_fft:
        window = _window_of(input, window, win_length, n_fft, input.dtype if not any_complex else None)
    frames = input.unfold(1, n_fft, hop)
    if window is not None:
        frames = frames * window
    scale = 1 / math.sqrt(n_fft) if normalized else 1.0
    if frames._array_.dtype.kind == "c":
        result = complex_transform(frames, dims=(2,), inverse=False, scale=scale)
    else:
        result = real_transform(frames, dims=(2,), onesided=bool(onesided), inverse=False, scale=scale)
    result = result.transpose(1, 2)
    if single:
        result = result.squeeze(0)
    return result if return_complex else view_as_real(result)


@public("istft")
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signals of whose stretches `stft` gives the transforms: they are transformed back, multiplied with the
    window, added up, and divided by the sum of the squared windows, which is the least-squares estimate.

    Args:
        input: (frequencies, times) or (B, frequencies, times), complex.
        n_fft, hop_length, win_length, window, center, normalized, onesided: as for `stft`.
        length: of the signals; by default as far as the stretches go.
        return_complex: for signals that were complex.

    Returns:
        (L,) or (B, L).

    Raises:
        RuntimeError: for sizes that do not fit, real input, and where the windows leave a gap in the signal.

    Source: Griffin and Lim, "Signal estimation from modified short-time Fourier transform" (1984).

    >>> import mibun as torch
    >>> signal, window = torch.arange(8.0), torch.hann_window(4)
    >>> spectrum = torch.stft(signal, 4, window=window, return_complex=True)
    >>> torch.istft(spectrum, 4, window=window).allclose(signal, atol=1e-6)
    True
    """
    check_tensor(input, "istft")
    array = input._array_
    if array.dtype.kind != "c":
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        )
    n_fft = whole(n_fft, "istft", "n_fft")
    hop = n_fft // 4 if hop_length is None else whole(hop_length, "istft", "hop_length")
    win_length = n_fft if win_length is None else whole(win_length, "istft", "win_length")
    if array.size == 0:
        raise RuntimeError("istft: input tensor cannot be empty.")
    if array.ndim not in (2, 3):
        raise RuntimeError(f"istft: expected a tensor with 2 or 3 dimensions, but got {array.ndim}")
    single = array.ndim == 2
    if single:
        input = input.unsqueeze(0)
    found, times = input._array_.shape[1:]
    if onesided is None:
        onesided = found != n_fft
    expected = n_fft // 2 + 1 if onesided else n_fft
    if found != expected:
        words = "n_fft / 2 + 1 when onesided=True" if onesided else "n_fft when onesided=False"
        raise RuntimeError(
            f"istft: expected the frequency dimension (3rd to the last) of the input tensor to match {words}, but got "
            f"{found} for n_fft={n_fft}"
        )
    if not 0 < hop <= win_length:
        raise RuntimeError(f"istft: expected 0 < hop_length <= win_length, but got hop_length={hop}")
    if not 0 < win_length <= n_fft:
        raise RuntimeError(f"istft: expected 0 < win_length <= n_fft, but got win_length={win_length}")
    _check_window("istft", window, win_length)
    if return_complex and onesided:
        raise RuntimeError("cannot have onesided output if window or input is complex")
    real_dtype = input.real.dtype
    window = _window_of(input, window, win_length, n_fft, real_dtype)
    if window._array_.dtype.kind == "c" and not return_complex:
        raise RuntimeError("Complex windows are incompatible with return_complex=False")
    frames = input.transpose(1, 2)
    scale = 1 / math.sqrt(n_fft) if normalized else 1 / n_fft
    if return_complex:
        frames = complex_transform(frames, dims=(2,), inverse=True, scale=scale)
    else:
        if not onesided:
            frames = slice_along(frames, 2, 0, n_fft // 2 + 1)
        frames = to_real_transform(frames, dims=(2,), inverse=True, scale=scale, n=n_fft)
    total = n_fft + hop * (times - 1)
    signal = _add_up(frames * window, total, hop)
    squares = window.pow(2).expand(1, times, n_fft)
    envelope = _add_up(squares, total, hop)
    start = n_fft // 2 if center else 0
    if length is not None:
        stop = start + whole(length, "istft", "length")
    else:
        stop = total - n_fft // 2 if center else total
    signal = slice_along(signal, 1, start, min(stop, total))
    envelope = slice_along(envelope, 1, start, min(stop, total))
    sizes = np.abs(all_values(envelope._array_))
    if sizes.size and sizes.min() < 1e-11:
        raise RuntimeError(f"window overlap add min: {sizes.min()} is too small: the windows leave a gap in the signal")
    signal = signal / envelope
    if stop > total:
        warnings.warn(
            "The length of signal is shorter than the length parameter. Result is being padded with zeros in the "
            "tail. "
            "Please check your center and hop_length settings.",
            stacklevel=stacklevel(),
        )
        signal = pad(signal, (0, stop - total))
    return signal.squeeze(0) if single else signal
