"""`torch.utils._contextlib`: context managers that decorate functions too, generators among them."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any


def context_decorator(ctx: Any, func: Callable) -> Callable:
    """`func` within a context: a context manager for all calls, or a function that makes one for each.

    Of a generator function, each step runs within it. TypeError for a class of the user's own, whose construction only
    would be.

    >>> import contextlib
    >>> from mibun.utils._contextlib import context_decorator
    >>> @contextlib.contextmanager
    ... def said():
    ...     print("in")
    ...     yield
    ...     print("out")
    >>> context_decorator(said, lambda: 3)()
    in
    out
    3
    """
    if callable(ctx) and hasattr(ctx, "__enter__"):
        raise AssertionError(
            f"Passed in {ctx} is both callable and also a valid context manager (has __enter__), making it ambiguous "
            "which interface to use. If you intended to pass a context manager factory, rewrite your call as "
            "context_decorator(lambda: ctx()); if you intended to pass a context manager directly, rewrite your call "
            "as context_decorator(lambda: ctx)"
        )
    make: Any = ctx if callable(ctx) else (lambda: ctx)
    if inspect.isclass(func):
        raise RuntimeError(
            "Cannot decorate classes; it is ambiguous whether or not only the constructor or all methods should have "
            "the context manager applied; additionally, decorating a class at definition-site will prevent use of the "
            "identifier as a conventional type. To specify which methods to decorate, decorate each of them "
            "individually."
        )
    if inspect.isgeneratorfunction(func):
        return _wrap_generator(make, func)

    @functools.wraps(func)
    def within(*args: Any, **kwargs: Any) -> Any:
        with make():
            return func(*args, **kwargs)

    return within


def _wrap_generator(ctx_factory: Callable, func: Callable) -> Callable:
    """A generator function of which each step, but not what its caller does meanwhile, is within a context."""

    @functools.wraps(func)
    def within(*args: Any, **kwargs: Any) -> Any:
        generator = func(*args, **kwargs)
        resume, given = generator.send, (None,)
        while True:
            try:
                with ctx_factory():
                    made = resume(*given)
            except StopIteration as stop:
                return stop.value
            try:
                sent = yield made
            except GeneratorExit:
                with ctx_factory():
                    generator.close()
                raise
            except BaseException:
                resume, given = generator.throw, (sys.exc_info()[1],)
            else:
                resume, given = generator.send, (sent,)

    return within


class _DecoratorContextManager:
    """Base of context managers whose objects decorate functions; `clone()` makes the one for each call."""

    def __call__(self, orig_func: Callable) -> Callable:
        return context_decorator(self.clone, orig_func)

    def __enter__(self) -> None:
        raise NotImplementedError

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        raise NotImplementedError

    def clone(self) -> Any:
        """A fresh one; override it where the constructor takes arguments."""
        return self.__class__()


class _NoParamDecoratorContextManager(_DecoratorContextManager):
    """The same for classes that decorate without parentheses too."""

    def __new__(cls, orig_func: Callable | None = None) -> Any:
        return super().__new__(cls) if orig_func is None else cls()(orig_func)
