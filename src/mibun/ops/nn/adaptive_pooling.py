"""Pooling to a given size: an image is cut into as many windows of about equal size.

Means are linear, with `adaptive_mean_spread` as their transpose; the gradients of maxima are carried by the operators
of `unpooling.py`, which write at positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op
from ...dispatch.public import public


def _adaptive_mean(xp, input, *, sizes):
    return xp.adaptive_mean(input, sizes)


_ADAPTIVE_MEAN = {
    n: op(
        linear,
        name=f"adaptive_mean_{n}d",
        memory="channels" if n == 2 else "contiguous",
        node=f"AdaptiveAvgPool{n}DBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        vjp=lambda xp, g, input, sizes: xp.adaptive_mean_spread(g, space=tuple(input.shape[-len(sizes) :])),
    )(_adaptive_mean)
    for n in (2, 3)
}


@op(
    linear,
    name="adaptive_mean_spread",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, grad_shape, space: (xp.adaptive_mean_2d if len(space) == 2 else xp.adaptive_mean_3d)(
        g, sizes=grad_shape[-len(space) :]
    ),
)
def _adaptive_mean_spread(xp, grad, *, space):
    return xp.adaptive_spread(grad, space)


def _adaptive_max(xp, input, *, sizes):
    return xp.adaptive_max(input, sizes)


_ADAPTIVE_MAX = {
    n: op(
        name=f"adaptive_max_{n}d",
        memory="channels" if n == 2 else "contiguous",
        node=f"AdaptiveMaxPool{n}DBackward0",
        flat=("input",),
        dtype=None,
        scalars=False,
        outputs=("out", "indices"),
        n_differentiable=1,
        vjp=lambda xp, g, indices, input, sizes: xp.spread_positions(
            g, indices, space=tuple(input.shape[-len(sizes) :]), add=True
        ),
        jvp=lambda xp, t, indices, sizes: (xp.read_positions(t, indices, n=len(sizes)), None),
    )(_adaptive_max)
    for n in (2, 3)
}


# --- adaptive ---


def _adaptive_sizes(function: str, n: int, input: Tensor, output_size: int | Sequence[int | None]) -> tuple[int, ...]:
    check_tensor(input, function)
    shape = input._array_.shape
    single = not isinstance(output_size, (tuple, list))
    if n > 1 and not single and len(shape) <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}, but the input is {list(shape)}")
    given = (output_size,) * n if single else tuple(output_size)
    to_one = n > 1 and len(shape) >= n and "avg" in function and all([size == 1 for size in given])  # `mean` takes any
    if len(shape) not in (n + 1, n + 2) and not to_one:
        raise RuntimeError(f"{function}(): Expected {n + 1}D or {n + 2}D tensor, but got {list(shape)}")
    if len(given) != n:
        raise RuntimeError(f"{function}: output_size must be {n}, but got {len(given)} sizes: {output_size}")
    sizes = tuple(
        [
            size if own is None else whole(own, function, "output_size")
            for own, size in zip(given, shape[-n:], strict=True)
        ]
    )
    if any([size < 0 for size in sizes]):
        raise RuntimeError(
            f"{function}: elements of output_size must be greater than or equal to 0 but received {sizes}"
        )
    for axis in range(-n, 0):
        if shape[axis] == 0:
            raise RuntimeError(
                f"{function}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes "
                f"{list(shape)} with dimension {axis % len(shape)} being empty"
            )
    return sizes


def _adaptive_averaging(function: str, n: int, input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    sizes = _adaptive_sizes(function, n, input, output_size)
    if input._array_.dtype.kind in "biuc":
        raise NotImplementedError(f"\"{function}\" not implemented for '{input.dtype.scalar_name}'")
    if n > 1 and all([size == 1 for size in sizes]):
        return input.mean(tuple(range(-n, 0)), keepdim=True)
    if n == 1:
        return apply(_ADAPTIVE_MEAN[2], (input.unsqueeze(-2),), {"sizes": (1, *sizes)}).squeeze(-2)
    return apply(_ADAPTIVE_MEAN[n], (input,), {"sizes": sizes})


@public("adaptive_avg_pool1d", method=False)
def adaptive_avg_pool1d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """Means over windows that cut (N, C, L) or (C, L) into output_size parts."""
    return _adaptive_averaging("adaptive_avg_pool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """Means over windows that cut images into a given number of parts.

    Part i of n covers the rows from floor(i * H / n) up to, not including, ceil((i + 1) * H / n).

    Args:
        input: (N, C, H, W) or (C, H, W), of a real floating dtype.
        output_size: (H', W'), the size of the result; an int for both, None for what it is.

    Raises:
        RuntimeError: for sizes that do not fit.
        NotImplementedError: for integers and complex numbers.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_avg_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[3., 4., 5.]]])
    """
    return _adaptive_averaging("adaptive_avg_pool2d", 2, input, output_size)


def adaptive_avg_pool3d(input: Tensor, output_size: int | Sequence[int | None]) -> Tensor:
    """Means over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`."""
    return _adaptive_averaging("adaptive_avg_pool3d", 3, input, output_size)


def _adaptive_maxima(
    function: str, n: int, input: Tensor, output_size: int | Sequence[int | None], return_indices: bool
) -> Tensor | tuple[Tensor, Tensor]:
    sizes = _adaptive_sizes(function, n, input, output_size)
    if input._array_.dtype.kind in "bc":
        raise NotImplementedError(f"\"{function}\" not implemented for '{input.dtype.scalar_name}'")
    if n == 1:
        out, indices = apply(_ADAPTIVE_MAX[2], (input.unsqueeze(-2),), {"sizes": (1, *sizes)})
        out, indices = out.squeeze(-2), indices.squeeze(-2)
    else:
        out, indices = apply(_ADAPTIVE_MAX[n], (input,), {"sizes": sizes})
    return (out, indices) if return_indices else out


def adaptive_max_pool1d(
    input: Tensor, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows that cut (N, C, L) or (C, L) into output_size parts."""
    return _adaptive_maxima("adaptive_max_pool1d", 1, input, output_size, return_indices)


def adaptive_max_pool2d(
    input: Tensor, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows that cut images into output_size = (H', W') parts; see `adaptive_avg_pool2d`.

    return_indices: also return their positions in the flattened H x W, int64.

    >>> import mibun as torch
    >>> torch.nn.functional.adaptive_max_pool2d(torch.arange(9.).reshape(1, 3, 3), (1, 3))
    tensor([[[6., 7., 8.]]])
    """
    return _adaptive_maxima("adaptive_max_pool2d", 2, input, output_size, return_indices)


def adaptive_max_pool3d(
    input: Tensor, output_size: int | Sequence[int | None], return_indices: bool = False
) -> Tensor | tuple[Tensor, Tensor]:
    """Maxima over windows that cut volumes into output_size parts; see `adaptive_avg_pool2d`."""
    return _adaptive_maxima("adaptive_max_pool3d", 3, input, output_size, return_indices)


# --- maxima in other forms ---


def _with_indices(pool: Callable) -> Callable:
    """The form of a max pooling in `nn.functional` that always returns indices."""

    def call(
        input: Tensor, output_size: int | Sequence[int | None], return_indices: bool = False
    ) -> tuple[Tensor, Tensor]:
        return pool(input, output_size, True)

    call.__doc__ = f"`{pool.__name__}` and the positions of the maxima, whatever `return_indices` says."
    return call


adaptive_max_pool1d_with_indices = _with_indices(adaptive_max_pool1d)
adaptive_max_pool2d_with_indices = _with_indices(adaptive_max_pool2d)
adaptive_max_pool3d_with_indices = _with_indices(adaptive_max_pool3d)


@public("adaptive_max_pool1d", method=False)
def main_adaptive_max_pool1d(input: Tensor, output_size: int | Sequence[int | None]) -> tuple[Tensor, Tensor]:
    """`nn.functional.adaptive_max_pool1d` and the positions of the maxima."""
    return adaptive_max_pool1d_with_indices(input, output_size)
