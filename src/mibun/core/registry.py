"""The tables that everything above fills: operators, public functions, methods of Tensor, array namespaces.

`core` knows no operator and no array library. Whoever declares one enters it here, and the engine finds it here: an
operator by its name, the functions for an array by the array's type (Tensors have a namespace as well).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from .site import GENERATED

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


# Each namespace states, besides the functions that formulas use:
#   mutable: whether its arrays can be written to, and views of them share their memory. Where not, tensors that would
#     share memory share a `Memory` (`core/memory.py`), and an in-place operation gives each of them a new array.
#   known(array): whether the values can be looked at. A check of values, and a way that is chosen by them, asks first:
#     not of arrays without data, of what `jax.jit` traces, or of what is computed later.
#   device_of(array): the `device` that its Tensor shows.
#   to_numpy(array), from_numpy(array, device): the same values as an array of NumPy's, and of the library's.
#   takes_numpy: whether its functions take arrays of NumPy's beside its own; if it is not said, they do.
#   check_later(array, check): lets `check` see the smallest and the largest value when the device is next waited for;
#     None, or not there, where nothing has to be waited for. See `check_range` in `core/batching.py`.
#   limits(array): the smallest and the largest value, as numbers, for checks of indices; None where none is known.
NAMESPACES: dict[type, Any] = _Namespaces()
NAMESPACE_FINDERS: list[Callable[[type], Any]] = []  # each gives the namespace for a type, or None; `xp/` has them
CLASSES: dict[str, type] = {}  # "Module" and "Optimizer", once they are there, for those who only ask what a value is
OPERATOR_NODES: list[type] = []  # the one class of the nodes of operators, as `dispatch/nodes.py` makes them


class _Devices(dict):
    """name of a device -> what imports the namespace of the arrays there.

    `looked_for`: the same for devices that are not on every machine, which are looked for when first named; None where
    there is none.
    """

    def __init__(self) -> None:
        self.looked_for: dict[str, Callable[[], Any]] = {}

    def __contains__(self, name: Any) -> bool:
        if dict.__contains__(self, name):
            return True
        if name not in self.looked_for:
            return False
        found = self.looked_for[name]()
        if found is not None:
            self[name] = found
        return found is not None

    def __missing__(self, name: str) -> Callable[[], Any]:
        if name in self:
            return self[name]
        raise KeyError(name)


DEVICES = _Devices()
# type of arrays that are computed later -> what computes several; filled when such a library is first met. The
# gradients of leaves whose arrays are NumPy's are computed when a backward has all of them.
LAZY: dict[type, Callable[[list], list]] = {}
LEADING: set[type] = set()  # types of arrays that decide what an operation on several is: see `namespace_for`
IN_PLACE: set[type] = set()  # types of arrays that are written to in place as NumPy's are
DRAWING: list[Any] = []  # recorders of a call that want to do what draws random numbers: see `compiler/recording.py`
TENSORS: dict[type, type] = {}  # type of an array -> the class of its Tensors, where that is not `Tensor` itself
MADE_ELSEWHERE: list[Callable[[Any, tuple, dict], Any]] = []  # what makes tensors on other devices; `ops` has it
# class with a `__torch_dispatch__` of its own -> what applies an operator that one of its objects takes part in
DISPATCHING: dict[type, Callable] = {}
SUBCLASS_HOOKS: list[Callable[[type], None]] = []  # called with every subclass of Tensor that a user makes


# The namespace in which formulas over Tensors make their constants: of another library's while a backward over such
# arrays is recorded, else None for NumPy's.
HOME: ContextVar[Any] = ContextVar("mibun_home", default=None)


def namespace_of(array: Any) -> Any:
    """The namespace of an array, or of a Tensor."""
    return NAMESPACES[type(array)]


def is_numpys(kind: type) -> bool:
    """Whether arrays of a type are NumPy's: its arrays, scalars, those without data (`core/meta.py`), recorded ones."""
    return kind is np.ndarray or issubclass(kind, (np.ndarray, np.generic)) or kind in IN_PLACE


def may_look(array: Any) -> bool:
    """Whether the values of an array can be looked at: a check of values that cannot be is left out."""
    kind = type(array)
    return is_numpys(kind) or NAMESPACES[kind].known(array)


def namespace_for(arrays: Sequence) -> Any:
    """The namespace for an operation on these arrays: that of batched ones, else of sparse ones, if there are any.

    Else it is that of the first that is not NumPy's, next to which scalars of NumPy's count as numbers. RuntimeError
    where they are on different devices.
    """
    found: Any = None
    for array in arrays:
        kind = type(array)
        if kind in TENSORS:
            _refuse_batched_elsewhere(arrays, kind)
            return NAMESPACES[kind]
        if kind in LEADING or (found is None and hasattr(array, "dtype")):
            found = kind
        elif kind is not found and kind is not np.ndarray and found not in LEADING and hasattr(array, "dtype"):
            if is_numpys(found) and (not is_numpys(kind) or kind in IN_PLACE):  # type: ignore[arg-type]
                found = kind
    if found in LEADING:
        _refuse_beside_sparse(arrays, found)
    elif found is not np.ndarray and found is not None and not is_numpys(found):
        _refuse_other_devices(arrays, found)
    return NAMESPACES[found]  # type: ignore[index]


