"""What is under way: `Work`, the handle that a collective with `async_op=True` returns."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from ..futures import Future
from .errors import DistBackendError


class Pending:
    """Something that a transport has begun. `source` is the rank it came from, for receiving."""

    source: int = -1

    def begin(self) -> None:
        """It is not going to be waited for at once: do it beside what this thread does next."""

    def test(self) -> bool:
        """Whether it is over; what went wrong is raised."""
        raise NotImplementedError

    def wait(self, deadline: float | None) -> None:
        """Return when it is over. TimeoutError if that is not before `deadline`, of `time.monotonic`."""
        raise NotImplementedError


class Done(Pending):
    """Something that was over at once."""

    def __init__(self, source: int = -1) -> None:
        self.source = source

    def test(self) -> bool:
        return True

    def wait(self, deadline: float | None) -> None:
        pass


class Several(Pending):
    """Several that are over when all of them are."""

    def __init__(self, parts: Sequence[Pending]) -> None:
        self.parts = list(parts)

    def begin(self) -> None:
        for part in self.parts:
            part.begin()

    def test(self) -> bool:
        return all([part.test() for part in self.parts])

    def wait(self, deadline: float | None) -> None:
        for part in self.parts:
            part.wait(deadline)


class Work:
    """A collective operation, or a message, that is under way. Its tensors must be left alone until it is over.

    pending: what the transport has begun. finish: what is left to be done with what has come. name: for errors.
    result: the tensors of `result()`. timeout: how long `wait` waits unless it is told.
    """

    def __init__(
        self,
        pending: Pending,
        finish: Callable[[], None] | None = None,
        name: str = "operation",
        result: Sequence[Any] = (),
        timeout: datetime.timedelta | None = None,
    ) -> None:
        self._pending, self._finish, self._name = pending, finish, name
        self._result = list(result)
        self._timeout = timeout
        self._over = False
        self._error: BaseException | None = None
        self._lock = threading.RLock()

    def is_completed(self) -> bool:
        """Whether it is over, well or not."""
        if not self._over and self._lock.acquire(blocking=False):  # else another thread is waiting for it
            try:
                if not self._over and self._pending.test():
                    self._end(None)
            except Exception as error:
                self._end(error)
            finally:
                self._lock.release()
        return self._over

    def _end(self, error: BaseException | None) -> None:
        self._over = True
        if error is None and self._finish is not None:
            try:
                self._finish()
            except Exception as failure:
                error = failure
        self._error, self._finish = error, None

    def wait(self, timeout: datetime.timedelta | None = None) -> bool:
        """Wait until it is over: True. What went wrong is raised.

        Raises:
            RuntimeError: it took longer than `timeout` (by default that of the process group), or another process
                has failed.
        """
        with self._lock:
            if not self._over:
                limit = timeout if timeout else self._timeout
                deadline = None if limit is None else time.monotonic() + limit.total_seconds()
                try:
                    self._pending.wait(deadline)
                except TimeoutError:
                    waited = int(limit.total_seconds() * 1000)  # type: ignore[union-attr]
                    self._end(DistBackendError(f"Timed out waiting {waited}ms for {self._name} to complete"))
                except Exception as error:
                    self._end(error)
                else:
                    self._end(None)
        if self._error is not None:
            raise self._error
        return True

    def synchronize(self) -> None:
        """The same as `wait()`: there are no streams on a CPU."""
        self.wait()

    def block_current_stream(self) -> None:
        """The same as `wait()`: there are no streams on a CPU."""
        self.wait()

    def is_success(self) -> bool:
        """Whether it is over and went well."""
        return self.is_completed() and self._error is None

    def exception(self) -> BaseException | None:
        """What went wrong, if anything did."""
        return self._error if self.is_completed() else None

    def result(self) -> list:
        """The tensors that it writes; RuntimeError before it is over."""
        if not self.is_completed():
            raise RuntimeError(
                "Work needs to be completed before calling result(). Should call wait() before result()."
            )
        return self._result

    def source_rank(self) -> int:
        """In its group, the rank that sent what has been received."""
        return self._pending.source

    _source_rank = source_rank

    def get_future(self) -> Future:
        """A Future of `result()`, set as soon as it is over."""
        future: Future = Future()

        def fulfil() -> None:
            try:
                self.wait()
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(self._result)

        if self.is_completed():
            fulfil()
        else:
            threading.Thread(target=fulfil, name=f"mibun {self._name}", daemon=True).start()
        return future
