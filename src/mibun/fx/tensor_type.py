"""`torch.fx.tensor_type`: shapes as types, of which some sizes may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._compatibility import compatibility


@compatibility(is_backward_compatible=False)
class TensorType:
    """The type of Tensors of a shape, in which `Dyn` is a size that is not known.

    >>> from mibun.fx.tensor_type import Dyn, TensorType
    >>> TensorType((1, Dyn))
    TensorType[(1, Dyn)]
    """

    def __init__(self, dim: Sequence[Any]) -> None:
        self.__origin__ = TensorType
        self.__args__ = dim

    def __repr__(self) -> str:
        return f"TensorType[{self.__args__}]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.__class__) and list(self.__args__) == list(other.__args__)

    __hash__ = object.__hash__

    @staticmethod
    def __class_getitem__(*args: Any) -> TensorType:
        if len(args) == 1 and isinstance(args[0], tuple):
            args = args[0]
        return TensorType(tuple(args))

    @property
    def dims(self) -> Sequence[Any]:
        """The sizes."""
        return self.__args__


class _DynType:
    """The type of `Dyn`: equal to nothing but itself."""

    def __init__(self) -> None:
        self.__name__ = "_DynType"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.__class__)

    __hash__ = object.__hash__

    def __str__(self) -> str:
        return "Dyn"

    __repr__ = __str__


Dyn = _DynType()


@compatibility(is_backward_compatible=False)
def is_consistent(t1: Any, t2: Any) -> bool:
    """Whether a value may be of both types: `Dyn` goes with everything, shapes size by size."""
    if t1 == t2 or t1 == Dyn or t2 == Dyn:
        return True
    if isinstance(t1, TensorType) and isinstance(t2, TensorType):
        return len(t1.dims) == len(t2.dims) and all(is_consistent(a, b) for a, b in zip(t1.dims, t2.dims, strict=True))
    return False


@compatibility(is_backward_compatible=False)
def is_more_precise(t1: Any, t2: Any) -> bool:
    """Whether the first type knows at least all that the second does: everything is more precise than `Dyn`."""
    if t1 == t2 or isinstance(t2, _DynType):
        return True
    if isinstance(t1, TensorType) and isinstance(t2, TensorType):
        return len(t1.dims) == len(t2.dims) and all(
            is_more_precise(a, b) for a, b in zip(t1.dims, t2.dims, strict=True)
        )
    return False
