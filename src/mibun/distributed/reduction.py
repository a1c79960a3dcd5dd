"""How values of several processes become one: `ReduceOp`, and the arithmetic of each operation on raw arrays.

Transports add, multiply and compare only the dtypes that every one of them knows. `Reduction` prepares an array for
them and makes the result out of what comes back: bool counts as bits, halves are computed as float32 and rounded once,
a complex number is two real ones, and an average is a sum that is divided at the end.
"""

from __future__ import annotations

import enum
import warnings
from typing import Any

import numpy as np


class RedOpType(enum.IntEnum):
    """The operations, as `ReduceOp.SUM` and the like."""

    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4
    BAND = 5
    BOR = 6
    BXOR = 7
    PREMUL_SUM = 8

    def __repr__(self) -> str:
        return f"<RedOpType.{self.name}: {self.value}>"

    def __str__(self) -> str:
        return f"RedOpType.{self.name}"


class ReduceOp:
    """Which operation makes one value of several: SUM, AVG, PRODUCT, MIN, MAX, and BAND, BOR, BXOR for integers.

    An instance, `ReduceOp(ReduceOp.SUM)`, compares equal to the operation it was made of.

    >>> import mibun as torch
    >>> torch.distributed.ReduceOp.SUM
    <RedOpType.SUM: 0>
    """

    RedOpType = RedOpType
    SUM = RedOpType.SUM
    AVG = RedOpType.AVG
    PRODUCT = RedOpType.PRODUCT
    MIN = RedOpType.MIN
    MAX = RedOpType.MAX
    BAND = RedOpType.BAND
    BOR = RedOpType.BOR
    BXOR = RedOpType.BXOR
    PREMUL_SUM = RedOpType.PREMUL_SUM

    def __init__(self, op: RedOpType | ReduceOp) -> None:
        self.op = kind_of(op)

    def __eq__(self, other: object) -> bool:
        return self.op == (other.op if isinstance(other, ReduceOp) else other)

    def __hash__(self) -> int:
        return hash(self.op)

    def __reduce__(self) -> tuple:
        return ReduceOp, (self.op,)


def kind_of(op: Any) -> RedOpType:
    """The operation itself; TypeError for what is none."""
    if isinstance(op, ReduceOp):
        return op.op
    if isinstance(op, RedOpType):
        return op
    raise TypeError(f"expected a torch.distributed.ReduceOp, such as ReduceOp.SUM, not {type(op).__name__}")


class _ReduceOpNames:
    """`torch.distributed.reduce_op`: the operations under an older name, with a warning."""

    def __getattr__(self, name: str) -> RedOpType:
        if name not in RedOpType.__members__:
            raise AttributeError(name)
        warnings.warn(
            "`torch.distributed.reduce_op` is deprecated, please use `torch.distributed.ReduceOp` instead",
            FutureWarning,
            stacklevel=2,
        )
        return RedOpType[name]


reduce_op = _ReduceOpNames()

# What transports compute, elementwise.
COMBINE: dict[RedOpType, np.ufunc] = {
    RedOpType.SUM: np.add,
    RedOpType.PRODUCT: np.multiply,
    RedOpType.MIN: np.minimum,
    RedOpType.MAX: np.maximum,
    RedOpType.BAND: np.bitwise_and,
    RedOpType.BOR: np.bitwise_or,
    RedOpType.BXOR: np.bitwise_xor,
}
_BITWISE = (RedOpType.BAND, RedOpType.BOR, RedOpType.BXOR)
# Of truth values, as if they were integers that become True again where they are not 0.
_OF_BOOLS = {
    RedOpType.SUM: RedOpType.BOR,
    RedOpType.MAX: RedOpType.BOR,
    RedOpType.PRODUCT: RedOpType.BAND,
    RedOpType.MIN: RedOpType.BAND,
}


def supports_complex(reduceOp: Any) -> bool:
    """Whether an operation has a meaning for complex numbers: only sums and averages do."""
    return kind_of(reduceOp) in (RedOpType.SUM, RedOpType.AVG, RedOpType.PREMUL_SUM)


class Reduction:
    """One reduction of arrays of a dtype: how they go out, and what is made of what comes back.

    Raises:
        RuntimeError: bits of what is no integer, or an average of integers.
    """

    def __init__(self, op: Any, dtype: np.dtype, size: int) -> None:
        self.asked, self.dtype, self.size = kind_of(op), dtype, size
        kind = self.asked
        integral = dtype.kind in "iub"
        if kind is RedOpType.PREMUL_SUM:
            raise RuntimeError("Cannot use ReduceOp.PREMUL_SUM: multiply before, and take ReduceOp.SUM")
        if kind in _BITWISE and not integral:
            raise RuntimeError(f"Cannot use ReduceOp.{kind.name} with non-integral dtype")
        if kind is RedOpType.AVG:
            if integral:
                name = "Bool" if dtype.kind == "b" else str(dtype)
                raise RuntimeError(f"result type Float can't be cast to the desired output type {name}")
            kind = RedOpType.SUM
        self.op = _OF_BOOLS.get(kind, kind) if dtype.kind == "b" else kind

    def outgoing(self, array: np.ndarray) -> np.ndarray:
        """A flat contiguous array to be reduced, in a dtype that transports compute in; maybe the same memory."""
        flat = np.ascontiguousarray(array).reshape(-1)
        if self.dtype.kind == "b":
            return flat.view(np.uint8)
        if self.dtype.kind == "c":
            return flat.view(np.float32 if self.dtype == np.complex64 else np.float64)
        if self.dtype.kind not in "iu" and self.dtype.itemsize == 2:
            return flat.astype(np.float32)
        return flat

    def incoming(self, reduced: np.ndarray) -> np.ndarray:
        """The result, flat and of the dtype that was asked for."""
        if self.asked is RedOpType.AVG:
            reduced /= self.size
        if self.dtype.kind in "bc":
            return reduced.view(self.dtype)
        return reduced if reduced.dtype == self.dtype else reduced.astype(self.dtype)
