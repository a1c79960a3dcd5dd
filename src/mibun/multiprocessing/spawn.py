"""The same function in several processes, and what is raised when one of them fails."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from multiprocessing.connection import wait

from ..core.site import stacklevel


class ProcessException(Exception):
    """A process that `spawn` started has failed: `error_index` says which, `error_pid` is its number in the system."""

    def __init__(self, msg: str, error_index: int, error_pid: int) -> None:
        super().__init__(msg)
        self.msg, self.error_index, self.error_pid = msg, error_index, error_pid

    @property
    def pid(self) -> int:
        """The same as `error_pid`."""
        return self.error_pid

    def __reduce__(self) -> tuple:
        return type(self), (self.msg, self.error_index, self.error_pid)


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


def _run(fn: Callable, index: int, args: tuple, error_file: str) -> None:
    _end_with_parent()
    try:
        fn(index, *args)
    except KeyboardInterrupt:
        pass  # the parent has been interrupted too
    except Exception:
        with open(error_file, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(traceback.format_exc())
        sys.exit(1)


def _end_with_parent() -> None:
    """Have the system interrupt this process when its parent dies, where the system can do that: on Linux."""
    if sys.platform.startswith("linux"):
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, int(signal.SIGINT))


class ProcessContext:
    """What `start_processes(..., join=False)` returns: the processes, to be joined.

    processes: those started. error_files: for each the name of a file where it writes what it raises; a file that is
    there holds it, and is removed when it was read.
    """

    def __init__(self, processes: list, error_files: list[str]) -> None:
        self.processes, self.error_files = processes, error_files
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
        for sentinel in wait(list(self.sentinels), timeout=timeout):
            index = self.sentinels.pop(sentinel)  # type: ignore[arg-type]
            self.processes[index].join()
            if self.processes[index].exitcode != 0:
                self._end_all(grace_period)
                raise self._failure(index)
        return not self.sentinels

    def _end_all(self, grace_period: float | None) -> None:
        for process in self.processes:
            if process.is_alive():
                process.terminate()
        for process in self.processes:
            process.join(30 if grace_period is None else grace_period)
            if process.is_alive():
                process.kill()
                process.join()

    def _failure(self, index: int) -> ProcessException:
        process = self.processes[index]
        try:
            with open(self.error_files[index], encoding="utf-8") as file:
                report = file.read()
            os.unlink(self.error_files[index])
        except FileNotFoundError:
            code, name = process.exitcode, None
            if code >= 0:
                message = f"process {index} terminated with exit code {code}"
            else:
                name = signal.Signals(-code).name
                message = f"process {index} terminated with signal {name}"
            return ProcessExitedException(message, index, process.pid, code, name)
        message = f"\n\n-- Process {index} terminated with the following error:\n{report}"
        return ProcessRaisedException(message, index, process.pid)


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
    context = multiprocessing.get_context(start_method)
    error_files, processes = [], []
    for index in range(nprocs):
        descriptor, name = tempfile.mkstemp(prefix="mibun-errorfile-")
        os.close(descriptor)
        os.unlink(name)  # only the name is needed, unless there is an error
        error_files.append(name)
        process = context.Process(target=_run, args=(fn, index, args, name), daemon=daemon)  # type: ignore[attr-defined]
        process.start()
        processes.append(process)
    started = ProcessContext(processes, error_files)
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
    """`start_processes` in fresh interpreters: `fn(i, *args)` in each of `nprocs` processes.

    Warns (FutureWarning) of another start method than "spawn": `start_processes` is for these.
    """
    if start_method != "spawn":
        warnings.warn(
            f"This method only supports start_method=spawn (got: {start_method}).\nTo use a different start_method "
            "use:\n\t\t torch.multiprocessing.start_processes(...)",
            FutureWarning,
            stacklevel=stacklevel(),
        )
    return start_processes(fn, args, nprocs, join, daemon, start_method)
