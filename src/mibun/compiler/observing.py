"""What of Python a call uses: which code runs, which objects it meets, and whether it does what would be lost.

A record has arrays only. Whatever else a function reads (globals, closure cells, attributes) must be the same when the
record runs again, and what it changes (a counter, a list, the screen) would not be changed. So while a call is recorded
its frames are seen by Python's own profiling hook: functions in C that do more than compute are a reason not to
compile, and what has been met is looked at by `world.py`.
"""

from __future__ import annotations

import dis
import gc
import os
import sys
import sysconfig
import types
from typing import Any

import numpy as np

from ..core.site import _PACKAGE, GENERATED, INTERNAL
from ..core.tensor import Tensor
from .state import REFUSED_CODES

SKIPPED, LIBRARY, USER, STANDARD = range(4)

# Parts of mibun that a record cannot follow, and what they are.
_SUBCLASS = "a subclass of Tensor is used"
# What runs for plain tensors, too, once there is a subclass with a `__torch_function__`: it looks whether one is used.
_ONLY_LOOKING = frozenset(
    "_ask _call call get put remove has_torch_function overriding is_overriding _several _operands_unpacked"
    " _is_operand <listcomp> <genexpr>".split()
)
_REFUSED = {
    "xp/batched/": "vmap is used",
    "xp/sparse/": "sparse tensors are used",
    "func/": "function transforms are used",
    "_functorch/": "function transforms are used",
    "autograd/forward_ad.py": "forward-mode derivatives are computed",
    "dispatch/jvp.py": "forward-mode derivatives are computed",
    "dispatch/torch_function.py": _SUBCLASS,
    "overrides.py": _SUBCLASS,
    "xp/meta.py": "tensors without data are used",
    "distributed/": "processes communicate",
    "multiprocessing/": "processes communicate",
    "utils/data/": "data are loaded",
    "serialization/": "files are read or written",
    "fx/": "functions are traced",
    "jit/_trace.py": "functions are traced",
    "autograd/gradcheck": "gradients are checked",
    "autograd/profiler": "a profile is made",
    "profiler/": "a profile is made",
    "compat/printing": "tensors are written out",
    "ops/numpy_functions/": "functions of NumPy's are called on tensors",
    "amp/grad_scaler.py": "a GradScaler looks at gradients",
    "optim/lbfgs.py": "an optimizer looks at values",
    "optim/rprop.py": "an optimizer looks at values",
    "optim/asgd.py": "an optimizer looks at values",
    "optim/for_subclasses.py": "an optimizer looks at values",
    "optim/sparse_adam.py": "sparse tensors are used",
    "optim/adafactor.py": "an optimizer looks at values",
    "optim/muon.py": "an optimizer looks at values",
    "compiler/forward.py": None,
    "compiler/modules.py": None,
    "nn/parallel/": "processes communicate",
    "nn/uninitialized.py": "parameters are made at the first call",
    "utils/hooks.py": None,
    "_higher_order_ops/": "control flow of tensors is used",
}
# Methods of tensors by which the user's code reads values, and the files that they are in.
_READING = {
    "__float__": "the value of a tensor is read as a float",
    "__complex__": "the value of a tensor is read as a number",
    "tolist": "the values of a tensor are read: tolist()",
    "numpy": "the values of a tensor go into a NumPy array",
    "__array__": "the values of a tensor go into a NumPy array",
    "__format__": "the value of a tensor is written out",
    "from_numpy": "a tensor is made of a NumPy array",
}
_OVERRIDES = os.path.join(_PACKAGE, "overrides.py")
_READERS = ("python_numbers.py", "array_protocols.py", "buffers.py")
_MODULES_OF_LAYERS = ("nn/", "distributions/")
_STANDARD = tuple(
    os.path.join(path, "") for path in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")} if path
) + (os.path.join(os.path.dirname(np.__file__), ""), "<frozen")
_SITE = ("site-packages", "dist-packages")
_PURE_MODULES = frozenset(
    """
    _abc _bisect _collections _functools _heapq _operator _struct _weakref cmath collections copy functools itertools
    math numpy operator types _typing typing _sre re
    """.split()
)
_IMPURE_BUILTINS = frozenset(("print", "input", "open", "exec", "eval", "setattr", "delattr", "breakpoint"))
_PURE_TYPES = (str, bytes, int, float, complex, bool, tuple, frozenset, range, slice, type(None), np.generic, np.dtype)
_PURE_TYPES += (type, types.MappingProxyType, types.CodeType, types.FunctionType, np.ufunc)
_CONTAINERS = (list, dict, set, bytearray)
_CHANGING = frozenset(
    """
    add append appendleft clear difference_update discard extend extendleft insert intersection_update move_to_end pop
    popitem popleft remove reverse rotate setdefault sort symmetric_difference_update update __setitem__ __delitem__
    """.split()
)
_ARRAY_CHANGING = frozenset("fill sort partition put itemset resize setflags setfield byteswap tofile dump".split())


