"""The named tuples that functions with several results return: `max(x, 0).values`, printed as PyTorch prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class _Result(tuple):
    """A tuple whose places have names."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    n_fields = n_sequence_fields = 0
    n_unnamed_fields = 0

    def __new__(cls, values: Iterable) -> Any:
        made = tuple.__new__(cls, values)
        if len(made) != cls.n_fields:
            raise TypeError(
                f"torch.return_types.{cls.__name__}() takes a {cls.n_fields}-sequence ({len(made)}-sequence given)"
            )
        return made

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)]
        return f"torch.return_types.{type(self).__name__}(\n" + ",\n".join(parts) + ")"

    def __reduce__(self) -> Any:
        return type(self), (tuple(self),)


def _place(index: int, name: str) -> property:
    return property(lambda self: self[index], doc=f"The {name}.")


def _make(name: str, *fields: str) -> Any:
    body: dict[str, Any] = {field: _place(i, field) for i, field in enumerate(fields)}
    body.update(
        __slots__=(), __module__=__name__, __doc__=f"What `{name}` returns: ({', '.join(fields)}).",
        _fields=fields, n_fields=len(fields), n_sequence_fields=len(fields),
    )  # fmt: skip
    return type(name, (_Result,), body)


aminmax = _make("aminmax", "min", "max")
cummax = _make("cummax", "values", "indices")
cummin = _make("cummin", "values", "indices")
kthvalue = _make("kthvalue", "values", "indices")
max = _make("max", "values", "indices")  # noqa: A001
median = _make("median", "values", "indices")
min = _make("min", "values", "indices")  # noqa: A001
mode = _make("mode", "values", "indices")
nanmedian = _make("nanmedian", "values", "indices")
sort = _make("sort", "values", "indices")
topk = _make("topk", "values", "indices")

__all__ = [
    "aminmax", "cummax", "cummin", "kthvalue", "max", "median", "min", "mode", "nanmedian", "sort", "topk",
]  # fmt: skip
