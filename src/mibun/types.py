"""`torch.types`: names for annotations, as programs import them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import IO, Any, TypeAlias, Union

from .compat.symbols import SymBool, SymFloat, SymInt
from .core.device import device
from .core.dtypes import dtype
from .core.node import GradientEdge
from .core.size import Size
from .core.tensor import Tensor
from .ops.conversion.untyped_storages import UntypedStorage as Storage

py_sym_types = (SymInt, SymFloat, SymBool)

Number: TypeAlias = int | float | bool
Device: TypeAlias = device | str | int | None
FileLike: TypeAlias = Union[str, "os.PathLike[str]", IO[bytes]]

_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_TensorOrTensorsOrGradEdge: TypeAlias = Tensor | Sequence[Tensor] | GradientEdge | Sequence[GradientEdge]
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_int, _float, _bool, _complex = int, float, bool, complex
_dtype, _device = dtype, device

__all__ = ["Any", "Device", "FileLike", "Number", "Sequence", "Size", "Storage", "Tensor"]