class _Kinds(dict):
    """code -> (kind, why it cannot be recorded)."""

    def __missing__(self, code: Any) -> tuple[int, str | None]:
        made = self[code] = _kind(code.co_filename)
        if made[1] == _SUBCLASS and code.co_name in _ONLY_LOOKING:
            made = self[code] = made[0], None
        return made


def _kind(filename: str) -> tuple[int, str | None]:
    if INTERNAL[filename]:
        if filename.startswith(GENERATED):
            return SKIPPED, None
        inner = filename[len(_PACKAGE) :].replace(os.sep, "/")
        for prefix, reason in _REFUSED.items():
            if inner.startswith(prefix):
                return SKIPPED, reason
        return (LIBRARY if inner.startswith(_MODULES_OF_LAYERS) else SKIPPED), None
    if filename.startswith(_STANDARD) and not any(
        [part in filename for part in _SITE] if "numpy" not in filename else []
    ):
        return STANDARD, None
    return USER, None


_KINDS = _Kinds()


def line_within(root: Any, frame: Any) -> int | None:
    """The line at which the innermost frame of a code object is, from a frame on outwards."""
    while frame is not None and root is not None:
        if frame.f_code is root:
            return frame.f_lineno
        frame = frame.f_back
    return None


class Observer:
    """Sees the frames of one call."""

    def __init__(self, recorder: Any = None, root: Any = None) -> None:
        self.recorder, self.root = recorder, root  # root: the code of the function itself
        self.line: int | None = None  # the line of this that is to blame for the problem
        self.problem: tuple[str, Any] | None = None
        self.codes: dict[Any, tuple[int, dict]] = {}  # code -> (kind, the globals of its frames)
        self.objects: dict[int, Any] = {}
        self.changed: dict[int, tuple[Any, Any, int | None]] = {}  # containers that were changed -> (itself, where)
        self.generators: set[int] = set()
        self.waiting: Any = None  # where `next` was called, until a generator of this call has run

    def __enter__(self) -> Observer:
        # What the garbage collector calls is no part of the call in which it happens to run.
        self.collecting = {getattr(callback, "__code__", None) for callback in gc.callbacks}
        self.before = sys.getprofile()
        sys.setprofile(self.event)
        if self.recorder is not None:
            self.recorder.observing = self.event
        return self

    def __exit__(self, *error: object) -> None:
        if self.recorder is not None:
            self.recorder.observing = None
        sys.setprofile(self.before)

    def refuse(self, reason: str, frame: Any, line: int | None = None) -> None:
        """Note why this cannot be compiled, and the user's line."""
        if self.problem is None:
            if _imports(frame):
                return
            self.line = line_within(self.root, frame) if line is None else line
            while frame is not None and _KINDS[frame.f_code][0] != USER:
                frame = frame.f_back
            self.problem = reason, None if frame is None else (frame.f_code, frame.f_lasti)

    def event(self, frame: Any, event: str, arg: Any) -> None:
        """What Python calls at each call and return."""
        if event == "return" or event == "c_return":
            return
        code = frame.f_code
        if code in self.collecting:
            return
        if event == "call":
            kind, reason = _KINDS[code]
            recorder = self.recorder
            if recorder is not None and recorder.paused:
                return
            if kind == SKIPPED:
                if code in REFUSED_CODES:
                    self.refuse(REFUSED_CODES[code], frame)
                if reason is not None:
                    self.refuse(reason, frame)
                elif code.co_name in _READING and code.co_filename.endswith(_READERS):
                    caller = frame.f_back
                    while caller is not None and caller.f_code.co_filename == _OVERRIDES:  # which only looks
                        caller = caller.f_back
                    if caller is not None and not INTERNAL[caller.f_code.co_filename]:
                        self.refuse(_READING[code.co_name], frame)
                elif code.co_argcount and code.co_varnames[0] == "self":
                    # (of optimizers, which parameters they have)
                    if code.co_name in ("zero_grad", "step", "_step_together"):
                        self.meet(frame.f_locals["self"])
                return
            if code.co_name == "__torch_function__":
                self.refuse(_SUBCLASS, frame)
            if kind == STANDARD:
                return
            if code in REFUSED_CODES:
                self.refuse(REFUSED_CODES[code], frame)
                return
            if code not in self.codes:
                self.codes[code] = kind, frame.f_globals
                self.scan(code, frame, kind)
            if code.co_flags & 0x2A0:  # a generator or coroutine
                if code.co_flags & 0x280:
                    self.refuse("a coroutine is run", frame)
                elif id(frame) not in self.generators:
                    if frame.f_lasti > 8 and _started(code, frame.f_lasti):
                        self.refuse("a generator that was begun before the call is resumed", frame)
                    self.generators.add(id(frame))
                self.waiting = None
            n = code.co_argcount + code.co_kwonlyargcount
            if n and kind == LIBRARY:
                n = 1
            if n:
                values = frame.f_locals
                for name in code.co_varnames[:n]:
                    if name in values:
                        self.meet(values[name])
        elif event == "c_call":
            kind = _KINDS[code][0]
            if kind == USER:
                self.called(arg, frame)
            elif kind == STANDARD:
                self.called_by_standard(arg, frame)

    def meet(self, value: Any) -> None:
        """Note an object whose attributes may be read."""
        kind = type(value)
        if issubclass(kind, Tensor) or kind in _PLAIN or isinstance(value, type):
            return
        if hasattr(value, "__dict__") or kind in _CONTAINERS:
            self.objects[id(value)] = value

    def scan(self, code: Any, frame: Any, kind: int) -> None:
        """Look for instructions that change variables outside of the function."""
        if kind != USER:
            return
        free = set(code.co_freevars)
        for instruction in dis.get_instructions(code):
            name = instruction.opname
            if name in ("STORE_GLOBAL", "DELETE_GLOBAL") or (
                name in ("STORE_DEREF", "DELETE_DEREF") and instruction.argval in free and not _made_here(code, frame)
            ):
                place = instruction.positions
                line = place.lineno if code is self.root and place is not None else None
                self.refuse(f"the variable {instruction.argval!r} outside of the function is assigned", frame, line)

    def called(self, function: Any, frame: Any) -> None:
        """The user's code calls a function in C."""
        name = getattr(function, "__name__", "")
        owner = getattr(function, "__self__", None)
        if owner is None or isinstance(owner, types.ModuleType):
            module = (getattr(function, "__module__", None) or getattr(owner, "__name__", "") or "").split(".")[0]
            if module == "builtins":
                if name in _IMPURE_BUILTINS:
                    self.refuse(f"{name}() is called", frame)
                elif name == "next":
                    self.waiting = frame.f_code, frame.f_lasti, line_within(self.root, frame)
            elif module not in _PURE_MODULES and module:
                self.refuse(f"{module}.{name}() is called", frame)
            return
        if isinstance(owner, _CONTAINERS) or hasattr(owner, "popleft"):
            if name in _CHANGING and not _imports(frame):
                self.changed[id(owner)] = owner, (frame.f_code, frame.f_lasti), line_within(self.root, frame)
            return
        if isinstance(owner, np.ndarray):
            if name in _ARRAY_CHANGING:
                self.refuse(f"a NumPy array's {name}() is called", frame)
            return
        if isinstance(owner, _PURE_TYPES) or type(owner).__module__ in ("re", "builtins", "_sre", "functools"):
            return
        if type(owner).__name__ == "RandomState" or "random" in type(owner).__module__.lower():
            self.refuse("random numbers are taken from outside of torch", frame)
        elif type(owner).__module__.split(".")[0] in ("numpy", "itertools", "collections", "types", "typing", "enum"):
            return
        else:
            self.refuse(f"{type(owner).__name__}.{name}() is called", frame)

    def called_by_standard(self, function: Any, frame: Any) -> None:
        """Python's own library, or NumPy, calls a function in C."""
        owner = getattr(function, "__self__", None)
        module = getattr(owner, "__name__", "") if isinstance(owner, types.ModuleType) else type(owner).__module__
        if module in ("time", "_random", "posix", "_io", "_socket", "_thread", "random") and owner is not None:
            caller = frame
            while caller is not None and _KINDS[caller.f_code][0] == STANDARD:
                caller = caller.f_back
            if caller is not None and INTERNAL[caller.f_code.co_filename]:
                return  # mibun knows what it does
            if module == "_thread" or (module == "_io" and function.__name__ not in ("write", "read")):
                return
            if module == "_io" and "StringIO" in type(owner).__name__:
                return
            self.refuse(f"{module.strip('_')}.{function.__name__}() is called", frame)

    def settle(self, result_containers: set[int]) -> None:
        """The call is over: which of the changed containers are still there, and were not made for the result?"""
        if self.waiting is not None and self.problem is None:
            self.problem, self.line = ("an iterator from outside is advanced", self.waiting[:2]), self.waiting[2]
        for key in list(self.objects):  # what nobody else holds was made in the call
            if sys.getrefcount(self.objects[key]) <= 2:
                del self.objects[key]
        while self.changed:
            key, (container, site, line) = self.changed.popitem()
            if sys.getrefcount(container) > 3 and key not in result_containers and self.problem is None:
                what = f"a {type(container).__name__} outside of the function is changed"
                self.problem, self.line = (what, site), line


_PLAIN = frozenset(
    (bool, int, float, complex, str, bytes, tuple, type(None), types.ModuleType, types.FunctionType, types.MethodType)
    + (types.BuiltinFunctionType, np.ndarray, slice, range, frozenset)
)


def _imports(frame: Any) -> bool:
    """Whether a module is being imported, which happens once."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _started(code: Any, offset: int) -> bool:
    """Whether a generator's frame has come beyond its beginning."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "RESUME":
            return offset > instruction.offset + 2
    return offset > 8


def _made_here(code: Any, frame: Any) -> bool:
    """Whether a function was made by a frame that is still running below, whose variables its cells are."""
    outer = frame.f_back
    while outer is not None:
        if code in outer.f_code.co_consts:
            return True
        outer = outer.f_back
    return False


__all__ = ["LIBRARY", "USER", "Observer", "line_within"]
