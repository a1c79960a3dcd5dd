"""`GradBucket`: what a communication hook of DistributedDataParallel is given, some gradients in one flat Tensor."""

from __future__ import annotations

from ..core.tensor import Tensor


class GradBucket:
    """Some gradients of this rank, one after the other in one Tensor, which a hook is to reduce."""

    def __init__(
        self, index: int, is_last: bool, buffer: Tensor, gradients: list[Tensor], parameters: list[Tensor]
    ) -> None:
        self._index, self._is_last, self._buffer = index, is_last, buffer
        self._gradients, self._parameters = gradients, parameters

    def index(self) -> int:
        """The number of the bucket; they are reduced in this order."""
        return self._index

    def is_last(self) -> bool:
        """Whether it is the last of this backward."""
        return self._is_last

    def buffer(self) -> Tensor:
        """The gradients as one Tensor of one dimension."""
        return self._buffer

    def set_buffer(self, buffer: Tensor) -> None:
        """Take another Tensor as the buffer."""
        self._buffer = buffer

    def gradients(self) -> list[Tensor]:
        """The gradients, as views of the buffer."""
        return self._gradients

    def parameters(self) -> list[Tensor]:
        """The parameters they belong to, in order."""
        return self._parameters
