"""Decorators of data pipes: the name of a step, and whether its order is the same in every run."""

from __future__ import annotations

from typing import Any, TypeVar

from .datapipe import IterDataPipe, MapDataPipe

T = TypeVar("T")


class functional_datapipe:  # noqa: N801
    """Class decorator that gives a step its name: `pipe.<name>(...)` makes one.

    TypeError for a class that is no data pipe, Exception for a name that is taken. enable_df_api_tracing: whether
    PyTorch's data frames that record what is done with them shall know the step; there are no such here.

    >>> from mibun.utils.data import IterDataPipe, functional_datapipe
    >>> from mibun.utils.data.datapipes.iter import IterableWrapper
    >>> @functional_datapipe("twice")
    ... class Twice(IterDataPipe):
    ...     def __init__(self, source):
    ...         self.source = source
    ...     def __iter__(self):
    ...         for sample in self.source:
    ...             yield sample
    ...             yield sample
    >>> list(IterableWrapper("ab").twice())
    ['a', 'a', 'b', 'b']
    """

    def __init__(self, name: str, enable_df_api_tracing: bool = False) -> None:
        self.name, self.enable_df_api_tracing = name, enable_df_api_tracing

    def __call__(self, cls: type[T]) -> type[T]:
        for kind in (IterDataPipe, MapDataPipe):
            if isinstance(cls, type) and issubclass(cls, kind):
                kind.register_datapipe_as_function(self.name, cls)
                return cls
        raise TypeError("`functional_datapipe` can only decorate IterDataPipe or MapDataPipe")


_deterministic = False


class guaranteed_datapipes_determinism:  # noqa: N801
    """Context manager in which pipes that are `non_deterministic` cannot be made."""

    def __enter__(self) -> None:
        global _deterministic
        self._before, _deterministic = _deterministic, True

    def __exit__(self, *error: object) -> None:
        global _deterministic
        _deterministic = self._before


class non_deterministic:  # noqa: N801
    """Class decorator of an IterDataPipe whose order may differ from run to run: a TypeError while that is not allowed.

    arg: the class; or a function of the arguments that it is made with, which says whether it is so.
    """

    def __init__(self, arg: Any) -> None:
        is_class = isinstance(arg, type)
        if is_class and not issubclass(arg, IterDataPipe):
            raise TypeError(
                f"Only `IterDataPipe` can be decorated with `non_deterministic`, but {arg.__name__} is found"
            )
        if not is_class and not callable(arg):
            raise TypeError(f"{arg} can not be decorated by non_deterministic")
        self.cls: Any = arg if is_class else None
        self.decide: Any = None if is_class else arg

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.cls is None:
            (cls,) = args
            if not (isinstance(cls, type) and issubclass(cls, IterDataPipe)):
                raise TypeError(f"Only `IterDataPipe` can be decorated, but {cls} is found")
            made = non_deterministic(cls)
            made.decide = self.decide
            return made
        if _deterministic and (self.decide is None or self.decide(*args, **kwargs)):
            raise TypeError(
                f"{self.cls.__name__} is non-deterministic, but you set 'guaranteed_datapipes_determinism'. You can "
                "turn off determinism for this DataPipe if that is acceptable for your application"
            )
        return self.cls(*args, **kwargs)
