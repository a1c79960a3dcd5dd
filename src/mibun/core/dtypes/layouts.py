"""Layouts and memory formats: named constants, of which tensors know one each."""

from __future__ import annotations

from typing import Any

from .types import read_only


class _Named:
    """A named constant that prints as `torch.<name>` and keeps its identity through pickle and copy."""

    __slots__ = ("_name",)

    def __new__(cls, *args: object, **kwargs: object) -> _Named:
        raise TypeError(f"cannot create 'torch.{cls.__name__}' instances")

    __setattr__ = read_only
    __delattr__ = read_only

    def __repr__(self) -> str:
        return f"torch.{self._name}"

    def __reduce__(self) -> str:
        return self._name


class layout(_Named):
    """How a tensor is stored: `mibun.strided`, or one of the sparse ones; layouts cannot be created."""

    __slots__ = ()


class memory_format(_Named):
    """The order in which a tensor's dimensions lie in memory, named; memory formats cannot be created."""

    __slots__ = ()


def _named(kind: type, name: str) -> Any:
    constant = object.__new__(kind)
    object.__setattr__(constant, "_name", name)
    return constant


strided: layout = _named(layout, "strided")
sparse_coo: layout = _named(layout, "sparse_coo")
sparse_csr: layout = _named(layout, "sparse_csr")
sparse_csc: layout = _named(layout, "sparse_csc")
sparse_bsr: layout = _named(layout, "sparse_bsr")
sparse_bsc: layout = _named(layout, "sparse_bsc")
contiguous_format: memory_format = _named(memory_format, "contiguous_format")
preserve_format: memory_format = _named(memory_format, "preserve_format")
channels_last: memory_format = _named(memory_format, "channels_last")
channels_last_3d: memory_format = _named(memory_format, "channels_last_3d")
