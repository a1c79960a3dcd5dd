"""`torch.accelerator`: which accelerator there is. None: tensors live on the CPU, and programs are told so."""

from __future__ import annotations

import warnings
from typing import Any

from ..compat.absent_devices import Functions, dummy_class
from ..core.missing import explain_missing_names as _explain_missing_names
from ..core.site import stacklevel
from . import memory
from .memory import *  # noqa: F403
from .memory import __all__ as _of_memory
from .memory import no_accelerator


def is_available() -> bool:
    """Whether there is an accelerator: False."""
    return False


def device_count() -> int:
    """The number of accelerators: 0."""
    return 0


def current_accelerator(check_available: bool = False) -> Any:
    """The device of the accelerator: None, as there is none.

    >>> import mibun as torch
    >>> torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"
    'cpu'
    """
    return None


_functions = Functions(globals())
_functions.refusing(
    """
    current_device_index() current_stream(device=None, /) get_device_capability(device=None, /)
    set_device_index(device, /) set_stream(stream) synchronize(device=None, /)
    """,
    no_accelerator,
    "Needs an accelerator",
)


def _older(name: str) -> None:
    warnings.warn(f"Use `{name}` instead.", FutureWarning, stacklevel=stacklevel())
    raise no_accelerator(name)


def current_device_idx() -> int:
    """`current_device_index` by its older name, with a FutureWarning. RuntimeError: there is no accelerator."""
    return _older("current_device_index")  # type: ignore[return-value]


def set_device_idx(device: Any, /) -> None:
    """`set_device_index` by its older name, with a FutureWarning. RuntimeError: there is no accelerator."""
    _older("set_device_index")


class device_index:
    """Context manager that makes an accelerator the current one; None changes nothing.

    RuntimeError for a number where it is entered: there is no accelerator.

    >>> import mibun as torch
    >>> with torch.accelerator.device_index(None):
    ...     pass
    """

    def __init__(self, device: int | None, /) -> None:
        self.idx = device

    def __enter__(self) -> None:
        if self.idx is not None:
            raise no_accelerator("device_index")

    def __exit__(self, *error: object) -> None:
        return None


Graph = dummy_class(
    "Graph", __name__, lambda: no_accelerator("Graph"), "A recording of an accelerator's work: RuntimeError."
)

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
    *_of_memory,
    "Graph",
    "current_accelerator",
    "current_device_idx",
    "device_count",
    "device_index",
    "is_available",
    "set_device_idx",
]

_explain_missing_names(__name__)
