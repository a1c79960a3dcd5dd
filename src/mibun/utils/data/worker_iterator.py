"""The iterator of a DataLoader with workers: it hands out the indices of batches, and yields the batches in order.

Each worker has a channel of its own, so that one that dies blocks nobody, and its end is seen at once. Tasks are
numbered in the order in which they are drawn from the sampler; a worker has `prefetch_factor` of them at a time.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import wait
from typing import Any

from ._utils.channel import channel_pair
from ._utils.exceptions import ExceptionWrapper
from ._utils.worker import MP_STATUS_CHECK_INTERVAL, _IterableDatasetStopIteration, _ResumeIteration, _worker_loop
from .iterators import _BaseDataLoaderIter

_UNSET = object()


class _MultiProcessingDataLoaderIter(_BaseDataLoaderIter):
    """Yields what workers make. They end when this is dropped, at the end of the pass unless they are persistent."""

    _shutdown = True

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        self._prefetch_factor = loader.prefetch_factor
        self._in_order = loader.in_order
        if not self._num_workers > 0:
            raise AssertionError("num_workers must be greater than 0 for MultiProcessingDataLoaderIter")
        if not self._prefetch_factor > 0:
            raise AssertionError("prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter")
        context = loader.multiprocessing_context or multiprocessing
        self._owner = os.getpid()
        self._workers: list[Any] = []
        self._channels: list[Any] = []
        self._shutdown = False
        try:
            for number in range(self._num_workers):
                own, other = channel_pair(context)
                self._channels.append(own)
                options = (self._auto_collation, self._collate_fn, self._drop_last, self._base_seed)
                worker = context.Process(
                    target=_worker_loop,
                    args=(
                        *(self._dataset_kind, self._dataset, other, *options),
                        *(loader.worker_init_fn, number, self._num_workers, self._shared_seed),
                    ),
                    daemon=True,  # ends with this process, whatever happens
                )
                try:
                    worker.start()
                finally:
                    other.close()  # so that the channel is at its end when the worker is
                self._workers.append(worker)
        except BaseException:
            self._shutdown_workers()
            raise
        self._reset(loader, first_iter=True)

    def _reset(self, loader: Any, first_iter: bool = False) -> None:
        super()._reset(loader, first_iter)
        if not first_iter:
            self._resume_workers()
        self._send_idx = 0  # the number of the next task
        self._rcvd_idx = 0  # the number of the next batch to yield
        self._task_info: dict[int, tuple[int, Any]] = {}  # number -> (worker, batch, once it has come)
        self._tasks_outstanding = 0
        self._workers_status = [True] * self._num_workers  # whether they have anything left to give
        self._workers_num_tasks = [0] * self._num_workers
        self._worker_queue_idx_cycle = itertools.cycle(range(self._num_workers))
        self._arrived: list[tuple[int, Any, Any]] = []  # answers (worker, number, batch) nobody has looked at yet
        for _ in range(self._prefetch_factor * self._num_workers):
            self._try_put_index()

    def _resume_workers(self) -> None:
        """Tell workers that the next pass begins, and throw away what they still had to give of the last one."""
        self._arrived = []
        for worker in range(self._num_workers):
            self._send(worker, _ResumeIteration(self._shared_seed))
        waited_for = self._num_workers
        while waited_for:
            waited_for -= isinstance(self._get_data()[1], _ResumeIteration)

    # --- tasks ---

    def _try_put_index(self) -> None:
        """Give the next task, if there is one, to the worker whose turn it is."""
        try:
            indices = self._next_index()
        except StopIteration:
            return
        worker = self._worker_of_next_task()
        if worker is None:
            return
        self._task_info[self._send_idx] = (worker, _UNSET)
        self._workers_num_tasks[worker] += 1
        self._tasks_outstanding += 1
        self._send_idx += 1
        self._send(worker, (self._send_idx - 1, indices))

    def _worker_of_next_task(self) -> int | None:
        able = [worker for worker in range(self._num_workers) if self._workers_status[worker]]
        if not able:
            return None
        # Where the order does not matter, a slow worker gets no more than its share.
        share = self._prefetch_factor * self._num_workers // len(able)
        for _ in range(self._num_workers):
            worker = next(self._worker_queue_idx_cycle)
            if self._workers_status[worker] and (self._in_order or self._workers_num_tasks[worker] < share):
                return worker
        return None

    def _send(self, worker: int, message: Any) -> None:
        """Send when there is room for it; until then, receive, since the worker may be waiting for just that."""
        channel = self._channels[worker]
        while not channel.has_room():
            self._receive(0.1)
        try:
            channel.send(message)
        except (BrokenPipeError, ConnectionResetError):
            self._raise_dead([worker])

    # --- answers ---

    def _next_data(self) -> Any:
        while True:
            # Leave out what workers were to do after they had nothing left to give.
            while self._rcvd_idx < self._send_idx:
                worker, data = self._task_info.get(self._rcvd_idx, (None, _UNSET))
                if worker is not None and (data is not _UNSET or self._workers_status[worker]):
                    break
                self._task_info.pop(self._rcvd_idx, None)
                self._rcvd_idx += 1
            else:
                if not self._persistent_workers:
                    self._shutdown_workers()
                raise StopIteration
            if data is not _UNSET:
                del self._task_info[self._rcvd_idx]
                self._rcvd_idx += 1
                return self._process_data(data, worker)
            worker, number, data = self._get_data()
            if number not in self._task_info:
                continue
            self._tasks_outstanding -= 1
            if isinstance(data, _IterableDatasetStopIteration):
                self._workers_status[worker] = False
                if not self._persistent_workers:
                    self._channels[worker].close()  # it ends then
                self._try_put_index()
            elif number == self._rcvd_idx or not self._in_order:
                del self._task_info[number]
                self._rcvd_idx += number == self._rcvd_idx
                return self._process_data(data, worker)
            else:
                self._task_info[number] = (worker, data)

    def _process_data(self, data: Any, worker: int) -> Any:
        self._workers_num_tasks[worker] -= 1
        self._try_put_index()
        if isinstance(data, ExceptionWrapper):
            data.reraise()
        return data

    def _get_data(self) -> tuple[int, Any, Any]:
        """The next answer of any worker, as (worker, number, batch). RuntimeError after the timeout."""
        if not self._arrived:
            self._receive(self._timeout if self._timeout > 0 else None)
        if not self._arrived:
            raise RuntimeError(f"DataLoader timed out after {self._timeout} seconds")
        return self._arrived.pop(0)

    def _receive(self, timeout: float | None) -> None:
        """Wait until one worker or more have answered, or died."""
        channels = {
            channel.waitable: worker for worker, channel in enumerate(self._channels) if self._is_listening(worker)
        }
        sentinels = {self._workers[worker].sentinel: worker for worker in channels.values()}
        ready = wait([*channels, *sentinels], timeout)
        dead = [sentinels[found] for found in ready if found in sentinels]
        for found in ready:
            if found not in channels:
                continue
            worker = channels[found]
            try:
                self._arrived.append((worker, *self._channels[worker].receive()))
            except EOFError:
                dead.append(worker)
        if dead and not self._arrived:  # else what they have sent before is yielded first
            self._raise_dead(dead)

    def _is_listening(self, worker: int) -> bool:
        return self._workers_status[worker] or self._persistent_workers

    def _raise_dead(self, dead: list[int]) -> None:
        for worker in set(dead):
            self._workers[worker].join(MP_STATUS_CHECK_INTERVAL)  # the channel ends a little before the process
        processes = [self._workers[worker] for worker in sorted(set(dead))]
        self._shutdown_workers()
        pids = ", ".join(str(process.pid) for process in processes)
        cause = RuntimeError(_end_of(processes[0]))
        raise RuntimeError(f"DataLoader worker (pid(s) {pids}) exited unexpectedly") from cause

    # --- the end ---

    def _shutdown_workers(self) -> None:
        """End all workers: by closing the channels and, if one does not notice, by force."""
        if self._shutdown or os.getpid() != self._owner:
            return
        self._shutdown = True
        for channel in self._channels:
            channel.close()
        if sys.is_finalizing():
            return  # multiprocessing has ended them all
        for worker in self._workers:
            worker.join(MP_STATUS_CHECK_INTERVAL)
            if worker.is_alive():
                worker.terminate()
                worker.join()

    def __del__(self) -> None:
        self._shutdown_workers()


def _end_of(process: Any) -> str:
    """How a worker has ended, in words."""
    code = process.exitcode
    if code is not None and code < 0:
        name = signal.strsignal(-code) or f"signal {-code}"
        return f"DataLoader worker (pid {process.pid}) is killed by signal: {name}. "
    return (
        f"DataLoader worker (pid {process.pid}) exited unexpectedly with exit code {code}. Details are lost due to "
        "multiprocessing. Rerunning with num_workers=0 may give better error trace."
    )
