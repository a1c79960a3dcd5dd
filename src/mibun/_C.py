"""Names that programs take from `torch._C`, PyTorch's compiled module, because they have no other place."""

from __future__ import annotations

from .overrides import (
    DisableTorchFunction,
    DisableTorchFunctionSubclass,
    _disabled_torch_function_impl,
)
from .random import Generator
from .tensor import Size

__all__ = ["DisableTorchFunction", "DisableTorchFunctionSubclass", "Generator", "Size", "_disabled_torch_function_impl"]
