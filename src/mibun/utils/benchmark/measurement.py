"""`Measurement`: the times of repeated runs of one task, and what they say: the median, and how sure it is."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...compat.settings import get_num_threads, set_num_threads

# An interquartile range above these parts of the median is warned of.
_WARN, _GROSS = 0.1, 0.25
_LEAST_INTERVAL = 25e-9  # seconds: clocks are no better


@dataclass(init=True, repr=False, eq=True, frozen=True)
class TaskSpec:
    """What is timed: the statement, what is run before it, how the result is named, and on how many threads."""

    stmt: str
    setup: str
    global_setup: str = ""
    label: str | None = None
    sub_label: str | None = None
    description: str | None = None
    env: str | None = None
    num_threads: int = 1

    @property
    def title(self) -> str:
        """The label, or the statement where there is none."""
        if self.label is not None:
            return self.label + (f": {self.sub_label}" if self.sub_label else "")
        if "\n" not in self.stmt:
            return self.stmt + (f": ({self.sub_label})" if self.sub_label else "")
        return "stmt:" + (f" ({self.sub_label})" if self.sub_label else "") + f"\n{textwrap.indent(self.stmt, '  ')}"

    def setup_str(self) -> str:
        """The setup, if it is more than `pass`."""
        if self.setup == "pass" or not self.setup:
            return ""
        return f"setup:\n{textwrap.indent(self.setup, '  ')}" if "\n" in self.setup else f"setup: {self.setup}"

    def summarize(self) -> str:
        """Title, description and setup, a line each, or a paragraph each where there are more lines."""
        parts = [part for part in (self.title, self.description, self.setup_str()) if part]
        return "\n".join([part + "\n" * ("\n" in part) for part in parts])


@dataclass(init=True, repr=False)
class Measurement:
    """The times of several blocks of runs.

    Args:
        number_per_run: how often the statement ran in each block.
        raw_times: how long each block took, in seconds.
        task_spec: what ran; its attributes are the measurement's as well.
        metadata: anything to be kept with it.

    >>> from mibun.utils.benchmark import Measurement, TaskSpec
    >>> m = Measurement(10, [0.1, 0.2, 0.3], TaskSpec(stmt="f()", setup="pass"))
    >>> m.median, m.stmt
    (0.02, 'f()')
    """

    number_per_run: int
    raw_times: list[float]
    task_spec: TaskSpec
    metadata: dict[Any, Any] | None = field(default=None)

    def __getattr__(self, name: str) -> Any:
        if name != "task_spec" and hasattr(TaskSpec, name) or name in TaskSpec.__dataclass_fields__:
            return getattr(self.task_spec, name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    @property
    def times(self) -> list[float]:
        """Seconds for one run, in each block."""
        return [t / self.number_per_run for t in self.raw_times]

    @property
    def median(self) -> float:
        """The median time of one run, in seconds."""
        return float(np.median(self.times)) if self.raw_times else math.nan

    @property
    def mean(self) -> float:
        """The mean time of one run, in seconds."""
        return float(np.mean(self.times)) if self.raw_times else math.nan

    @property
    def _quartiles(self) -> tuple[float, float]:
        low, high = np.quantile(self.times, [0.25, 0.75]) if self.raw_times else (math.nan, math.nan)
        return float(low), float(high)

    @property
    def iqr(self) -> float:
        """The interquartile range: between which times the middle half is."""
        low, high = self._quartiles
        return high - low

    @property
    def significant_figures(self) -> int:
        """How many digits of the median mean something, by the confidence interval of the middle half; 4 at most."""
        n = len(self.raw_times)
        middle = sorted(self.times)[n // 4 : math.ceil(3 * n / 4)]
        interval = max(1.645 * float(np.std(middle)) / math.sqrt(len(middle)), _LEAST_INTERVAL)
        return min(max(math.floor(-math.log10(interval / self.median)), 1), 4)

    @property
    def has_warnings(self) -> bool:
        """Whether the times vary so much that the median is doubtful."""
        return self.iqr > _WARN * self.median

    def meets_confidence(self, threshold: float = _WARN) -> bool:
        """Whether the interquartile range is below this part of the median."""
        return self.iqr / self.median < threshold

    @property
    def title(self) -> str:
        """The label, or the statement."""
        return self.task_spec.title

    @property
    def env(self) -> str | None:
        """What the times of several environments are told apart by."""
        return self.task_spec.env

    @property
    def as_row_name(self) -> str:
        """What a table calls it: the second label, or the statement."""
        return self.sub_label or self.stmt or "[Unknown]"

    def __repr__(self) -> str:
        lines = [super().__repr__(), self.task_spec.summarize()]
        unit, scale = select_unit(self.median)
        n = len(self.raw_times)
        lines.append(f"  {'Median: ' if n > 1 else ''}{self.median / scale:.2f} {unit}")
        if n > 3:
            low, high = self._quartiles
            lines.append(f"  IQR:    {self.iqr / scale:.2f} {unit} ({low / scale:.2f} to {high / scale:.2f})")
        lines.append(
            f"  {n} measurement{'s' * (n > 1)}, {self.number_per_run} runs {'per measurement' * (n > 1)}, "
            f"{self.num_threads} thread{'s' * (self.num_threads > 1)}"
        )
        if self.has_warnings:
            gross = self.iqr > _GROSS * self.median
            lines.append(
                f"  WARNING: Interquartile range is {self.iqr / self.median * 100:.1f}% of the median measurement."
            )
            lines.append(
                "           "
                + (
                    "This suggests significant environmental influence."
                    if gross
                    else "This could indicate system fluctuation."
                )
            )
        return "\n".join(lines)

    @staticmethod
    def merge(measurements: Iterable[Measurement]) -> list[Measurement]:
        """One measurement for each task, with the times of all that are of it, as times of one run each."""
        groups: dict[TaskSpec, list[Measurement]] = {}
        for one in measurements:
            groups.setdefault(one.task_spec, []).append(one)
        return [Measurement(1, [t for one in group for t in one.times], task) for task, group in groups.items()]


def select_unit(t: float) -> tuple[str, float]:
    """The unit in which a time of t seconds is best written, and its size in seconds.

    >>> from mibun.utils.benchmark import select_unit
    >>> select_unit(2e-3)
    ('ms', 0.001)
    """
    unit = {-3: "ns", -2: "us", -1: "ms"}.get(int(math.log10(t) // 3), "s")
    return unit, {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def unit_to_english(u: str) -> str:
    """The name of a unit."""
    return {"ns": "nanosecond", "us": "microsecond", "ms": "millisecond", "s": "second"}[u]


def trim_sigfig(x: float, n: int) -> float:
    """A number rounded to n digits.

    >>> from mibun.utils.benchmark import trim_sigfig
    >>> trim_sigfig(1234.5, 2)
    1200.0
    """
    if n != int(n):
        raise AssertionError("Number of significant figures must be an integer")
    magnitude = math.ceil(math.log10(abs(x)))
    return float(round(x / 10 ** (magnitude - n)) * 10 ** (magnitude - n))


def ordered_unique(elements: Iterable[Any]) -> list[Any]:
    """The elements without those that came before."""
    return list(dict.fromkeys(elements))


@contextmanager
def set_torch_threads(n: int) -> Iterator[None]:
    """Inside, this many threads are used."""
    before = get_num_threads()
    set_num_threads(n)
    try:
        yield
    finally:
        set_num_threads(before)
