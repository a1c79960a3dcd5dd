"""`Compare`: a table of measurements, a row for each task and a column for each description."""

from __future__ import annotations

import enum
from typing import Any

from .measurement import Measurement, ordered_unique, select_unit, trim_sigfig, unit_to_english

_BEST, _GOOD, _BAD, _VERY_BAD, _BOLD, _END = "\033[92m", "\033[34m", "\033[2m\033[91m", "\033[31m", "\033[1m", "\033[0m"


class Colorize(enum.Enum):
    """Among which cells the best is looked for."""

    NONE = "none"
    COLUMNWISE = "columnwise"
    ROWWISE = "rowwise"


class Compare:
    """A table of measurements: printed, or as `str`. Those of one label are a table of their own.

    Args:
        results: a list of Measurements, of which those of one task count together.

    >>> from mibun.utils.benchmark import Compare, Measurement, TaskSpec
    >>> one = Measurement(1, [2e-6], TaskSpec("x + y", "pass", label="sums", description="mibun"))
    >>> print(str(Compare([one])).splitlines()[0])
    [------- sums ------]
    """

    def __init__(self, results: list[Measurement]) -> None:
        self._results: list[Measurement] = []
        self.extend_results(results)
        self._trim = self._warn = False
        self._colorize = Colorize.NONE

    def __str__(self) -> str:
        groups: dict[Any, list[Measurement]] = {}
        for one in Measurement.merge(self._results):
            groups.setdefault(one.label, []).append(one)
        return "\n".join([self._table(group) for group in groups.values()])

    def extend_results(self, results: list[Measurement]) -> None:
        """Add measurements. ValueError for anything else among them."""
        for one in results:
            if not isinstance(one, Measurement):
                raise ValueError(f"Expected an instance of `Measurement`, got {type(one)} instead.")
        self._results.extend(results)

    def trim_significant_figures(self) -> None:
        """Show only digits that mean something."""
        self._trim = True

    def colorize(self, rowwise: bool = False) -> None:
        """Colour the cells by how they compare with the best of their column, or row."""
        self._colorize = Colorize.ROWWISE if rowwise else Colorize.COLUMNWISE

    def highlight_warnings(self) -> None:
        """Mark the cells whose times vary much."""
        self._warn = True

    def print(self) -> None:
        """Print the table."""
        print(self)

    def _table(self, group: list[Measurement]) -> str:
        unit, scale = select_unit(min(one.median for one in group))
        columns = ordered_unique(one.description for one in group)
        rows = ordered_unique((one.num_threads, one.env, one.as_row_name) for one in group)
        rows.sort(key=lambda row: row[:2])
        envs = len({row[1] for row in rows}) > 1
        cells = {(one.num_threads, one.env, one.as_row_name, one.description): one for one in group}
        shown = {key: self._number(one, scale) for key, one in cells.items()}
        # One decimal, or with `trim_significant_figures` as many as mean something, but not more.
        kept = [one.significant_figures - len(str(int(shown[key]))) for key, one in cells.items()]
        decimals = min(max(kept), 1) if self._trim and max(kept) >= 0 else 0 if self._trim else 1
        texts = {key: f"{value:.{decimals}f}" for key, value in shown.items()}
        names = [(f"({row[1]})  " if envs else "") + row[2] for row in rows]
        left = max(len(f"{max(row[0] for row in rows)} threads: "), max(len("      " + name) for name in names))
        widths, suffixes = {}, {}
        for column in columns:
            own = [key for key in texts if key[3] == column]
            digits = max(len(texts[key]) for key in own)
            for key in own:
                texts[key] = texts[key].rjust(digits)
                if self._warn and cells[key].has_warnings:
                    suffixes[key] = f" (! {cells[key].iqr / cells[key].median * 100:.0f}%)"
            after = max(len(suffixes.get(key, "")) for key in own)
            for key in own:
                suffixes[key] = suffixes.get(key, "").ljust(after)
            widths[column] = max(len(column or ""), digits + after)
        head = " " * left + "".join(f"  |  {(column or '').center(widths[column])}" for column in columns)
        lines = [head]
        threads = None
        for row, name in zip(rows, names, strict=True):
            if row[0] != threads:
                threads = row[0]
                lines.append(f"{threads} threads: ".ljust(len(head), "-"))
            line = f"      {name}".ljust(left)
            for column in columns:
                line += "  |  " + self._cell((*row, column), texts, suffixes, cells, widths[column])
            lines.append(line)
        title = f" {group[0].label or group[0].stmt} "
        lines.insert(0, "[" + title.center(len(head) - 2, "-") + "]")
        lines.append(f"\nTimes are in {unit_to_english(unit)}s ({unit}).")
        if self._warn:
            lines.append("(! XX%) Measurement has high variance, where XX is the IQR / median * 100.")
        return "\n".join(lines) + "\n"

    def _number(self, one: Measurement, scale: float) -> float:
        return trim_sigfig(one.median / scale, one.significant_figures) if self._trim else one.median / scale

    def _cell(self, key: Any, texts: dict, suffixes: dict, cells: dict, width: int) -> str:
        if key not in texts:
            return " " * width
        text = (texts[key] + suffixes[key]).center(width)
        if self._colorize is Colorize.NONE:
            return text
        rowwise = self._colorize is Colorize.ROWWISE
        rivals = [
            o.median for k, o in cells.items() if k[0] == key[0] and (k[1:3] == key[1:3] if rowwise else k[3] == key[3])
        ]
        time, best = cells[key].median, min(rivals)
        if time <= best * 1.01 or time <= best + 100e-9:
            return _BEST + _BOLD + text + _END * 2
        if time <= best * 1.1:
            return _GOOD + _BOLD + text + _END * 2
        if time >= best * 5:
            return _VERY_BAD + _BOLD + text + _END * 2
        return _BAD + text + _END * 2 if time >= best * 2 else text
