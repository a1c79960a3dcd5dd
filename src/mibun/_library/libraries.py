"""`Library`, and the functions that define operators and register for them by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..ops.aten import OpOverload
from ..ops.schema import parse_schema
from .custom_ops import device_kinds
from .operators import (
    KEYS,
    LibraryOverload,
    declare,
    operator_of,
    qualified,
    register_fake_later,
    register_kernel,
    withdraw,
)
from .operators import register_kernel as _register

_DEFINED: set[str] = set()  # the namespaces that a Library of the kind DEF has


class Library:
    """Operators of one namespace that are declared together.

    ns: the namespace. kind: "DEF" for the one that has it (RuntimeError for a second), "FRAGMENT" to add to it, "IMPL"
    to register kernels. dispatch_key: the key of `impl`, unless it says another.
    ValueError for another kind, or a namespace that is PyTorch's own.

    >>> import mibun as torch
    >>> library = torch.library.Library("example", "FRAGMENT")
    >>> library.define("triple(Tensor x) -> Tensor")
    'triple'
    >>> library.impl("triple", lambda x: 3 * x, "CPU")
    >>> torch.ops.example.triple(torch.ones(1))
    tensor([3.])
    """

    def __init__(self, ns: str, kind: str, dispatch_key: str = "") -> None:
        if kind not in ("IMPL", "DEF", "FRAGMENT"):
            raise ValueError(f"Unsupported kind: {kind}")
        if ns == "prim" or (ns == "aten" and kind == "DEF"):
            raise ValueError(f"{ns} is a reserved namespace. Please try creating a library with another name.")
        if kind == "DEF" and ns in _DEFINED:
            raise RuntimeError(
                f"Only a single TORCH_LIBRARY can be used to register the namespace {ns}: take the kind FRAGMENT for a "
                "further one."
            )
        if kind == "DEF":
            _DEFINED.add(ns)
        self.ns, self.kind, self.dispatch_key = ns, kind, dispatch_key
        self._operators: list[LibraryOverload] = []

    def __repr__(self) -> str:
        return f"Library(kind={self.kind}, ns={self.ns}, dispatch_key={self.dispatch_key})>"

    def define(self, schema: str, alias_analysis: str = "", *, tags: Any = ()) -> str:
        """Declare an operator by its schema, and return its name.

        alias_analysis: "", "FROM_SCHEMA" or "CONSERVATIVE", which tell a compiler how far to believe the schema;
        RuntimeError for anything else. RuntimeError for a text that is no schema, and for a name that is taken.
        """
        if alias_analysis not in ("", "FROM_SCHEMA", "CONSERVATIVE"):
            raise RuntimeError(f"Invalid alias_analysis type {alias_analysis}")
        parsed = parse_schema(schema)
        if "::" in parsed.name:
            raise RuntimeError(f"the namespace of {parsed.name} is the library's: leave it out")
        name = f"{parsed.name}.{parsed.overload_name}" if parsed.overload_name else parsed.name
        parsed.name = f"{self.ns}::{parsed.name}"
        operator = declare(parsed)
        operator.tags = list(tags) if isinstance(tags, (list, tuple)) else [tags]
        self._operators.append(operator)
        return name

    def impl(
        self,
        op_name: str | OpOverload,
        fn: Callable,
        dispatch_key: str = "",
        *,
        with_keyset: bool = False,
        allow_override: bool = False,
    ) -> None:
        """Register a kernel for an operator of this namespace, declared before or after.

        dispatch_key: "CPU", "CUDA", "Meta", "CompositeExplicitAutograd" (all devices), "CompositeImplicitAutograd" or
        "" (all devices, and what it calls is its derivative), "Autograd" (called first); RuntimeError for others.
        A kernel that is there is replaced, `allow_override` or not.

        TypeError for what is not callable. NotImplementedError for `with_keyset`, as there are no sets of keys, and for
        operators of PyTorch's own: they cannot be changed.
        """
        if not callable(fn):
            raise TypeError(f"Input function is required to be a callable but found type {type(fn)}")
        if with_keyset:
            raise NotImplementedError("with_keyset: mibun has no sets of dispatch keys that a kernel could be given")
        key = dispatch_key or self.dispatch_key
        if key not in KEYS:
            raise RuntimeError(f"could not parse dispatch key: {key}")
        name = op_name if isinstance(op_name, str) else op_name.name()
        namespace, _, rest = name.rpartition("::")
        if namespace and namespace != self.ns:
            raise RuntimeError(f"{name} is not of the namespace {self.ns}")
        if self.ns == "aten" and not isinstance(op_name, LibraryOverload) and not self._has(rest):
            raise NotImplementedError(f"aten::{rest}: PyTorch's own operators cannot be given other kernels in mibun")
        register_kernel(f"{self.ns}::{rest.removesuffix('.default')}", KEYS[key], fn)

    def _has(self, name: str) -> bool:
        try:
            return operator_of(f"{self.ns}::{name}") is not None
        except AttributeError:
            return False

    def _register_fake(self, op_name: str, fn: Callable, _stacklevel: int = 1, *, allow_override: bool = False) -> None:
        operator_of(op_name if "::" in op_name else f"{self.ns}::{op_name}").fake = fn

    def _destroy(self) -> None:
        """Take back what this library has declared."""
        for operator in self._operators:
            withdraw(operator)
        self._operators.clear()
        if self.kind == "DEF":
            _DEFINED.discard(self.ns)


@contextmanager
def _scoped_library(*args: Any, **kwargs: Any) -> Iterator[Library]:
    """A Library whose operators are there inside of the context only."""
    library = Library(*args, **kwargs)
    try:
        yield library
    finally:
        library._destroy()


def define(qualname: Any, schema: str, alias_analysis: str = "", *, lib: Library | None = None, tags: Any = ()) -> Any:
    """Declare an operator: `define("mylib::f", "(Tensor x) -> Tensor")`.

    `define(library, schema)` is a decorator that declares it in a Library with the function as the general kernel.
    ValueError for a name without a namespace, or a schema with one; RuntimeError as of `Library.define`.
    """
    if isinstance(qualname, Library):
        library = qualname

        def register(function: Callable) -> Callable:
            name = library.define(schema, alias_analysis, tags=tags)
            library.impl(name, function)
            return function

        return register
    if not isinstance(qualname, str):
        raise ValueError(f"define(qualname, schema): expected qualname to be instance of str, got {type(qualname)}")
    namespace, name = qualified(qualname)
    if not schema.lstrip().startswith("("):
        raise ValueError(
            'define(qualname, schema, ...): expected schema to look like e.g. "(Tensor x) -> Tensor" but got '
            f'"{schema}"'
        )
    (lib or Library(namespace, "FRAGMENT")).define(name + schema, alias_analysis, tags=tags)
    return None


def impl(qualname: Any, types: Any, func: Any = None, *, lib: Library | None = None) -> Any:
    """Register a kernel: `impl("mylib::f", "cpu", function)`, or without the function as a decorator.

    types: a device, several, or "default" for all. `impl(library, name, dispatch_key)` is the decorator for
    `Library.impl`. RuntimeError for something that is no device.
    """
    if isinstance(qualname, Library):
        library, name, key = qualname, types, func or ""

        def register_in(function: Callable) -> Callable:
            library.impl(name, function, key)
            return function

        return register_in
    qualified(qualname)
    kinds = device_kinds(types)

    def register(function: Callable) -> Callable:
        for kind in kinds:
            _register(qualname.removesuffix(".default"), kind, function)
        return function

    return register if func is None else register(func)


def register_kernel_for(
    op: Any, device_types: str | Sequence[str] | None, func: Callable | None = None, /, *, lib: Library | None = None
) -> Callable:
    """Register what computes an operator on a device, on several, or (None) on all. Without `func`, a decorator."""
    operator = operator_of(op)
    kinds = device_kinds(device_types)

    def register(function: Callable) -> Callable:
        for kind in kinds:
            operator.register(kind, function)
        return function

    return register if func is None else register(func)


def register_fake(
    op: Any,
    func: Callable | None = None,
    /,
    *,
    lib: Library | None = None,
    _stacklevel: int = 1,
    allow_override: bool = False,
) -> Callable:
    """Register what gives an operator's results without computing. See `CustomOpDef.register_fake`.

    op: its name, or itself. Without `func`, a decorator. One that is there is replaced. The name may be that of an
    operator that is declared later, where PyTorch raises RuntimeError: libraries register for operators of compiled
    extensions, which do not exist here and are not missed until they are called.
    """

    def register(function: Callable) -> Callable:
        try:
            operator_of(op).fake = function
        except AttributeError:
            register_fake_later(op, function)
        return function

    if not isinstance(op, str):
        operator_of(op)  # (it says what is wrong with it before there is a function)
    else:
        qualified(op)

    return register if func is None else register(func)


def register_autograd(
    op: Any, backward: Callable, /, *, setup_context: Callable | None = None, lib: Library | None = None
) -> None:
    """Register an operator's derivative. See `CustomOpDef.register_autograd`."""
    operator_of(op).register_autograd(backward, setup_context)


def register_autocast(op: Any, device_type: str, cast_inputs: Any, /, *, lib: Library | None = None) -> None:
    """Cast an operator's operands where autocast is on for a device. See `CustomOpDef.register_autocast`."""
    (kind,) = device_kinds(device_type)
    operator_of(op).autocast[kind] = cast_inputs


def register_vmap(op: Any, func: Callable | None = None, /, *, lib: Library | None = None) -> Callable:
    """Register what `vmap` calls for an operator. See `CustomOpDef.register_vmap`."""
    operator = operator_of(op)

    def register(function: Callable) -> Callable:
        operator.vmap = function
        operator._function = None
        return function

    return register if func is None else register(func)
