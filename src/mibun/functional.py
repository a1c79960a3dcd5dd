"""`torch.functional`: functions that PyTorch has written in Python, which are in `torch` too. An index only."""

from __future__ import annotations

from typing import Any

import mibun

from .core.missing import missing_name as _missing_name

_NAMES = (
    "atleast_1d atleast_2d atleast_3d block_diag broadcast_shapes broadcast_tensors cartesian_prod cdist chain_matmul "
    "einsum istft lu meshgrid norm pca_lowrank split stft svd_lowrank tensordot unique unique_consecutive unravel_index"
).split()


_IMPORTED = (
    "Tensor",
    "handle_torch_function",
    "has_torch_function",
    "has_torch_function_unary",
    "has_torch_function_variadic",
)


def __getattr__(name: str) -> Any:
    if name in _NAMES:  # as it is there now: it is exchanged for another when there is a Tensor subclass
        return getattr(mibun, name)
    if name == "__all__":
        return list(_NAMES)
    if name == "boolean_dispatch":
        return getattr(mibun.nn.functional, name)
    if name in _IMPORTED:
        return mibun.Tensor if name == "Tensor" else getattr(mibun.overrides, name)  # what PyTorch's module imports
    raise _missing_name(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
