"""`functorch.experimental`: other places of names of `torch.func`."""

from __future__ import annotations

from typing import Any

from ..func import functionalize, hessian, jacfwd, jvp, replace_all_batch_norm_modules_, vmap
from ..func.vectorization import batch_size


def chunk_vmap(func: Any, in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", chunks: int = 2) -> Any:
    """`torch.func.vmap` in so many chunks, one after the other. ValueError for less than one chunk.

    >>> import mibun as torch
    >>> from mibun.functorch.experimental import chunk_vmap
    >>> chunk_vmap(torch.sum, chunks=2)(torch.ones(4, 3))
    tensor([3., 3., 3., 3.])
    """
    if chunks < 1:
        raise ValueError(f"chunk_vmap: chunks should be at least 1, got {chunks}")
    if chunks == 1:
        return vmap(func, in_dims=in_dims, out_dims=out_dims, randomness=randomness)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        size = batch_size(in_dims, args, func)
        mapped = vmap(func, in_dims, out_dims, randomness, chunk_size=max(1, -(-size // chunks)))
        return mapped(*args, **kwargs)

    return wrapped


__all__ = [
    "chunk_vmap",
    "functionalize",
    "hessian",
    "jacfwd",
    "jvp",
    "replace_all_batch_norm_modules_",
]
