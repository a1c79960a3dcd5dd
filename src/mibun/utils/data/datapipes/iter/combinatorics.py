"""Pipes that give samples in another order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from ...sampler import Sampler, SequentialSampler, random_seed
from .._decorator import functional_datapipe
from ..datapipe import IterDataPipe


class SamplerIterDataPipe(IterDataPipe):
    """The samples of a pipe in a Sampler's order: `sampler(datapipe, *sampler_args, **sampler_kwargs)`."""

    def __init__(
        self,
        datapipe: IterDataPipe,
        sampler: type[Sampler] = SequentialSampler,
        sampler_args: tuple | None = None,
        sampler_kwargs: dict | None = None,
    ) -> None:
        self.datapipe = datapipe
        self.sampler_args, self.sampler_kwargs = sampler_args or (), dict(sampler_kwargs or {})
        self.sampler: Any = sampler(
            *self.sampler_args,
            **{"data_source": datapipe, **self.sampler_kwargs},  # type: ignore[arg-type]
        )

    def __iter__(self) -> Iterator[Any]:
        return iter(self.sampler)

    def __len__(self) -> int:
        return len(self.sampler)


@functional_datapipe("shuffle")
class ShufflerIterDataPipe(IterDataPipe):
    """The samples in random order, as far as a buffer of them reaches.

    The buffer is filled; then each new sample takes the place of one drawn from it. buffer_size: 1 keeps the order.
    unbatch_level: take batches apart so many times first. AssertionError for a buffer without room.
    """

    def __init__(self, datapipe: IterDataPipe, *, buffer_size: int = 10000, unbatch_level: int = 0) -> None:
        super().__init__()
        if buffer_size <= 0:
            raise AssertionError("buffer_size should be larger than 0")
        self.datapipe: Any = datapipe if unbatch_level == 0 else datapipe.unbatch(unbatch_level=unbatch_level)
        self.buffer_size = buffer_size
        self._enabled = True
        self._seed: int | None = None
        self._rng = random.Random()

    def set_shuffle(self, shuffle: bool = True) -> ShufflerIterDataPipe:
        """Whether to shuffle at all."""
        self._enabled = shuffle
        return self

    def set_seed(self, seed: int) -> ShufflerIterDataPipe:
        """Draw the order of the next iteration from a seed, and not from one of the default generator."""
        self._seed = seed
        return self

    def reset(self) -> None:
        """Seed the order of the iteration that begins."""
        if self._enabled:
            self._rng.seed(random_seed(None) if self._seed is None else self._seed)
            self._seed = None

    def __iter__(self) -> Iterator[Any]:
        if not self._enabled:
            yield from self.datapipe
            return
        buffer: list[Any] = []
        for sample in self.datapipe:
            if len(buffer) < self.buffer_size:
                buffer.append(sample)
            else:
                index = self._rng.randint(0, len(buffer) - 1)
                chosen, buffer[index] = buffer[index], sample
                yield chosen
        while buffer:
            yield buffer.pop(self._rng.randint(0, len(buffer) - 1))

    def __len__(self) -> int:
        return len(self.datapipe)
