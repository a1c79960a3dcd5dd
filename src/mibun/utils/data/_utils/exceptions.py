"""An exception that crosses to another thread or process, with its traceback as text."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import Any

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class KeyErrorMessage(str):
    """Shown as it is by KeyError, which shows the `repr` of its argument."""

    def __repr__(self) -> str:
        return str(self)


class ExceptionWrapper:
    """The exception that is being handled, or another: its class, and its traceback as text.

    exc_info: what `sys.exc_info()` gives. where: in which thread or process, for the message.

    >>> from mibun._utils import ExceptionWrapper
    >>> try:
    ...     {}["x"]
    ... except KeyError:
    ...     wrapper = ExceptionWrapper(where="in a worker")
    >>> try:
    ...     wrapper.reraise()
    ... except KeyError as error:
    ...     print(str(error).splitlines()[0])
    Caught KeyError in a worker.
    """

    def __init__(self, exc_info: ExceptionInfo | None = None, where: str = "in background") -> None:
        kind, error, trace = sys.exc_info() if exc_info is None else exc_info
        assert kind is not None
        self.exc_type: type[BaseException] = kind
        self.exc_name = kind.__name__
        self.exc_msg = "".join(traceback.format_exception(kind, error, trace))
        self.where = where

    def reraise(self) -> None:
        """Raise an exception of the same class, with the traceback in its message; RuntimeError if none can be made."""
        message: Any = f"Caught {self.exc_name} {self.where}.\nOriginal {self.exc_msg}"
        if self.exc_type is KeyError:
            message = KeyErrorMessage(message)
        try:
            named = hasattr(self.exc_type, "message") or _has_message(self.exc_type)
            make: Any = self.exc_type
            error = make(message=message) if named else make(message)
        except Exception:
            # The class takes other arguments.
            raise RuntimeError(message) from None
        raise error


def _has_message(kind: type[BaseException]) -> bool:
    import inspect

    try:
        return "message" in inspect.signature(kind).parameters
    except ValueError:
        return False
