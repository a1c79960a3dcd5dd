"""Transports: what carries arrays between the ranks of a group, and the collectives that are made of messages alone.

A transport sees raw flat contiguous NumPy arrays; dtypes, shapes and Tensors are the business of `ProcessGroup`. A
library with collectives of its own, such as MPI, implements `Transport`; one that only sends and receives implements
`MessageTransport`, whose collectives are the usual algorithms: binomial trees where latency counts, rings where
bandwidth does (Thakur, Rabenseifner and Gropp, Optimization of Collective Communication Operations in MPICH, 2005).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .reduction import COMBINE, RedOpType
from .work import Pending


class Transport:
    """The interface. Every method returns something `Pending`; counts are numbers of elements."""

    rank: int
    size: int

    def isend(self, array: np.ndarray, peer: int, tag: int) -> Pending:
        """Send an array."""
        raise NotImplementedError

    def irecv(self, array: np.ndarray, peer: int | None, tag: int) -> Pending:
        """Receive into an array, from anybody if `peer` is None."""
        raise NotImplementedError

    def broadcast(self, array: np.ndarray, root: int) -> Pending:
        """The root's array to all."""
        raise NotImplementedError

    def all_reduce(self, array: np.ndarray, op: RedOpType) -> Pending:
        """Reduce the arrays of all in place, everywhere."""
        raise NotImplementedError

    def reduce(self, array: np.ndarray, op: RedOpType, root: int) -> Pending:
        """Reduce the arrays of all, in place at the root."""
        raise NotImplementedError

    def reduce_scatter(self, out: np.ndarray, array: np.ndarray, counts: Sequence[int], op: RedOpType) -> Pending:
        """Reduce the arrays of all; rank i gets the part of `counts[i]` elements."""
        raise NotImplementedError

    def all_gather(self, out: np.ndarray, array: np.ndarray) -> Pending:
        """The arrays of all, which are of one size, one after the other."""
        raise NotImplementedError

    def gather(self, out: np.ndarray | None, array: np.ndarray, root: int) -> Pending:
        """The same at the root only."""
        raise NotImplementedError

    def scatter(self, out: np.ndarray, array: np.ndarray | None, root: int) -> Pending:
        """Part i of the root's array to rank i."""
        raise NotImplementedError

    def all_to_all(
        self, out: np.ndarray, array: np.ndarray, out_counts: Sequence[int], in_counts: Sequence[int]
    ) -> Pending:
        """Part j of rank i's array becomes part i of rank j's `out`."""
        raise NotImplementedError

    def barrier(self) -> Pending:
        """Over when all have come here."""
        raise NotImplementedError

    def subgroup(self, ranks: Sequence[int], name: str) -> Transport:
        """A transport among some ranks, called by these; the name is the same for all and new."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing more will be sent."""


class _Task(Pending):
    """A collective that is done by blocking code, in its turn: by whoever waits for it, or beside what they do."""

    def __init__(self, order: _InOrder, code: Callable[[], None]) -> None:
        self.order, self.code = order, code
        self.over = threading.Event()
        self.error: BaseException | None = None

    def begin(self) -> None:
        self.order.begin()

    def run(self) -> None:
        try:
            self.code()
        except Exception as error:
            self.error = error
        self.over.set()

    def test(self) -> bool:
        if self.over.is_set() and self.error is not None:
            raise self.error
        return self.over.is_set()

    def wait(self, deadline: float | None) -> None:
        self.order.run_until(self.over, deadline)
        if not self.over.is_set():
            raise TimeoutError
        self.test()


class _InOrder:
    """The collectives of a group, which all ranks do in one order. The thread is started by the first that asks."""

    def __init__(self) -> None:
        self.waiting: deque[_Task] = deque()
        self.turn = threading.Lock()
        self.called = threading.Semaphore(0)
        self.thread: threading.Thread | None = None

    def add(self, code: Callable[[], None]) -> _Task:
        task = _Task(self, code)
        self.waiting.append(task)
        return task

    def begin(self) -> None:
        if self.thread is None:
            self.thread = threading.Thread(target=self._serve, name="mibun collectives", daemon=True)
            self.thread.start()
        self.called.release()

    def _serve(self) -> None:
        while True:
            self.called.acquire()
            with self.turn:
                if self.waiting:
                    self.waiting.popleft().run()

    def run_until(self, over: threading.Event, deadline: float | None) -> None:
        while not over.is_set():
            limit = -1 if deadline is None else max(0.0, deadline - time.monotonic())
            if not self.turn.acquire(timeout=limit):
                return
            try:
                if not over.is_set() and self.waiting:
                    self.waiting.popleft().run()
            finally:
                self.turn.release()


