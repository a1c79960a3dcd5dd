"""What goes wrong between processes: the errors of `torch.distributed`. All are RuntimeErrors."""

from __future__ import annotations


class DistError(RuntimeError):
    """An error of distributed programs."""


class DistBackendError(DistError):
    """What moves the tensors has failed."""


class DistNetworkError(DistError):
    """Another process cannot be reached."""


class DistStoreError(DistError):
    """A key did not appear in a store in time, or the store is not there any more."""


class QueueEmptyError(DistStoreError):
    """There is nothing in a store's queue."""
