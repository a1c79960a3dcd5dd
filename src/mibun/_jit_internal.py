"""`torch._jit_internal`: marks that libraries put on functions for PyTorch's script compiler, and what reads them.

mibun compiles nothing: functions run as they are, whatever mark they have. The marks are kept (in the attribute
`_torchscript_modifier`), so that libraries which look for them find them, and `boolean_dispatch` and `_overload`, by
which libraries write functions with several signatures, work as in PyTorch.
"""

from __future__ import annotations

import functools
import inspect
import types
import typing
import warnings
import weakref
from collections.abc import Callable
from typing import Any, Dict, Final, List, Optional, Tuple, Union  # noqa: UP035  (libraries import them from here)

from .core.missing import explain_missing_names as _explain_missing_names
from .futures import Future

__all__ = [
    "Any",
    "BroadcastingList1",
    "BroadcastingList2",
    "BroadcastingList3",
    "Dict",
    "Final",
    "FunctionModifiers",
    "Future",
    "List",
    "Optional",
    "Tuple",
    "Union",
    "boolean_dispatch",
    "export",
    "ignore",
    "is_scripting",
    "unused",
]


class FunctionModifiers:
    """The marks, as `get_torchscript_modifier` returns them."""

    UNUSED = "unused"
    IGNORE = "ignore"
    EXPORT = "export"
    DEFAULT = "default"
    COPY_TO_SCRIPT_WRAPPER = "copy to the script wrapper"
    _DROP = "drop"


def is_scripting() -> bool:
    """Whether a script compiler reads this code: never."""
    return False


def _mark(fn: Any, modifier: str) -> Any:
    target: Any = fn.fget if isinstance(fn, property) else fn
    target._torchscript_modifier = modifier
    return fn


def export(fn: Callable) -> Callable:
    """Mark a method as one to compile even where nothing calls it. Returns it; it runs as it is.

    >>> import mibun as torch
    >>> @torch.jit.export
    ... def f(x):
    ...     return 2 * x
    >>> f(2)
    4
    """
    return _mark(fn, FunctionModifiers.EXPORT)


def unused(fn: Any) -> Any:
    """Mark a function, or a property with its setter, as one that compiled code never calls. It runs as it is."""
    if isinstance(fn, property) and fn.fset is not None:
        _mark(fn.fset, FunctionModifiers.UNUSED)
    return _mark(fn, FunctionModifiers.UNUSED)


def ignore(drop: Any = False, **kwargs: Any) -> Any:
    """Mark a function as one to leave to Python: `@ignore`, or `@ignore(drop=True)`, which is `@unused`.

    RuntimeError for another `drop` than a bool. `drop_on_export` is the old name of `drop`, with PyTorch's warning.
    """
    if callable(drop):
        return _mark(drop, FunctionModifiers.IGNORE)
    if not isinstance(drop, bool):
        raise RuntimeError(f"Argument to @torch.jit.ignore must be a bool or a function but got {drop}")
    if "drop_on_export" in kwargs:
        drop = kwargs.pop("drop_on_export")
        warnings.warn(
            "ignore(drop_on_export=True) has been deprecated: use @torch.jit.unused instead.",
            FutureWarning,
            stacklevel=2,
        )
    if kwargs:
        raise TypeError(f"ignore() got an unexpected keyword argument {next(iter(kwargs))!r}")
    return functools.partial(_mark, modifier=FunctionModifiers.UNUSED if drop else FunctionModifiers.IGNORE)


def _drop(fn: Callable) -> Callable:
    """Mark a method as one that a compiled Module does not even have."""
    return _mark(fn, FunctionModifiers._DROP)


def _copy_to_script_wrapper(fn: Callable) -> Callable:
    """Mark a method as one that a compiled Module takes over as it is."""
    return _mark(fn, FunctionModifiers.COPY_TO_SCRIPT_WRAPPER)


def get_torchscript_modifier(fn: Any) -> str | None:
    """The mark of a function or of a method's function: None for what is not callable, else at least DEFAULT."""
    if not callable(fn):
        return None
    return getattr(getattr(fn, "__func__", fn), "_torchscript_modifier", FunctionModifiers.DEFAULT)


def copy_torchscript_modifier(orig: Any, new: Any) -> None:
    """Give `new` the mark of `orig`."""
    modifier = get_torchscript_modifier(orig)
    if modifier is not None:
        new._torchscript_modifier = modifier


def is_ignored_fn(fn: Any) -> bool:
    """Whether a function is marked by `ignore`, `unused` or `_drop`."""
    return get_torchscript_modifier(fn) in (
        FunctionModifiers.UNUSED,
        FunctionModifiers.IGNORE,
        FunctionModifiers._DROP,
    )


def should_drop(fn: Any) -> bool:
    """Whether a function is marked by `unused`."""
    return get_torchscript_modifier(fn) == FunctionModifiers.UNUSED


def module_has_exports(mod: Any) -> bool:
    """Whether a Module has a method marked by `export`."""
    return any(
        get_torchscript_modifier(getattr(mod, name, None)) == FunctionModifiers.EXPORT for name in dir(type(mod))
    )


def is_static_fn(cls: type, fn: str) -> bool:
    """Whether a class has a static method of this name."""
    return isinstance(inspect.getattr_static(cls, fn, None), staticmethod)


def get_static_fn(cls: type, fn: str) -> Callable:
    """The function of a static method."""
    return inspect.getattr_static(cls, fn).__func__


# --- one name for several functions ---

boolean_dispatched: weakref.WeakKeyDictionary[Callable, dict[str, Any]] = weakref.WeakKeyDictionary()


