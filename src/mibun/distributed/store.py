"""Stores: small tables of bytes that processes share to find each other. `HashStore` is the table itself.

`TCPStore` (beside this) is a `HashStore` that one process serves to the others, `FileStore` one in a file, and
`PrefixStore` a part of another store.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .errors import DistStoreError, QueueEmptyError

Value = bytes | str


def as_bytes(value: Value) -> bytes:
    """A value as it is stored; TypeError for what is neither bytes nor a string."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    raise TypeError(f"a store keeps bytes or strings, not {type(value).__name__}")


class Store:
    """A table of bytes by name, shared by processes. `get` and `wait` wait until somebody has set the names.

    Subclasses give `_call(operation, *arguments)`, which does one of the operations of `HashStore`.
    """

    def __init__(self, timeout: datetime.timedelta = datetime.timedelta(seconds=300)) -> None:
        self._timeout = timeout

    @property
    def timeout(self) -> datetime.timedelta:
        """How long `get` and `wait` wait."""
        return self._timeout

    def set_timeout(self, timeout: datetime.timedelta) -> None:
        """Set how long `get` and `wait` wait."""
        self._timeout = timeout

    def _call(self, operation: str, *arguments: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how it does {operation!r}")

    def set(self, key: str, value: Value) -> None:
        """Set a value."""
        self._call("set", key, as_bytes(value))

    def get(self, key: str) -> bytes:
        """The value of a key, as soon as there is one. DistStoreError if that takes longer than the timeout."""
        self.wait([key])
        return self._call("read", key)

    def add(self, key: str, amount: int) -> int:
        """Add to a counter, which begins at 0, and return what it is then."""
        return self._call("add", key, amount)

    def append(self, key: str, value: Value) -> None:
        """Put more bytes at the end of a value."""
        self._call("append", key, as_bytes(value))

    def check(self, keys: Sequence[str]) -> bool:
        """Whether all of the keys are there."""
        return self._call("check", list(keys))

    def compare_set(self, key: str, expected_value: Value, desired_value: Value) -> bytes:
        """Set a value if it is `expected_value`, or if there is none and that is empty; returns what there is then."""
        return self._call("compare_set", key, as_bytes(expected_value), as_bytes(desired_value))

    def delete_key(self, key: str) -> bool:
        """Remove a key: whether it was there."""
        return self._call("delete_key", key)

    def num_keys(self) -> int:
        """How many keys there are."""
        return len(self.list_keys())

    def list_keys(self) -> list[str]:
        """The keys."""
        return self._call("list_keys")

    def wait(self, keys: Sequence[str], timeout: datetime.timedelta | None = None) -> None:
        """Wait until all keys are there. DistStoreError after the timeout."""
        seconds = (timeout or self._timeout).total_seconds()
        if not self._call("wait", list(keys), seconds):
            names = ", ".join(f"/{key}" for key in keys)
            raise DistStoreError(f"wait timeout after {int(1000 * seconds)}ms, keys: {names}")

    def multi_get(self, keys: Sequence[str]) -> list[bytes]:
        """The values of several keys."""
        return [self.get(key) for key in keys]

    def multi_set(self, keys: Sequence[str], values: Sequence[Value]) -> None:
        """Set several values."""
        for key, value in zip(keys, values, strict=True):
            self.set(key, value)

    def queue_push(self, key: str, value: Value) -> None:
        """Put a value at the end of a queue."""
        self._call("queue_push", key, as_bytes(value))

    def queue_pop(self, key: str, block: bool = True) -> bytes:
        """Take the first value of a queue; if there is none, wait for it, or else QueueEmptyError."""
        value = self._call("queue_pop", key, self._timeout.total_seconds() if block else 0.0)
        if value is None:
            raise (DistStoreError(f"wait timeout, queue: {key}") if block else QueueEmptyError("queue is empty"))
        return value

    def queue_len(self, key: str) -> int:
        """How many values are in a queue."""
        return self._call("queue_len", key)

    def has_extended_api(self) -> bool:
        """Whether there are `append`, `multi_get` and `multi_set`: always."""
        return True


class Table:
    """The operations themselves, on a dict; threads take turns."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.queues: dict[str, list[bytes]] = {}
        self.changed = threading.Condition(threading.RLock())

    def await_(self, there: Callable[[], bool], seconds: float) -> bool:
        return self.changed.wait_for(there, seconds)

    def set(self, key: str, value: bytes) -> None:
        self.values[key] = value

    def read(self, key: str) -> bytes:
        return self.values[key]

    def add(self, key: str, amount: int) -> int:
        total = int(self.values.get(key, b"0")) + amount
        self.values[key] = str(total).encode()
        return total

    def append(self, key: str, value: bytes) -> None:
        self.values[key] = self.values.get(key, b"") + value

    def check(self, keys: list[str]) -> bool:
        return all(key in self.values for key in keys)

    def compare_set(self, key: str, expected: bytes, desired: bytes) -> bytes:
        there = self.values.get(key)
        if there is None:
            if expected:
                return expected
            self.values[key] = desired
        elif there == expected:
            self.values[key] = desired
        return self.values[key]

    def delete_key(self, key: str) -> bool:
        return self.values.pop(key, None) is not None

    def list_keys(self) -> list[str]:
        return list(self.values)

    def wait(self, keys: list[str], seconds: float) -> bool:
        return self.await_(lambda: self.check(keys), seconds)

    def queue_push(self, key: str, value: bytes) -> None:
        self.queues.setdefault(key, []).append(value)

    def queue_pop(self, key: str, seconds: float) -> bytes | None:
        if not self.await_(lambda: bool(self.queues.get(key)), seconds):
            return None
        return self.queues[key].pop(0)

    def queue_len(self, key: str) -> int:
        return len(self.queues.get(key, ()))

    def call(self, operation: str, *arguments: Any) -> Any:
        """One operation, undisturbed; those that wait for others to change something are told."""
        with self.changed:
            result = getattr(self, operation)(*arguments)
            self.changed.notify_all()
            return result


# What other processes may ask for, by name.
OPERATIONS = frozenset(
    "set read add append check compare_set delete_key list_keys wait queue_push queue_pop queue_len".split()
)


class HashStore(Store):
    """A store in this process's memory, for its threads.

    >>> import mibun as torch
    >>> store = torch.distributed.HashStore()
    >>> store.set("name", "value")
    >>> store.get("name"), store.add("count", 2)
    (b'value', 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self._table = Table()

    def _call(self, operation: str, *arguments: Any) -> Any:
        return self._table.call(operation, *arguments)


class PrefixStore(Store):
    """A part of another store: its keys with something before them.

    >>> import mibun as torch
    >>> store = torch.distributed.HashStore()
    >>> torch.distributed.PrefixStore("first", store).set("name", "value")
    >>> store.get("first/name")
    b'value'
    """

    def __init__(self, prefix: str, store: Store) -> None:
        super().__init__(store.timeout)
        self.prefix, self.underlying_store = prefix, store

    def _call(self, operation: str, *arguments: Any) -> Any:
        start = f"{self.prefix}/"
        if operation == "list_keys":
            return [key.removeprefix(start) for key in self.underlying_store.list_keys() if key.startswith(start)]
        key, *rest = arguments
        named = [start + one for one in key] if isinstance(key, list) else start + key
        return self.underlying_store._call(operation, named, *rest)

    def set_timeout(self, timeout: datetime.timedelta) -> None:
        """Set how long `get` and `wait` wait, here and in the store below."""
        super().set_timeout(timeout)
        self.underlying_store.set_timeout(timeout)


class _FileTable(Table):
    """A table that is read from a file before each operation and written after it, while the file is locked."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Any]:
        with open(self.path, "a+b") as file:
            try:
                import fcntl
            except ImportError:  # Windows: a file beside it, which only one process can make
                lock = self.path + ".lock"
                while True:
                    try:
                        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
                        break
                    except FileExistsError:
                        time.sleep(0.002)
                try:
                    yield file
                finally:
                    file.flush()
                    os.remove(lock)
            else:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file  # closing it unlocks it

    def call(self, operation: str, *arguments: Any) -> Any:
        with self.changed, self._locked() as file:
            file.seek(0)
            text = file.read()
            # JSON has no bytes: each is written as the character of its number.
            values, queues = json.loads(text) if text else ({}, {})
            self.values = {key: value.encode("latin-1") for key, value in values.items()}
            self.queues = {key: [value.encode("latin-1") for value in queue] for key, queue in queues.items()}
            result = getattr(self, operation)(*arguments)
            state = (
                {key: value.decode("latin-1") for key, value in self.values.items()},
                {key: [value.decode("latin-1") for value in queue] for key, queue in self.queues.items()},
            )
            written = json.dumps(state).encode()
            if written != text:
                file.truncate(0)
                file.write(written)
                file.flush()
            return result


def _leave(table: _FileTable, world_size: int) -> None:
    if table.call("add", "left", 1) >= world_size:
        with contextlib.suppress(FileNotFoundError):
            os.remove(table.path)


class FileStore(Store):
    """A store in a file, for processes that see the same folder.

    Args:
        file_name: it is made if it is not there. What an earlier program has left in it is not removed.
        world_size: how many processes use it, at most; the file goes when as many have ended, or stays for -1.
    """

    def __init__(self, file_name: str, world_size: int = -1) -> None:
        super().__init__()
        self.path = file_name
        self._table = _FileTable(file_name)
        if world_size > 0:
            weakref.finalize(self, _leave, self._table, world_size)

    def _call(self, operation: str, *arguments: Any) -> Any:
        # Nobody can be waiting inside the file, which is locked: what is waited for is asked for again and again.
        if operation in ("wait", "queue_pop"):
            end = time.monotonic() + arguments[1]
            while True:
                result = self._table.call(operation, arguments[0], 0.0)
                if result not in (False, None) or time.monotonic() >= end:
                    return result
                time.sleep(0.005)
        return self._table.call(operation, *arguments)
