"""`__torch_function__`: Tensor subclasses, and modes, that take over what functions and methods do.

Plain Tensors pay nothing for this: a subclass gets methods of its own that ask its `__torch_function__` first, when the
class is made, and the functions of `mibun`, `mibun.nn.functional`, ... are exchanged for ones that ask when the first
subclass is made (or the first mode entered). By default a subclass is kept: `type(x + 1) is type(x)`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FunctionType
from typing import Any

from .core import gradients
from .core.naming import own_module, shown_module
from .core.registry import FUNCTIONS
from .core.site import shorten
from .core.tensor import PLAIN, Tensor
from .dispatch.apply import SCALARS
from .dispatch.public import SHOWN, name_as
from .dispatch.torch_function import (
    ARRANGED,
    INFIX,
    STATE,
    DisableTorchFunction,
    DisableTorchFunctionSubclass,
    get_default_nowrap_functions,
    is_overriding,
    overriding,
)

# PyTorch's functions of these modules have names such as `linalg_cholesky`.
_PREFIXES = {"mibun.linalg": "linalg_", "mibun.special": "special_", "mibun.fft": "fft_"}
_NAMESPACES = ("mibun", "mibun.nn.functional", "mibun.linalg", "mibun.special", "mibun.fft")
# Neither asked about nor changed: what Python needs to make and compare objects, and what only looks at the type.
_LEFT_ALONE = frozenset(
    (
        "__new__",
        "__init__",
        "__init_subclass__",
        "__torch_function__",
        "__hash__",
        "__dir__",
        "__getattr__",
        "__iter__",  # asks about `dim` and `unbind`
        "__class__",
        "__dict__",
        "__weakref__",
        "__reduce__",
        "__reduce_ex__",
        "__getstate__",
        "__setstate__",
        "__deepcopy__",
        "__array_namespace__",
        "as_subclass",
        "own_array",
        "version_counter",
    )
)
# The methods of Python's infix syntax, which leave operands of foreign types to them.
_OPERATORS = frozenset(
    f"__{kind}{name}__"
    for kind in ("", "r", "i")
    for name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift eq ne lt le gt ge".split()
)
_ONLY_LOOK = frozenset(("is_tensor", "is_storage", "typename", "set_printoptions", "get_default_dtype"))


def _call(told: Callable, function: Callable, args: tuple, kwargs: dict) -> Any:
    """`_ask`, with what it raises named and shortened for the user, whose call came by one frame of this module."""
    try:
        return _ask(told, function, args, kwargs)
    except Exception as error:
        _name_as_called(error, function)
        shorten(error, 3)
        raise


def _ask(told: Callable, function: Callable, args: tuple, kwargs: dict) -> Any:
    """Ask the modes and the arguments' classes about a call of `function`, of which they are told as `told`."""
    disabled, modes = STATE.get()
    if disabled and not modes:
        return function(*args, **kwargs)
    found = [] if disabled else overriding((*args, *kwargs.values()))
    if not found and not modes:
        return function(*args, **kwargs)
    types = tuple(type(one) for one in found)
    if modes:
        token = STATE.set((disabled, modes[:-1]))
        try:
            result = modes[-1].__torch_function__(told, types, args, kwargs)
        finally:
            STATE.reset(token)
        if result is not NotImplemented:
            return result
    for one in found:
        result = type(one).__torch_function__(told, types, args, kwargs)
        if result is not NotImplemented:
            return result
    if not found:
        return function(*args, **kwargs)
    raise TypeError(
        f"no implementation found for '{resolve_name(told) or told}' on types that implement __torch_function__: "
        f"{[type(one) for one in found]}"
    )


def _name_as_called(error: Exception, function: Callable) -> None:
    """Python names a function in a TypeError by what pickle knows it by, see `_name_as_exchanged`: by its name here."""
    made = f"{function.__qualname__}()"
    if type(error) is TypeError and error.args and str(error.args[0]).startswith(made):
        error.args = (f"{function.__name__}(){str(error.args[0])[len(made) :]}",)


def _asking_function(function: Callable) -> Callable:
    arranged = ARRANGED.get(function.__name__)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return _call(call, function, args if arranged is None else arranged(args), kwargs)

    call._asks = function  # type: ignore[attr-defined]
    return call


