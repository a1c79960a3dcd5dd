"""`Timer`: runs a statement again and again, and measures, on a given number of threads."""

from __future__ import annotations

import enum
import textwrap
import timeit
from collections.abc import Callable
from typing import Any, NoReturn

from .measurement import Measurement, TaskSpec, set_torch_threads

timer = timeit.default_timer


class Language(enum.Enum):
    """What the statement is written in."""

    PYTHON = 0
    CPP = 1


class Timer:
    """Measures how long a statement takes.

    Args:
        stmt: the statement, which may have several lines.
        setup: what runs once before it.
        global_setup: of C++ alone.
        timer: the clock, in seconds.
        globals: the names that the statement sees; `torch` is among them.
        label, sub_label, description: what results are called, and their rows and columns in a table (`Compare`).
        env: the environment, if several are compared.
        num_threads: how many threads may work on one thing: products of matrices, large elementwise work.
        language: Python; NotImplementedError for C++, which nothing here compiles.

    >>> from mibun.utils.benchmark import Timer
    >>> Timer("x + 1", setup="x = 1").timeit(100).number_per_run
    100
    """

    _timer_cls: type[timeit.Timer] = timeit.Timer

    def __init__(
        self,
        stmt: str = "pass",
        setup: str = "pass",
        global_setup: str = "",
        timer: Callable[[], float] = timer,
        globals: dict[str, Any] | None = None,  # noqa: A002
        label: str | None = None,
        sub_label: str | None = None,
        description: str | None = None,
        env: str | None = None,
        num_threads: int = 1,
        language: Language | str = Language.PYTHON,
    ) -> None:
        if not isinstance(stmt, str):
            raise ValueError("Currently only a `str` stmt is supported.")
        if language not in (Language.PYTHON, Language.CPP, "py", "python", "c++", "cpp"):
            raise ValueError(f"Invalid language `{language}`.")
        if language in (Language.CPP, "c++", "cpp"):
            raise NotImplementedError("Timer: statements in C++ cannot be timed, as nothing here compiles them")
        if global_setup:
            raise ValueError(f"global_setup is C++ only, got `{global_setup}`. Most likely it belongs in `setup`.")
        import mibun

        self._globals = {"torch": mibun, **(globals or {})}
        stmt, setup = (textwrap.dedent(text).strip("\n").rstrip() for text in (stmt, setup))
        self._task_spec = TaskSpec(stmt, setup, global_setup, label, sub_label, description, env, num_threads)
        self._timer = self._timer_cls(stmt=stmt, setup=setup, timer=timer, globals=self._globals)

    def _measured(self, number: int, times: list[float]) -> Measurement:
        return Measurement(number, times, self._task_spec)

    def timeit(self, number: int = 1_000_000) -> Measurement:
        """Run the statement `number` times, after a few runs to warm up."""
        with set_torch_threads(self._task_spec.num_threads):
            self._timer.timeit(max(number // 100, 2))
            return self._measured(number, [self._timer.timeit(number)])

    def repeat(self, repeat: int = -1, number: int = -1) -> NoReturn:
        """NotImplementedError: `blocked_autorange` is what is meant."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def autorange(self, callback: Callable[[int, float], NoReturn] | None = None) -> NoReturn:
        """NotImplementedError: `blocked_autorange` is what is meant."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def _block_size(self, min_run_time: float) -> int:
        """How many runs make a block that is long beside what the clock costs, and short beside `min_run_time`."""
        clock = sum(timeit.repeat("pass", number=1, repeat=5)) / 5
        number = 1
        while True:
            taken = self._timer.timeit(number)
            if clock / max(taken, 1e-12) <= 1e-4 and taken >= min_run_time / 1000 or taken > min_run_time:
                return number
            number *= 10

    def blocked_autorange(
        self, callback: Callable[[int, float], NoReturn] | None = None, min_run_time: float = 0.2
    ) -> Measurement:
        """Run blocks of runs until `min_run_time` seconds are over. The runs in a block are found first.

        callback: called with the runs and the time of each block.
        """
        with set_torch_threads(self._task_spec.num_threads):
            number = self._block_size(min_run_time)
            times: list[float] = []
            while sum(times) < min_run_time:
                times.append(self._timer.timeit(number))
                if callback is not None:
                    callback(number, times[-1])
        return self._measured(number, times)

    def adaptive_autorange(
        self,
        threshold: float = 0.1,
        *,
        min_run_time: float = 0.01,
        max_run_time: float = 10.0,
        callback: Callable[[int, float], NoReturn] | None = None,
    ) -> Measurement:
        """Run blocks until the interquartile range is below `threshold` of the median, or `max_run_time` is over.

        min_run_time: between two looks at it. callback: as for `blocked_autorange`.
        """
        with set_torch_threads(self._task_spec.num_threads):
            number = self._block_size(0.05)
            times: list[float] = []
            looked = 0.0
            while sum(times) < max_run_time:
                times.append(self._timer.timeit(number))
                if callback is not None:
                    callback(number, times[-1])
                if sum(times) - looked > min_run_time and len(times) > 3:
                    looked = sum(times)
                    if self._measured(number, times).meets_confidence(threshold):
                        break
        return self._measured(number, times)

    def collect_callgrind(self, *args: Any, **kwargs: Any) -> NoReturn:
        """NotImplementedError: counting instructions needs Valgrind and a build of PyTorch for it."""
        raise NotImplementedError("collect_callgrind: counting instructions needs Valgrind and a build for it")
