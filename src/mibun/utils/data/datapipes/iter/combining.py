"""Pipes of several others, and several pipes of one."""

from __future__ import annotations

import copy
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from .....core.site import stacklevel
from .._decorator import functional_datapipe
from ..datapipe import IterDataPipe

_EMPTY = object()


def _check(pipes: tuple) -> None:
    if not pipes:
        raise ValueError("Expected at least one DataPipe, but got nothing")
    if not all(isinstance(pipe, IterDataPipe) for pipe in pipes):
        raise TypeError("Expected all inputs to be `IterDataPipe`")


@functional_datapipe("concat")
class ConcaterIterDataPipe(IterDataPipe):
    """The samples of pipes one after the other. ValueError for none, TypeError for something else."""

    def __init__(self, *datapipes: IterDataPipe) -> None:
        _check(datapipes)
        self.datapipes = datapipes

    def __iter__(self) -> Iterator[Any]:
        for pipe in self.datapipes:
            yield from pipe

    def __len__(self) -> int:
        return sum(len(pipe) for pipe in self.datapipes)  # type: ignore[arg-type]


@functional_datapipe("zip")
class ZipperIterDataPipe(IterDataPipe):
    """Tuples of a sample of each pipe, until one is at its end. TypeError for what is no pipe."""

    def __init__(self, *datapipes: IterDataPipe) -> None:
        if not all(isinstance(pipe, IterDataPipe) for pipe in datapipes):
            raise TypeError("All inputs are required to be `IterDataPipe` for `ZipIterDataPipe`.")
        super().__init__()
        self.datapipes = datapipes

    def __iter__(self) -> Iterator[tuple]:
        yield from zip(*self.datapipes, strict=False)

    def __len__(self) -> int:
        return min(len(pipe) for pipe in self.datapipes)  # type: ignore[arg-type]


@functional_datapipe("mux")
class MultiplexerIterDataPipe(IterDataPipe):
    """A sample of each pipe in turn, until one of them has none when it is its turn."""

    def __init__(self, *datapipes: IterDataPipe) -> None:
        self.datapipes = datapipes

    def __iter__(self) -> Iterator[Any]:
        iterators = [iter(pipe) for pipe in self.datapipes]
        while iterators:
            row: list[Any] = []
            for iterator in iterators:
                sample = next(iterator, _EMPTY)
                if sample is _EMPTY:
                    return
                row.append(sample)
            yield from row

    def __len__(self) -> int:
        return min(len(pipe) for pipe in self.datapipes) * len(self.datapipes)  # type: ignore[arg-type]


# --- several of one ---


class _Shared(IterDataPipe):
    """One pass over a pipe that several others share; what one of them has had, and others have not, waits."""

    def __init__(self, datapipe: IterDataPipe, num_instances: int, buffer_size: int) -> None:
        if num_instances < 1:
            raise ValueError(f"Expected `num_instances` larger than 0, but {num_instances} is found")
        if buffer_size < -1 or buffer_size == 0:
            raise ValueError("`buffer_size` should be positive, or -1 for no limit")
        if buffer_size < 0:
            warnings.warn(
                "Unlimited buffer size is set, please be aware of OOM risks", UserWarning, stacklevel=stacklevel()
            )
        self.main_datapipe, self.num_instances, self.buffer_size = datapipe, num_instances, buffer_size
        self._new_pass()

    def _new_pass(self) -> None:
        self._source: Iterator[Any] | None = None
        self._waiting: list[deque] = [deque() for _ in range(self.num_instances)]
        self._begun = [False] * self.num_instances

    def begin(self, instance: int, children: list[_ChildDataPipe]) -> None:
        """A child begins: with the others, or, if it had begun already, everything anew, and the others with it."""
        if self._begun[instance]:
            self._new_pass()
            for child in children:
                child._valid_iterator_id += 1
        self._begun[instance] = True

    def next_of(self, instance: int) -> Any:
        """The next sample for a child. StopIteration at the end; BufferError where too many would wait."""
        waiting = self._waiting[instance]
        while not waiting:
            if self._source is None:
                self._source = iter(self.main_datapipe)
            self._distribute(next(self._source))
            if 0 <= self.buffer_size < self._most_waiting(instance):
                raise BufferError(
                    f"{type(self).__name__.removeprefix('_')} buffer overflow, buffer size {self.buffer_size} is "
                    "insufficient."
                )
        return waiting.popleft()

    def _most_waiting(self, instance: int) -> int:
        raise NotImplementedError

    def _distribute(self, sample: Any) -> None:
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state.update(_source=None, _waiting=[deque() for _ in range(self.num_instances)])
        state["_begun"] = [False] * self.num_instances
        return state

    def __len__(self) -> int:
        return len(self.main_datapipe)  # type: ignore[arg-type]


