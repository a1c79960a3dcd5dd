"""How a process that a launcher has started says why it failed: `record` writes the error into a file."""

from __future__ import annotations

import functools
import json
import os
import time
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from ....core.missing import explain_missing_names as _explain_missing_names

__all__ = ["ChildFailedError", "ProcessFailure", "record"]

F = TypeVar("F", bound=Callable[..., Any])


class ProcessFailure(NamedTuple):
    """Which process failed, and how: `exitcode` is negative for a signal, `message` what it has written."""

    local_rank: int
    pid: int
    exitcode: int
    message: str


class ChildFailedError(Exception):
    """Processes that a launcher has started have failed: `failures`, by rank. The first is the one that ended first."""

    def __init__(self, name: str, failures: dict[int, ProcessFailure]) -> None:
        self.name, self.failures = name, failures
        lines = [
            f"  rank {rank} (process {failure.pid}): exit status {failure.exitcode}"
            + (f"\n{failure.message}" if failure.message else "")
            for rank, failure in failures.items()
        ]
        super().__init__("\n".join([f"{name} FAILED", *lines]))

    def get_first_failure(self) -> tuple[int, ProcessFailure]:
        """The rank that failed first, and how."""
        return next(iter(self.failures.items()))


def record(fn: F, error_handler: Any = None) -> F:
    """Decorates the main function: if it raises, the error goes into the file that TORCHELASTIC_ERROR_FILE names.

    It is raised on, too. error_handler: has `initialize()` and `record_exception(error)`, in the place of that.

    >>> import mibun as torch
    >>> @torch.distributed.elastic.multiprocessing.errors.record
    ... def main():
    ...     return 3
    >>> main()
    3
    """

    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if error_handler is not None:
            error_handler.initialize()
        try:
            return fn(*args, **kwargs)
        except SystemExit:
            raise
        except Exception as error:
            if error_handler is not None:
                error_handler.record_exception(error)
            else:
                _write(error)
            raise

    return wrapper  # type: ignore[return-value]


def _write(error: BaseException) -> None:
    path = os.environ.get("TORCHELASTIC_ERROR_FILE")
    if not path:
        return
    text = "".join(traceback.format_exception(error))
    extra = {"py_callstack": text, "timestamp": str(int(time.time()))}
    entry = {"message": {"message": f"{type(error).__name__}: {error}", "extraInfo": extra}}
    with open(path, "w") as file:
        json.dump(entry, file)


_explain_missing_names(__name__)
