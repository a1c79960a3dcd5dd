"""Names of modules and classes exchanged while a function is traced, and put back afterwards."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from .functions import public_functions
from .naming import is_from_torch, qualified_name
from .node import map_aggregate
from .proxy import Proxy, record_function_call

_MISSING = object()
CURRENT_PATCHER: _Patcher | None = None


class _Patcher:
    """What has been exchanged, so that it can be put back; a context."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, str, Any, Any, bool]] = []  # owner, name, before, after, whether it is a dict
        self.visited: set[int] = set()

    def patch(
        self, frame_dict: dict[str, Any], name: str, new_fn: Callable[..., Any], deduplicate: bool = True
    ) -> None:
        """Exchange an entry of a dict (the globals of a module), which may be absent. Once only, if `deduplicate`."""
        before = frame_dict.get(name, _MISSING)
        if deduplicate and hasattr(before, "__fx_already_patched"):
            return
        new_fn.__fx_already_patched = deduplicate  # type: ignore[attr-defined]
        self.done.append((frame_dict, name, before, new_fn, True))
        frame_dict[name] = new_fn

    def patch_method(self, cls: type, name: str, new_fn: Callable[..., Any], deduplicate: bool = True) -> None:
        """Exchange an attribute of a class."""
        before = vars(cls).get(name, _MISSING)
        if deduplicate and hasattr(before, "__fx_already_patched"):
            return
        new_fn.__fx_already_patched = deduplicate  # type: ignore[attr-defined]
        self.done.append((cls, name, before, new_fn, False))
        setattr(cls, name, new_fn)

    def visit_once(self, thing: Any) -> bool:
        """Whether this object has not been asked about before."""
        if id(thing) in self.visited:
            return False
        self.visited.add(id(thing))
        return True

    def revert_all_patches(self) -> list:
        """Put everything back, for now. Returns what has been."""
        for owner, name, before, _, is_dict in reversed(self.done):
            if before is _MISSING:
                if is_dict:
                    del owner[name]
                else:
                    delattr(owner, name)
            elif is_dict:
                owner[name] = before
            else:
                setattr(owner, name, before)
        return self.done

    def reapply_all_patches(self) -> list:
        """Exchange everything again."""
        for owner, name, _, after, is_dict in self.done:
            if is_dict:
                owner[name] = after
            else:
                setattr(owner, name, after)
        return self.done

    def __enter__(self) -> _Patcher:
        return self

    def __exit__(self, *error: object) -> None:
        self.revert_all_patches()
        self.done.clear()
        self.visited.clear()


@contextmanager
def _new_patcher() -> Iterator[_Patcher]:
    global CURRENT_PATCHER
    before = CURRENT_PATCHER
    with _Patcher() as patcher:
        CURRENT_PATCHER = patcher
        try:
            yield patcher
        finally:
            CURRENT_PATCHER = before


@contextmanager
def _maybe_revert_all_patches() -> Iterator[None]:
    """Context in which a trace that is running leaves everything as it is without one."""
    current = CURRENT_PATCHER
    if current is None:
        yield
        return
    current.revert_all_patches()
    try:
        yield
    finally:
        current.reapply_all_patches()


def _find_proxy(*objects_to_search: Any) -> Proxy | None:
    """A Proxy among the objects or inside of them, or None."""
    found: list[Proxy] = []
    map_aggregate(objects_to_search, lambda leaf: found.append(leaf) if isinstance(leaf, Proxy) else None)
    return found[0] if found else None


def _create_wrapped_func(orig_fn: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but that a call with a Proxy among its arguments is recorded instead of made."""

    @functools.wraps(orig_fn)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        proxy = _find_proxy(args, kwargs)
        if proxy is None:
            return orig_fn(*args, **kwargs)
        made = proxy.tracer.create_proxy("call_function", orig_fn, args, kwargs)
        made.node.meta["is_wrapped"] = True
        return made

    return wrapped


def _create_wrapped_method(cls: type, name: str) -> Callable[..., Any]:
    """The same for a method of a class, which is recorded as a call of a method."""
    orig_fn = getattr(cls, name)

    @functools.wraps(orig_fn)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        proxy = _find_proxy(args, kwargs)
        if proxy is None:
            return orig_fn(*args, **kwargs)
        return proxy.tracer.create_proxy("call_method", name, args, kwargs)

    return wrapped


@functools.cache
def _recording(function: Callable, path: str | None = None) -> Callable:
    """A function of `torch` that records its calls with Proxies, as PyTorch's do by themselves, under this name."""
    called_as = None if path is None or path == qualified_name(function) else path

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        proxies: dict[Any, None] = {}
        map_aggregate((args, kwargs), lambda leaf: proxies.setdefault(leaf) if isinstance(leaf, Proxy) else None)
        if not proxies:
            return function(*args, **kwargs)
        tracers = {proxy.tracer: None for proxy in proxies}
        if len(tracers) > 1:
            raise RuntimeError(
                f"Found multiple different tracers {list(tracers)} while trying to trace operations {function}"
            )
        return record_function_call(next(iter(tracers)), function, args, kwargs, called_as)

    call._records = function  # type: ignore[attr-defined]
    return call


def patch_torch(patcher: _Patcher) -> None:
    """Let the functions of `torch` record their calls, where a Module or a user finds them.

    mibun's functions ask objects that are no Tensors only after they have failed, and tell of a call with arguments
    that they have looked at; a graph is to have those that the program gave.
    """
    for names, name, function, path in public_functions():
        patcher.patch(names, name, _recording(function, path), deduplicate=False)


def patch_imported(patcher: _Patcher, names: dict[str, Any]) -> None:
    """The same where a module has imported functions of `torch` by name."""
    known = _public()
    for name, value in list(names.items()):
        if not isinstance(value, FunctionType):
            continue
        function = known.get(value)
        if function is not None and is_from_torch(function):
            patcher.patch(names, name, _recording(function), deduplicate=False)


def _public() -> dict[Any, Any]:
    """Each public function, and what mibun's own modules import in its place -> the function."""
    from ..dispatch.public import SHOWN

    found = {function: function for _, _, function, _ in public_functions()}
    shown = {own: function for own, function in SHOWN.items() if function in found}
    return {**shown, **found}