def boolean_dispatch(
    arg_name: str,
    arg_index: int,
    default: bool,
    if_true: Callable,
    if_false: Callable,
    module_name: str,
    func_name: str,
) -> Callable:
    """A function that calls one of two, by an argument that says which: `max_pool2d(return_indices=True)`.

    The argument is found by its name or by its place among the positional ones. The result has `func_name`,
    `module_name`, and the docstring of whichever of the two has one (RuntimeError if both have).

    >>> from mibun._jit_internal import boolean_dispatch
    >>> f = boolean_dispatch("up", 1, False, lambda x, up=True: x + 1, lambda x, up=False: x - 1, "here", "f")
    >>> f(3), f(3, True), f(3, up=True)
    (2, 4, 4)
    """

    def fn(*args: Any, **kwargs: Any) -> Any:
        chosen = args[arg_index] if arg_index < len(args) else kwargs.get(arg_name, default)
        return (if_true if chosen else if_false)(*args, **kwargs)

    if if_true.__doc__ is not None and if_false.__doc__ is not None:
        raise RuntimeError("only one function can have a docstring")
    fn.__doc__ = if_false.__doc__ if if_true.__doc__ is None else if_true.__doc__
    fn.__name__ = func_name
    fn.__module__ = module_name
    boolean_dispatched[fn] = {
        "if_true": if_true,
        "if_false": if_false,
        "index": arg_index,
        "default": default,
        "arg_name": arg_name,
    }
    return fn


_overloaded: dict[str, list[Callable]] = {}


def _overload_key(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _overload(func: Callable) -> Callable:
    """Note one of a function's signatures. What is defined last under the name, without `_overload`, is what runs."""
    _overloaded.setdefault(_overload_key(func), []).append(func)
    return func


# (In PyTorch, methods are noted in another table.)
_overload_method = _overload


def _get_fn_overloads(qual_name: str) -> list[Callable] | None:
    """The signatures noted under a name, `module.function`; None without any."""
    return _overloaded.get(qual_name)


def _clear_fn_overloads(qual_name: str) -> None:
    """Forget the signatures noted under a name."""
    del _overloaded[qual_name]


def _get_overloaded_methods(method: Any, mod_class: Any) -> list[Callable] | None:
    """The signatures noted for a method of a class; None without any."""
    return _overloaded.get(f"{method.__module__}.{mod_class.__qualname__}.{method.__name__}")


# --- annotations ---


class BroadcastingListCls:
    """What `BroadcastingList2[int]` is an index of: an int, or a list of two. As an annotation it says nothing more."""

    def __getitem__(self, types: Any) -> None:
        return None


BroadcastingList1 = BroadcastingListCls()
BroadcastingList2 = BroadcastingListCls()
BroadcastingList3 = BroadcastingListCls()
BroadcastingList4 = BroadcastingListCls()
BroadcastingList5 = BroadcastingListCls()
BroadcastingList6 = BroadcastingListCls()


def is_tuple(ann: Any) -> bool:
    """Whether an annotation is `Tuple[...]`."""
    return typing.get_origin(ann) is tuple


def is_list(ann: Any) -> bool:
    """Whether an annotation is `List[...]`."""
    return typing.get_origin(ann) is list


def is_dict(ann: Any) -> bool:
    """Whether an annotation is `Dict[...]`."""
    return typing.get_origin(ann) is dict


def is_union(ann: Any) -> bool:
    """Whether an annotation is `Union[...]` or `A | B`."""
    return typing.get_origin(ann) in (Union, types.UnionType)


def is_optional(ann: Any) -> bool:
    """Whether an annotation is one kind or None."""
    return is_union(ann) and len(typing.get_args(ann)) == 2 and type(None) in typing.get_args(ann)


def is_future(ann: Any) -> bool:
    """Whether an annotation is `Future[...]`; RuntimeError for one without the kind of its value."""
    if ann is Future:
        raise RuntimeError("Attempted to use Future without a contained type. Please add one, e.g. Future[int]")
    return typing.get_origin(ann) is Future


def is_final(ann: Any) -> bool:
    """Whether an annotation is `Final[...]`."""
    return ann is Final or typing.get_origin(ann) is Final


def _isinstance(obj: Any, target_type: Any) -> bool:
    """`isinstance` for annotations too: what is in lists, tuples and dicts is looked at, all of it.

    An empty container is one of any kind. RuntimeError for `List` and the like without the kind of what is inside.
    """
    if isinstance(target_type, list):
        raise RuntimeError(
            "The second argument to `torch.jit.isinstance` must be a type or a tuple of types, not a list"
        )
    if isinstance(target_type, tuple):
        return any(_isinstance(obj, one) for one in target_type)
    if target_type in (list, dict, tuple, List, Dict, Tuple):  # noqa: UP006
        kind = getattr(target_type, "__origin__", target_type)
        if target_type is not kind:
            raise RuntimeError(
                f"Attempted to use {kind.__name__.capitalize()} without a contained type. Please add one, e.g. "
                f"{kind.__name__.capitalize()}[int]"
            )
        return isinstance(obj, kind)
    origin: Any = typing.get_origin(target_type)
    inside = typing.get_args(target_type)
    if origin is None:
        return isinstance(obj, type(None) if target_type is None else target_type)
    if is_union(target_type):
        return any(_isinstance(obj, one) for one in inside)
    if origin in (list, tuple, dict) and not isinstance(obj, origin):
        return False
    if origin is list:
        return all(_isinstance(one, inside[0]) for one in obj)
    if origin is dict:
        pairs: Any = obj
        return all(_isinstance(key, inside[0]) and _isinstance(value, inside[1]) for key, value in pairs.items())
    if origin is tuple:
        if inside[1:] == (...,):
            return all(_isinstance(one, inside[0]) for one in obj)
        return len(obj) == len(inside) and all(map(_isinstance, obj, inside))
    return isinstance(obj, origin)


_explain_missing_names(__name__)
