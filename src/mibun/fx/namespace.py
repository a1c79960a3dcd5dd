"""Names in generated code: each object has one, none is used twice, none is a word of Python or a builtin."""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

import mibun as _root

from ..core.device import device
from ..utils import _pytree as pytree
from . import _pytree as fx_pytree

_ILLEGAL = re.compile("[^0-9a-zA-Z_]+")
_NUMBERED = re.compile(r"(.+)_(\d+)")


class _CustomBuiltin(NamedTuple):
    """What generated code may name without importing it: the import by which a file has it, and the object."""

    import_str: str
    obj: Any


_custom_builtins: dict[str, _CustomBuiltin] = {}


def _register_custom_builtin(name: str, import_str: str, obj: Any) -> None:
    _custom_builtins[name] = _CustomBuiltin(import_str, obj)


_register_custom_builtin("inf", "from math import inf", math.inf)
_register_custom_builtin("nan", "from math import nan", math.nan)
_register_custom_builtin("NoneType", "NoneType = type(None)", type(None))
_register_custom_builtin("torch", "import torch", _root)
_register_custom_builtin("device", "from torch import device", device)
_register_custom_builtin("fx_pytree", "import torch.fx._pytree as fx_pytree", fx_pytree)
_register_custom_builtin("pytree", "import torch.utils._pytree as pytree", pytree)


class _Namespace:
    """The names of one graph or of one piece of code.

    >>> from mibun.fx.graph import _Namespace
    >>> names = _Namespace()
    >>> [names.create_name(candidate, None) for candidate in ("add", "add", "sum", "layer.0")]
    ['add', 'add_1', 'sum_1', 'layer_0']
    """

    def __init__(self) -> None:
        self._obj_to_name: dict[Any, str] = {}
        self._used_names: set[str] = set()
        self._base_count: dict[str, int] = defaultdict(int)

    def create_name(self, candidate: str, obj: Any) -> str:
        """A new name that resembles `candidate`; if `obj` has one already, that.

        A number at the end is counted on: the first free one from there.
        """
        if obj is not None and obj in self._obj_to_name:
            return self._obj_to_name[obj]
        candidate = _ILLEGAL.sub("_", candidate) or "_unnamed"
        if candidate[0].isdigit():
            candidate = f"_{candidate}"
        match = _NUMBERED.fullmatch(candidate)
        base, number = (candidate, None) if match is None else (match[1], int(match[2]))
        if candidate in self._used_names or self._is_illegal_name(candidate, obj):
            number = number or self._base_count[base]
            while candidate in self._used_names or self._is_illegal_name(candidate, obj):
                number += 1
                candidate = f"{base}_{number}"
        self._used_names.add(candidate)
        self._base_count[base] = number or 0
        if obj is not None:
            self._obj_to_name[obj] = candidate
        return candidate

    def associate_name_with_obj(self, name: str, obj: Any) -> None:
        """Note that `obj` is called `name`, which must not be the name of another object (AssertionError)."""
        if self._obj_to_name.setdefault(obj, name) != name:
            raise AssertionError("obj is already associated with another name")

    def _is_illegal_name(self, name: str, obj: Any) -> bool:
        if name in keyword.kwlist:
            return True
        if name in builtins.__dict__:
            return obj is not builtins.__dict__[name]
        if name in _custom_builtins:
            return obj is not _custom_builtins[name].obj
        return False

    def _rename_object(self, obj: Any, name: str) -> None:
        if obj not in self._obj_to_name:
            raise AssertionError(f"Object {obj} not found in namespace")
        self._obj_to_name[obj] = name
        self._used_names.add(name)


Naming = Callable[[str, Any], str]
