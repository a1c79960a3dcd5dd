"""A batch of tangents through a function at once, in forward mode: `functional.jacobian`, `gradcheck`.

The tangents are batched (see `xp/batched/`), the values are not: the function runs once, each operator's rule on all of
the tangents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..core.batching import Level
from ..ops.shape.examples import batch_in, batch_out
from . import forward_ad


def push_forward(
    func: Callable, points: Sequence, tangents: Sequence, randomness: str = "error"
) -> tuple[bool, tuple, list]:
    """(what `func` says of its outputs, the outputs without tangents, their tangents with the batch as last axis).

    func: gives (anything, a tuple of Tensors). points: Tensors. tangents: for each a Tensor of its shape with the batch
    as first axis, or None. The tangent of an output that depends on nothing is None. randomness: what happens to random
    numbers in the function, as for `vmap`.
    """
    size = next((tangent._array_.shape[0] for tangent in tangents if tangent is not None), 0)
    if size == 0:
        told, outputs = func(*points)
        return told, outputs, [None] * len(outputs)
    with Level("vmap", size, randomness, implicit=True) as level, forward_ad.dual_level():
        duals = [
            point
            if tangent is None
            else forward_ad.make_dual(point, batch_in(tangent, dim=0, level=level.number, size=size))
            for point, tangent in zip(points, tangents, strict=True)
        ]
        told, outputs = func(*duals)
        pairs = [forward_ad.unpack_dual(output) for output in outputs]
        found = [
            None if tangent is None else batch_out(tangent, dim=tangent.dim(), level=level.number, size=size)
            for _, tangent in pairs
        ]
    return told, tuple([primal for primal, _ in pairs]), found


__all__ = ["push_forward"]
