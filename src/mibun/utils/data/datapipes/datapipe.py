"""The two kinds of data pipes, whose steps are methods: `pipe.map(f).shuffle().batch(8)`.

A step is a class with a name, given by `functional_datapipe`; the method of that name makes one of the pipe and what
else it is given. An IterDataPipe has one iterator at a time: to ask for another ends the first.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..dataset import Dataset, IterableDataset, T_co


class DataChunk(list):
    """The elements of a batch, as a list that shows itself as one."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = list(items)
        super().__init__(self.items)

    def as_str(self, indent: str = "") -> str:
        """The elements in brackets, after an indent."""
        return indent + "[" + ", ".join(str(item) for item in iter(self)) + "]"

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()

    def raw_iterator(self) -> Iterator[Any]:
        """An iterator over the elements as they were given."""
        yield from self.items


class _Steps:
    """What both kinds have: the methods that make further steps."""

    functions: dict[str, Callable]

    def __getattr__(self, attribute_name: str) -> Any:
        functions = type(self).functions
        if attribute_name in functions:
            return functools.partial(functions[attribute_name], self)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{attribute_name}'")

    @classmethod
    def register_function(cls, function_name: str, function: Callable) -> None:
        """Let `pipe.<function_name>(...)` call `function(pipe, ...)`."""
        cls.functions[function_name] = function

    @classmethod
    def register_datapipe_as_function(cls, function_name: str, cls_to_register: type) -> None:
        """Let `pipe.<function_name>(...)` make a step. Exception if the name is taken."""
        if function_name in cls.functions:
            raise Exception(f"Unable to add DataPipe function name {function_name} as it is already taken")

        def make(source: Any, *args: Any, **kwargs: Any) -> Any:
            return cls_to_register(source, *args, **kwargs)

        functools.update_wrapper(make, cls_to_register.__init__, assigned=("__doc__",))
        make.__name__ = make.__qualname__ = function_name
        cls.functions[function_name] = make

    def __str__(self) -> str:
        return type(self).__qualname__

    __repr__ = __str__

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *type(self).functions})


class MapDataPipe(_Steps, Dataset[T_co]):
    """Samples by index, whose steps are methods. Subclasses give `__getitem__` and mostly `__len__`.

    >>> from mibun.utils.data.datapipes.map import SequenceWrapper
    >>> list(SequenceWrapper(range(4)).map(str).batch(3))
    [['0', '1', '2'], ['3']]
    """

    functions: dict[str, Callable] = {}


class IterDataPipe(_Steps, IterableDataset[T_co]):
    """Samples one after the other, whose steps are methods. Subclasses give `__iter__`, or `__next__` and `reset`.

    `reset` is called when an iteration begins. RuntimeError from an iterator after another one was made.

    >>> from mibun.utils.data.datapipes.iter import IterableWrapper
    >>> list(IterableWrapper(range(5)).filter(lambda n: n % 2 == 0).batch(2))
    [[0, 2], [4]]
    """

    functions: dict[str, Callable] = {}
    _valid_iterator_id = 0

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__iter__" in cls.__dict__:
            cls.__iter__ = _guarded(cls.__dict__["__iter__"])  # type: ignore[method-assign]

    def __iter__(self) -> Iterator[T_co]:
        return self  # type: ignore[return-value]

    def reset(self) -> None:
        """Begin an iteration. By default nothing is to be done."""

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


class DFIterDataPipe(IterDataPipe):
    """Marks pipes whose elements are data frames."""


def _guarded(make: Callable) -> Callable:
    """`__iter__` of a pipe, whose iterator is good until the next one is made."""

    @functools.wraps(make)
    def __iter__(self: IterDataPipe) -> Any:
        number = self._begin() if hasattr(type(self), "_begin") else _begin(self)
        made = make(self)
        return _PipeIterator(self, self if made is self else iter(made), number)

    return __iter__


def _begin(pipe: IterDataPipe) -> int:
    number = pipe._valid_iterator_id = pipe._valid_iterator_id + 1
    pipe.reset()
    return number


class _PipeIterator(Iterator[Any]):
    """Goes on as long as it is the pipe's latest."""

    def __init__(self, pipe: Any, iterator: Any, number: int) -> None:
        self.pipe, self.iterator, self.number = pipe, iterator, number

    def __next__(self) -> Any:
        if self.pipe._valid_iterator_id != self.number:
            raise RuntimeError(
                "This iterator has been invalidated because another iterator has been created from the same "
                f"IterDataPipe: {self.pipe}\nThis may be caused by multiple references to the same IterDataPipe. We "
                "recommend using `.fork()` if that is necessary."
            )
        try:
            return next(self.iterator)
        except StopIteration:
            raise
        except Exception as error:
            note = f"This exception is thrown by __iter__ of {self.pipe}"
            if not any(written.startswith(note[:42]) for written in getattr(error, "__notes__", ())):
                error.add_note(note)
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pipe, name)

    def __len__(self) -> int:
        return len(self.pipe)