class MessageTransport(Transport):
    """Collectives made of messages. Subclasses give `_send` and `_receive`, which block, and `isend`, `irecv`."""

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size = rank, size
        self._order = _InOrder()
        self._count = 0  # of the collectives so far: their tags

    def _send(self, array: np.ndarray, peer: int, tag: int) -> None:
        raise NotImplementedError

    def _receive(self, array: np.ndarray, peer: int, tag: int) -> None:
        raise NotImplementedError

    def _later(self, code: Callable[..., None], *arguments: Any) -> Pending:
        self._count += 1
        tag = self._count
        return self._order.add(lambda: code(*arguments, tag))

    def broadcast(self, array: np.ndarray, root: int) -> Pending:
        return self._later(self._broadcast, array, root)

    def _broadcast(self, array: np.ndarray, root: int, tag: int) -> None:
        # A binomial tree: the lowest bit of a rank, counted from the root, is the distance to whom it hears from.
        place = (self.rank - root) % self.size
        bit = 1
        while bit < self.size and not place & bit:
            bit <<= 1
        if place:
            self._receive(array, (self.rank - bit) % self.size, tag)
        while bit := bit >> 1:
            if place + bit < self.size:
                self._send(array, (self.rank + bit) % self.size, tag)

    def reduce(self, array: np.ndarray, op: RedOpType, root: int) -> Pending:
        return self._later(self._reduce, array, op, root)

    def _reduce(self, array: np.ndarray, op: RedOpType, root: int, tag: int) -> None:
        place = (self.rank - root) % self.size
        total = array if self.rank == root else array.copy()
        other = np.empty_like(array)
        bit = 1
        while bit < self.size:
            if place & bit:
                self._send(total, (self.rank - bit) % self.size, tag)
                return
            if place + bit < self.size:
                self._receive(other, (self.rank + bit) % self.size, tag)
                COMBINE[op](total, other, out=total)
            bit <<= 1

    def all_reduce(self, array: np.ndarray, op: RedOpType) -> Pending:
        return self._later(self._all_reduce, array, op)

    def _all_reduce(self, array: np.ndarray, op: RedOpType, tag: int) -> None:
        if array.nbytes < 32768 or self.size == 1:
            self._reduce(array, op, 0, tag)
            self._broadcast(array, 0, tag)
            return
        bounds = [len(array) * i // self.size for i in range(self.size + 1)]
        self._reduce_ring(array, bounds, op, tag)
        self._gather_ring(array, bounds, tag)

    def _reduce_ring(self, array: np.ndarray, bounds: Sequence[int], op: RedOpType, tag: int) -> None:
        """Afterwards the part of this rank is reduced, and the others are sums of some."""
        after, before = (self.rank + 1) % self.size, (self.rank - 1) % self.size
        other = np.empty(max(b - a for a, b in zip(bounds, bounds[1:], strict=False)), array.dtype)
        for step in range(1, self.size):
            outgoing, incoming = (self.rank - step) % self.size, (self.rank - step - 1) % self.size
            self._send(array[bounds[outgoing] : bounds[outgoing + 1]], after, tag)
            part = array[bounds[incoming] : bounds[incoming + 1]]
            self._receive(other[: len(part)], before, tag)
            COMBINE[op](part, other[: len(part)], out=part)

    def _gather_ring(self, array: np.ndarray, bounds: Sequence[int], tag: int) -> None:
        """Everybody has their own part; afterwards all have all."""
        after, before = (self.rank + 1) % self.size, (self.rank - 1) % self.size
        for step in range(self.size - 1):
            outgoing, incoming = (self.rank - step) % self.size, (self.rank - step - 1) % self.size
            self._send(array[bounds[outgoing] : bounds[outgoing + 1]], after, tag)
            self._receive(array[bounds[incoming] : bounds[incoming + 1]], before, tag)

    def reduce_scatter(self, out: np.ndarray, array: np.ndarray, counts: Sequence[int], op: RedOpType) -> Pending:
        return self._later(self._reduce_scatter, out, array, counts, op)

    def _reduce_scatter(
        self, out: np.ndarray, array: np.ndarray, counts: Sequence[int], op: RedOpType, tag: int
    ) -> None:
        bounds = [0, *np.cumsum(counts).tolist()]
        array = array.copy()
        self._reduce_ring(array, bounds, op, tag)
        out[...] = array[bounds[self.rank] : bounds[self.rank + 1]]

    def all_gather(self, out: np.ndarray, array: np.ndarray) -> Pending:
        return self._later(self._all_gather, out, array)

    def _all_gather(self, out: np.ndarray, array: np.ndarray, tag: int) -> None:
        bounds = [len(array) * i for i in range(self.size + 1)]
        out[bounds[self.rank] : bounds[self.rank + 1]] = array
        self._gather_ring(out, bounds, tag)

    def gather(self, out: np.ndarray | None, array: np.ndarray, root: int) -> Pending:
        return self._later(self._gather, out, array, root)

    def _gather(self, out: np.ndarray | None, array: np.ndarray, root: int, tag: int) -> None:
        if out is None:
            self._send(array, root, tag)
            return
        for peer, part in enumerate(np.split(out, self.size)):
            if peer == root:
                part[...] = array
            else:
                self._receive(part, peer, tag)

    def scatter(self, out: np.ndarray, array: np.ndarray | None, root: int) -> Pending:
        return self._later(self._scatter, out, array, root)

    def _scatter(self, out: np.ndarray, array: np.ndarray | None, root: int, tag: int) -> None:
        if array is None:
            self._receive(out, root, tag)
            return
        for peer, part in enumerate(np.split(array, self.size)):
            if peer == root:
                out[...] = part
            else:
                self._send(part, peer, tag)

    def all_to_all(
        self, out: np.ndarray, array: np.ndarray, out_counts: Sequence[int], in_counts: Sequence[int]
    ) -> Pending:
        return self._later(self._all_to_all, out, array, out_counts, in_counts)

    def _all_to_all(
        self, out: np.ndarray, array: np.ndarray, out_counts: Sequence[int], in_counts: Sequence[int], tag: int
    ) -> None:
        outgoing = np.split(array, np.cumsum(in_counts)[:-1])
        incoming = np.split(out, np.cumsum(out_counts)[:-1])
        incoming[self.rank][...] = outgoing[self.rank]
        for step in range(1, self.size):  # each step is a pairing: nobody is sent to by all at once
            to, source = (self.rank + step) % self.size, (self.rank - step) % self.size
            self._send(outgoing[to], to, tag)
            self._receive(incoming[source], source, tag)

    def barrier(self) -> Pending:
        return self.all_reduce(np.zeros(1, np.uint8), RedOpType.MAX)
