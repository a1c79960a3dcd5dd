"""What a worker of a DataLoader knows of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WorkerInfo:
    """Of a worker: its number, how many there are, what its random numbers were seeded with, its copy of the data set.

    `rng` is None and `worker_method` "multiprocessing": workers are processes, whose generators are their own.
    """

    id: int
    num_workers: int
    seed: int
    dataset: Any
    rng: Any = None
    worker_method: str | None = "multiprocessing"


_worker_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """What the worker is that calls it: `id`, `num_workers`, `seed` and `dataset`. None in the main process.

    An IterableDataset asks it which part of the stream is the worker's own.

    >>> import mibun as torch
    >>> torch.utils.data.get_worker_info() is None
    True
    """
    return _worker_info


def set_worker_info(info: WorkerInfo) -> None:
    """Make this process a worker."""
    global _worker_info
    _worker_info = info
