"""`torch.distributed.tensor.experimental`: what PyTorch offers around DTensors without a promise to keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ....core.missing import explain_missing_names as _explain_missing_names

__all__ = ["implicit_replication"]


@contextmanager
def implicit_replication() -> Iterator[None]:
    """A context in which Tensors that meet DTensors in an operation are taken for whole everywhere (`Replicate`).

    That is how they are taken outside of it too, where PyTorch refuses most of them, so nothing changes within.
    """
    yield


_explain_missing_names(__name__)
