"""The limits of the types: `finfo` and `iinfo`."""

from __future__ import annotations

from typing import Any

from .promotion import get_default_dtype
from .types import ALL, FLOAT8, argument_as_dtype, bfloat16, dtype, float16, float32, float64, read_only
from .types import bool as bool_dtype


class _Limits:
    """What finfo and iinfo share: read-only fields, equality by dtype, no hash (as in PyTorch)."""

    __slots__ = ("bits", "min", "max", "dtype")

    bits: int
    dtype: str

    __hash__ = None  # type: ignore[assignment]
    __setattr__ = read_only
    __delattr__ = read_only

    def _fill(self, **fields: Any) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.dtype == other.dtype  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (_BY_NAME[self.dtype],)


_BY_NAME = {d.name: d for d in (*ALL, *FLOAT8)}
# (decimal digits that survive, explicit bits of the significand, largest exponent)
_FLOATING_LIMITS = {float16: (3, 10, 15), bfloat16: (2, 7, 127), float32: (6, 23, 127), float64: (15, 52, 1023)}


def _small_limits(small: dtype) -> dict[str, float]:
    import ml_dtypes  # by which its NumPy dtype is known

    found: Any = ml_dtypes.finfo(small.np)
    fields = {name: float(getattr(found, name)) for name in ("max", "min", "eps", "smallest_normal")}
    return {**fields, "tiny": fields["smallest_normal"], "resolution": 1.0}  # (no decimal digit survives)


class finfo(_Limits):
    """Limits of a floating point dtype (of the parts of a complex one): the default dtype where none is given.

    Attributes: `bits`, `eps` (from 1 to the next number), `max`, `min`, `tiny` = `smallest_normal`, `resolution`,
    `dtype` (a string). TypeError for bool and integers. Derived from the IEEE 754 formats.

    >>> import mibun as torch
    >>> torch.finfo(torch.float32).eps
    1.1920928955078125e-07
    """

    __slots__ = ("eps", "resolution", "tiny", "smallest_normal")

    min: float
    max: float
    eps: float
    resolution: float
    tiny: float
    smallest_normal: float

    def __init__(self, type: dtype | None = None) -> None:
        chosen = get_default_dtype() if type is None else argument_as_dtype(type, "finfo", "type", 1)
        real = chosen.to_real()
        if real in FLOAT8:
            self._fill(bits=8, dtype=real.name, **_small_limits(real))
            return
        if real not in _FLOATING_LIMITS:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo': "
                f"got {chosen}"
            )
        digits, significand, exponent = _FLOATING_LIMITS[real]
        largest = (2.0 - 2.0**-significand) * 2.0**exponent
        smallest = 2.0 ** (1 - exponent)
        self._fill(
            bits=8 * real.itemsize,
            dtype=real.name,
            eps=2.0**-significand,
            max=largest,
            min=-largest,
            resolution=float(f"1e-{digits}"),
            tiny=smallest,
            smallest_normal=smallest,
        )

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
            f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})"
        )


class iinfo(_Limits):
    """Limits of an integer dtype: `bits`, `max`, `min`, `dtype` (a string). TypeError for other dtypes.

    >>> import mibun as torch
    >>> torch.iinfo(torch.int8).max
    127
    """

    __slots__ = ()

    min: int
    max: int

    def __init__(self, type: dtype) -> None:
        chosen = argument_as_dtype(type, "iinfo", "type", 1)
        if chosen is bool_dtype:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if chosen.category != 1:
            raise TypeError(
                f"torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo': got {chosen}"
            )
        bits = 8 * chosen.itemsize
        low = -(1 << (bits - 1)) if chosen.is_signed else 0
        self._fill(bits=bits, dtype=chosen.name, min=low, max=low + (1 << bits) - 1)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
