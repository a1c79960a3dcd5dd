"""Kinds of tuples: which classes are named tuples, and which are struct sequences such as `torch.return_types.max`."""

from __future__ import annotations

from ..registry import STRUCT_SEQUENCES

_SUBCLASSABLE = 1 << 10  # Py_TPFLAGS_BASETYPE


def is_namedtuple(obj: object) -> bool:
    """Whether this is a named tuple, or the class of one."""
    return is_namedtuple_class(obj if isinstance(obj, type) else type(obj))


def is_namedtuple_class(cls: object) -> bool:
    """Whether this is the class of a named tuple: a tuple with `_fields`, `_make` and `_asdict`.

    >>> from mibun.utils._pytree import is_namedtuple_class
    >>> from collections import namedtuple
    >>> is_namedtuple_class(namedtuple("Point", "x y")), is_namedtuple_class(tuple)
    (True, False)
    """
    if not isinstance(cls, type) or not issubclass(cls, tuple):
        return False
    fields = getattr(cls, "_fields", None)
    return (
        type(fields) is tuple
        and all(type(field) is str for field in fields)
        and callable(getattr(cls, "_make", None))
        and callable(getattr(cls, "_asdict", None))
    )


def is_namedtuple_instance(obj: object) -> bool:
    """Whether this is a named tuple, and no class."""
    return is_namedtuple_class(type(obj))


def is_structseq(obj: object) -> bool:
    """Whether this is a struct sequence, as `time.struct_time` and `torch.return_types.max`, or the class of one."""
    return is_structseq_class(obj if isinstance(obj, type) else type(obj))


def is_structseq_class(cls: object) -> bool:
    """Whether this is the class of a struct sequence, which nobody can inherit from but for tuple's own counts."""
    return (
        isinstance(cls, type)
        and cls.__bases__ == (tuple,)
        and all(type(getattr(cls, name, None)) is int for name in ("n_fields", "n_sequence_fields", "n_unnamed_fields"))
        and not cls.__flags__ & _SUBCLASSABLE
    ) or cls in STRUCT_SEQUENCES


def is_structseq_instance(obj: object) -> bool:
    """Whether this is a struct sequence, and no class."""
    return is_structseq_class(type(obj))
