"""Pipes that put samples together and take them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .._decorator import functional_datapipe
from ..datapipe import DataChunk, IterDataPipe


@functional_datapipe("batch")
class BatcherIterDataPipe(IterDataPipe):
    """Lists of `batch_size` samples, the last one shorter unless `drop_last`. AssertionError for no positive size."""

    def __init__(
        self,
        datapipe: IterDataPipe,
        batch_size: int,
        drop_last: bool = False,
        wrapper_class: type[DataChunk] = DataChunk,
    ) -> None:
        if batch_size <= 0:
            raise AssertionError("Batch size is required to be larger than 0!")
        self.datapipe, self.batch_size = datapipe, batch_size
        self.drop_last, self.wrapper_class = drop_last, wrapper_class

    def __iter__(self) -> Iterator[DataChunk]:
        samples = iter(self.datapipe)
        while batch := list(islice(samples, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield self.wrapper_class(batch)

    def __len__(self) -> int:
        size = len(self.datapipe)  # type: ignore[arg-type]
        return size // self.batch_size if self.drop_last else -(-size // self.batch_size)


@functional_datapipe("unbatch")
class UnBatcherIterDataPipe(IterDataPipe):
    """The elements of lists, and of lists in them, `unbatch_level` deep; -1: all the way."""

    def __init__(self, datapipe: IterDataPipe, unbatch_level: int = 1) -> None:
        self.datapipe, self.unbatch_level = datapipe, unbatch_level

    def __iter__(self) -> Iterator[Any]:
        for element in self.datapipe:
            yield from self._dive(element, self.unbatch_level)

    def _dive(self, element: Any, levels: int) -> Iterator[Any]:
        if levels < -1:
            raise ValueError("unbatch_level must be -1 or >= 0")
        if levels == 0 or (levels == -1 and not isinstance(element, (list, DataChunk))):
            yield element
        elif isinstance(element, (list, DataChunk)):
            for item in element:
                yield from self._dive(item, levels if levels == -1 else levels - 1)
        else:
            raise IndexError(f"unbatch_level {self.unbatch_level} exceeds the depth of the DataPipe")


@functional_datapipe("groupby")
class GrouperIterDataPipe(IterDataPipe):
    """Lists of samples for which `group_key_fn` gives the same.

    A group is given when it has `group_size` samples, else at the end, in the order in which the groups began. Samples
    wait in a buffer: when that is full the largest group is given before it is complete.

    Args:
        keep_key: give (key, list).
        buffer_size: how many samples can wait.
        group_size: None for groups as large as they get.
        guaranteed_group_size: RuntimeError where a smaller group would be given before the end, unless drop_remaining.
        drop_remaining: leave such groups out instead.

    AssertionError for sizes that do not fit.
    """

    def __init__(
        self,
        datapipe: IterDataPipe,
        group_key_fn: Callable[[Any], Any],
        *,
        keep_key: bool = False,
        buffer_size: int = 10000,
        group_size: int | None = None,
        guaranteed_group_size: int | None = None,
        drop_remaining: bool = False,
    ) -> None:
        if group_size is not None and not 0 < group_size <= buffer_size:
            raise AssertionError("group_size must be > 0 and <= buffer_size")
        if guaranteed_group_size is not None and (group_size is None or not 0 < guaranteed_group_size <= group_size):
            raise AssertionError("guaranteed_group_size must be > 0 and <= group_size and group_size must be set")
        self.datapipe, self.group_key_fn, self.keep_key = datapipe, group_key_fn, keep_key
        self.max_buffer_size, self.group_size, self.drop_remaining = buffer_size, group_size, drop_remaining
        self.guaranteed_group_size = group_size if guaranteed_group_size is None else guaranteed_group_size
        self.wrapper_class = DataChunk

    def __iter__(self) -> Iterator[Any]:
        groups: dict[Any, list] = defaultdict(list)
        waiting = 0
        for sample in self.datapipe:
            key = self.group_key_fn(sample)
            groups[key].append(sample)
            waiting += 1
            if self.group_size is not None and len(groups[key]) == self.group_size:
                waiting -= self.group_size
                yield self._given(key, groups.pop(key))
            elif waiting == self.max_buffer_size:
                largest = max(groups, key=lambda key: len(groups[key]))
                group = groups.pop(largest)
                waiting -= len(group)
                small = self.guaranteed_group_size is not None and len(group) < self.guaranteed_group_size
                if small and not self.drop_remaining:
                    raise RuntimeError("Failed to group items", str(group))
                if not small:
                    yield self._given(largest, group)
        for key, group in groups.items():
            yield self._given(key, group)

    def _given(self, key: Any, group: list) -> Any:
        chunk = self.wrapper_class(group)
        return (key, chunk) if self.keep_key else chunk
