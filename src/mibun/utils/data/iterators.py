"""One pass over a DataLoader: what its iterators share, and the one that makes the batches in this process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from ...autograd.profiler import record_function
from ...core.site import stacklevel
from ._utils.fetch import _DatasetKind
from .datapipes.datapipe import IterDataPipe, MapDataPipe
from .graph_settings import apply_random_seed, apply_sharding, seeded
from .sampler import random_seed


class _BaseDataLoaderIter(Iterator[Any]):
    """What `iter(loader)` returns. `len` gives the batches of the whole pass."""

    def __init__(self, loader: Any) -> None:
        self._dataset = loader.dataset
        self._generator = loader.generator
        self._shared_seed = self._draw_shared_seed()
        self._dataset_kind = loader._dataset_kind
        self._IterableDataset_len_called = loader._IterableDataset_len_called
        self._auto_collation = loader._auto_collation
        self._drop_last = loader.drop_last
        self._index_sampler = loader._index_sampler
        self._num_workers = loader.num_workers
        self._timeout = loader.timeout
        self._collate_fn = loader.collate_fn
        self._persistent_workers = loader.persistent_workers
        self._sampler_iter: Iterator[Any] = iter(self._index_sampler)
        if loader.pin_memory:
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be "
                "used.",
                stacklevel=stacklevel(),
            )
        # Drawn also where there are no workers: so that the same seed gives the same order.
        self._base_seed = random_seed(loader.generator)
        self._num_yielded = 0
        self._profile_name = f"enumerate(DataLoader)#{type(self).__name__}.__next__"

    def _reset(self, loader: Any, first_iter: bool = False) -> None:
        """Begin a pass."""
        self._sampler_iter = iter(self._index_sampler)
        self._num_yielded = 0
        self._IterableDataset_len_called = loader._IterableDataset_len_called
        self._shared_seed = self._draw_shared_seed()

    def _draw_shared_seed(self) -> int | None:
        """What the data pipes of all workers are seeded with, so that they shuffle alike and each takes its part."""
        if not isinstance(self._dataset, IterDataPipe):
            return None
        seed = random_seed(self._generator)
        apply_random_seed(self._dataset, seeded(seed))
        return seed

    def _next_index(self) -> Any:
        return next(self._sampler_iter)

    def _next_data(self) -> Any:
        raise NotImplementedError

    def __iter__(self) -> _BaseDataLoaderIter:
        return self

    def __next__(self) -> Any:
        with record_function(self._profile_name):
            data = self._next_data()
        self._num_yielded += 1
        said = self._IterableDataset_len_called
        if self._dataset_kind == _DatasetKind.Iterable and said is not None and self._num_yielded > said:
            advice = (
                "For multiprocessing data-loading, this could be caused by not properly configuring the "
                "IterableDataset replica at each worker: get_worker_info() says which one it is in."
                if self._num_workers > 0
                else ""
            )
            warnings.warn(
                f"Length of IterableDataset {self._dataset} was reported to be {said}(when accessing len(dataloader)), "
                f"but {self._num_yielded} samples have been fetched. {advice}",
                stacklevel=stacklevel(),
            )
        return data

    def __len__(self) -> int:
        return len(self._index_sampler)

    def __getstate__(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__} cannot be pickled")


class _SingleProcessDataLoaderIter(_BaseDataLoaderIter):
    """Makes each batch when it is asked for."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        if self._timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        if isinstance(self._dataset, (IterDataPipe, MapDataPipe)):
            apply_sharding(self._dataset, 1, 0)
        self._dataset_fetcher = _DatasetKind.create_fetcher(
            self._dataset_kind, self._dataset, self._auto_collation, self._collate_fn, self._drop_last
        )

    def _next_data(self) -> Any:
        return self._dataset_fetcher.fetch(self._next_index())