def _asking_method(name: str, function: Callable) -> Callable:
    infix = name in _OPERATORS
    asks_itself = infix or name in ("__getitem__", "__setitem__")
    told_as = INFIX.get(name, name)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if infix and len(args) > 1 and not _is_operand(args[1]):
            return function(*args, **kwargs)  # NotImplemented: the other type's turn
        foreign = [one for one in overriding(args[1:]) if not isinstance(one, Tensor)] if asks_itself else None
        if foreign and type(args[0]) in PLAIN and not STATE.get()[1]:  # pyright: ignore[reportGeneralTypeIssues]  (it knows of no arguments here)
            return function(*args, **kwargs)  # which asks objects that are no Tensors
        return _call(getattr(Tensor, told_as), function, args, kwargs)

    call._asks = function  # type: ignore[attr-defined]
    return call


def _is_operand(value: Any) -> bool:
    return isinstance(value, (Tensor, *SCALARS)) or is_overriding(type(value))


def _asking_property(name: str, given: property) -> property:
    # Each access of `.__get__` makes a new object, equal to the others: `func == Tensor.shape.__get__` holds.
    def get(self: Any) -> Any:
        return _call(vars(Tensor)[name].__get__, given.__get__, (self,), {})

    def put(self: Any, value: Any) -> None:
        _call(vars(Tensor)[name].__set__, given.__set__, (self, value), {})

    def remove(self: Any) -> None:
        _call(vars(Tensor)[name].__delete__, given.__delete__, (self,), {})

    return property(get, put if given.fset else None, remove if given.fdel else None, given.__doc__)


def prepare(cls: type) -> None:
    """Give a new subclass of Tensor the methods that ask its `__torch_function__`."""
    if not is_overriding(cls):
        return
    _exchange_functions()
    for base in cls.__mro__[1:]:
        if base is not Tensor and base not in PLAIN and issubclass(base, Tensor) and is_overriding(base):
            return  # inherited
    _exchange_methods(cls)


def _exchange_methods(cls: type) -> None:
    for name, given in list(vars(Tensor).items()):
        private = name.startswith("_") and not name.startswith("__")
        if private or name in _LEFT_ALONE or (cls is not Tensor and _defined_before(cls, name)):
            continue
        if isinstance(given, FunctionType):
            asking = _asking_method(name, given)
            name_as(asking, shown_module("mibun") if cls is Tensor else cls.__module__, f"{cls.__qualname__}.{name}")
            setattr(cls, name, asking)
            if cls is Tensor and given.__qualname__ == f"Tensor.{name}":
                _name_as_exchanged(given, f"mibun.Tensor.{name}")
        elif isinstance(given, property):
            setattr(cls, name, _asking_property(name, given))


def _defined_before(cls: type, name: str) -> bool:
    """Whether the class, or a base that comes before Tensor, defines the name itself."""
    for base in cls.__mro__:
        if base is Tensor:
            return False
        if name in vars(base):
            return True
    return False


_exchanged = False


def _names_it(function: Callable) -> bool:
    """Whether a function says that it is of one of the namespaces, by mibun's name of it or by PyTorch's."""
    module = own_module(function.__module__)
    return module in _NAMESPACES or module == "mibun.functional"


