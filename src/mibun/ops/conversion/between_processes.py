"""Tensors sent to other processes by `multiprocessing`: what is sent is where their memory is, not what is in it.

So both processes have the memory afterwards. (Plain `pickle` writes the bytes, see `pickling.py`.) multiprocessing has
a pickler of its own, which is told how: at once if it was imported before, else as soon as memory is shared or
`mibun.multiprocessing` imported, so that programs of one process need not load it.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from ...core.tensor import Tensor
from ...xp.numpy.blocks import own_block
from ...xp.numpy.shared_memory import SharedMemory, second_name, shared_array
from .untyped_storages import UntypedStorage, move_to_shared

_registered = False


def register_reducers() -> None:
    """Tell multiprocessing's pickler how tensors and storages are sent. Only the first call does anything."""
    global _registered
    if _registered:
        return
    from multiprocessing import util
    from multiprocessing.reduction import ForkingPickler

    ForkingPickler.register(UntypedStorage, reduce_storage)
    ForkingPickler.register(Tensor, reduce_tensor)
    _at_the_end_wait_for_receivers()
    util.register_after_fork(register_reducers, _at_the_end_wait_for_receivers)  # a child forgets what is to be done
    _registered = True


def _at_the_end_wait_for_receivers(_: Any = None) -> None:
    """Let this process, if it is a child of multiprocessing, stay until the tensors that it has sent are fetched.

    Who receives a tensor fetches its memory from the process that has sent it. One that puts its result into a queue,
    as its last deed, would else be gone before.
    """
    from multiprocessing import util

    util.Finalize(None, _wait_for_receivers, exitpriority=-10)  # after the queues have sent what they hold: -5


def refuse_nonleaf(tensor: Any) -> None:
    """RuntimeError for a tensor whose history would be lost in another process."""
    if tensor.requires_grad and not tensor.is_leaf:
        raise RuntimeError(
            "Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does not support "
            "crossing process boundaries.  If you just want to transfer the data, call detach() on the tensor before "
            "serializing (e.g., putting it on the queue)."
        )


def reduce_tensor(tensor: Any) -> Any:
    """A tensor, by the memory that it stands on. RuntimeError for one that has a history."""
    refuse_nonleaf(tensor)
    return tensor.__reduce_ex__(4)


def reduce_storage(storage: UntypedStorage) -> Any:
    """A storage, moved to shared memory, by how that is found."""
    if not storage.is_shared() and not storage.resizable() and storage._array_.base is not None:
        return storage.__reduce__()  # a part of another storage, or a mapped file
    storage.share_memory_()
    memory = own_block(storage._array_).shared
    assert memory is not None
    if not memory.findable:  # it comes from a worker of a DataLoader
        move_to_shared(storage._array_)
        memory = own_block(storage._array_).shared
        assert memory is not None
    descriptor = memory.descriptor
    if descriptor is not None:
        from multiprocessing.reduction import DupFd

        descriptor = DupFd(descriptor)
    name = memory.name
    if name is not None and os.name != "nt":
        name = second_name(name)  # the first is gone when this process drops the memory, which may be before it arrives
    return _attach, (memory.nbytes, descriptor, name, own_block(storage._array_).in_use)


def _wait_for_receivers() -> None:
    """In a child, wait until what was sent is fetched: 5 seconds, or as long as there is a parent, at most."""
    from multiprocessing import process

    parent = process.parent_process()
    sharer = sys.modules.get("multiprocessing.resource_sharer")
    if parent is None or sharer is None or not sharer._resource_sharer._cache:
        return
    waiting = sharer._resource_sharer._cache
    end = time.monotonic() + 5
    while waiting and time.monotonic() < end and parent.is_alive():
        time.sleep(0.001)
    time.sleep(0.02)  # the last of them is still on its way


def _attach(nbytes: int, descriptor: Any, name: str | None, in_use: int | None) -> UntypedStorage:
    """The storage on a shared block that another process has sent: the one there is here already, if there is one."""
    if descriptor is not None:
        descriptor = descriptor.detach()
        os.set_inheritable(descriptor, False)
    root = shared_array(SharedMemory(nbytes, descriptor, name))
    own_block(root).in_use = in_use
    return UntypedStorage._of(root)


if "multiprocessing.reduction" in sys.modules:
    register_reducers()
