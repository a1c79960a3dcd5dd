"""Pipes that call a function for each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..._utils.collate import default_collate
from .._decorator import functional_datapipe
from ..columns import apply_to_columns, check_columns
from ..datapipe import IterDataPipe


@functional_datapipe("map")
class MapperIterDataPipe(IterDataPipe):
    """`fn` of each sample.

    input_col, output_col: the columns that it is given, and where its result goes: see `columns.py`. ValueError for
    an output without an input column.
    """

    def __init__(self, datapipe: IterDataPipe, fn: Callable, input_col: Any = None, output_col: Any = None) -> None:
        super().__init__()
        self.datapipe, self.fn, self.input_col = datapipe, fn, input_col
        self.output_col = check_columns(input_col, output_col)

    def __iter__(self) -> Iterator[Any]:
        for data in self.datapipe:
            yield apply_to_columns(self.fn, data, self.input_col, self.output_col)

    def __len__(self) -> int:
        return len(self.datapipe)  # type: ignore[arg-type]


@functional_datapipe("collate")
class CollatorIterDataPipe(MapperIterDataPipe):
    """Each list of samples as a batch, by `collate_fn`; by default `default_collate`."""

    def __init__(
        self, datapipe: IterDataPipe, conversion: Callable | None = default_collate, collate_fn: Callable | None = None
    ) -> None:
        if collate_fn is None and not callable(conversion):
            raise TypeError(f"conversion must be a function, but got {type(conversion).__name__}")
        super().__init__(datapipe, fn=collate_fn or conversion)  # type: ignore[arg-type]
