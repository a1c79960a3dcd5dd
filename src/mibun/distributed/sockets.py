"""The transport "gloo" where there is no MPI: a TCP connection between each two processes, which meet at a store.

A thread for each connection reads whatever arrives, at once and into memory, so a process that sends never waits for
the other's program. A message has the number of its group, a tag and its length in front. Whoever connects shows a
number that it can only have from the store.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
import socket
import struct
import threading
import time
from collections.abc import Sequence

import numpy as np

from .errors import DistBackendError, DistNetworkError
from .store import PrefixStore, Store
from .tcp_store import TCPStore, receive_exactly
from .transport import MessageTransport
from .work import Done, Pending

_HEADER = struct.Struct("<QqQ")  # group, tag, bytes
_HELLO = struct.Struct("<I32s")  # rank, secret
_SMALL = 1 << 16


class _Receive(Pending):
    """A place that a message will be put into; `source` is the rank of the world it came from."""

    def __init__(self, mesh: Mesh, array: np.ndarray, peers: frozenset[int]) -> None:
        self.mesh, self.array, self.peers = mesh, array, peers
        self.over = False
        self.error: Exception | None = None

    def fill(self, peer: int, payload: bytes | bytearray) -> None:
        room = self.array.reshape(-1).view(np.uint8)
        if len(payload) == room.nbytes:
            room[...] = np.frombuffer(payload, np.uint8)
        else:
            self.error = DistBackendError(
                f"rank {peer} has sent {len(payload)} bytes where {room.nbytes} were expected: the tensors of the "
                f"ranks "
                "differ in shape or dtype, or the ranks do different collectives"
            )
        self.source, self.over = peer, True

    def test(self) -> bool:
        with self.mesh.changed:
            if not self.over and self.peers <= self.mesh.gone:
                whom = ", ".join(str(peer) for peer in sorted(self.peers))
                self.error, self.over = (
                    DistNetworkError(f"Connection closed by peer: rank {whom} ended while this rank waits for it"),
                    True,
                )
        if self.error is not None:
            raise self.error
        return self.over

    def wait(self, deadline: float | None) -> None:
        with self.mesh.changed:
            limit = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not self.mesh.changed.wait_for(lambda: self.over or self.peers <= self.mesh.gone, limit):
                raise TimeoutError
        self.test()


class Mesh:
    """The connections of this process to all others of its world."""

    def __init__(self, store: Store, rank: int, size: int, timeout: datetime.timedelta) -> None:
        self.rank, self.size, self.timeout = rank, size, timeout
        self.changed = threading.Condition()
        self.posted: dict[tuple[int, int], list[_Receive]] = {}
        self.arrived: dict[tuple[int, int], list[tuple[int, bytes | bytearray]]] = {}
        self.gone: set[int] = set()
        self.connections: dict[int, tuple[socket.socket, threading.Lock]] = {}
        if size > 1:
            self._meet(store)

    def _meet(self, store: Store) -> None:
        below = store
        while isinstance(below, PrefixStore):
            below = below.underlying_store
        host = below.local_address if isinstance(below, TCPStore) else "127.0.0.1"
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, 0), family=family, backlog=self.size) as listener:
            listener.settimeout(self.timeout.total_seconds())
            secret = secrets.token_hex(16)
            store.set(f"address/{self.rank}", f"{listener.getsockname()[1]} {secret} {host}")
            for peer in range(self.rank):
                port, others_secret, place = store.get(f"address/{peer}").decode().split(" ", 2)
                try:
                    connection = socket.create_connection((place, int(port)), self.timeout.total_seconds())
                    connection.sendall(_HELLO.pack(self.rank, others_secret.encode()))
                except OSError as error:
                    raise DistNetworkError(f"rank {peer} at ({place}, {port}) cannot be reached: {error}") from None
                self._keep(peer, connection)
            while len(self.connections) < self.size - 1:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    missing = sorted(set(range(self.size)) - {self.rank} - set(self.connections))
                    raise DistNetworkError(f"ranks {missing} have not connected in {self.timeout}") from None
                connection.settimeout(self.timeout.total_seconds())
                peer, shown = _HELLO.unpack(receive_exactly(connection, _HELLO.size))
                if peer < self.size and hmac.compare_digest(shown, secret.encode()):
                    self._keep(peer, connection)
                else:
                    connection.close()

    def _keep(self, peer: int, connection: socket.socket) -> None:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections[peer] = connection, threading.Lock()
        threading.Thread(target=self._read, args=(peer, connection), name=f"mibun rank {peer}", daemon=True).start()

    def _read(self, peer: int, connection: socket.socket) -> None:
        try:
            while True:
                group, tag, count = _HEADER.unpack(receive_exactly(connection, _HEADER.size))
                self._deliver(peer, group, tag, receive_exactly(connection, count))
        except OSError:
            with self.changed:
                self.gone.add(peer)
                self.changed.notify_all()

    def _deliver(self, peer: int, group: int, tag: int, payload: bytes | bytearray) -> None:
        with self.changed:
            posted = self.posted.get((group, tag), [])
            for place, receive in enumerate(posted):
                if peer in receive.peers:
                    receive.fill(peer, payload)
                    del posted[place]
                    if not posted:
                        del self.posted[group, tag]
                    break
            else:
                self.arrived.setdefault((group, tag), []).append((peer, payload))
            self.changed.notify_all()

    def receive(self, array: np.ndarray, peers: frozenset[int], group: int, tag: int) -> _Receive:
        """Begin to receive a message from one of `peers`; messages of one sender are taken in their order."""
        result = _Receive(self, array, peers)
        with self.changed:
            arrived = self.arrived.get((group, tag), [])
            for place, (peer, payload) in enumerate(arrived):
                if peer in peers:
                    result.fill(peer, payload)
                    del arrived[place]
                    if not arrived:
                        del self.arrived[group, tag]
                    return result
            self.posted.setdefault((group, tag), []).append(result)
        return result

    def send(self, array: np.ndarray, peer: int, group: int, tag: int) -> None:
        """Send a message; it is on its way when this returns."""
        room = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        header = _HEADER.pack(group, tag, len(room))
        if peer == self.rank:
            self._deliver(peer, group, tag, bytes(room))
            return
        connection, lock = self.connections[peer]
        try:
            with lock:
                if len(room) <= _SMALL:
                    connection.sendall(header + room)
                else:
                    connection.sendall(header)
                    connection.sendall(room)
        except OSError as error:
            raise DistNetworkError(f"Connection closed by peer: rank {peer} has ended ({error})") from None

    def close(self) -> None:
        for connection, _ in self.connections.values():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()


class SocketTransport(MessageTransport):
    """The ranks of a group, by their connections.

    ranks: of the world, in the order of the group. owner: whether the connections end with it.
    """

    def __init__(self, mesh: Mesh, ranks: Sequence[int], name: str, owner: bool = False) -> None:
        super().__init__(list(ranks).index(mesh.rank), len(ranks))
        self.mesh, self.ranks, self.name, self.owner = mesh, list(ranks), name, owner
        self._direct, self._collective = (_number_of(f"{name}/{kind}") for kind in ("direct", "collective"))

    def isend(self, array: np.ndarray, peer: int, tag: int) -> Pending:
        self.mesh.send(array, self.ranks[peer], self._direct, tag)
        return Done()

    def irecv(self, array: np.ndarray, peer: int | None, tag: int) -> Pending:
        others = frozenset(self.ranks) - {self.mesh.rank}
        peers = others if peer is None else frozenset((self.ranks[peer],))
        return _OfGroup(self.mesh.receive(array, peers, self._direct, tag), self.ranks)

    def _send(self, array: np.ndarray, peer: int, tag: int) -> None:
        self.mesh.send(array, self.ranks[peer], self._collective, tag)

    def _receive(self, array: np.ndarray, peer: int, tag: int) -> None:
        deadline = time.monotonic() + self.mesh.timeout.total_seconds()
        self.mesh.receive(array, frozenset((self.ranks[peer],)), self._collective, tag).wait(deadline)

    def subgroup(self, ranks: Sequence[int], name: str) -> SocketTransport:
        return SocketTransport(self.mesh, [self.ranks[rank] for rank in ranks], name)

    def close(self) -> None:
        if self.owner:
            self.mesh.close()


class _OfGroup(Pending):
    """A message that is being received, with the sender's rank in the group."""

    def __init__(self, receive: _Receive, ranks: list[int]) -> None:
        self.receive, self.ranks = receive, ranks

    def test(self) -> bool:
        return self.receive.test() and self._found()

    def wait(self, deadline: float | None) -> None:
        self.receive.wait(deadline)
        self._found()

    def _found(self) -> bool:
        self.source = self.ranks.index(self.receive.source)
        return True


def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