def _refuse_other_devices(arrays: Sequence, kind: type) -> None:
    """RuntimeError where an array is neither of this type's library nor a number."""
    xp = NAMESPACES[kind]
    for array in arrays:
        own = type(array)
        if own is kind or not hasattr(array, "dtype") or NAMESPACES[own] is xp:
            continue
        if array.ndim or not is_numpys(own):
            among = list(dict.fromkeys([str(namespace_of(x).device_of(x)) for x in arrays if hasattr(x, "dtype")]))
            if len(among) > 1:
                raise RuntimeError(different_devices(*among))
            if not is_numpys(own) or not getattr(xp, "takes_numpy", True):
                raise RuntimeError(different_libraries(array, xp))


def _refuse_beside_sparse(arrays: Sequence, kind: type) -> None:
    """RuntimeError where an array beside sparse ones, which are on the CPU, is another library's."""
    for array in arrays:
        if hasattr(array, "dtype") and is_elsewhere(type(array)):
            place = str(namespace_of(array).device_of(array))
            words = different_libraries(array, NAMESPACES[kind]) if place == "cpu" else different_devices("cpu", place)
            raise RuntimeError(words)


def _refuse_batched_elsewhere(arrays: Sequence, kind: type) -> None:
    """RuntimeError where an array beside batched ones is of another library than they, and no number."""
    for array in arrays:
        own = type(array)
        if own is kind or own is np.ndarray or not hasattr(array, "dtype") or is_numpys(own) or own in LEADING:
            continue
        one, other = [NAMESPACES[x] for x in (kind, own)]
        if one is not other and getattr(one, "below", one) is not getattr(other, "below", other):
            places = [str(namespace_of(x).device_of(x)) for x in (array, next(x for x in arrays if type(x) is kind))]
            raise RuntimeError(
                different_devices(*dict.fromkeys(places)) if len({*places}) > 1 else different_libraries(array, one)
            )


def is_elsewhere(kind: type) -> bool:
    """Whether arrays of a type are another library's than NumPy's, be they batched; sparse ones are none."""
    if is_numpys(kind) or kind in LEADING:
        return False
    return kind not in TENSORS or NAMESPACES[kind].elsewhere


def is_batched(array: Any) -> bool:
    """Whether an array is one for each example of a `vmap`, of whatever library."""
    return type(array) in TENSORS


def beside(xp: Any, arrays: Sequence) -> Any:
    """These arrays for functions of xp: arrays of NumPy's among them, which constants are, as the library's own."""
    if getattr(xp, "takes_numpy", True):
        return arrays
    return [xp.from_numpy(array) if type(array) is np.ndarray else array for array in arrays]


def constant_beside(array: Any, like: Any) -> Any:
    """An array of NumPy's as one of the library and on the device of another raw array, if that has its own."""
    kind = type(like)
    if not is_elsewhere(kind) or is_elsewhere(type(array)) or not hasattr(array, "dtype"):
        return array
    xp = NAMESPACES[kind]
    return xp.from_numpy(array if type(array) in TENSORS else np.asarray(array), xp.device_of(like))


def zeros_beside(array: Any) -> Any:
    """Zeros of the shape and dtype of an array: of its library where that has arrays of its own, else of NumPy's."""
    kind = type(array)
    if not is_elsewhere(kind):
        return np.zeros(array.shape, array.dtype)
    return NAMESPACES[kind].zeros(array.shape, dtype=array.dtype)


def different_devices(*names: str) -> str:
    """PyTorch's words where the operands of an operation are on several devices."""
    return (
        "Expected all tensors to be on the same device, but found at least two devices, "
        f"{' and '.join(names[:2])}! Move one of them with .to(device)"
    )


def different_libraries(array: Any, xp: Any) -> str:
    """What is to be said where the operands of an operation are arrays of several libraries on one device."""
    other = "numpy" if is_numpys(type(array)) else type(array).__module__.partition(".")[0]
    name = getattr(getattr(xp, "base", xp), "__name__", "").removeprefix("mibun.xp.")
    return (
        f"Expected all tensors to have arrays of one library, but found {other}'s beside {name}'s: convert one of "
        "them, as with torch.asarray(tensor.numpy())"
    )


def called_by_user() -> bool:
    """Whether an operator is applied by a program, and not by one of mibun's own functions."""
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith((GENERATED, *_MACHINERY)):
        if frame.f_code.co_filename == _ENGINE:
            return False
        frame = frame.f_back
    return frame is not None and not frame.f_code.co_filename.startswith(_PACKAGE)


_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_ENGINE = os.path.join(_PACKAGE, "core", "engine.py")
_MACHINERY = tuple([os.path.join(_PACKAGE, name) for name in ("core", "dispatch", "xp", "overrides.py")])


def public_module(value: Any) -> str:
    """The module that users know a class by: an index that has it, as PyTorch's names are, or where it is written."""
    if not value.__module__.startswith("mibun."):
        return value.__module__  # named for users already
    names = (module for module, names in INDEXES.items() if names.get(value.__qualname__) is value)
    return next(names, value.__module__)
