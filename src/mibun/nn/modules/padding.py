"""Padding: layers that add zeros, a constant, reflections, edge values or the other end around their input.

Each takes a number for all sides, or (left, right), (left, right, top, bottom), ...: the last axis first.
"""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from .. import functional as F
from ..common_types import _size_any_t
from .module import Module


class _PadNd(Module):
    __constants__ = ["padding"]
    padding: tuple[int, ...]
    _n = 0
    _mode = "constant"

    def __init__(self, padding: _size_any_t) -> None:
        super().__init__()
        self.padding = tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * (2 * self._n)

    def forward(self, input: Tensor) -> Tensor:
        """The input with its last axes padded."""
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPadNd(_PadNd):
    __constants__ = ["padding", "value"]
    value: float

    def __init__(self, padding: _size_any_t, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        """The input with its last axes padded."""
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """Pads the last axis with a value.

    Args:
        padding: how much, a number for both sides or (left, right).
        value: what the padding consists of.

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = left + L + right`.

    >>> import mibun as torch
    >>> torch.nn.ConstantPad1d((2, 1), 9.)(torch.tensor([[1., 2.]]))
    tensor([[9., 9., 1., 2., 9.]])
    """

    _n = 1


class ConstantPad2d(_ConstantPadNd):
    """Pads the last two axes with a value.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom): the last axis first.
        value: what the padding consists of.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or without N, with `H' = top + H + bottom` and so on.

    >>> import mibun as torch
    >>> torch.nn.ConstantPad2d((1, 0, 0, 1), 9.)(torch.ones(1, 1, 1))
    tensor([[[9., 1.],
             [9., 9.]]])
    """

    _n = 2


class ConstantPad3d(_ConstantPadNd):
    """Pads the last three axes with a value.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom, front, back): the last axis first.
        value: what the padding consists of.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, with `D' = front + D + back` and
        so on.

    >>> import mibun as torch
    >>> torch.nn.ConstantPad3d(1, 9.)(torch.ones(1, 2, 3, 4)).shape
    torch.Size([1, 4, 5, 6])
    """

    _n = 3


class _ZeroPad:
    def __init__(self, padding: _size_any_t) -> None:
        super().__init__(padding, 0.0)  # type: ignore[call-arg]

    def extra_repr(self) -> str:
        return f"{self.padding}"  # type: ignore[attr-defined]


class ZeroPad1d(_ZeroPad, ConstantPad1d):
    """Pads the last axis with zeros.

    Args:
        padding: how much, a number for both sides or (left, right).

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = left + L + right`.

    >>> import mibun as torch
    >>> torch.nn.ZeroPad1d((2, 1))(torch.tensor([[1., 2.]]))
    tensor([[0., 0., 1., 2., 0.]])
    """


class ZeroPad2d(_ZeroPad, ConstantPad2d):
    """Pads the last two axes with zeros.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom): the last axis first.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or without N, with `H' = top + H + bottom` and so on.

    >>> import mibun as torch
    >>> torch.nn.ZeroPad2d((1, 0, 0, 1))(torch.ones(1, 1, 1))
    tensor([[[0., 1.],
             [0., 0.]]])
    """


class ZeroPad3d(_ZeroPad, ConstantPad3d):
    """Pads the last three axes with zeros.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom, front, back): the last axis first.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, with `D' = front + D + back` and
        so on.

    >>> import mibun as torch
    >>> torch.nn.ZeroPad3d((1, 0, 0, 1, 0, 0))(torch.ones(1, 2, 3, 4)).shape
    torch.Size([1, 2, 4, 5])
    """


class _ReflectionPadNd(_PadNd):
    """What the three have in common."""


class ReflectionPad1d(_ReflectionPadNd):
    """Pads the last axis with its reflection in the edge, which is not repeated.

    Args:
        padding: how much, a number for both sides or (left, right).

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = left + L + right`.
        RuntimeError from the call, unless the padding is less than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.ReflectionPad1d((2, 1))(torch.tensor([[1., 2., 3.]]))
    tensor([[3., 2., 1., 2., 3., 2.]])
    """

    _n, _mode = 1, "reflect"


class ReflectionPad2d(_ReflectionPadNd):
    """Pads the last two axes with their reflections in the edges, which are not repeated.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom): the last axis first.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or without N, with `H' = top + H + bottom` and so on.
        RuntimeError from the call, unless the padding is less than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.ReflectionPad2d((1, 0, 0, 1))(torch.tensor([[[1., 2.], [3., 4.]]]))
    tensor([[[2., 1., 2.],
             [4., 3., 4.],
             [2., 1., 2.]]])
    """

    _n, _mode = 2, "reflect"


class ReflectionPad3d(_ReflectionPadNd):
    """Pads the last three axes with their reflections in the edges, which are not repeated.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom, front, back): the last axis first.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, with `D' = front + D + back` and
        so on. RuntimeError from the call, unless the padding is less than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.ReflectionPad3d(1)(torch.ones(1, 2, 3, 4)).shape
    torch.Size([1, 4, 5, 6])
    """

    _n, _mode = 3, "reflect"


class _ReplicationPadNd(_PadNd):
    """What the three have in common."""


class ReplicationPad1d(_ReplicationPadNd):
    """Pads the last axis with its edge values, repeated.

    Args:
        padding: how much, a number for both sides or (left, right).

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = left + L + right`.

    >>> import mibun as torch
    >>> torch.nn.ReplicationPad1d((2, 1))(torch.tensor([[1., 2., 3.]]))
    tensor([[1., 1., 1., 2., 3., 3.]])
    """

    _n, _mode = 1, "replicate"


class ReplicationPad2d(_ReplicationPadNd):
    """Pads the last two axes with their edge values, repeated.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom): the last axis first.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or without N, with `H' = top + H + bottom` and so on.

    >>> import mibun as torch
    >>> torch.nn.ReplicationPad2d((1, 0, 0, 1))(torch.tensor([[[1., 2.], [3., 4.]]]))
    tensor([[[1., 1., 2.],
             [3., 3., 4.],
             [3., 3., 4.]]])
    """

    _n, _mode = 2, "replicate"


class ReplicationPad3d(_ReplicationPadNd):
    """Pads the last three axes with their edge values, repeated.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom, front, back): the last axis first.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, with `D' = front + D + back` and
        so on.

    >>> import mibun as torch
    >>> torch.nn.ReplicationPad3d(1)(torch.ones(1, 2, 3, 4)).shape
    torch.Size([1, 4, 5, 6])
    """

    _n, _mode = 3, "replicate"


class _CircularPadNd(_PadNd):
    """What the three have in common."""


class CircularPad1d(_CircularPadNd):
    """Pads the last axis with its other end, as if it were a ring.

    Args:
        padding: how much, a number for both sides or (left, right).

    Shape:
        input (N, C, L) or (C, L), output (N, C, L') or (C, L'), with `L' = left + L + right`.
        RuntimeError from the call, where the padding is more than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.CircularPad1d((2, 1))(torch.tensor([[1., 2., 3.]]))
    tensor([[2., 3., 1., 2., 3., 1.]])
    """

    _n, _mode = 1, "circular"


class CircularPad2d(_CircularPadNd):
    """Pads the last two axes with their other ends, as if they were rings.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom): the last axis first.

    Shape:
        input (N, C, H, W) or (C, H, W), output (N, C, H', W') or without N, with `H' = top + H + bottom` and so on.
        RuntimeError from the call, where the padding is more than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.CircularPad2d((1, 0, 0, 1))(torch.tensor([[[1., 2.], [3., 4.]]]))
    tensor([[[2., 1., 2.],
             [4., 3., 4.],
             [2., 1., 2.]]])
    """

    _n, _mode = 2, "circular"


class CircularPad3d(_CircularPadNd):
    """Pads the last three axes with their other ends, as if they were rings.

    Args:
        padding: how much, a number for all sides or (left, right, top, bottom, front, back): the last axis first.

    Shape:
        input (N, C, D, H, W) or (C, D, H, W), output (N, C, D', H', W') or without N, with `D' = front + D + back` and
        so on. RuntimeError from the call, where the padding is more than the size of its axis.

    >>> import mibun as torch
    >>> torch.nn.CircularPad3d(1)(torch.ones(1, 2, 3, 4)).shape
    torch.Size([1, 4, 5, 6])
    """

    _n, _mode = 3, "circular"


__all__: list[Any] = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]
