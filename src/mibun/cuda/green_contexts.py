"""`GreenContext`, a part of a GPU's processors: RuntimeErrors, as there are no GPUs."""

from __future__ import annotations

from typing import Any

SUPPORTED = False


class GreenContext:
    """A part of a GPU's processors."""

    @staticmethod
    def create(num_sms: int, device_id: int = 0, *args: Any, **kwargs: Any) -> GreenContext:
        """Choose a part. RuntimeError: there are no GPUs."""
        raise RuntimeError("Green Context is only supported on CUDA 12.8+!")

    def set_context(self) -> None:
        """Use the part. RuntimeError: there is none."""
        raise RuntimeError("Green Context is only supported on CUDA 12.8+!")

    def pop_context(self) -> None:
        """Use the whole GPU again. RuntimeError: there is none."""
        raise RuntimeError("Green Context is only supported on CUDA 12.8+!")


__all__ = ["GreenContext"]
