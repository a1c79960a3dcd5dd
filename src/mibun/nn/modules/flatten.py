"""Layers that change the shape alone: several axes into one, and one into several."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor
from .module import Module, typename


class Flatten(Module):
    """Joins the axes `start_dim` to `end_dim` into one; by default all but the first, which counts samples.

    Args:
        start_dim, end_dim: the first and the last of the axes, both included.

    Shape:
        input (N, *), output (N, product of the others), with the default arguments. Of any dtype; a view where it can
        be.

    >>> import mibun as torch
    >>> torch.nn.Flatten()(torch.ones(5, 2, 3)).shape
    torch.Size([5, 6])
    """

    __constants__ = ["start_dim", "end_dim"]
    start_dim: int
    end_dim: int

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        """The input with the axes joined."""
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Splits an axis into several: undoes `Flatten`.

    Args:
        dim: the axis.
        unflattened_size: the sizes, a tuple or list, whose product is that of the axis; one may be -1.

    Shape:
        input (*, S, *), output (*, *unflattened_size, *). Of any dtype; a view.

    Raises:
        TypeError: `dim` is no int, or `unflattened_size` no tuple or list of ints. RuntimeError: from the call, where
        the
            product is another.

    >>> import mibun as torch
    >>> torch.nn.Unflatten(1, (2, 3))(torch.ones(5, 6)).shape
    torch.Size([5, 2, 3])
    """

    __constants__ = ["dim", "unflattened_size"]
    dim: int
    unflattened_size: tuple[int, ...] | list[int]

    def __init__(self, dim: int, unflattened_size: tuple[int, ...] | list[int]) -> None:
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError(f"Unflatten: dim must be an int, as axes have no names here, but got {typename(dim)}")
        self._require_sizes(unflattened_size)
        self.dim = dim
        self.unflattened_size = unflattened_size

    def _require_sizes(self, sizes: Any) -> None:
        if not isinstance(sizes, (tuple, list)):
            raise TypeError(f"unflattened_size must be a tuple of ints, but found type {typename(sizes)}")
        for index, size in enumerate(sizes):
            if not isinstance(size, int):
                raise TypeError(
                    f"unflattened_size must be tuple of ints, but found element of type {typename(size)} at pos {index}"
                )

    def forward(self, input: Tensor) -> Tensor:
        """The input with the axis split."""
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
