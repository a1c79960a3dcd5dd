"""DataLoader: iterates over a data set in batches, in order or shuffled, in this process or by workers."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from ...core.site import stacklevel
from ...random import Generator
from ._utils.collate import default_collate, default_convert
from ._utils.fetch import _DatasetKind
from ._utils.worker_info import get_worker_info as get_worker_info
from .datapipes.datapipe import IterDataPipe
from .dataset import Dataset, IterableDataset, T_co
from .graph_settings import apply_shuffle_settings
from .iterators import _BaseDataLoaderIter, _SingleProcessDataLoaderIter
from .sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler
from .worker_iterator import _MultiProcessingDataLoaderIter

_T = TypeVar("_T")
# What `collate_fn` and `worker_init_fn` are, as libraries annotate their own.
_collate_fn_t = Callable[[list[_T]], Any]
_worker_init_fn_t = Callable[[int], None]


class _InfiniteConstantSampler(Sampler[Any]):
    """Stands in where an iterable data set decides the order itself."""

    def __iter__(self) -> Iterator[Any]:
        while True:
            yield None


class DataLoader(Generic[T_co]):
    """Batches of a data set.

    Args:
        dataset: samples by index, or an IterableDataset.
        batch_size: samples in a batch; None for no batches, but single samples.
        shuffle: take the samples in an order drawn anew for each pass; of a data pipe, let its `shuffle` steps do so.
        sampler: the indices in the wanted order, in place of `shuffle`.
        batch_sampler: lists of indices, in place of `batch_size`, `shuffle`, `sampler` and `drop_last`.
        num_workers: processes that make the batches; 0 for none but this one. What they need is pickled, unless they
            are forked: the data set, `collate_fn` and `worker_init_fn`. The Tensors they make are in memory that this
            process sees too. `get_worker_info()` says in a worker which one it is.
        collate_fn: makes a batch of a list of samples; by default `default_collate`, or `default_convert` of the single
            sample where there are no batches.
        pin_memory, pin_memory_device: of no effect without a GPU, and warned of, as in PyTorch.
        drop_last: leave out a last batch that is not full.
        timeout: seconds to wait for a batch of the workers; 0 for ever.
        worker_init_fn: called with its number in each worker, when its random numbers have been seeded: `random`, NumPy
            and `torch` from a number drawn from `generator`, plus the worker's own.
        multiprocessing_context: "fork", "spawn" or "forkserver", or a context of `multiprocessing`.
        prefetch_factor: how many batches each worker makes ahead; 2 unless it is given.
        persistent_workers: let the workers live from one pass to the next.
        in_order: yield the batches in the order of the sampler; False: as they come.
        generator: what random order is drawn from; by default the default one.

    Raises:
        ValueError: for options that exclude each other, and those of workers without any.
        RuntimeError: from iteration, where a worker dies or the time is over. Exceptions in a worker are raised here,
            with its traceback in the message.

    Warns (UserWarning) of more workers than processors, and of a stream that is longer than `len(loader)` has said.

    >>> import mibun as torch
    >>> list(torch.utils.data.DataLoader(range(5), batch_size=2))
    [tensor([0, 1]), tensor([2, 3]), tensor([4])]
    """

    _fixed = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")
    _initialized = False
    _iterator: _BaseDataLoaderIter | None = None  # that of persistent workers
    _IterableDataset_len_called: int | None = None

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
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        iterable = isinstance(dataset, IterableDataset)
        is_pipe = isinstance(dataset, IterDataPipe)
        if is_pipe:
            dataset = apply_shuffle_settings(dataset, shuffle)
        if iterable:
            for name, value, given in (
                ("shuffle", shuffle, bool(shuffle) and not is_pipe),
                ("sampler", sampler, sampler is not None),
                ("batch_sampler", batch_sampler, batch_sampler is not None),
            ):
                if given:
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={value}"
                    )
        shuffle = shuffle and not is_pipe
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
                sampler = _InfiniteConstantSampler()
            elif shuffle:
                sampler = RandomSampler(samples, generator=generator)
            else:
                sampler = SequentialSampler(samples)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset = samples
        self._dataset_kind = _DatasetKind.Iterable if iterable else _DatasetKind.Map
        self.num_workers = num_workers
        self.prefetch_factor = 2 if num_workers > 0 and prefetch_factor is None else prefetch_factor
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
        self.check_worker_number_rationality()

    def __setattr__(self, name: str, value: Any) -> None:
        if self._initialized and name in self._fixed:
            raise ValueError(f"{name} attribute should not be set after {self.__class__.__name__} is initialized")
        object.__setattr__(self, name, value)

    def __iter__(self) -> Iterator[Any]:
        # Here, and not where workers are started, since a loader that keeps its workers has one iterator only.
        if not self.persistent_workers or self.num_workers == 0:
            return self._get_iterator()
        if self._iterator is None:
            self._iterator = self._get_iterator()
        else:
            self._iterator._reset(self)
        return self._iterator

    def _get_iterator(self) -> _BaseDataLoaderIter:
        if self.num_workers == 0:
            return _SingleProcessDataLoaderIter(self)
        self.check_worker_number_rationality()
        return _MultiProcessingDataLoaderIter(self)

    @property
    def multiprocessing_context(self) -> Any:
        """How workers are started: a context of `multiprocessing`, or None for its default. Set by a name or context.

        ValueError without workers and for an unknown name, TypeError for anything else.
        """
        return self.__multiprocessing_context

    @multiprocessing_context.setter
    def multiprocessing_context(self, multiprocessing_context: Any) -> None:
        context = multiprocessing_context
        if context is not None:
            import multiprocessing
            from multiprocessing.context import BaseContext

            if self.num_workers == 0:
                raise ValueError(
                    f"multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got "
                    f"num_workers={self.num_workers}"
                )
            if isinstance(context, str):
                methods = multiprocessing.get_all_start_methods()
                if context not in methods:
                    raise ValueError(
                        f"multiprocessing_context option should specify a valid start method in {methods!r}, but got "
                        f"multiprocessing_context={context!r}"
                    )
                context = multiprocessing.get_context(context)
            elif not isinstance(context, BaseContext):
                raise TypeError(
                    "multiprocessing_context option should be a valid context object or a string specifying the start "
                    f"method, but got multiprocessing_context={context}"
                )
        self.__multiprocessing_context = context

    @property
    def _auto_collation(self) -> bool:
        return self.batch_sampler is not None

    @property
    def _index_sampler(self) -> Any:
        return self.batch_sampler if self._auto_collation else self.sampler

    def check_worker_number_rationality(self) -> None:
        """Warn (UserWarning) where there are to be more workers than processors that this process may use."""
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        if not processors or self.num_workers <= processors:
            return
        warnings.warn(
            f"This DataLoader will create {self.num_workers} worker processes in total. Our suggested max number of "
            f"worker in current system is {processors}, which is smaller than what this DataLoader is going to create. "
            "Please be aware that excessive worker creation might get DataLoader running slow or even freeze, lower "
            "the worker number to avoid potential slowness/freeze if necessary.",
            stacklevel=stacklevel(),
        )

    def __len__(self) -> int:
        """The number of batches, or of samples where there are none. TypeError where the data set has no length."""
        if self._dataset_kind == _DatasetKind.Map:
            return len(self._index_sampler)
        size = self._IterableDataset_len_called = len(self.dataset)  # whoever gets more afterwards is told
        if self.batch_size is None:
            return size
        return size // self.batch_size if self.drop_last else -(-size // self.batch_size)


def _check_workers(num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool) -> None:
    if num_workers < 0:
        raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if num_workers == 0 and prefetch_factor is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable "
            "multiprocessing, otherwise set prefetch_factor to None."
        )
    if prefetch_factor is not None and prefetch_factor < 0:
        raise ValueError("prefetch_factor option should be non-negative")
    if persistent_workers and num_workers == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")
