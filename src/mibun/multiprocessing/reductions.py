"""How tensors and storages are sent to other processes: under PyTorch's names, what `multiprocessing` pickles them by.

Each `reduce_...` gives a function and its arguments, as `__reduce__` does; the function rebuilds the object, on the
same memory, in the process that receives it.
"""

from __future__ import annotations

import weakref
from multiprocessing.reduction import ForkingPickler

from ..ops.conversion.between_processes import reduce_storage, reduce_tensor, register_reducers
from ..ops.conversion.untyped_storages import AnyStorage

__all__ = ["ForkingPickler", "StorageWeakRef", "init_reductions", "reduce_storage", "reduce_tensor"]


def init_reductions() -> None:
    """Tell `multiprocessing` how tensors are sent. Importing `torch.multiprocessing` does."""
    register_reducers()


class StorageWeakRef:
    """A reference to a storage's memory that does not keep it: two to the same memory are equal.

    >>> import mibun as torch
    >>> from mibun.multiprocessing.reductions import StorageWeakRef
    >>> x = torch.ones(2)
    >>> reference = StorageWeakRef(x.untyped_storage())
    >>> reference.expired(), reference == StorageWeakRef(x[1:].untyped_storage())
    (False, True)
    >>> del x
    >>> reference.expired()
    True
    """

    def __init__(self, storage: AnyStorage) -> None:
        root = storage.untyped()._array_
        self._reference = weakref.ref(root)
        self.cdata = id(root)

    def expired(self) -> bool:
        """Whether the memory is gone."""
        return self._reference() is None

    def __hash__(self) -> int:
        return self.cdata

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StorageWeakRef) and (self is other or self.cdata == other.cdata)
