"""The tables that everything above fills: operators, public functions, methods of Tensor, array namespaces.

`core` knows no operator and no array library. Whoever declares one enters it here, and the engine finds it here: an
operator by its name, the functions for an array by the array's type (Tensors have a namespace as well).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Array = Any  # a raw array of whatever library; what it can do is what its namespace can


class _Operators(dict):
    """operator name -> its record; those of modules that few programs need are declared when first asked for."""

    def __missing__(self, name: str) -> Any:
        if name not in DECLARED_LATER:
            raise KeyError(name)
        DECLARED_LATER[name]()
        return dict.__getitem__(self, name)


OPS: dict[str, Any] = _Operators()  # the records are made by `dispatch/declare.py`
DECLARED_LATER: dict[str, Callable[[], Any]] = {}  # operator name -> what declares it
FUNCTIONS: dict[str, Callable] = {}  # names of the module `mibun`
METHODS: dict[str, Callable] = {}  # names of `Tensor`


PUBLISHED: dict[str, dict[str, Any]] = {}  # other public modules that show functions, once loaded -> their names
INDEXES: dict[str, dict[str, Any]] = {}  # public modules whose classes are written in other files -> their names
MODULE_LOADERS: list[Callable[[str], Any]] = []  # imports a public module that nothing below may import by itself
STRUCT_SEQUENCES: list[type] = []  # the classes of results with several parts that have names
MODULE_CALLS: set[Any] = set()  # the code objects by which a Module is called, for the profiler


class _Namespaces(dict):
    """type of an array -> its namespace; a type that is met for the first time is looked for by the finders."""

    def __missing__(self, kind: type) -> Any:
        for find in NAMESPACE_FINDERS:
            namespace = find(kind)
            if namespace is not None:
                self[kind] = namespace
                return namespace
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is not an array type that mibun knows")


NAMESPACES: dict[type, Any] = _Namespaces()
NAMESPACE_FINDERS: list[Callable[[type], Any]] = []  # each gives the namespace for a type, or None; `xp/` has them
LEADING: set[type] = set()  # types of arrays that decide what an operation on several is: see `namespace_for`
IN_PLACE: set[type] = set()  # types of arrays that are written to in place as NumPy's are
DRAWING: list[Any] = []  # recorders of a call that want to do what draws random numbers: see `compiler/recording.py`
TENSORS: dict[type, type] = {}  # type of an array -> the class of its Tensors, where that is not `Tensor` itself
ON_META: list[Callable[[Any, tuple, dict], Any]] = []  # what makes tensors on the device "meta"; `ops` has it
# class with a `__torch_dispatch__` of its own -> what applies an operator that one of its objects takes part in
DISPATCHING: dict[type, Callable] = {}
SUBCLASS_HOOKS: list[Callable[[type], None]] = []  # called with every subclass of Tensor that a user makes


def namespace_of(array: Any) -> Any:
    """The namespace of an array, or of a Tensor."""
    return NAMESPACES[type(array)]


def namespace_for(arrays: Iterable) -> Any:
    """The namespace for an operation on these arrays: that of batched ones, else of sparse ones, if there are any."""
    found = None
    for array in arrays:
        kind = type(array)
        if kind in TENSORS:
            return NAMESPACES[kind]
        if kind in LEADING or (found is None and hasattr(array, "dtype")):
            found = kind
    return NAMESPACES[found]  # type: ignore[index]


def public_module(value: Any) -> str:
    """The module that users know a class by: an index that has it, as PyTorch's names are, or where it is written."""
    if not value.__module__.startswith("mibun."):
        return value.__module__  # named for users already
    names = (module for module, names in INDEXES.items() if names.get(value.__qualname__) is value)
    return next(names, value.__module__)
