"""Window functions as `torch.signal.windows` has them: SciPy's names, symmetric unless asked otherwise.

A window weights the samples of a stretch of a signal, mostly falling to its ends. Places run over k = 0 … M - 1; those
of a periodic window (`sym=False`) are the first M of a symmetric one with M + 1. Formulas: Harris 1978, "On the use of
windows for harmonic analysis with the discrete Fourier transform"; Nuttall 1981 for the last one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import mibun as torch

from ...core.device import device
from ...core.dtypes import dtype, float32, float64, get_default_dtype, layout, strided
from ...core.missing import explain_missing_names as _explain_missing_names
from ...core.tensor import Tensor
from ...dispatch.arguments import whole

__all__ = [
    "bartlett",
    "blackman",
    "cosine",
    "exponential",
    "gaussian",
    "general_cosine",
    "general_hamming",
    "hamming",
    "hann",
    "kaiser",
    "nuttall",
]

Device = device | str | int | None


def _window(
    name: str,
    M: int,
    formula: Callable[[Tensor, int], Tensor],
    sym: bool,
    dtype: dtype | None,
    layout: layout,
    device: Device,
    requires_grad: bool,
) -> Tensor:
    """The window of a formula of the places k and the number n of steps from the first place to the last."""
    kind = get_default_dtype() if dtype is None else dtype
    if M < 0:
        raise ValueError(f"{name} requires non-negative window length, got M={M}")
    if layout is not strided:
        raise ValueError(f"{name} is implemented for strided tensors only, got: {layout}")
    if kind not in (float32, float64):
        raise ValueError(f"{name} expects float32 or float64 dtypes, got: {kind}")
    M = whole(M, name, "M")
    if M < 2:
        return torch.ones(M, dtype=kind, device=device, requires_grad=requires_grad)
    places = torch.arange(M, dtype=kind, device=device, requires_grad=requires_grad)
    return formula(places, M - 1 if sym else M)


def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Hann's window, a raised cosine: `(1 - cos(2 pi k / n)) / 2`.

    M: the number of places. sym: symmetric, n = M - 1; otherwise periodic, n = M. dtype: float32 or float64; the
    default dtype. requires_grad: record what follows. ValueError for a negative M, another dtype or layout.

    >>> import mibun as torch
    >>> torch.signal.windows.hann(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    >>> torch.signal.windows.hann(4, sym=False)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return general_hamming(
        M, alpha=0.5, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Hamming's window, which does not fall to zero: `0.54 - 0.46 cos(2 pi k / n)`. Arguments as for `hann`."""
    return general_hamming(M, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad)


def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """A raised cosine: `alpha - (1 - alpha) cos(2 pi k / n)`. Other arguments and errors as for `hann`.

    >>> import mibun as torch
    >>> torch.signal.windows.general_hamming(3, alpha=0.75)
    tensor([0.5000, 1.0000, 0.5000])
    """
    return general_cosine(
        M, a=[alpha, 1.0 - alpha], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def general_cosine(
    M: int,
    *,
    a: Iterable[float],
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """A sum of cosines with alternating signs: `a[0] - a[1] cos(2 pi k / n) + a[2] cos(4 pi k / n) - ...`.

    a: the weights, an iterable. TypeError if it is none, ValueError if it is empty. Others as for `hann`.

    >>> import mibun as torch
    >>> torch.signal.windows.general_cosine(5, a=[0.4, 0.3, 0.3])
    tensor([0.4000, 0.1000, 1.0000, 0.1000, 0.4000])
    """

    def formula(k: Tensor, n: int) -> Tensor:
        if not isinstance(a, Iterable):
            raise TypeError("Coefficients must be a list/tuple")
        weights = list(a)
        if not weights:
            raise ValueError("Coefficients cannot be empty")
        terms = [(-1) ** i * weight * torch.cos(k * (2 * math.pi * i / n)) for i, weight in enumerate(weights)]
        return torch.stack(terms).sum(0)

    return _window("general_cosine", M, formula, sym, dtype, layout, device, requires_grad)


def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Blackman's window: `0.42 - 0.5 cos(2 pi k / n) + 0.08 cos(4 pi k / n)`. Arguments as for `hann`."""
    return _window(
        "blackman",
        M,
        lambda k, n: 0.42 - 0.5 * torch.cos(k * (2 * math.pi / n)) + 0.08 * torch.cos(k * (4 * math.pi / n)),
        sym,
        dtype,
        layout,
        device,
        requires_grad,
    )


def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Nuttall's window of four cosines, whose first derivatives vanish at the ends. Arguments as for `hann`."""
    return general_cosine(
        M,
        a=[0.3635819, 0.4891775, 0.1365995, 0.0106411],
        sym=sym,
        dtype=dtype,
        layout=layout,
        device=device,
        requires_grad=requires_grad,
    )


def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle that is zero at its ends: `1 - |2 k / n - 1|`. Arguments as for `hann`."""
    return _window("bartlett", M, lambda k, n: 1 - (k * (2 / n) - 1).abs(), sym, dtype, layout, device, requires_grad)


def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Half a wave of the sine: `sin(pi (k + 1/2) / (n + 1))`. Arguments as for `hann`."""
    return _window(
        "cosine", M, lambda k, n: torch.sin((k + 0.5) * (math.pi / (n + 1))), sym, dtype, layout, device, requires_grad
    )


def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Falls exponentially from its middle: `exp(-|k - center| / tau)`.

    center: n / 2 unless given, which periodic windows alone allow. tau: how far it falls by the factor e. ValueError
    for a tau that is not positive. Other arguments as for `hann`.

    >>> import mibun as torch
    >>> torch.signal.windows.exponential(3)
    tensor([0.3679, 1.0000, 0.3679])
    """
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    return _window(
        "exponential",
        M,
        lambda k, n: torch.exp((k - (n / 2 if center is None else center)).abs() / -tau),
        sym,
        dtype,
        layout,
        device,
        requires_grad,
    )


def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """The bell `exp(-((k - n/2) / std)² / 2)`. ValueError for a `std` that is not positive. Others as for `hann`."""
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    return _window(
        "gaussian",
        M,
        lambda k, n: torch.exp(-0.5 * ((k - n / 2) / std).square()),
        sym,
        dtype,
        layout,
        device,
        requires_grad,
    )


def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: dtype | None = None,
    layout: layout = strided,
    device: Device = None,
    requires_grad: bool = False,
) -> Tensor:
    """Kaiser's window: `i0(beta sqrt(1 - (2 k / n - 1)²)) / i0(beta)`. ValueError if beta < 0. Others as for `hann`."""
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")

    def formula(k: Tensor, n: int) -> Tensor:
        scale = torch.as_tensor(beta, dtype=k.dtype)
        return torch.i0(scale * (1 - (k * (2 / n) - 1).square()).sqrt()) / torch.i0(scale)

    return _window("kaiser", M, formula, sym, dtype, layout, device, requires_grad)


_explain_missing_names(__name__)
