"""`torch._functorch.vmap`: types of arguments, and how many examples are in each chunk."""

from typing import Any

from ..func.vectorization import chunk_sizes as get_chunk_sizes

in_dims_t = int | tuple[Any, ...]
out_dims_t = int | tuple[int, ...] | None

__all__ = ["get_chunk_sizes", "in_dims_t", "out_dims_t"]
