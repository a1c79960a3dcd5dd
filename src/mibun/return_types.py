"""The named tuples that functions with several results return, under PyTorch's name, `torch.return_types`."""

from .core.registry import STRUCT_SEQUENCES
from .dispatch.return_types import *  # noqa: F403

all_return_types = STRUCT_SEQUENCES
