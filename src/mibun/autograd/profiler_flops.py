"""How many floating-point operations an operator makes, for `profile(with_flops=True)`.

Counted are matrix products and convolutions (a multiplication and an addition for each pair of elements that meet) and
the elementwise sums and products; other operators have no count, as in PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..core.tensor import Tensor
from ..ops.aten import aten_name

_ELEMENTWISE = ("add", "sub", "mul", "div")
_PRODUCTS = ("mm", "bmm", "mv", "dot", "vdot", "matmul", "addmm", "addmv", "addbmm", "baddbmm")


def flops(op: Any, operands: Sequence, result: Any) -> int | None:
    """The number of floating-point operations of one application; None for an operator that is not counted."""
    name = aten_name(op)
    shape = tuple(getattr(result, "shape", ()))
    if name in _ELEMENTWISE:
        return math.prod(shape)
    shapes = [tuple(operand.shape) for operand in operands if isinstance(operand, Tensor)]
    if name in _PRODUCTS and len(shapes) >= 2:
        if name.startswith("add") or name.startswith("badd"):
            shapes = shapes[-2:]  # the two factors come after what their product is added to
        inner = shapes[0][-1] if shapes[0] else 1
        if name == "addbmm":
            inner *= shapes[0][0]
        return 2 * math.prod(shape) * inner
    if name == "convolution" and len(shapes) >= 2:
        image, kernel = shapes[:2]
        if op.name == "convolve_weights":  # from the gradient of the result and the image
            return 2 * math.prod(image) * math.prod(shape[1:])
        # Every element of the result (of the image, if transposed) meets one kernel of one output (input) channel.
        transposed = op.name == "convolve_transposed"
        return 2 * math.prod(image if transposed else shape) * math.prod(kernel[1:])
    return None


__all__ = ["flops"]
