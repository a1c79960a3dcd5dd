"""Samplers: in which order, and in which batches, the indices of a data set are taken."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

from ...core.dtypes import float64, int64
from ...ops.creation.filled import empty
from ...ops.creation.from_data import as_tensor
from ...ops.random.sampling import multinomial, randint, randperm
from ...random import Generator

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """In which order the indices of a data set are taken. Subclasses give `__iter__`, and mostly `__len__`.

    >>> import mibun as torch
    >>> class Backwards(torch.utils.data.Sampler):
    ...     def __init__(self, data):
    ...         self.data = data
    ...     def __iter__(self):
    ...         return iter(range(len(self.data) - 1, -1, -1))
    ...     def __len__(self):
    ...         return len(self.data)
    >>> data = ["a", "b", "c"]
    >>> list(torch.utils.data.DataLoader(data, batch_size=2, sampler=Backwards(data)))
    [['c', 'b'], ['a']]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__} does not define __iter__")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


class SequentialSampler(Sampler[int]):
    """The indices 0, 1, … in order.

    Args:
        data_source: something with a length.

    >>> import mibun as torch
    >>> list(torch.utils.data.SequentialSampler("abc"))
    [0, 1, 2]
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """The indices in random order, drawn anew each time.

    Args:
        data_source: something with a length.
        replacement: draw each index from all, instead of going through all before one comes again.
        num_samples: how many are drawn; by default as many as there are.
        generator: what random numbers are drawn from; by default, a new one seeded from the default one.

    Raises:
        TypeError: for a `replacement` that is no bool.
        ValueError: for `num_samples`, or a length, that is no positive integer.

    >>> import mibun as torch
    >>> sampler = torch.utils.data.RandomSampler("abc", generator=torch.Generator().manual_seed(0))
    >>> sorted(sampler), len(sampler)
    ([0, 1, 2], 3)
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        if not isinstance(replacement, bool):
            raise TypeError(f"replacement should be a boolean value, but got replacement={replacement}")
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not _is_count(self.num_samples):
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={self.num_samples}")

    @property
    def num_samples(self) -> int:
        """How many indices are drawn; follows the size of the data set unless it was given."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        size = len(self.data_source)
        generator = self.generator
        if generator is None:
            generator = Generator()
            generator.manual_seed(random_seed(None))
        if self.replacement:
            # In portions of 32, as in PyTorch, so that the same seed draws the same indices.
            for start in range(0, self.num_samples, 32):
                count = min(32, self.num_samples - start)
                yield from randint(high=size, size=(count,), dtype=int64, generator=generator).tolist()
        else:
            passes, rest = divmod(self.num_samples, size)
            for _ in range(passes):
                yield from randperm(size, generator=generator).tolist()
            # Drawn also where nothing is left, as in PyTorch: so that the next pass has the same order as there.
            yield from randperm(size, generator=generator).tolist()[:rest]

    def __len__(self) -> int:
        return self.num_samples


def random_seed(generator: Generator | None) -> int:
    """A number to seed another generator with."""
    return int(empty((), dtype=int64).random_(generator=generator).item())


class SubsetRandomSampler(Sampler[int]):
    """The given indices in random order, drawn anew each time.

    Args:
        indices: a sequence of them.
        generator: what the order is drawn from; by default the default one.

    >>> import mibun as torch
    >>> sorted(torch.utils.data.SubsetRandomSampler([1, 5, 7]))
    [1, 5, 7]
    """

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for index in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[index]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Indices drawn with probabilities in proportion to weights.

    Args:
        weights: one for each index, not negative; they need not add up to 1.
        num_samples: how many are drawn.
        replacement: whether an index may be drawn more than once.
        generator: what they are drawn from; by default the default one.

    Raises:
        ValueError: for a `num_samples` that is no positive integer, a `replacement` that is no bool, or weights in more
            than one dimension.

    >>> import mibun as torch
    >>> list(torch.utils.data.WeightedRandomSampler([0.0, 1.0, 0.0], num_samples=2))
    [1, 1]
    """

    def __init__(
        self, weights: Sequence[float], num_samples: int, replacement: bool = True, generator: Generator | None = None
    ) -> None:
        if not _is_count(num_samples):
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={num_samples}")
        if not isinstance(replacement, bool):
            raise ValueError(f"replacement should be a boolean value, but got replacement={replacement}")
        tensor = as_tensor(weights, dtype=float64)
        if tensor.dim() != 1:
            raise ValueError(f"weights should be a 1d sequence but given weights have shape {tuple(tensor.shape)}")
        self.weights = tensor
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)
        yield from drawn.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """The indices of another sampler in lists.

    Args:
        sampler: an iterable of indices.
        batch_size: how many are in a list.
        drop_last: leave out a last list that is shorter.

    Raises:
        ValueError: for a `batch_size` that is no positive integer, or a `drop_last` that is no bool.

    >>> import mibun as torch
    >>> list(torch.utils.data.BatchSampler(range(5), batch_size=2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Sampler[int] | Iterable[int], batch_size: int, drop_last: bool) -> None:
        if not _is_count(batch_size):
            raise ValueError(f"batch_size should be a positive integer value, but got batch_size={batch_size}")
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        size = len(self.sampler)  # type: ignore[arg-type]
        return size // self.batch_size if self.drop_last else -(-size // self.batch_size)