def _exchange_functions() -> None:
    """Exchange the public functions of the namespaces for ones that ask, once."""
    global _exchanged
    if _exchanged:
        return
    asking: dict[Callable, Callable] = {}
    for function in get_overridable_functions_of_namespaces():
        asking[function] = _asking_function(function)
    plain = dict(asking)
    for name in _NAMESPACES:
        module = importlib.import_module(name)
        prefix = _PREFIXES.get(name, "")
        asking = {function: _asking_function(function) for function in plain} if prefix else plain
        for key, value in list(vars(module).items()):
            if isinstance(value, FunctionType) and value in asking:
                new = asking[value]
                if key != value.__name__ and not value.__name__.startswith("_"):
                    new = _asking_function(value)  # an alias, of which `__torch_function__` is told by its own name
                    name_as(new, shown_module(name, key), key)
                setattr(module, key, new)
                if not _names_it(new) or "." in new.__qualname__:  # a method's name: one of its own
                    name_as(new, shown_module(name, key), key)
                new.__name__ = prefix + new.__name__.removeprefix(prefix)
                if value.__module__ == shown_module(name, key) and value.__qualname__ == key:
                    _name_as_exchanged(value, f"{name}.{key}")
    importlib.import_module("mibun.autograd.functional")
    for name, module in list(sys.modules.items()):
        # What the layers have imported, and the functions that compute Jacobians.
        if name.startswith("mibun.nn.") or name == "mibun.autograd.functional":
            for key, value in list(vars(module).items()):
                shown = SHOWN.get(value, value) if isinstance(value, FunctionType) else None
                if shown is not None and shown in plain:
                    setattr(module, key, plain[shown])
    _exchange_gradients()
    _exchanged = True  # at the end: another thread may do the same meanwhile, with the same result


def _exchange_gradients() -> None:
    """The same for `backward` and `grad`, which ask about what is in their sequences."""
    functions: Any = (gradients.grad, gradients.backward)
    for function in functions:

        @functools.wraps(function)
        def call(first: Any, *args: Any, _function: Callable = function, **kwargs: Any) -> Any:
            given = (first, *args[: _function is gradients.grad], kwargs.get("inputs"))
            if not has_torch_function([one for part in given for one in _several(part)]):
                return _function(first, *args, **kwargs)
            bound = inspect.signature(_function).bind(first, *args, **kwargs)
            bound.apply_defaults()
            outputs, *rest = bound.arguments.items()
            positional = [_several(outputs[1])]
            if _function is gradients.grad:
                inputs = rest.pop(0)[1]
                positional.append(inputs if isinstance(inputs, dict) else _several(inputs))
            told = call_of[_function]
            return _call(told, _function, tuple(positional), dict(rest))

        name_as(call, shown_module("mibun.autograd"), function.__name__)
        call_of[function] = call
        for module in [m for name, m in list(sys.modules.items()) if name.startswith("mibun.autograd")]:
            for key, value in list(vars(module).items()):
                if value is function:
                    setattr(module, key, call)


call_of: dict[Callable, Callable] = {}


def _several(value: Any) -> Any:
    """A tuple of the Tensors, or objects like one, that an argument of `grad` is."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return tuple(value.values())
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _name_as_exchanged(function: Callable, path: str) -> None:
    """Give a function that another one now stands for a name by which pickle still finds it, in every process.

    It may be a method of Tensor, which is left as it was, or an attribute of somebody's object. What is pickled is
    then `mibun.Tensor.add`, or the attribute `mibun/nn/functional/gelu` of this module: see `__getattr__`.
    """
    method = function.__name__
    if vars(Tensor).get(method) is function:
        name_as(function, shown_module("mibun"), f"Tensor.{method}")
    else:
        name_as(function, __name__, path.replace(".", "/"))
        function.__name__ = method


def __getattr__(name: str) -> Any:
    """A function as it was made, whether or not it has been exchanged, by its path: `mibun/nn/functional/gelu`."""
    root, *path = name.split("/")
    if root == "mibun" and path:
        found = functools.reduce(getattr, path, importlib.import_module(root))
        return getattr(found, "_asks", found)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def get_overridable_functions_of_namespaces() -> Iterator[Callable]:
    """The functions, as they were made, that `__torch_function__` is asked about."""
    seen = set()
    for name in _NAMESPACES:
        module = importlib.import_module(name)
        for key, value in vars(module).items():
            known = name != "mibun" or key in FUNCTIONS
            if known and isinstance(value, FunctionType) and not key.startswith("_") and key not in _ONLY_LOOK:
                value = getattr(value, "_asks", value)
                if value not in seen:
                    seen.add(value)
                    yield value


# --- what PyTorch has in this module for users ---

_SKIP: ContextVar[bool] = ContextVar("mibun_skip_torch_function", default=False)  # see `redispatch_function`


def has_torch_function(relevant_args: Iterable) -> bool:
    """Whether one of the arguments has a `__torch_function__` that is to be asked now."""
    if _SKIP.get():
        _SKIP.set(False)
        return False
    disabled, modes = STATE.get()
    return bool(modes) or (not disabled and bool(overriding(relevant_args)))


def has_torch_function_unary(argument: Any) -> bool:
    """`has_torch_function` of one argument."""
    return has_torch_function((argument,))


def has_torch_function_variadic(*arguments: Any) -> bool:
    """`has_torch_function` of several arguments."""
    return has_torch_function(arguments)


def handle_torch_function(public_api: Callable, relevant_args: Iterable, *args: Any, **kwargs: Any) -> Any:
    """Ask the `__torch_function__` of the relevant arguments about a call of `public_api(*args, **kwargs)`.

    TypeError where all of them return NotImplemented.
    """
    disabled, modes = STATE.get()
    found = overriding(relevant_args)
    types = tuple(type(one) for one in found)
    for one in (*reversed(modes), *found):
        owner = one if isinstance(one, TorchFunctionMode) else type(one)
        result = owner.__torch_function__(public_api, types, args, kwargs)
        if result is not NotImplemented:
            return result
    raise TypeError(
        f"no implementation found for '{public_api.__module__}.{public_api.__name__}' on types that implement "
        f"__torch_function__: {[type(one) for one in found]}"
    )


def wrap_torch_function(dispatcher: Callable) -> Callable:
    """Decorate a function of one's own so that its arguments are asked: `dispatcher` gives the relevant ones."""

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            relevant = dispatcher(*args, **kwargs)
            if has_torch_function(relevant):
                return handle_torch_function(call, relevant, *args, **kwargs)
            return function(*args, **kwargs)

        return call

    return decorate


