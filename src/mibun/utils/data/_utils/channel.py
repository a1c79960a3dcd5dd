"""A channel between a DataLoader and one of its workers: objects are pickled, tensors cross in shared memory.

A socket is enough: it can carry the descriptors of memory, so that neither a server thread nor a file's name is needed
for the other process to find it, and nothing is left over if either process is killed at any moment. Where sockets
can't do that (Windows), tensors are sent by value.
"""

from __future__ import annotations

import io
import os
import pickle
import select
import socket
import struct
import threading
import weakref
from multiprocessing.reduction import ForkingPickler
from typing import Any

import numpy as np

from ....core.tensor import Tensor, wrap
from ....core.views import own_array
from ....ops.conversion.between_processes import refuse_nonleaf
from ....ops.conversion.pickling import _rebuild_on
from ....ops.conversion.untyped_storages import UntypedStorage
from ....xp.numpy.blocks import block_of, own_block
from ....xp.numpy.memory import storage
from ....xp.numpy.shared_memory import SharedMemory, shared_array, unnamed_memory

PASSES_DESCRIPTORS = hasattr(socket, "send_fds") and hasattr(os, "register_at_fork")

_HEADER = struct.Struct("!QI?")  # bytes of the pickle, number of descriptors, whether the last one has the pickle
_INLINE = 4096  # a longer pickle goes into memory too: so the socket's buffer never fills while nobody reads
_MOST_DESCRIPTORS = 200  # that one message of the system's may carry; Linux allows 253
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


# --- shared memory ---


def _shared_copy(memory: np.ndarray) -> np.ndarray:
    copied = shared_array(unnamed_memory(memory.nbytes))
    copied[...] = memory
    return copied


def stacked_in_shared_memory(tensors: Any) -> Tensor | None:
    """The tensors stacked into shared memory, without a copy elsewhere. None for what `stack` should look at itself."""
    arrays = [tensor._array_ for tensor in tensors if type(tensor) is Tensor and tensor._edge_ is None]
    first: Any = tensors[0]._array_
    if not PASSES_DESCRIPTORS or len(arrays) != len(tensors) or not isinstance(first, (np.ndarray, np.generic)):
        return None
    for array in arrays:
        if array.dtype != first.dtype or array.shape != first.shape or not array.flags.c_contiguous:
            return None
    memory = shared_array(unnamed_memory(len(arrays) * first.nbytes))
    result = np.ndarray((len(arrays), *first.shape), first.dtype, memory)
    np.stack(arrays, out=result)
    return wrap(result)


# --- pickles ---


class _Pickler(ForkingPickler):
    """Pickles an object; `descriptors` are those of the memory that its tensors stand on."""

    def __init__(self, file: Any) -> None:
        super().__init__(file, 5)
        self.descriptors: list[int] = []
        self.kept: list[Any] = []  # what has to live until the descriptors are sent
        self._numbers: dict[int, int] = {}  # id of a root -> the number of its descriptor
        self._copies: dict[int, np.ndarray] = {}  # id of a root that is not shared -> its copy that is

    def _storage(self, obj: UntypedStorage) -> Any:
        root = obj._array_
        block = block_of(root)
        if block is None or block.shared is None:
            root = self._copied(root)
            block = own_block(root)
        number = self._numbers.get(id(root))
        if number is None:
            number = self._numbers[id(root)] = len(self.descriptors)
            self.kept.append(root)
            self.descriptors.append(self._descriptor(block.shared, root))  # type: ignore[arg-type]
        return _received_storage, (number, root.nbytes, block.in_use)

    def _descriptor(self, memory: SharedMemory, root: np.ndarray) -> int:
        if memory.descriptor is not None:
            return memory.descriptor
        if memory.name is not None:
            descriptor = os.open(memory.name, os.O_RDWR)
            self.kept.append(weakref.finalize(self, os.close, descriptor))
            return descriptor
        copied = _shared_copy(root)  # nobody can find that block any more
        self.kept.append(copied)
        return own_block(copied).shared.descriptor  # type: ignore[union-attr, return-value]

    def _copied(self, root: np.ndarray) -> np.ndarray:
        if id(root) not in self._copies:
            self._copies[id(root)] = _shared_copy(root.ravel(order="K").view(np.uint8))
            self.kept.append(root)
        return self._copies[id(root)]

    def reducer_override(self, obj: Any) -> Any:
        if type(obj) is UntypedStorage:
            return self._storage(obj)
        if not isinstance(obj, Tensor) or type(obj).__reduce_ex__ is not Tensor.__reduce_ex__:
            return NotImplemented
        array = own_array(obj)
        if type(array) is not np.ndarray:
            return NotImplemented
        refuse_nonleaf(obj)
        root = storage(array)
        block = block_of(root)
        start, offset, strides = array.__array_interface__["data"][0], 0, array.strides
        if (block is not None and block.shared is not None) or (
            array.nbytes == root.nbytes and (root.flags.c_contiguous or root.flags.f_contiguous)
        ):
            offset = start - root.__array_interface__["data"][0] if array.size else 0
        else:  # of larger memory, only what the tensor uses
            root = np.ascontiguousarray(array).reshape(array.shape)
            self.kept.append(root)
            strides = root.strides
        geometry = (array.dtype, offset, array.shape, strides)
        return _rebuild_on, (type(obj), UntypedStorage._of(root), geometry, obj.requires_grad, dict(vars(obj)))


