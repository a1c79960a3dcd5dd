"""`torch.utils.backcompat`: warnings about programs for PyTorch before 0.2, which can be switched on.

They were about sizes that broadcast where they had been flattened, and dimensions that a reduction no longer keeps. In
PyTorch 2 nothing warns any more; the switches can be read and set.
"""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names


class Warning:  # noqa: A001  (PyTorch's name)
    """A switch: `enabled` can be read and set."""

    def __init__(self) -> None:
        self._enabled = False

    @property
    def enabled(self) -> bool:
        """Whether it is on."""
        return self._enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._enabled = bool(value)


broadcast_warning = Warning()
keepdim_warning = Warning()

_explain_missing_names(__name__)
