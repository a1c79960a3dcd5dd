"""`Variable`, the old name of Tensor: calling it gives a Tensor, and every Tensor is an instance of it."""

from __future__ import annotations

from typing import Any

from ..ops import _op


class _VariableMeta(type):
    def __instancecheck__(cls, other: Any) -> bool:
        return isinstance(other, _op.Tensor)


class Variable(metaclass=_VariableMeta):
    """`Variable(data, requires_grad=False)`: the data, detached, as a leaf. TypeError if it is no Tensor."""

    def __new__(cls, data: Any = None, requires_grad: bool = False, volatile: Any = None) -> Any:
        if data is None:
            return _op.Tensor()
        if not isinstance(data, _op.Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        result = data.data
        result._version_counter = data.version_counter()
        return result.requires_grad_() if requires_grad else result
