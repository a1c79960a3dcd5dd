"""Unpicklers: one that executes nothing but what it knows, and one that does what the file says.

A pickle is a program for a small machine. The first, `SafeUnpickler`, has only those of its instructions that make
plain data, call a function that is known to be harmless, or fill in an object of a class that is known; the user can
add to both by `add_safe_globals`. For files of those whom the user trusts, `resolve` gives whatever a name stands for.
"""

from __future__ import annotations

import _compat_pickle
import collections
import pickle
import pickletools
from typing import Any

from ..core.tensor import Tensor
from .names import find, torch_name
from .options import get_safe_globals
from .rebuilding import READABLE, set_state


def allowed_by_user() -> dict[str, Any]:
    """The functions and classes that `add_safe_globals` was given, by the names that files may have for them."""
    allowed: dict[str, Any] = {}
    for entry in get_safe_globals():
        if isinstance(entry, tuple):
            allowed[entry[1]] = entry[0]
            continue
        module, name = getattr(entry, "__module__", None), getattr(entry, "__qualname__", None)
        allowed[f"{module}.{name}"] = entry
        named = torch_name(entry)
        if named is not None:
            allowed[".".join(named)] = entry
    return allowed


def _failed(what: str) -> pickle.UnpicklingError:
    return pickle.UnpicklingError(f"Weights only load failed. {what}")


def resolve(module: str, name: str, find_elsewhere: Any) -> Any:
    """What a file means by a name: what mibun has under PyTorch's; `find_elsewhere(module, name)` knows the others.

    AttributeError or ImportError where there is nothing of that name.
    """
    known = READABLE.get((module, name))
    if known is not None:
        return known
    root, _, rest = module.partition(".")
    if root == "torch":
        found = find(rest, name)
        if found is None:
            raise AttributeError(f"the file names {module}.{name}, which mibun does not have")
        return found
    return find_elsewhere(module, name)


