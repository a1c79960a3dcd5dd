"""DataLoader: iterates over a data set in batches, in order or shuffled, in this process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic

from ...core.site import stacklevel
from ...random import Generator
from .collate import default_collate, default_convert
from .dataset import Dataset, IterableDataset, T_co
from .sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler, random_seed


class _EndlessSampler(Sampler[Any]):
    """Stands in where an iterable data set decides the order itself."""

    def __iter__(self) -> Iterator[Any]:
        while True:
            yield None


def get_worker_info() -> None:
    """None: data are loaded in the main process.

    >>> import mibun as torch
    >>> torch.utils.data.get_worker_info() is None
    True
    """
    return None


class DataLoader(Generic[T_co]):
    """Batches of a data set.

    Args:
        dataset: samples by index, or an IterableDataset.
        batch_size: samples in a batch; None for no batches, but single samples.
        shuffle: take the samples in an order drawn anew for each pass.
        sampler: the indices in the wanted order, in place of `shuffle`.
        batch_sampler: lists of indices, in place of `batch_size`, `shuffle`, `sampler` and `drop_last`.
        num_workers: has to be 0. What only concerns workers (`timeout`, `multiprocessing_context`, `prefetch_factor`,
            `persistent_workers`) has to be left as it is; `worker_init_fn` is not called and `in_order` always holds.
        collate_fn: makes a batch of a list of samples; by default `default_collate`, or `default_convert` of the single
            sample where there are no batches.
        pin_memory, pin_memory_device: of no effect without a GPU, and warned of, as in PyTorch.
        drop_last: leave out a last batch that is not full.
        generator: what random order is drawn from; by default the default one.

    Raises:
        ValueError: for options that exclude each other.
        NotImplementedError: for `num_workers` of 1 or more.

    >>> import mibun as torch
    >>> list(torch.utils.data.DataLoader(range(5), batch_size=2))
    [tensor([0, 1]), tensor([2, 3]), tensor([4])]
    """

    _fixed = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")
    _initialized = False

    def __init__(
        self,
        dataset: Dataset[T_co] | Sequence[T_co],
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Sampler[Any] | Iterable[Any] | None = None,
        batch_sampler: Sampler[list[Any]] | Iterable[list[Any]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, timeout, multiprocessing_context, prefetch_factor, persistent_workers)
        iterable = isinstance(dataset, IterableDataset)
        if iterable:
            for name, value, given in (
                ("shuffle", shuffle, bool(shuffle)),
                ("sampler", sampler, sampler is not None),
                ("batch_sampler", batch_sampler, batch_sampler is not None),
            ):
                if given:
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={value}"
                    )
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
                )
            batch_size = None
            drop_last = False
        elif batch_size is None and drop_last:
            raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")
        samples: Any = dataset
        if sampler is None:
            if iterable:
                sampler = _EndlessSampler()
            elif shuffle:
                sampler = RandomSampler(samples, generator=generator)
            else:
                sampler = SequentialSampler(samples)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset = samples
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        if collate_fn is None:
            collate_fn = default_convert if batch_sampler is None else default_collate
        self.collate_fn = collate_fn
        self.persistent_workers = persistent_workers
        self._initialized = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self._initialized and name in self._fixed:
            raise ValueError(f"{name} attribute should not be set after {self.__class__.__name__} is initialized")
        object.__setattr__(self, name, value)

    def __iter__(self) -> Iterator[Any]:
        if self.timeout > 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        if self.pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be "
                "used.",
                stacklevel=stacklevel(),
            )
        # PyTorch draws a seed for its workers also where there are none: so that the same seed gives the same order.
        random_seed(self.generator)
        return _BatchIterator(self)

    def _iterate_indices(self) -> Iterator[Any]:
        dataset, collate = self.dataset, self.collate_fn
        if self.batch_sampler is None:
            for index in self.sampler:
                yield collate(dataset[index])
            return
        several: Any = getattr(dataset, "__getitems__", None)
        for indices in self.batch_sampler:
            batch: Any = several(indices) if callable(several) else [dataset[index] for index in indices]
            yield collate(batch)

    def _iterate_iterable(self) -> Iterator[Any]:
        samples: Iterator[Any] = iter(self.dataset)
        if self.batch_sampler is None:
            for sample in samples:
                yield self.collate_fn(sample)
            return
        for indices in self.batch_sampler:
            batch: Any = [sample for _, sample in zip(indices, samples, strict=False)]
            if not batch or (self.drop_last and len(batch) < len(indices)):
                return
            yield self.collate_fn(batch)

    def __len__(self) -> int:
        """The number of batches, or of samples where there are none. TypeError where the data set has no length."""
        if isinstance(self.dataset, IterableDataset):
            size = len(self.dataset)  # type: ignore[arg-type]
            if self.batch_size is None:
                return size
            return size // self.batch_size if self.drop_last else -(-size // self.batch_size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)  # type: ignore[arg-type]


class _BatchIterator(Iterator[Any]):
    """One pass over a loader: what `iter(loader)` returns. `len` gives the batches of the whole pass."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        self._order: Any = loader.sampler if loader.batch_sampler is None else loader.batch_sampler
        iterable = isinstance(loader.dataset, IterableDataset)
        self._batches = loader._iterate_iterable() if iterable else loader._iterate_indices()

    def __next__(self) -> Any:
        return next(self._batches)

    def __len__(self) -> int:
        return len(self._order)


def _check_workers(
    num_workers: int, timeout: float, context: Any, prefetch_factor: int | None, persistent_workers: bool
) -> None:
    if num_workers < 0:
        raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if num_workers > 0:
        raise NotImplementedError(
            f"num_workers={num_workers}: data are loaded in the main process only; set num_workers=0"
        )
    if prefetch_factor is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable "
            "multiprocessing, otherwise set prefetch_factor to None."
        )
    if context is not None:
        raise ValueError(
            f"multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got "
            f"num_workers={num_workers}"
        )
    if persistent_workers:
        raise ValueError("persistent_workers option needs num_workers > 0")
