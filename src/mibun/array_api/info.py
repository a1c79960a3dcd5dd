"""What the namespace can do, for programs that ask: the inspection functions of the Array API standard."""

from __future__ import annotations

from typing import Any

from ..core.device import device
from ..core.dtypes import dtype, get_default_complex_dtype, get_default_dtype, int64
from ..ops.annotations import Device
from .dtypes import KINDS

_CPU = device("cpu")


class Information:
    """What `__array_namespace_info__()` returns: methods that say which dtypes, devices and abilities there are.

    >>> from mibun import array_api as xp
    >>> info = xp.__array_namespace_info__()
    >>> info.default_dtypes()["real floating"], info.devices()
    (torch.float32, (device(type='cpu'),))
    """

    def capabilities(self) -> dict[str, Any]:
        """Whether indices may be bool, whether shapes may depend on data, and how many dimensions there may be."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> device:
        """The device of new arrays: the CPU."""
        return _CPU

    def devices(self) -> tuple[device, ...]:
        """All devices: the CPU."""
        return (_CPU,)

    def default_dtypes(self, *, device: Device | None = None) -> dict[str, dtype]:
        """The dtypes that arrays have if none is given: those of `set_default_dtype`, and int64."""
        return {
            "real floating": get_default_dtype(),
            "complex floating": get_default_complex_dtype(),
            "integral": int64,
            "indexing": int64,
        }

    def dtypes(self, *, device: Device | None = None, kind: str | tuple[str, ...] | None = None) -> dict[str, dtype]:
        """The standard's dtypes by name, all or those of one or more kinds (see `isdtype`); ValueError for others."""
        kinds = ("bool", "numeric") if kind is None else (kind,) if isinstance(kind, str) else kind
        for one in kinds:
            if one not in KINDS:
                raise ValueError(f"dtypes(): unknown kind {one!r}; there are {', '.join(map(repr, KINDS))}")
        return {found.name: found for one in kinds for found in KINDS[one]}


def __array_namespace_info__() -> Information:
    """What this namespace can do: see `Information`.

    >>> from mibun import array_api as xp
    >>> xp.__array_namespace_info__().capabilities()["boolean indexing"]
    True
    """
    return Information()