class SafeUnpickler(pickle._Unpickler):  # type: ignore[name-defined]
    """Executes nothing that is not known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed_by_user()
        self._callable: list[Any] = []  # what has been found by a name, and so may be called

    def find_class(self, module: str, name: str) -> Any:
        """What is known under a name. UnpicklingError for all others."""
        module, name = modern(module, name)
        full = f"{module}.{name}"
        if full in self.allowed:
            found = self.allowed[full]
        elif (module, name) in READABLE:
            found = READABLE[module, name]
        else:
            raise _failed(
                "This file can still be loaded, if you trust whoever made it: either with `weights_only=False`, which "
                "lets the file execute anything, or as the next sentence says.\n\tWeightsUnpickler error: Unsupported "
                f"global: GLOBAL {full} was not an allowed global by default. Please use "
                f"`torch.serialization.add_safe_globals([{full}])` or the `torch.serialization.safe_globals([{full}])` "
                "context manager to allowlist this global if you trust this class/function. (Of a Module or an "
                "optimizer, save the state_dict().)"
            )
        self._callable.append(found)
        return found

    def _is_known(self, function: Any) -> bool:
        return any(function is known for known in self._callable)

    def _is_users(self, kind: Any) -> bool:
        return any(kind is known for known in self.allowed.values())

    # The instructions by which a pickle can do more than hold data.

    dispatch: dict[int, Any] = dict(pickle._Unpickler.dispatch)  # type: ignore[attr-defined]

    def _reduce(self) -> None:
        function = self.stack[-2]  # type: ignore[attr-defined]
        if not self._is_known(function) or (isinstance(function, type) and issubclass(function, Tensor)):
            if not self._is_users(function):
                raise _failed(f"Trying to call reduce for unrecognized function {function}")
        self.load_reduce()  # type: ignore[attr-defined]

    def _new_object(self) -> None:
        kind = self.stack[-2]  # type: ignore[attr-defined]
        if kind is not collections.OrderedDict and not self._is_users(kind):
            raise _failed(f"Trying to create new object for unrecognized class {kind}")
        self.load_newobj()  # type: ignore[attr-defined]

    def _new_object_with_keywords(self) -> None:
        kind = self.stack[-3]  # type: ignore[attr-defined]
        if not self._is_users(kind):
            raise _failed(f"Trying to create new object for unrecognized class {kind}")
        self.load_newobj_ex()  # type: ignore[attr-defined]

    def _build(self) -> None:
        stack: list[Any] = self.stack  # type: ignore[attr-defined]
        instance = stack[-2]
        if isinstance(instance, type) or not hasattr(instance, "__dict__"):
            known = self._is_users(type(instance)) and not isinstance(instance, type)
        elif type(instance) is collections.OrderedDict:
            state = stack.pop()
            instance.__dict__.update(state)
            return
        elif isinstance(instance, Tensor) and not self._is_users(type(instance)):
            set_state(instance, stack.pop())
            return
        else:
            known = self._is_users(type(instance))
        if not known:
            raise _failed(
                "Can only build Tensor, Parameter, OrderedDict or types allowlisted via `add_safe_globals`, but got "
                f"{type(instance)}"
            )
        self.load_build()  # type: ignore[attr-defined]

    def _append(self) -> None:
        self._check_list(self.stack[-2])  # type: ignore[attr-defined]
        self.load_append()  # type: ignore[attr-defined]

    def _appends(self) -> None:
        self._check_list(self.metastack[-1][-1])  # type: ignore[attr-defined]
        self.load_appends()  # type: ignore[attr-defined]

    def _check_list(self, target: Any) -> None:
        if type(target) is not list and not self._is_users(type(target)):
            raise _failed(f"Can only append to lists, but got {type(target)}")

    def _add_items(self) -> None:
        target = self.metastack[-1][-1]  # type: ignore[attr-defined]
        if type(target) not in (set, dict, collections.OrderedDict, collections.Counter):
            if not self._is_users(type(target)):
                raise _failed(f"Can only add items to sets and dicts, but got {type(target)}")
        self.dispatch_of_items[type(target) is set](self)

    def _set_item(self) -> None:
        target = self.stack[-3]  # type: ignore[attr-defined]
        if type(target) not in (dict, collections.OrderedDict, collections.Counter):
            if not self._is_users(type(target)):
                raise _failed(f"Can only set items of dicts, but got {type(target)}")
        self.load_setitem()  # type: ignore[attr-defined]

    dispatch_of_items = {
        True: pickle._Unpickler.load_additems,  # type: ignore[attr-defined]
        False: pickle._Unpickler.load_setitems,  # type: ignore[attr-defined]
    }

    def _refuse(self) -> None:
        raise _failed("The file has an instruction that is never needed for data, such as OBJ, INST or EXT.")

    dispatch[pickle.REDUCE[0]] = _reduce
    dispatch[pickle.NEWOBJ[0]] = _new_object
    dispatch[pickle.NEWOBJ_EX[0]] = _new_object_with_keywords
    dispatch[pickle.BUILD[0]] = _build
    dispatch[pickle.APPEND[0]] = _append
    dispatch[pickle.APPENDS[0]] = _appends
    dispatch[pickle.SETITEM[0]] = _set_item
    dispatch[pickle.SETITEMS[0]] = _add_items
    dispatch[pickle.ADDITEMS[0]] = _add_items
    for _code in (pickle.OBJ, pickle.INST, pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.PERSID):
        dispatch[_code[0]] = _refuse


def modern(module: str, name: str) -> tuple[str, str]:
    """The name in Python 3 of what protocol 2 names as Python 2 did: `__builtin__.xrange` is `builtins.range`."""
    if (module, name) in _compat_pickle.NAME_MAPPING:
        return _compat_pickle.NAME_MAPPING[module, name]
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name


def globals_of(data: bytes) -> list[str]:
    """The names of functions and classes that a pickle has, without executing it."""
    found: dict[str, None] = {}
    strings: list[str] = []
    memo: dict[int, str] = {}
    last = ""
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "GLOBAL":
            found[".".join(modern(*argument.split(" ", 1)))] = None  # type: ignore[union-attr, call-arg]
        elif opcode.name == "STACK_GLOBAL":
            found[".".join(strings[-2:])] = None
        elif opcode.name in ("MEMOIZE", "BINPUT", "LONG_BINPUT"):
            memo[len(memo) if opcode.name == "MEMOIZE" else argument] = last  # type: ignore[index]
        elif opcode.name in ("BINGET", "LONG_BINGET"):
            last = memo.get(argument, "")  # type: ignore[arg-type]
            strings.append(last)
        else:
            last = argument if isinstance(argument, str) else ""
            if last:
                strings.append(last)
    return list(found)
