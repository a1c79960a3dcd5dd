"""The memory of the accelerator: RuntimeErrors, as there is none."""

from __future__ import annotations

from ..compat.absent_devices import Functions


def no_accelerator(function: str) -> RuntimeError:
    """What the functions of this package raise."""
    return RuntimeError(
        "Cannot access accelerator device when none is available. Ask torch.accelerator.is_available() before calling "
        f"torch.accelerator.{function}()"
    )


_functions = Functions(globals())
_functions.refusing(
    """
    empty_cache() empty_host_cache() get_memory_info(device_index=None, /) max_memory_allocated(device_index=None, /)
    max_memory_reserved(device_index=None, /) memory_allocated(device_index=None, /)
    memory_reserved(device_index=None, /) memory_stats(device_index=None, /)
    reset_accumulated_memory_stats(device_index=None, /) reset_peak_memory_stats(device_index=None, /)
    """,
    no_accelerator,
    "Needs an accelerator",
)

__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *_functions.names,
]
