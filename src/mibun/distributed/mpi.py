"""The transport "mpi": the MPI library, by mpi4py (`pip install mibun[mpi]`).

Each operation is a non-blocking one of MPI's, and whoever waits for it asks from time to time whether it is over. That
lets Ctrl-C through, bounds the time, leaves the processor to others where there are more ranks than processors, and
notices ranks that have left: MPI itself would wait for those for ever.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import numpy as np

from .errors import DistBackendError, DistNetworkError
from .reduction import RedOpType
from .transport import Transport
from .work import Pending

_LEFT = 1  # the tag of the last message of a rank: how many collectives of each group it has begun
_GRACE = 5.0  # seconds that what a rank has sent before it left may still take


class _World:
    """MPI in this process: its communicator, and who has left."""

    def __init__(self) -> None:
        from mpi4py import MPI  # pyright: ignore[reportMissingImports]

        self.MPI = MPI
        self.comm = MPI.COMM_WORLD.Dup()
        self.control = MPI.COMM_WORLD.Dup()
        self.begun: dict[str, int] = {}
        self.left: dict[int, tuple[dict[str, int], float]] = {}  # by rank: what it had begun, and when that was heard
        self.lock = threading.Lock()
        self.notices: list = []
        self.ops = {
            RedOpType.SUM: MPI.SUM,
            RedOpType.PRODUCT: MPI.PROD,
            RedOpType.MIN: MPI.MIN,
            RedOpType.MAX: MPI.MAX,
            RedOpType.BAND: MPI.BAND,
            RedOpType.BOR: MPI.BOR,
            RedOpType.BXOR: MPI.BXOR,
        }
        # As many ranks as there are processors or fewer may ask without pause; else it would be others' time.
        local = int(os.environ.get("OMPI_COMM_WORLD_LOCAL_SIZE") or self.comm.size)
        self.eager_polls = 200 if local <= (os.cpu_count() or 1) else 5
        if self.comm.size > 1:
            self._watch_the_end()

    def _watch_the_end(self) -> None:
        """A rank that fails ends all of them, after its traceback; one that leaves says so to the others."""
        hook = sys.excepthook

        def print_and_abort(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            print(f"rank {self.comm.rank} of {self.comm.size} has failed:", file=sys.stderr)
            hook(kind, error, trace)
            sys.stdout.flush()
            sys.stderr.flush()
            time.sleep(0.2)  # what has been printed goes through mpiexec, which is about to end everything
            self.MPI.COMM_WORLD.Abort(1)

        sys.excepthook = print_and_abort
        atexit.register(self._say_goodbye)

    def _say_goodbye(self) -> None:
        if self.MPI.Is_finalized():
            return
        notice = json.dumps(self.begun).encode()
        for rank in range(self.comm.size):
            if rank != self.comm.rank:
                self.notices.append(self.control.isend(notice, rank, _LEFT))

    def hear(self) -> None:
        """Take the last messages of those that have left."""
        with self.lock:
            status = self.MPI.Status()
            while self.control.Iprobe(self.MPI.ANY_SOURCE, _LEFT, status):
                source = status.Get_source()
                self.left[source] = json.loads(self.control.recv(source=source, tag=_LEFT)), time.monotonic()


_world: _World | None = None


def world() -> _World:
    """MPI in this process, started at the first call."""
    global _world
    if _world is None:
        _world = _World()
    return _world


class _Request(Pending):
    """An operation of MPI's that is under way. `buffers` must live as long."""

    def __init__(self, transport: MPITransport, request: Any, buffers: Sequence[Any], needs: Sequence[int]) -> None:
        self.transport, self.request = transport, request
        self.buffers: Sequence[Any] = buffers
        # Which number this has among the collectives of its group; 0 for messages. Whom it cannot do without.
        self.number, self.needs = 0, needs
        self.status: Any = None
        self.over = False

    def test(self) -> bool:
        if self.over:
            return True
        try:
            over = self.request.Test(self.status)
        except self.transport.world.MPI.Exception as error:
            raise DistBackendError(
                f"MPI has failed: {error}. The tensors of the ranks differ in shape or dtype, or they do not make "
                f"the same "
                "calls"
            ) from None
        if over:
            self.over, self.buffers = True, ()
            if self.status is not None:
                self.source = self.status.Get_source()
        return self.over

    def wait(self, deadline: float | None) -> None:
        polls, pause = 0, 2e-5
        world_ = self.transport.world
        while not self.test():
            polls += 1
            if polls <= world_.eager_polls:
                continue
            time.sleep(pause)
            pause = min(pause * 1.5, 2e-3)
            if polls % 16 == 0:
                now = time.monotonic()
                if deadline is not None and now >= deadline:
                    raise TimeoutError
                world_.hear()
                if world_.left:
                    self._refuse_to_wait_for_nobody(now)

    def _refuse_to_wait_for_nobody(self, now: float) -> None:
        """Raise if a rank that is needed has left without having begun this."""
        for rank, (begun, heard) in self.transport.world.left.items():
            if rank in self.needs:
                missed = begun.get(self.transport.name, 0) < self.number if self.number else now - heard > _GRACE
                if missed:
                    raise DistNetworkError(
                        f"rank {rank} has ended its program, and this rank waits for it: the ranks do not make the "
                        f"same "
                        "calls"
                    )


