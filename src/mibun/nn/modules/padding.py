"""Padding: layers that add zeros, a constant, reflections, edge values or the other end around their input.

Each takes a number for all sides, or (left, right), (left, right, top, bottom), ...: the last axis first.
"""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from .module import Module


class _PadNd(Module):
    __constants__ = ["padding"]
    _n = 0
    _mode = "constant"

    def __init__(self, padding: int | tuple) -> None:
        super().__init__()
        self.padding = tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * (2 * self._n)

    def forward(self, input: Tensor) -> Tensor:
        """The input with its last axes padded."""
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPadNd(_PadNd):
    __constants__ = ["padding", "value"]

    def __init__(self, padding: int | tuple, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        """The input with its last axes padded."""
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """Pads the last axis with a value."""

    _n = 1


class ConstantPad2d(_ConstantPadNd):
    """Pads the last two axes with a value."""

    _n = 2


class ConstantPad3d(_ConstantPadNd):
    """Pads the last three axes with a value."""

    _n = 3


class _ZeroPad:
    def __init__(self, padding: int | tuple) -> None:
        super().__init__(padding, 0.0)  # type: ignore[call-arg]

    def extra_repr(self) -> str:
        return f"{self.padding}"  # type: ignore[attr-defined]


class ZeroPad1d(_ZeroPad, ConstantPad1d):
    """Pads the last axis with zeros."""


class ZeroPad2d(_ZeroPad, ConstantPad2d):
    """Pads the last two axes with zeros.

    >>> import mibun as torch
    >>> torch.nn.ZeroPad2d((1, 0, 0, 1))(torch.ones(1, 1, 1))
    tensor([[[0., 1.],
             [0., 0.]]])
    """


class ZeroPad3d(_ZeroPad, ConstantPad3d):
    """Pads the last three axes with zeros."""


class ReflectionPad1d(_PadNd):
    """Pads the last axis with its reflection in the edge, which is not repeated."""

    _n, _mode = 1, "reflect"


class ReflectionPad2d(_PadNd):
    """Pads the last two axes with their reflection in the edges, which are not repeated."""

    _n, _mode = 2, "reflect"


class ReflectionPad3d(_PadNd):
    """Pads the last three axes with their reflection in the edges, which are not repeated."""

    _n, _mode = 3, "reflect"


class ReplicationPad1d(_PadNd):
    """Pads the last axis with its edge values."""

    _n, _mode = 1, "replicate"


class ReplicationPad2d(_PadNd):
    """Pads the last two axes with their edge values."""

    _n, _mode = 2, "replicate"


class ReplicationPad3d(_PadNd):
    """Pads the last three axes with their edge values."""

    _n, _mode = 3, "replicate"


class CircularPad1d(_PadNd):
    """Pads the last axis with its other end."""

    _n, _mode = 1, "circular"


class CircularPad2d(_PadNd):
    """Pads the last two axes with their other ends."""

    _n, _mode = 2, "circular"


class CircularPad3d(_PadNd):
    """Pads the last three axes with their other ends."""

    _n, _mode = 3, "circular"


__all__: list[Any] = [
    "CircularPad1d", "CircularPad2d", "CircularPad3d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d",
    "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d",
    "ZeroPad1d", "ZeroPad2d", "ZeroPad3d",
]  # fmt: skip
