"""Pipes that leave samples out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .._decorator import functional_datapipe
from ..datapipe import IterDataPipe


@functional_datapipe("filter")
class FilterIterDataPipe(IterDataPipe):
    """The samples for which `filter_fn`, of the sample or of the columns `input_col`, says True.

    ValueError where it says something else than True or False.
    """

    def __init__(self, datapipe: IterDataPipe, filter_fn: Callable, input_col: Any = None) -> None:
        super().__init__()
        self.datapipe, self.filter_fn, self.input_col = datapipe, filter_fn, input_col

    def __iter__(self) -> Iterator[Any]:
        for data in self.datapipe:
            columns = self.input_col
            if columns is None:
                answer = self.filter_fn(data)
            elif isinstance(columns, (list, tuple)):
                answer = self.filter_fn(*(data[column] for column in columns))
            else:
                answer = self.filter_fn(data[columns])
            if not isinstance(answer, bool):
                raise ValueError("Boolean output is required for `filter_fn` of FilterIterDataPipe, got", type(answer))
            if answer:
                yield data
