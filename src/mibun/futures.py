"""`torch.futures`: values that are set later, by another thread, and what is to happen then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .core.missing import explain_missing_names as _explain_missing_names

__all__ = ["Future", "collect_all", "wait_all"]

T = TypeVar("T")


class Future(Generic[T]):
    """A value that some thread sets once; whoever waits for it gets it, or the error that was set in its place.

    devices: devices of the value, of which there is none here but the CPU; ValueError for the CPU, as in PyTorch,
        where only devices with streams are meant.

    >>> import mibun as torch
    >>> future = torch.futures.Future()
    >>> doubled = future.then(lambda done: 2 * done.value())
    >>> future.set_result(3)
    >>> doubled.wait()
    6
    """

    def __init__(self, *, devices: list | None = None) -> None:
        for device in devices or ():
            raise ValueError(f"Expected devices to have indices, got {device}: a Future on the CPU has no devices")
        self._changed = threading.Condition()
        self._done = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Future], Any]] = []

    def done(self) -> bool:
        """Whether the value, or an error, has been set."""
        return self._done

    def wait(self) -> T:
        """The value, as soon as it is set; the error, if that was set, is raised."""
        with self._changed:
            self._changed.wait_for(self.done)
        return self._get()

    def value(self) -> T:
        """The value. RuntimeError while there is none yet; the error, if that was set, is raised."""
        if not self._done:
            raise RuntimeError("Future is not completed: value() does not wait, wait() does")
        return self._get()

    def _get(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._value

    def set_result(self, result: T) -> None:
        """Set the value and run what waits for it, in this thread. RuntimeError the second time."""
        self._finish(result, None)

    def set_exception(self, result: BaseException) -> None:
        """Set an error in the place of the value. AssertionError for what is no exception; RuntimeError if too late."""
        if not isinstance(result, Exception):
            raise AssertionError(f"{result} is of type {type(result)}, not an Exception.")
        self._finish(None, result)

    def _finish(self, value: Any, error: BaseException | None) -> None:
        with self._changed:
            if self._done:
                raise RuntimeError("Future can only be marked completed once.")
            self._value, self._error, self._done = value, error, True
            callbacks, self._callbacks = self._callbacks, []
            self._changed.notify_all()
        for callback in callbacks:
            callback(self)

    def _when_done(self, callback: Callable[[Future], Any]) -> None:
        with self._changed:
            if not self._done:
                self._callbacks.append(callback)
                return
        callback(self)

    def then(self, callback: Callable[[Future[T]], Any]) -> Future[Any]:
        """A Future of what `callback(self)` returns, called when this one is done: at once if it is.

        What the callback raises is the cause of the RuntimeError that the new Future then has.
        """
        result: Future = Future()

        def run(done: Future) -> None:
            try:
                value = callback(done)
            except Exception as error:
                wrapped = RuntimeError(
                    f"Got the following error when running the callback: {type(error).__name__}: {error}"
                )
                wrapped.__cause__ = error
                result.set_exception(wrapped)
            else:
                result.set_result(value)

        self._when_done(run)
        return result

    def add_done_callback(self, callback: Callable[[Future[T]], None]) -> None:
        """Call `callback(self)` when this one is done. Nobody learns what it returns; what it raises is printed."""

        def run(done: Future) -> None:
            try:
                callback(done)
            except Exception:
                import traceback

                traceback.print_exc()

        self._when_done(run)


def collect_all(futures: list[Future]) -> Future[list[Future]]:
    """A Future of the list of these, done when all of them are, errors included.

    >>> import mibun as torch
    >>> first, second = torch.futures.Future(), torch.futures.Future()
    >>> both = torch.futures.collect_all([first, second])
    >>> first.set_result(1); second.set_result(2)
    >>> [one.value() for one in both.wait()]
    [1, 2]
    """
    result: Future = Future()
    lock, missing = threading.Lock(), len(futures)

    def count(done: Future) -> None:
        nonlocal missing
        with lock:
            missing -= 1
            last = missing == 0
        if last:
            result.set_result(list(futures))

    if not futures:
        result.set_result([])
    for future in futures:
        future._when_done(count)
    return result


def wait_all(futures: list[Future]) -> list:
    """The values of all of these, as soon as they are there; the first error among them is raised."""
    return [future.wait() for future in collect_all(futures).wait()]


_explain_missing_names(__name__)
