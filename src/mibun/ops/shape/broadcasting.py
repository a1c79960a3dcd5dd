"""Expanding to a larger shape without a copy: expand, broadcast_to, broadcast_tensors, broadcast_shapes."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from ...core.size import Size
from ...core.tensor import Tensor
from ...dispatch.apply import check_broadcast
from ...dispatch.arguments import check_tensor, sizes_of
from ...dispatch.declare import linear, op
from ...dispatch.public import public
from .joining import tensors_given


@public("broadcast_tensors", method=False)
def broadcast_tensors(*tensors: Tensor | Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The tensors expanded to the shape that they broadcast to.

    >>> import mibun as torch
    >>> torch.broadcast_tensors(torch.tensor([[1], [2]]), torch.tensor([3, 4]))[1]
    tensor([[3, 4],
            [3, 4]])
    """
    given = tensors_given(tensors, "broadcast_tensors")
    if not given:
        return ()
    shapes = [tensor._array_.shape for tensor in given]
    check_broadcast(shapes)
    shape = tuple(np.broadcast_shapes(*shapes))
    return tuple([tensor if tensor._array_.shape == shape else tensor.expand(shape) for tensor in given])


@public("broadcast_shapes", method=False)
def broadcast_shapes(*shapes: int | Sequence[int]) -> Size:
    """The shape that shapes (ints or sequences of ints) broadcast to.

    >>> import mibun as torch
    >>> torch.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """

    given = [sizes_of((shape,), "broadcast_shapes", "shapes") for shape in shapes]
    for shape in given:
        if any([n < 0 for n in shape]):
            raise RuntimeError(f"Trying to create tensor with negative dimension: {list(shape)}")
    if given:
        check_broadcast(given)
    return Size(np.broadcast_shapes(*given))


@op(linear, name="expand", view=True, dtype=None, vjp=lambda xp, g, input_shape: xp.sum_to(g, input_shape))
def _expand(xp, input, *, shape):
    return xp.broadcast_to(input, shape)


def expand_shape(own: tuple[int, ...], sizes: tuple[int, ...], input: Tensor) -> tuple[int, ...]:
    """The shape that `expand(sizes)` gives, -1 meaning unchanged; or PyTorch's error."""
    lead = len(sizes) - len(own)
    if lead < 0:
        raise RuntimeError(
            f"expand(torch.{input.dtype.scalar_name}Tensor{{{list(own)}}}, size={list(sizes)}): the number of sizes "
            f"provided ({len(sizes)}) must be greater or equal to the number of dimensions in the tensor ({len(own)})"
        )
    shape = []
    for i, wanted in enumerate(sizes):
        if i < lead:
            if wanted < 0:
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) isn't allowed in a leading, non-existing dimension {i}"
                )
        else:
            size = own[i - lead]
            if wanted == -1:
                wanted = size
            elif wanted != size and (size != 1 or wanted < 0):
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) must match the existing size ({size}) at "
                    f"non-singleton dimension {i}.  Target sizes: {list(sizes)}.  Tensor sizes: {list(own)}"
                )
        shape.append(wanted)
    return tuple(shape)


@public("expand", function=False)
def expand(
    self: Tensor, *args: int | Sequence[int], size: int | Sequence[int] | None = None, implicit: bool = False
) -> Tensor:
    """Repeat dimensions of size 1, and new leading ones, without a copy.

    Args:
        size: the sizes of the result, separately or as one sequence; -1 leaves a dimension as it is.
        implicit: without effect, in PyTorch as well.

    Returns:
        a view, of which several elements share memory; the gradient is summed over them.

    Raises:
        RuntimeError: where a dimension of another size than 1 would change, or there are fewer sizes than dimensions.

    >>> import mibun as torch
    >>> torch.tensor([[1], [2]]).expand(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    if size is None and not args:
        raise TypeError('expand() missing 1 required positional arguments: "size"')
    sizes = sizes_of(args if size is None else (size,), "expand")
    own = self._array_.shape
    shape = _fitting(own, sizes)
    return _expand.one(self, {"shape": expand_shape(own, sizes, self) if shape is None else shape})


@functools.lru_cache(1000)
def _fitting(own: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...] | None:
    """`expand_shape`, remembered; None where there is something wrong with the sizes."""
    lead = len(sizes) - len(own)
    shape = tuple([own[i - lead] if size == -1 and i >= lead >= 0 else size for i, size in enumerate(sizes)])
    fits = lead >= 0 and min(shape, default=0) >= 0
    return shape if fits and all([size in (1, n) for size, n in zip(own, shape[lead:], strict=True)]) else None


@public("expand_as", function=False)
def expand_as(self: Tensor, other: Tensor) -> Tensor:
    """`self.expand(other.size())`."""
    check_tensor(other, "expand_as", "other")
    return expand(self, other._array_.shape)


@public("broadcast_to")
def broadcast_to(input: Tensor, *args: int | Sequence[int], size: int | Sequence[int] | None = None) -> Tensor:
    """The input expanded to a shape that it broadcasts to. A view; see `Tensor.expand`.

    size: ints, separately (as a method) or as one sequence. RuntimeError where the input does not broadcast to it.

    >>> import mibun as torch
    >>> torch.broadcast_to(torch.tensor([1, 2]), (2, 2))
    tensor([[1, 2],
            [1, 2]])
    """
    check_tensor(input, "broadcast_to")
    return expand(input, *args, size=size)
