"""`torch.multiprocessing`: Python's `multiprocessing`, whose queues, pipes and processes send tensors by their memory.

A tensor that is sent is moved to memory of several processes (`share_memory_`), and what arrives stands on the same
memory: so processes train one model together ("Hogwild"). All names of `multiprocessing` are here too.
"""

from __future__ import annotations

import multiprocessing as _multiprocessing
import sys
import traceback
from collections.abc import Callable
from multiprocessing import *  # noqa: F403
from multiprocessing.connection import wait as _wait
from typing import Any

from .ops.conversion.between_processes import register_reducers
from .xp.numpy import blocks as _blocks

register_reducers()

_STRATEGIES = {"file_descriptor", "file_system"} if sys.platform.startswith("linux") else {"file_system"}


def get_all_sharing_strategies() -> set[str]:
    """The ways in which processes find shared memory here: "file_descriptor" (on Linux) and "file_system"."""
    return set(_STRATEGIES)


def get_sharing_strategy() -> str:
    """The way that is in force.

    >>> import mibun as torch
    >>> torch.multiprocessing.get_sharing_strategy() in torch.multiprocessing.get_all_sharing_strategies()
    True
    """
    return _blocks.strategy


def set_sharing_strategy(new_strategy: str) -> None:
    """Choose how processes find memory that is shared from now on. AssertionError for a name that is none of them.

    "file_descriptor" keeps a descriptor open for each block, of which systems allow a thousand or so; nothing is left
    behind whatever happens. "file_system" needs none: the block has a file's name, as long as the process that made it
    keeps it.
    """
    if new_strategy not in _STRATEGIES:
        raise AssertionError(f"no sharing strategy is called {new_strategy!r}; there are {sorted(_STRATEGIES)}")
    _blocks.strategy = new_strategy


if "file_descriptor" not in _STRATEGIES:
    _blocks.strategy = "file_system"


# --- the same function in several processes ---


class ProcessException(Exception):
    """A process that `spawn` started has failed: `error_index` says which, `error_pid` is its number in the system."""

    def __init__(self, msg: str, error_index: int, pid: int) -> None:
        super().__init__(msg, error_index, pid)
        self.msg, self.error_index, self.pid = msg, error_index, pid
        self.error_pid = pid

    def __str__(self) -> str:
        return self.msg


class ProcessRaisedException(ProcessException):
    """The function raised an exception, whose traceback is in the message."""


class ProcessExitedException(ProcessException):
    """The process ended by `sys.exit` or a signal: `exit_code`, and `signal_name` for a signal."""

    def __init__(
        self, msg: str, error_index: int, error_pid: int, exit_code: int, signal_name: str | None = None
    ) -> None:
        super().__init__(msg, error_index, error_pid)
        self.exit_code, self.signal_name = exit_code, signal_name

    def __reduce__(self) -> tuple:
        return type(self), (self.msg, self.error_index, self.error_pid, self.exit_code, self.signal_name)


def _run(fn: Callable, index: int, args: tuple, errors: Any) -> None:
    try:
        fn(index, *args)
    except KeyboardInterrupt:
        pass  # the parent has been interrupted too
    except Exception:
        errors.put(traceback.format_exc())
        sys.exit(1)


class ProcessContext:
    """What `start_processes(..., join=False)` returns: the processes, to be joined."""

    def __init__(self, processes: list, error_queues: list) -> None:
        self.processes, self.error_queues = processes, error_queues
        self.sentinels = {process.sentinel: index for index, process in enumerate(processes)}

    def pids(self) -> list[int]:
        """The processes' numbers in the system."""
        return [process.pid for process in self.processes]

    def join(self, timeout: float | None = None, grace_period: float | None = None) -> bool:
        """Wait for a process to end; True when all have. Call it until then.

        timeout: in seconds. If a process has failed the others are ended, and ProcessRaisedException or
        ProcessExitedException says why; grace_period: seconds to wait for the others before they are killed.
        """
        if not self.sentinels:
            return True
        failed = None
        for sentinel in _wait(list(self.sentinels), timeout=timeout):
            index = self.sentinels.pop(sentinel)  # type: ignore[arg-type]
            self.processes[index].join()
            if self.processes[index].exitcode != 0:
                failed = index
                break
        if failed is None:
            if not self.sentinels:
                for process in self.processes:
                    process.join()
            return not self.sentinels
        for process in self.processes:
            if process.is_alive():
                process.terminate()
        for process in self.processes:
            process.join(30 if grace_period is None else grace_period)
            if process.is_alive():
                process.kill()
                process.join()
        self._raise(failed)
        return False

    def _raise(self, index: int) -> None:
        process = self.processes[index]
        queue = self.error_queues[index]
        if not queue.empty():
            report = queue.get()
            message = f"\n\n-- Process {index} terminated with the following error:\n{report}"
            raise ProcessRaisedException(message, index, process.pid)
        if process.exitcode < 0:
            import signal

            name = signal.Signals(-process.exitcode).name
            raise ProcessExitedException(
                f"process {index} terminated with signal {name}", index, process.pid, process.exitcode, name
            )
        raise ProcessExitedException(
            f"process {index} terminated with exit code {process.exitcode}", index, process.pid, process.exitcode
        )


SpawnContext = ProcessContext


def start_processes(
    fn: Callable,
    args: tuple = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Call `fn(i, *args)` in `nprocs` new processes, i = 0, 1, ...

    Args:
        fn: a function that can be pickled, as one at the top of a module can (for "spawn" and "forkserver").
        join: wait for all of them. False: return a ProcessContext at once.
        daemon: whether the processes end with this one.
        start_method: "spawn", "fork" or "forkserver".

    Raises:
        ProcessRaisedException: one of them raised; the others are ended. ProcessExitedException: one of them ended
        otherwise.
    """
    context = _multiprocessing.get_context(start_method)
    errors, processes = [], []
    for index in range(nprocs):
        errors.append(context.SimpleQueue())
        process = context.Process(target=_run, args=(fn, index, args, errors[-1]), daemon=daemon)  # type: ignore[attr-defined]
        process.start()
        processes.append(process)
    started = ProcessContext(processes, errors)
    if not join:
        return started
    while not started.join():
        pass
    return None


def spawn(
    fn: Callable,
    args: tuple = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """`start_processes` in fresh interpreters: `fn(i, *args)` in each of `nprocs` processes."""
    return start_processes(fn, args, nprocs, join, daemon, start_method)


__all__ = [  # noqa: F405
    "ProcessContext",
    "ProcessException",
    "ProcessExitedException",
    "ProcessRaisedException",
    "SpawnContext",
    "get_all_sharing_strategies",
    "get_sharing_strategy",
    "set_sharing_strategy",
    "spawn",
    "start_processes",
    *_multiprocessing.__all__,
]
