"""`hash_tensor`: a number that changes when any element does, most likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import check_tensor
from ...dispatch.overloads import finish
from ...dispatch.public import public
from .arguments import reduced_dims


@public("hash_tensor")
def hash_tensor(
    input: Tensor, dim: int | Sequence[int] = (), *, keepdim: bool = False, mode: int = 0, out: Tensor | None = None
) -> Tensor:
    """The exclusive or of the bits of all elements, as 64-bit numbers (float64 or int64), over dimensions: uint64.

    dim: an int or several, all unless given. mode: 0, the only one. RuntimeError for another mode and for an empty
    tensor without `dim`, NotImplementedError for complex numbers.

    >>> import mibun as torch
    >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
    tensor(7, dtype=torch.uint64)
    """
    check_tensor(input, "hash_tensor")
    if mode != 0:
        raise RuntimeError(f"Unknown hash_tensor mode: {mode}")
    array = np.asarray(input._array_)
    if array.dtype.kind == "c":
        raise NotImplementedError(f"\"xor_sum_cpu\" not implemented for '{input.dtype.scalar_name}'")
    if not array.size and not isinstance(dim, int) and not dim:
        raise RuntimeError(
            "hash_tensor: Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
            "with the 'dim' argument."
        )
    dims = reduced_dims(input, dim if isinstance(dim, int) or dim else None, "hash_tensor")
    wide = array.astype(np.int64 if array.dtype.kind in "biu" else np.float64).view(np.uint64)
    return finish(wrap(np.bitwise_xor.reduce(wide, axis=dims, keepdims=keepdim)), out, "hash_tensor")
