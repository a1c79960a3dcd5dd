"""`torch.backends.mps`: Apple's GPUs, which are not used."""

from __future__ import annotations


def is_available() -> bool:
    """Whether an Apple GPU can be used: False."""
    return False


def is_built() -> bool:
    """Whether support for them was compiled in: False."""
    return False


def is_macos_or_newer(major: int, minor: int) -> bool:
    """Whether the system is this macOS or a newer one. RuntimeError: that is asked where Apple's GPUs are built in."""
    raise RuntimeError("Cannot execute isOnMacOSorNewer() without MPS backend.")


def is_macos13_or_newer(minor: int = 0) -> bool:
    """`is_macos_or_newer(13, minor)`: RuntimeError."""
    return is_macos_or_newer(13, minor)


def get_name() -> str:
    """The name of the GPU. AttributeError: there is none."""
    raise AttributeError("torch.backends.mps.get_name() needs an Apple GPU")


def get_core_count() -> int:
    """The number of the GPU's cores. AttributeError: there is none."""
    raise AttributeError("torch.backends.mps.get_core_count() needs an Apple GPU")


__all__ = ["get_core_count", "get_name", "is_available", "is_built", "is_macos13_or_newer", "is_macos_or_newer"]