class MPITransport(Transport):
    """The ranks of a communicator. name: of the group, the same in all of its ranks."""

    def __init__(self, comm: Any, name: str, ranks: Sequence[int]) -> None:
        self.world, self.comm, self.name, self.ranks = world(), comm, name, list(ranks)
        self.rank, self.size = comm.rank, comm.size

    def _collective(self, request: Any, *buffers: Any) -> Pending:
        result = _Request(self, request, buffers, self.ranks)
        result.number = self.world.begun[self.name] = self.world.begun.get(self.name, 0) + 1
        return result

    def isend(self, array: np.ndarray, peer: int, tag: int) -> Pending:
        return _Request(self, self.comm.Isend(_bytes(array), peer, tag), (array,), (self.ranks[peer],))

    def irecv(self, array: np.ndarray, peer: int | None, tag: int) -> Pending:
        source = self.world.MPI.ANY_SOURCE if peer is None else peer
        needs = () if peer is None else (self.ranks[peer],)
        result = _Received(self, self.comm.Irecv(_bytes(array), source, tag), (array,), needs)
        result.status = self.world.MPI.Status()
        return result

    def broadcast(self, array: np.ndarray, root: int) -> Pending:
        return self._collective(self.comm.Ibcast(_bytes(array), root), array)

    def all_reduce(self, array: np.ndarray, op: RedOpType) -> Pending:
        return self._collective(self.comm.Iallreduce(self.world.MPI.IN_PLACE, array, self.world.ops[op]), array)

    def reduce(self, array: np.ndarray, op: RedOpType, root: int) -> Pending:
        there = self.rank == root
        send = self.world.MPI.IN_PLACE if there else array
        return self._collective(self.comm.Ireduce(send, array if there else None, self.world.ops[op], root), array)

    def reduce_scatter(self, out: np.ndarray, array: np.ndarray, counts: Sequence[int], op: RedOpType) -> Pending:
        request = self.comm.Ireduce_scatter(array, out, list(counts), self.world.ops[op])
        return self._collective(request, array, out)

    def all_gather(self, out: np.ndarray, array: np.ndarray) -> Pending:
        return self._collective(self.comm.Iallgather(_bytes(array), _bytes(out)), array, out)

    def gather(self, out: np.ndarray | None, array: np.ndarray, root: int) -> Pending:
        room = None if out is None else _bytes(out)
        return self._collective(self.comm.Igather(_bytes(array), room, root), array, out)

    def scatter(self, out: np.ndarray, array: np.ndarray | None, root: int) -> Pending:
        source = None if array is None else _bytes(array)
        return self._collective(self.comm.Iscatter(source, _bytes(out), root), array, out)

    def all_to_all(
        self, out: np.ndarray, array: np.ndarray, out_counts: Sequence[int], in_counts: Sequence[int]
    ) -> Pending:
        width = array.itemsize

        def parts(buffer: np.ndarray, counts: Sequence[int]) -> list:
            sizes = [count * width for count in counts]
            starts = [sum(sizes[:i]) for i in range(len(sizes))]
            return [_bytes(buffer), (sizes, starts)]

        return self._collective(self.comm.Ialltoallv(parts(array, in_counts), parts(out, out_counts)), array, out)

    def barrier(self) -> Pending:
        return self._collective(self.comm.Ibarrier())

    def subgroup(self, ranks: Sequence[int], name: str) -> MPITransport:
        chosen = self.comm.Get_group().Incl(list(ranks))
        # Only the members call this; the tag tells apart the groups that are being made at one time.
        comm = self.comm.Create_group(chosen, sum(name.encode()) % 16384)
        return MPITransport(comm, name, [self.ranks[rank] for rank in ranks])

    def close(self) -> None:
        # The communicator is not freed: that would wait for all of the others.
        pass


class _Received(_Request):
    """A message. RuntimeError if it is not as long as the place for it."""

    def test(self) -> bool:
        if not self.over:
            expected = self.buffers[0].nbytes
            super().test()
            if self.over and self.status.Get_count(self.transport.world.MPI.BYTE) != expected:
                raise DistBackendError(
                    f"rank {self.source} has sent {self.status.Get_count(self.transport.world.MPI.BYTE)} bytes where "
                    f"{expected} were expected: the tensors differ in shape or dtype"
                )
        return self.over


def _bytes(array: np.ndarray) -> np.ndarray:
    return array.reshape(-1).view(np.uint8)