def is_tensor_like(inp: Any) -> bool:
    """Whether this is a Tensor or of a type with a `__torch_function__`."""
    return isinstance(inp, Tensor) or hasattr(type(inp), "__torch_function__")


def is_tensor_method_or_property(func: Callable) -> bool:
    """Whether `func` belongs to Tensor, as a method or as the getter or setter of a property."""
    if getattr(func, "__name__", None) in ("__get__", "__set__", "__delete__"):
        return True
    return any(value is func for value in vars(Tensor).values())


def resolve_name(f: Callable) -> str | None:
    """A readable name such as `torch.Tensor.add` of a function that can be overridden; None of others."""
    if getattr(f, "__name__", None) == "__get__":
        for name, value in vars(Tensor).items():
            if isinstance(value, property) and value.__get__ == f:
                return f"torch.Tensor.{name}.__get__"
    for name, value in vars(Tensor).items():
        if value is f:
            return f"torch.Tensor.{name}"
    for module_name in _NAMESPACES:
        for name, value in vars(importlib.import_module(module_name)).items():
            if value is f:
                return f"torch{module_name.removeprefix('mibun')}.{name}"
    return None


def get_overridable_functions() -> dict[Any, list[Callable]]:
    """Namespace -> the functions in it that `__torch_function__` is asked about."""
    found: dict[Any, list[Callable]] = {}
    functions = set(get_overridable_functions_of_namespaces())
    for name in _NAMESPACES:
        module = importlib.import_module(name)
        found[module] = [
            value
            for value in vars(module).values()
            if isinstance(value, FunctionType) and getattr(value, "_asks", value) in functions
        ]
    found[Tensor] = [
        value if isinstance(value, FunctionType) else value.__get__
        for name, value in vars(Tensor).items()
        if isinstance(value, (FunctionType, property)) and name not in _LEFT_ALONE and not name.startswith("_")
    ]
    return found


def redispatch_function(func: Callable, types: Any, args: tuple, kwargs: dict | None = None) -> Any:
    """Call `func`, for a `__torch_function__` that was asked about it, without asking about that call again.

    What a function of the user's own calls inside is asked about, as `func` itself only is not.

    >>> import mibun as torch
    >>> class Logged(torch.Tensor):
    ...     @classmethod
    ...     def __torch_function__(cls, func, types, args=(), kwargs=None):
    ...         print(func.__name__)
    ...         return torch.overrides.redispatch_function(func, types, args, kwargs)
    >>> torch.add(Logged([1.0]), 1)
    add
    tensor([2.])
    """
    named = getattr(func, "__name__", "")
    if hasattr(func, "_asks") or named in ("__get__", "__set__", "__delete__") or vars(Tensor).get(named) is func:
        token = STATE.set((True, ()))  # one of torch's own, which is not asked about what it calls
        try:
            return getattr(func, "_asks", func)(*args, **(kwargs or {}))
        finally:
            STATE.reset(token)
    skipping = _SKIP.set(True)
    try:
        return func(*args, **(kwargs or {}))
    finally:
        _SKIP.reset(skipping)


