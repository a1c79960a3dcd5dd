"""The named tuples that functions with several results return, under PyTorch's name, `torch.return_types`."""

from .dispatch.return_types import *  # noqa: F403