class _Received(threading.local):
    """The message that a thread is just now reading."""

    descriptors: list[int | None]
    roots: dict[int, np.ndarray]

    def load(self, file: Any, descriptors: list[int | None]) -> Any:
        self.descriptors, self.roots = descriptors, {}
        try:
            return pickle.load(file)
        finally:
            del self.descriptors, self.roots


_received = _Received()


def _received_storage(number: int, nbytes: int, in_use: int | None) -> UntypedStorage:
    root = _received.roots.get(number)
    if root is None:
        descriptor, _received.descriptors[number] = _received.descriptors[number], None
        memory = SharedMemory(nbytes, descriptor)
        root = _received.roots[number] = shared_array(memory)
        memory.close_descriptor()  # so that any number of batches can be kept
        own_block(root).in_use = in_use
    return UntypedStorage._of(root)


# --- the two ends ---


class Channel:
    """One end. Objects of any size are sent at once: the socket only carries what is small."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    @property
    def waitable(self) -> Any:
        """What `multiprocessing.connection.wait` can wait for."""
        return self.socket

    def has_room(self) -> bool:
        """Whether `send` would be done at once. (A socket that can be written to has room for more than it needs.)"""
        poll = select.poll()
        poll.register(self.socket, select.POLLOUT)
        return bool(poll.poll(0))

    def close(self) -> None:
        """The other end will find the channel at its end."""
        self.socket.close()

    def send(self, obj: Any) -> None:
        """Pickle and send an object. What can't be pickled raises before anything is sent; OSError: nobody listens."""
        file = io.BytesIO()
        pickler = _Pickler(file)
        pickler.dump(obj)
        payload = file.getbuffer()
        descriptors = pickler.descriptors
        inline = len(payload) <= _INLINE
        if not inline:
            memory = shared_array(unnamed_memory(len(payload)))
            memory[...] = np.frombuffer(payload, np.uint8)
            descriptors.append(own_block(memory).shared.descriptor)  # type: ignore[union-attr, arg-type]
        header = _HEADER.pack(len(payload), len(descriptors), not inline)
        self.socket.sendall(header)
        for start in range(0, len(descriptors), _MOST_DESCRIPTORS):
            socket.send_fds(self.socket, [b"d"], descriptors[start : start + _MOST_DESCRIPTORS])
        if inline:
            self.socket.sendall(payload)

    def receive(self) -> Any:
        """The next object; waits for it. EOFError if the other end is closed, or dies in the midst of it."""
        length, count, elsewhere = _HEADER.unpack(self._exactly(_HEADER.size))
        descriptors: list[int | None] = []
        try:
            while len(descriptors) < count:
                most = min(count - len(descriptors), _MOST_DESCRIPTORS)
                data, received, _, _ = socket.recv_fds(self.socket, 1, most, _CLOSE_ON_EXEC)
                descriptors += received
                if not data:
                    raise EOFError
                if len(received) != most:
                    raise RuntimeError(
                        f"Too many open files: of the memory of {most} tensors that a worker has sent, {len(received)} "
                        "could be opened. Increase the limit using `ulimit -n`."
                    )
            if not elsewhere:
                return _received.load(io.BytesIO(self._exactly(length)), descriptors)
            memory = SharedMemory(length, descriptors.pop())
            return _received.load(io.BytesIO(shared_array(memory).data), descriptors)
        except ConnectionResetError:
            raise EOFError from None
        finally:
            for descriptor in descriptors:
                if descriptor is not None:
                    os.close(descriptor)

    def _exactly(self, count: int) -> bytes:
        pieces = []
        while count:
            try:
                piece = self.socket.recv(count)
            except ConnectionResetError:
                piece = b""
            if not piece:
                raise EOFError
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


class ValueChannel:
    """The same by value, over one of multiprocessing's connections."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @property
    def waitable(self) -> Any:
        """What `multiprocessing.connection.wait` can wait for."""
        return self.connection

    def has_room(self) -> bool:
        """Whether `send` would be done at once: nobody knows."""
        return True

    def close(self) -> None:
        """The other end will find the channel at its end."""
        self.connection.close()

    def send(self, obj: Any) -> None:
        """Pickle and send an object."""
        self.connection.send_bytes(pickle.dumps(obj, 5))

    def receive(self) -> Any:
        """The next object; waits for it. EOFError if the other end is closed."""
        try:
            return pickle.loads(self.connection.recv_bytes())
        except ConnectionResetError:
            raise EOFError from None


_OWN_ENDS: weakref.WeakSet[Any] = weakref.WeakSet()


def channel_pair(context: Any) -> tuple[Any, Any]:
    """A new channel's two ends: that of this process, and that of a worker."""
    if not PASSES_DESCRIPTORS:
        own, other = map(ValueChannel, context.Pipe())
    else:
        own, other = map(Channel, socket.socketpair())
    _OWN_ENDS.add(own)
    return own, other


def _close_in_fork() -> None:
    # Else the process forked would keep this end open when its owner has died, and the worker would wait for ever.
    for channel in list(_OWN_ENDS):
        channel.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_fork)
