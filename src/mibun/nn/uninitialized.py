"""Parameters and buffers whose shape is not known yet, of lazy Modules.

Loaded when the first is made: they take over what functions do with them (`__torch_function__`), which the functions of
`mibun` ask about from then on.
"""

from __future__ import annotations

from typing import Any, Self

from ..core.registry import INDEXES
from ..core.tensor import Tensor
from ..ops.creation.filled import empty
from ..overrides import prepare
from .common_types import Device, DType
from .parameter import Parameter, UninitializedTensorMixin, _share


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A Parameter whose shape is not known yet. `materialize(shape)` makes it a Parameter; ValueError for other uses.

    Args:
        requires_grad: whether the parameter will.
        device, dtype: where and of what dtype it will be.

    >>> import mibun as torch
    >>> parameter = torch.nn.UninitializedParameter()
    >>> parameter
    <UninitializedParameter>
    >>> parameter.materialize((2, 3))
    >>> type(parameter).__name__, parameter.shape
    ('Parameter', torch.Size([2, 3]))
    """

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Device = None, dtype: DType = None) -> Self:  # type: ignore[misc]
        made: Any = _share(Parameter, empty(0, device=device, dtype=dtype), requires_grad)
        made.__class__ = cls
        return made

    def __deepcopy__(self, memo: dict) -> UninitializedParameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.requires_grad, None, self.dtype)
        return memo[id(self)]


class UninitializedBuffer(UninitializedTensorMixin, Tensor):
    """A buffer whose shape is not known yet. `materialize(shape)` makes it a Tensor; ValueError for other uses.

    Args:
        requires_grad: whether the buffer will.
        device, dtype: where and of what dtype it will be.
        persistent: whether it is in the state dict when it is assigned to an attribute of a Module.

    >>> import mibun as torch
    >>> buffer = torch.nn.UninitializedBuffer(dtype=torch.float64)
    >>> buffer.materialize((2,))
    >>> buffer.dtype
    torch.float64
    """

    cls_to_become = Tensor
    persistent: bool

    def __new__(
        cls, requires_grad: bool = False, device: Device = None, dtype: DType = None, persistent: bool = True
    ) -> Self:
        made: Any = _share(Tensor, empty(0, device=device, dtype=dtype), requires_grad)
        made.__class__ = cls
        made.persistent = persistent
        made._is_buffer = True
        return made


prepare(UninitializedParameter)
prepare(UninitializedBuffer)

__all__ = ["UninitializedBuffer", "UninitializedParameter"]

INDEXES.setdefault(Parameter.__module__, {}).update(
    UninitializedParameter=UninitializedParameter, UninitializedBuffer=UninitializedBuffer
)
