"""Copies and sums of tensors on several GPUs: AttributeErrors, as of PyTorch where it has no CUDA."""

from __future__ import annotations

from ..compat.absent_devices import Functions
from ._utils import attribute_error

_functions = Functions(globals())
_functions.refusing(
    """
    broadcast(tensor, devices=None, *, out=None) broadcast_coalesced(tensors, devices, buffer_size=10485760)
    gather(tensors, dim=0, destination=None, *, out=None) reduce_add(inputs, destination=None)
    reduce_add_coalesced(inputs, destination=None, buffer_size=10485760)
    scatter(tensor, devices=None, chunk_sizes=None, dim=0, streams=None, *, out=None)
    """,
    attribute_error,
    "Needs GPUs",
)

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
]