class _ForkerIterDataPipe(_Shared):
    def __init__(self, datapipe: IterDataPipe, num_instances: int, buffer_size: int, copy_fn: Any) -> None:
        super().__init__(datapipe, num_instances, buffer_size)
        self.copy_fn = copy_fn

    def _distribute(self, sample: Any) -> None:
        for waiting in self._waiting:
            waiting.append(self.copy_fn(sample))

    def _most_waiting(self, instance: int) -> int:
        return max(len(waiting) for waiting in self._waiting) if self.num_instances > 1 else 0


class _DemultiplexerIterDataPipe(_Shared):
    def __init__(
        self, datapipe: IterDataPipe, num_instances: int, classifier_fn: Callable, drop_none: bool, buffer_size: int
    ) -> None:
        super().__init__(datapipe, num_instances, buffer_size)
        self.classifier_fn, self.drop_none = classifier_fn, drop_none

    def _distribute(self, sample: Any) -> None:
        chosen = self.classifier_fn(sample)
        if chosen is None and self.drop_none:
            return
        if chosen is None or not 0 <= chosen < self.num_instances:
            raise ValueError(
                f"Output of the classification fn should be between 0 and {self.num_instances - 1}. {chosen} is "
                "returned."
            )
        self._waiting[chosen].append(sample)

    def _most_waiting(self, instance: int) -> int:
        return sum(len(waiting) for number, waiting in enumerate(self._waiting) if number != instance)


class _ChildDataPipe(IterDataPipe):
    """One of the pipes that share one."""

    def __init__(self, main_datapipe: _Shared, instance_id: int, siblings: list[_ChildDataPipe]) -> None:
        self.main_datapipe, self.instance_id, self._siblings = main_datapipe, instance_id, siblings

    def _begin(self) -> int:
        self.main_datapipe.begin(self.instance_id, self._siblings)
        self._valid_iterator_id += 1
        return self._valid_iterator_id

    def __iter__(self) -> Iterator[Any]:
        while True:
            try:
                sample = self.main_datapipe.next_of(self.instance_id)
            except StopIteration:
                return
            yield sample

    def __len__(self) -> int:
        if isinstance(self.main_datapipe, _DemultiplexerIterDataPipe):
            raise TypeError(f"{type(self).__name__} instance doesn't have valid length")
        return len(self.main_datapipe)


def _children(main: _Shared) -> list[_ChildDataPipe]:
    children: list[_ChildDataPipe] = []
    children.extend(_ChildDataPipe(main, number, children) for number in range(main.num_instances))
    return children


def _same(sample: Any) -> Any:
    return sample


@functional_datapipe("fork")
class ForkerIterDataPipe(IterDataPipe):
    """Makes `num_instances` pipes that all give the samples of one.

    buffer_size: by how many samples one of them can be ahead of another, BufferError beyond; -1 for no limit, with a
    warning. copy: None for the same objects, "shallow" or "deep" for copies.
    """

    def __new__(
        cls, datapipe: IterDataPipe, num_instances: int, buffer_size: int = 1000, copy: str | None = None
    ) -> Any:
        functions = {None: _same, "shallow": _shallow, "deep": _deep}
        if copy not in functions:
            raise ValueError(f"Unknown copy method `{copy}` requested, choose one of None, `shallow` or `deep`.")
        if num_instances == 1 and copy is None:
            return [datapipe]
        return list(_children(_ForkerIterDataPipe(datapipe, num_instances, buffer_size, functions[copy])))


_shallow, _deep = copy.copy, copy.deepcopy


@functional_datapipe("demux")
class DemultiplexerIterDataPipe(IterDataPipe):
    """Makes `num_instances` pipes; `classifier_fn` says of each sample which of them gives it.

    drop_none: leave a sample out where it says None. buffer_size: how many samples can wait for the others, BufferError
    beyond; -1 for no limit, with a warning. ValueError where it says something else.
    """

    def __new__(
        cls,
        datapipe: IterDataPipe,
        num_instances: int,
        classifier_fn: Callable[[Any], int | None],
        drop_none: bool = False,
        buffer_size: int = 1000,
    ) -> Any:
        return list(
            _children(_DemultiplexerIterDataPipe(datapipe, num_instances, classifier_fn, drop_none, buffer_size))
        )
