"""`TCPStore`: a store that one process serves to the others over TCP.

A request is the name of an operation and its arguments as JSON (bytes as the characters of their numbers), after
its length; so is the answer. Each process has one connection, whose requests the server answers in a thread of its own.
"""

from __future__ import annotations

import datetime
import json
import socket
import struct
import threading
import time
import weakref
from typing import Any

from .errors import DistNetworkError, DistStoreError
from .store import OPERATIONS, Store, Table

_LENGTH = struct.Struct("<I")


def _send(connection: socket.socket, message: Any) -> None:
    text = json.dumps(message, default=lambda value: {"bytes": value.decode("latin-1")}).encode()
    connection.sendall(_LENGTH.pack(len(text)) + text)


def _receive(connection: socket.socket) -> Any:
    (length,) = _LENGTH.unpack(receive_exactly(connection, _LENGTH.size))
    return json.loads(receive_exactly(connection, length), object_hook=lambda item: item["bytes"].encode("latin-1"))


def receive_exactly(connection: socket.socket, count: int) -> bytearray:
    """So many bytes. ConnectionError if the other side goes before."""
    room = bytearray(count)
    view = memoryview(room)
    while view:
        received = connection.recv_into(view)
        if not received:
            raise ConnectionError("the other side has closed the connection")
        view = view[received:]
    return room


class _Server:
    """Answers for the table, as long as a store of this process has it."""

    def __init__(self, host: str, port: int, descriptor: int | None) -> None:
        self.table = Table()
        if descriptor is not None:
            self.listener = socket.socket(fileno=descriptor)
        else:
            try:
                self.listener = socket.create_server(("", port))
            except OSError as error:
                raise DistNetworkError(
                    f"The server socket has failed to listen on port {port} of {host}: {error}. EADDRINUSE means that "
                    "another program uses the port: choose another MASTER_PORT."
                ) from None
        self.port: int = self.listener.getsockname()[1]
        # The threads do not hold the server itself, so that it ends, and frees the port, when nobody does any more.
        arguments = (self.listener, self.table)
        threading.Thread(target=_accept, args=arguments, name="mibun TCPStore", daemon=True).start()
        weakref.finalize(self, _close, self.listener)


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)  # whoever is waiting at it learns of it
    except OSError:
        pass
    connection.close()


def _accept(listener: socket.socket, table: Table) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_answer, args=(connection, table), daemon=True).start()


def _answer(connection: socket.socket, table: Table) -> None:
    with connection:
        while True:
            try:
                operation, *arguments = _receive(connection)
                if operation not in OPERATIONS:
                    return
                try:
                    answer = ["ok", table.call(operation, *arguments)]
                except Exception as error:
                    answer = ["error", f"{type(error).__name__}: {error}"]
                _send(connection, answer)
            except (OSError, ValueError, struct.error):
                return


class TCPStore(Store):
    """A store that one process serves to the others.

    Args:
        host_name, port: of the server. Port 0, of the server's own, takes a free one: `store.port`.
        world_size: how many processes use it; None if that is not known.
        is_master: whether this process is the server.
        timeout: how long `get` and `wait`, and connecting, may take.
        wait_for_workers: return only when all `world_size` processes are connected.
        multi_tenant: whether a server that this process has on the port already may be used again.
        master_listen_fd: a socket that listens already.
        use_libuv: of no meaning here.

    Raises:
        DistNetworkError: the port is taken, or the server cannot be reached.

    >>> import mibun as torch
    >>> store = torch.distributed.TCPStore("127.0.0.1", 0, 1, is_master=True)
    >>> store.set("name", "value")
    >>> store.get("name")
    b'value'
    """

    # By port: those of this process that others may share.
    _servers: weakref.WeakValueDictionary[int, _Server] = weakref.WeakValueDictionary()

    def __init__(
        self,
        host_name: str,
        port: int,
        world_size: int | None = None,
        is_master: bool = False,
        timeout: datetime.timedelta = datetime.timedelta(seconds=300),
        wait_for_workers: bool = True,
        multi_tenant: bool = False,
        master_listen_fd: int | None = None,
        use_libuv: bool = True,
    ) -> None:
        super().__init__(timeout)
        self.host, self.libuvBackend = host_name, use_libuv
        self._server: _Server | None = None
        if is_master:
            shared = self._servers.get(port) if multi_tenant else None
            self._server = shared or _Server(host_name, port, master_listen_fd)
            if multi_tenant:
                self._servers[self._server.port] = self._server
            port = self._server.port
        self.port = port
        self._lock = threading.Lock()
        self._connection = self._connect()
        weakref.finalize(self, _close, self._connection)
        if wait_for_workers and world_size is not None and world_size > 1:
            self._wait_for_workers(world_size)

    def _connect(self) -> socket.socket:
        end = time.monotonic() + self._timeout.total_seconds()
        while True:
            try:
                connection = socket.create_connection((self.host, self.port), timeout=self._timeout.total_seconds())
            except OSError as error:
                if time.monotonic() >= end or isinstance(error, socket.gaierror):
                    raise DistNetworkError(
                        f"The client socket has timed out after {int(1000 * self._timeout.total_seconds())}ms while "
                        f"trying to connect to ({self.host}, {self.port}): {error}"
                    ) from None
                time.sleep(0.05)
            else:
                connection.settimeout(None)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection

    def _wait_for_workers(self, count: int) -> None:
        arrived = self.add("init/count", 1)
        if arrived >= count:
            self.set("init/complete", "1")
        self.get("init/complete")

    def _call(self, operation: str, *arguments: Any) -> Any:
        with self._lock:
            try:
                _send(self._connection, [operation, *arguments])
                status, answer = _receive(self._connection)
            except (OSError, struct.error) as error:
                raise DistNetworkError(f"the store at ({self.host}, {self.port}) does not answer: {error}") from None
        if status == "error":
            raise DistStoreError(answer)
        return answer

    @property
    def local_address(self) -> str:
        """The address of this machine that the server sees."""
        return self._connection.getsockname()[0]

    def clone(self) -> TCPStore:
        """Another connection to the same server."""
        return TCPStore(self.host, self.port, timeout=self._timeout, wait_for_workers=False)

    def __repr__(self) -> str:
        return f"TCPStore(host={self.host!r}, port={self.port}, is_master={self._server is not None})"
