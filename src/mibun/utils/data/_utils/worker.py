"""What a worker process of a DataLoader does: it makes batches of the indices that it is sent, until nobody listens.

Between the processes go tasks (number, indices) and answers (number, batch). The other messages are below.
"""

from __future__ import annotations

import os
import pickle
import random
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

import numpy as np

from ....compat.settings import set_num_threads
from ....random import manual_seed
from ..datapipes.datapipe import IterDataPipe, MapDataPipe
from ..graph_settings import apply_random_seed, apply_sharding, seeded
from .exceptions import ExceptionWrapper
from .fetch import _DatasetKind
from .worker_info import WorkerInfo, get_worker_info, set_worker_info

MP_STATUS_CHECK_INTERVAL = 5.0  # seconds after which a process that waits looks whether the other is still there


@dataclass(frozen=True)
class _IterableDatasetStopIteration:
    """The answer of a worker whose stream is at its end."""

    worker_id: int


@dataclass(frozen=True)
class _ResumeIteration:
    """Sent in place of a task, and back as an answer: the next pass begins, of data pipes from a seed."""

    seed: int | None = None


def _generate_state(base_seed: int, worker_id: int) -> list[int]:
    """What NumPy's random numbers are seeded with in a worker: four words of 32 bits.

    They are the state of a `numpy.random.SeedSequence` (O'Neill's, 2015), so that workers are independent.
    """
    entropy = [worker_id, base_seed & 0xFFFFFFFF, base_seed >> 32, 0]
    return np.random.SeedSequence(entropy).generate_state(4).tolist()


def _seed_all(base_seed: int, worker_id: int) -> None:
    random.seed(base_seed + worker_id)
    manual_seed(base_seed + worker_id)
    np.random.seed(_generate_state(base_seed, worker_id))


def _seed_pipes(dataset: Any, shared_seed: int | None) -> None:
    if shared_seed is not None:
        apply_random_seed(dataset, seeded(shared_seed))


def _worker_loop(
    dataset_kind: int,
    dataset: Any,
    channel: Any,
    auto_collation: bool,
    collate_fn: Callable[[Any], Any],
    drop_last: bool,
    base_seed: int,
    init_fn: Callable[[int], None] | None,
    worker_id: int,
    num_workers: int,
    shared_seed: int | None,
) -> None:
    """The whole life of a worker process. Returns when the other end of the channel is closed."""
    try:
        set_num_threads(1)
        _seed_all(base_seed, worker_id)
        set_worker_info(WorkerInfo(worker_id, num_workers, base_seed + worker_id, dataset))
        _seed_pipes(dataset, shared_seed)
        where = f"in DataLoader worker process {worker_id}"
        fetcher, failure = None, None
        try:
            if isinstance(dataset, (IterDataPipe, MapDataPipe)):
                apply_sharding(dataset, num_workers, worker_id)
            if init_fn is not None:
                init_fn(worker_id)
            fetcher = _DatasetKind.create_fetcher(dataset_kind, dataset, auto_collation, collate_fn, drop_last)
        except Exception:
            failure = ExceptionWrapper(where=where)
        ended = False
        while True:
            task = _next_task(channel)
            if isinstance(task, _ResumeIteration):
                channel.send((task, None))
                ended = False
                _seed_pipes(dataset, task.seed)
                fetcher = _DatasetKind.create_fetcher(dataset_kind, dataset, auto_collation, collate_fn, drop_last)
                continue
            if ended:
                continue  # the main process leaves out what a worker was to do after its end
            number, indices = task
            data: Any
            if failure is not None:
                data = failure
            else:
                try:
                    data = fetcher.fetch(indices)  # type: ignore[union-attr]
                except Exception as error:
                    if isinstance(error, StopIteration) and dataset_kind == _DatasetKind.Iterable:
                        data, ended = _IterableDatasetStopIteration(worker_id), True
                    else:
                        data = ExceptionWrapper(where=where)
            _answer(channel, number, data, where)
            del data, indices, task  # their memory need not wait for the next task
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        pass  # nobody listens; or the main process has been interrupted too, and will say so
    finally:
        channel.close()


def _answer(channel: Any, number: int, data: Any, where: str) -> None:
    try:
        channel.send((number, data))
    except OSError as error:
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            raise
        channel.send((number, ExceptionWrapper(where=where)))
    except Exception:
        failure = data if isinstance(data, ExceptionWrapper) else ExceptionWrapper(where=where)
        try:
            pickle.dumps(failure)
        except Exception:
            failure.exc_type = RuntimeError  # the other process cannot find the class
        channel.send((number, failure))


def _next_task(channel: Any) -> Any:
    parent = os.getppid()
    while not wait([channel.waitable], MP_STATUS_CHECK_INTERVAL):
        if os.getppid() != parent:
            raise EOFError  # the main process has died, and left its end of the channel to somebody
    return channel.receive()


__all__ = ["WorkerInfo", "get_worker_info"]
