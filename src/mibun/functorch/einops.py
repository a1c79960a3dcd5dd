"""`functorch.einops`: the older place of `torch.func.rearrange`."""

from ..func import rearrange

__all__ = ["rearrange"]
