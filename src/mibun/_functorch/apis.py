"""`torch._functorch.apis`: transforms by their inner place."""

from ..func import grad, grad_and_value, vmap
from ..functorch.experimental import chunk_vmap

__all__ = ["chunk_vmap", "grad", "grad_and_value", "vmap"]
