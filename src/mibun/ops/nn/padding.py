"""Padding: constant, by reflection, by repetition of the edge, and circular.

Apart from the constant, every padded element is a copy of one of the input's, so these are all one operator: reading
with an index for each axis. Its transpose adds up by the same indices.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from ...core.tensor import Tensor
from ...dispatch.apply import apply
from ...dispatch.arguments import check_tensor, whole
from ...dispatch.declare import Op, linear, op
from ...dispatch.public import public


@op(
    name="pad_constant",
    memory="channels",
    node="ConstantPadNdBackward0",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, pads: xp.pad_constant(g, pads=tuple([(-a, -b) for a, b in pads]), value=0),
    jvp=lambda xp, t, pads: xp.pad_constant(t, pads=pads, value=0),
)
def _pad_constant(xp, input, *, pads, value):
    return xp.pad_with(input, pads, value)


def _read(xp, input, *, sources):
    return xp.take_padded(input, sources)


def _declare(node: str, flat: tuple[str, ...] = ("input",)) -> Op:
    return op(
        linear,
        name="pad_by_" + node,
        memory="contiguous" if node.startswith("Circular") else "channels",
        node=node,
        flat=flat,
        dtype=None,
        scalars=False,
        vjp=lambda xp, g, input, sources: xp.pad_spread(g, shape=tuple(input.shape), sources=sources),
    )(_read)


@op(
    linear,
    name="pad_spread",
    dtype=None,
    scalars=False,
    vjp=lambda xp, g, sources: xp.pad_by_ReplicationPad1DBackward0(g, sources=sources),
)
def _pad_spread(xp, grad, *, shape, sources):
    for axis, index, _, _ in reversed(sources):
        grad = xp.add_along(grad, xp.asarray(index), shape[axis], axis)
    return grad


_REFLECT = {n: _declare(f"ReflectionPad{n}DBackward0") for n in (1, 2, 3)}
_REPLICATE = {n: _declare(f"ReplicationPad{n}DBackward0") for n in (1, 2, 3)}
_CIRCULAR = _declare("CircularPadBackward0", flat=())  # in PyTorch it is made of copies


@functools.lru_cache(32)
def _source(mode: str, axis: int, size: int, before: int, after: int) -> tuple[int, np.ndarray, int, int]:
    """(axis, index, start, stop): what each padded element is read from; from start to stop that follows each other."""
    index = np.arange(-before, size + after)
    if mode == "replicate":
        index = np.clip(index, 0, size - 1)
    elif mode == "circular":  # what negative widths cut off does not come round again
        first, last = max(-before, 0), size + min(after, 0)
        index = first + (index - first) % (last - first)
    else:
        index = np.abs(index)
        index = np.where(index >= size, 2 * (size - 1) - index, index)
    index.flags.writeable = False  # (it is kept for the next call)
    return axis, index, max(before, 0), len(index) - max(after, 0)


def pad(input: Tensor, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Tensor:
    """Pad the last dimensions: `pad` = (before, after) of the last one, then of the one before it, and so on.

    Args:
        input: of any shape and dtype for "constant", else (N, C, *) or (C, *) with up to three spatial dimensions, of
            which all are padded.
        pad: an even number of widths; negative ones cut.
        mode: "constant"; or "reflect" (without the edge itself), "replicate" (the edge) or "circular".
        value: the constant, by default 0.

    Raises:
        RuntimeError: for widths that do not fit.
        NotImplementedError: for modes and numbers of dimensions that do not go together.

    >>> import mibun as torch
    >>> torch.nn.functional.pad(torch.tensor([[[1., 2., 3.]]]), (2, 1), mode="reflect")
    tensor([[[3., 2., 1., 2., 3., 2.]]])
    """
    return _padded(input, pad, mode, value)


def _padded(input: Tensor, given: Sequence[int], mode: str, value: float | None) -> Tensor:
    check_tensor(input, "pad")
    widths = [whole(width, "pad", "pad") for width in given]
    shape = input._array_.shape
    ndim = len(shape)
    if len(widths) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(widths) > 2 * ndim:
        raise RuntimeError(
            f"Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(widths)} and input of dimension {ndim}"
        )
    pairs = [(widths[i], widths[i + 1]) for i in range(0, len(widths), 2)][::-1]
    n = len(pairs)
    if mode == "constant":
        full = tuple([(0, 0)] * (ndim - n) + pairs)
        for dim, (size, (before, after)) in enumerate(zip(shape, full, strict=True)):
            if size + min(before, 0) < 0 or size + min(before, 0) + min(after, 0) < 0:  # (it is cropped first)
                raise RuntimeError(
                    f"narrow(): length must be non-negative. The input size {size}, plus negative padding {before} and "
                    f"{after} resulted in a negative output size, which is invalid. Check dimension {dim} of your "
                    "input."
                )
        return apply(_pad_constant, (input,), {"pads": full, "value": 0 if value is None else value})
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in ("reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if n not in (1, 2, 3) or ndim not in (n + 1, n + 2):
        raise NotImplementedError(
            f"Padding size {len(widths)} is not supported for {ndim}D input tensor. Supported combinations for "
            "non-constant padding: 2 for (C, L) and (N, C, L), 4 for (C, H, W) and (N, C, H, W), 6 for volumes."
        )
    return _pad_by_copies(input, pairs, mode, n)


def _pad_by_copies(input: Tensor, pairs: list[tuple[int, int]], mode: str, n: int) -> Tensor:
    shape = input._array_.shape
    sources = []
    for axis, (before, after) in enumerate(pairs, len(shape) - n):
        size = shape[axis]
        if mode == "reflect" and (before >= size or after >= size):
            raise RuntimeError(
                f"Argument #{2 * (n - (axis - len(shape) + n))}: Padding size should be less than the corresponding "
                f"input dimension, but got: padding ({before}, {after}) at dimension {axis} of input {list(shape)}"
            )
        if mode == "circular" and (before > size or after > size):
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if size + before + after < 1 or size == 0:
            raise RuntimeError(
                f"input (size {size}) is too small: padding ({before}, {after}) of dimension {axis} leaves nothing"
            )
        if before or after:
            sources.append(_source(mode, axis, size, before, after))
    record = _CIRCULAR if mode == "circular" else (_REFLECT if mode == "reflect" else _REPLICATE)[n]
    return apply(record, (input,), {"sources": tuple(sources)})


@public("constant_pad_nd", method=False)
def constant_pad_nd(input: Tensor, pad: Sequence[int], value: float = 0) -> Tensor:
    """`nn.functional.pad` with a constant: `pad` = (before, after) of the last dimension, then of those before it."""
    return _padded(input, pad, "constant", value)
