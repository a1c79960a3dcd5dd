"""numpy.fft: the transforms, with NumPy's arguments."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from ..signal import fft as transforms
from .arguments import axes_of, floating, implements, tensor_of, written


def _along_one(name: str) -> None:
    transform = getattr(transforms, name)

    @implements(f"fft.{name}")
    def call(a, n=None, axis=-1, norm=None, out=None) -> Tensor:
        return written(transform(floating(tensor_of(a)), n, axis, norm), out, f"fft.{name}")


def _along_several(name: str, default: Any) -> None:
    transform = getattr(transforms, name.replace("2", "n"))

    @implements(f"fft.{name}")
    def call(a, s=None, axes=default, norm=None, out=None) -> Tensor:
        tensor = floating(tensor_of(a))
        if s is not None and axes is None:
            axes = tuple(range(-len(s), 0))
        return written(transform(tensor, s, axes, norm), out, f"fft.{name}")


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    _along_one(_name)
for _name in ("fft", "ifft", "rfft", "irfft"):
    _along_several(f"{_name}n", None)
    _along_several(f"{_name}2", (-2, -1))


def _shift(name: str) -> None:
    @implements(f"fft.{name}")
    def call(x, axes=None) -> Tensor:
        tensor = tensor_of(x)
        return getattr(transforms, name)(tensor, axes_of(axes, tensor.ndim))


_shift("fftshift")
_shift("ifftshift")
