"""Windows of images as the columns of a matrix (`unfold`), and back (`fold`): transposes of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import linear, op


@op(
    linear,
    name="image_to_columns",
    node="Im2ColBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, input_shape, window, stride, padding, dilation: xp.columns_to_image(
        g, space=input_shape[-2:], window=window, stride=stride, padding=padding, dilation=dilation
    ),
)
def _unfold(xp, input, *, window, stride, padding, dilation):
    return xp.window_columns(input, window, stride, padding, dilation)


@op(
    linear,
    name="columns_to_image",
    node="Col2ImBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, window, stride, padding, dilation: xp.image_to_columns(
        g, window=window, stride=stride, padding=padding, dilation=dilation
    ),
)
def _fold(xp, input, *, space, window, stride, padding, dilation):
    return xp.spread_columns(input, space, window, stride, padding, dilation)


def _pair(value: int | Sequence[int], function: str, name: str) -> tuple[int, int]:
    if isinstance(value, (tuple, list)):
        if len(value) not in (1, 2):
            raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
        first, second = (value[0], value[-1])
        return whole(first, function, name), whole(second, function, name)
    number = whole(value, function, name)
    return number, number


def _geometry(
    function: str,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int],
    padding: int | Sequence[int],
    stride: int | Sequence[int],
) -> dict[str, tuple[int, int]]:
    geometry = {
        "window": _pair(kernel_size, function, "kernel_size"),
        "stride": _pair(stride, function, "stride"),
        "padding": _pair(padding, function, "padding"),
        "dilation": _pair(dilation, function, "dilation"),
    }
    for name in ("window", "stride", "dilation"):
        if min(geometry[name]) <= 0:
            word = "kernel size" if name == "window" else name
            raise RuntimeError(f"{word} should be greater than zero, but got {geometry[name]}")
    if min(geometry["padding"]) < 0:
        raise RuntimeError(f"padding should be non-negative, but got {geometry['padding']}")
    return geometry


def _block_counts(space: tuple, geometry: dict) -> tuple[int, ...]:
    return tuple(
        [
            (size + 2 * p - d * (k - 1) - 1) // s + 1
            for size, k, s, p, d in zip(
                space, geometry["window"], geometry["stride"], geometry["padding"], geometry["dilation"], strict=True
            )
        ]
    )


def unfold(
    input: Tensor,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """The windows of images as columns: (N, C, H, W) or (C, H, W) -> (N, C * kH * kW, windows).

    Args:
        kernel_size: (kH, kW), or an int for both, as all that follow.
        dilation: from element to element within a window.
        padding: zeros added at both ends.
        stride: from window to window.

    Raises:
        RuntimeError: for sizes that do not fit.

    >>> import mibun as torch
    >>> torch.nn.functional.unfold(torch.arange(6.).reshape(1, 1, 2, 3), (2, 2))
    tensor([[[0., 1.],
             [1., 2.],
             [3., 4.],
             [4., 5.]]])
    """
    check_tensor(input, "im2col")
    shape = input._array_.shape
    if len(shape) not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {list(shape)}"
        )
    geometry = _geometry("unfold", kernel_size, dilation, padding, stride)
    counts = _block_counts(shape[-2:], geometry)
    if min(counts) < 1:
        raise RuntimeError(
            f"Given input with spatial size ({shape[-2]}, {shape[-1]}), kernel_size={geometry['window']}, "
            f"dilation={geometry['dilation']}, padding={geometry['padding']}, calculated shape of the array of sliding "
            f"blocks as ({counts[0]}, {counts[1]}), but its components must be at least one."
        )
    return apply(_unfold, (input,), geometry)


def fold(
    input: Tensor,
    output_size: int | Sequence[int],
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
) -> Tensor:
    """Columns added up as windows of images: (N, C * kH * kW, windows) -> (N, C, *output_size), unfold's transpose.

    output_size: (H, W), or an int for both; the other arguments and errors are as for `unfold`.

    >>> import mibun as torch
    >>> torch.nn.functional.fold(torch.ones(1, 4, 2), (2, 3), (2, 2))
    tensor([[[[1., 2., 1.],
              [1., 2., 1.]]]])
    """
    check_tensor(input, "col2im")
    shape = input._array_.shape
    if len(shape) not in (2, 3):
        raise RuntimeError(
            f"Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {list(shape)}"
        )
    geometry = _geometry("fold", kernel_size, dilation, padding, stride)
    space = _pair(output_size, "fold", "output_size")
    places = math.prod(geometry["window"])
    if shape[-2] % places:
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={shape[-2]} and kernel_size={geometry['window']}."
        )
    counts = _block_counts(space, geometry)
    if min(counts) < 1 or math.prod(counts) != shape[-1]:
        raise RuntimeError(
            f"Given output_size={space}, kernel_size={geometry['window']}, dilation={geometry['dilation']}, padding="
            f"{geometry['padding']}, stride={geometry['stride']}, expected size of input's dimension 2 to match the "
            f"calculated number of sliding blocks {counts[0]} * {counts[1]} = {math.prod(counts)}, but got "
            f"input.size(2)={shape[-1]}."
        )
    params = {**geometry, "space": space}
    return apply(_fold, (input,), params)
