"""`gradient`: numerical derivatives from values at points."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.dtypes import get_default_dtype
from ...core.tensor import Tensor
from ...dispatch.apply import SCALARS
from ...dispatch.arguments import check_tensor, wrap_dims
from ...dispatch.numbers import scalar
from ...dispatch.public import public
from ..indexing.slicing import slice_along
from ..shape.joining import cat

# Over points x0 < x1 < x2 with distances a = x1 - x0 and b = x2 - x1, the parabola through three values has at x0,
# x1, x2 the slopes below (Fornberg, Math. Comp. 51, 1988).


def _edge(values: tuple, a: Tensor | float, b: Tensor | float, order: int) -> Tensor:
    """The slope at the first of the points; a and b negative for the last, seen from there."""
    first, second, third = values
    if order == 1:
        return (second - first) / a
    return first * (-(2 * a + b) / (a * (a + b))) + second * ((a + b) / (a * b)) - third * (a / (b * (a + b)))


def _along(input: Tensor, dim: int, spacing: Tensor | float, order: int) -> Tensor:
    """The derivative along one dimension. spacing: a number, or the coordinates as a Tensor."""
    n = input._array_.shape[dim]

    def at(i: int) -> Tensor:
        return slice_along(input, dim, i % n, i % n + 1)

    if isinstance(spacing, Tensor):
        steps = spacing[1:] - spacing[:-1]

        def distance(i: int) -> Tensor | float:
            return steps[i]

        shape = [1] * input._array_.ndim
        shape[dim] = n - 2
        a, b = steps[:-1].reshape(shape), steps[1:].reshape(shape)
    else:

        def distance(i: int) -> Tensor | float:
            return spacing

        a = b = spacing
    last = min(2, n - 1)
    first = _edge((at(0), at(1), at(last)), distance(0), distance(min(1, n - 2)), order)
    final = _edge((at(-1), at(-2), at(-1 - last)), -distance(-1), -distance(max(-2, 1 - n)), order)
    parts = [first]
    if n > 2:
        low, middle, high = [slice_along(input, dim, i, n - 2 + i) for i in range(3)]
        if isinstance(spacing, Tensor):
            parts.append(high * (a / (b * (a + b))) + middle * ((b - a) / (a * b)) - low * (b / (a * (a + b))))
        else:
            parts.append((high - low) / (2 * a))
    return cat([*parts, final], dim)


@public("gradient", method=False)
def gradient(
    input: Tensor,
    *,
    spacing: float | Sequence[float | Tensor] | None = None,
    dim: int | Sequence[int] | None = None,
    edge_order: int = 1,
) -> tuple[Tensor, ...]:
    """The derivatives along dimensions of values on a grid, by finite differences.

    Args:
        input: of any dtype but uint8 and bool; integers count as the default dtype.
        spacing: the distance of the points, one for all or a list with one for each dimension; or a list of Tensors
            with their coordinates, one for each dimension. By default 1.
        dim: one dimension or several; by default all.
        edge_order: 1 or 2, how exact the outermost values are; those inside are exact for parabolas.

    Returns:
        a tuple of Tensors of the input's shape, one for each dimension.

    Raises:
        RuntimeError: where there are too few points or spacings.

    Source: the slopes of the parabola through three points, Fornberg, Math. Comp. 51 (1988).

    >>> import mibun as torch
    >>> torch.gradient(torch.tensor([1., 4., 9., 16.]))
    (tensor([3., 4., 6., 7.]),)
    """
    check_tensor(input, "gradient")
    shape = input._array_.shape
    if input._array_.dtype.name == "uint8":
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    dims = tuple(range(len(shape))) if dim is None else wrap_dims(dim, len(shape), "gradient")
    if isinstance(spacing, Tensor):
        if spacing._array_.ndim:
            raise TypeError(
                "gradient() received an invalid combination of arguments - got spacing=Tensor: coordinates are "
                "given as a "
                "list of Tensors, one for each dimension"
            )
        spacing = scalar(spacing, "gradient", "spacing")
    if spacing is None:
        spacing = 1
    if isinstance(spacing, SCALARS):
        spacings: list = [spacing] * len(dims)
    else:
        spacings = list(spacing)
        if len(spacings) != len(dims):
            reason = (
                f"'self.dim() = {len(shape)}', since dim argument was not given"
                if dim is None
                else f"'dim' argument (length {len(dims)})"
            )
            raise RuntimeError(
                "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
                f"{reason}, but got a list of length {len(spacings)}"
            )
    for d in dims:
        if shape[d] < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    for d, values in zip(dims, spacings, strict=True):
        if isinstance(values, Tensor) and values._array_.ndim and values._array_.shape != (shape[d],):
            raise RuntimeError(
                f"torch.gradient expected each spacing tensor to have one coordinate per element of its dimension: "
                f"{shape[d]} for dimension {d}, but got {list(values._array_.shape)}"
            )
    if input._array_.dtype.kind == "i":
        input = input.to(get_default_dtype())
    return tuple([_along(input, d, values, edge_order) for d, values in zip(dims, spacings, strict=True)])