def get_ignored_functions() -> frozenset[Callable]:
    """Public functions of `torch`, its functional namespaces and `nn.init`, and methods, that are never asked about."""
    asked = {function for functions in get_overridable_functions().values() for function in functions}
    asked |= {getattr(function, "_asks", function) for function in asked}
    found = []
    for place in (*[importlib.import_module(name) for name in (*_NAMESPACES, "mibun.nn.init")], Tensor):
        for name in dir(place):
            if place is not Tensor and name.startswith("has_") and name not in vars(place):
                continue  # flags, some of which are deprecated
            value = vars(place).get(name) or getattr(place, name, None)
            value = getattr(value, "__func__", value)  # of static methods
            if isinstance(value, (FunctionType, type)) and (not name.startswith("_") or name in _LEFT_ALONE):
                found.append(value)
    return frozenset([value for value in found if getattr(value, "_asks", value) not in asked])


def get_testing_overrides() -> dict[Callable, Callable]:
    """Overridable function -> one of the same signature that returns -1, to test classes with `__torch_function__`.

    >>> import mibun as torch
    >>> torch.overrides.get_testing_overrides()[torch.Tensor.add](1, 2)
    -1
    """
    return {
        function: _returning_minus_one(function)
        for functions in get_overridable_functions().values()
        for function in functions
    }


def _returning_minus_one(function: Callable) -> Callable:
    try:
        signature = inspect.signature(function)
    except ValueError:  # `__get__` of a property
        signature = inspect.signature(lambda self: None)

    def override(*args: Any, **kwargs: Any) -> int:
        signature.bind(*args, **kwargs)
        return -1

    override.__signature__ = signature  # type: ignore[attr-defined]
    return override


class TorchFunctionMode:
    """Context in which every function and method is first asked of its `__torch_function__(func, types, args, kwargs)`.

    Inside that method the mode is off, so that it may call `func`. Once a mode has been entered, methods of plain
    Tensors ask as well, and are slower for the rest of the process.
    """

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        raise NotImplementedError

    _tokens: tuple = ()

    def __enter__(self) -> Any:
        _exchange_functions()
        _exchange_plain_methods()
        disabled, modes = STATE.get()
        self._tokens = (*self._tokens, STATE.set((disabled, (*modes, self))))
        return self

    def __exit__(self, *error: object) -> None:
        STATE.reset(self._tokens[-1])
        self._tokens = self._tokens[:-1]


BaseTorchFunctionMode = TorchFunctionMode
_plain_methods_exchanged = False


def _exchange_plain_methods() -> None:
    global _plain_methods_exchanged
    if not _plain_methods_exchanged:
        _plain_methods_exchanged = True
        _exchange_methods(Tensor)


@contextmanager
def _enable_torch_function() -> Iterator[None]:
    token = STATE.set((False, STATE.get()[1]))
    try:
        yield
    finally:
        STATE.reset(token)


def enable_reentrant_dispatch() -> Any:
    """Context in which subclasses are asked again, inside of a `__torch_function__`."""
    return _enable_torch_function()


__all__ = [
    "BaseTorchFunctionMode",
    "DisableTorchFunction",
    "DisableTorchFunctionSubclass",
    "TorchFunctionMode",
    "enable_reentrant_dispatch",
    "get_default_nowrap_functions",
    "get_ignored_functions",
    "get_overridable_functions",
    "get_testing_overrides",
    "handle_torch_function",
    "has_torch_function",
    "is_tensor_like",
    "is_tensor_method_or_property",
    "redispatch_function",
    "resolve_name",
    "wrap_torch_function",
]
