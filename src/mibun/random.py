"""Random numbers: `Generator`, the default one, and the functions that seed, save and restore it.

A Generator is a Mersenne Twister (MT19937), seeded as PyTorch seeds its own on the CPU and giving out its 32-bit words
in the same order. `ops/random/draws.py` makes numbers of the words, so programs get PyTorch's numbers for a seed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from .core.device import device as _device
from .core.tensor import Tensor
from .ops.random.generator import Generator, default_generator

__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
    "thread_safe_generator",
]


def manual_seed(seed: int) -> Generator:
    """Start the default generator anew from a seed; the numbers drawn from then on are PyTorch's for that seed.

    Args:
        seed: any integer of 64 bits; negative ones count from 2**64.

    Returns:
        the default generator.

    Raises:
        ValueError: for seeds of more than 64 bits.

    >>> import mibun as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.rand(2)
    tensor([0.8823, 0.9150])
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Start the default generator anew from a seed that the operating system makes up; gives the seed."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that the default generator started from."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the default generator, a uint8 Tensor of shape (5056,).

    >>> import mibun as torch
    >>> state = torch.get_rng_state()
    >>> first = torch.rand(3)
    >>> torch.set_rng_state(state)
    >>> torch.equal(torch.rand(3), first)
    True
    """
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Let the default generator go on from a state that `get_rng_state` gave."""
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices: Sequence | None = None, enabled: bool = True, device_type: str = "cuda") -> Iterator[None]:
    """Context manager after which the default generator goes on from where it was before.

    devices: the accelerators whose generators are restored too; there are none, so it must be empty or None.
    """
    if not isinstance(device_type, str):
        raise TypeError(f"device_type must be a str, not {type(device_type).__name__}")
    _device(device_type)
    if devices and enabled:
        raise RuntimeError(f"torch has no generators on {device_type} devices {list(devices)}: there is only the CPU")
    if not enabled:
        yield
        return
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)


def thread_safe_generator() -> Generator | None:
    """The generator of a worker of a DataLoader that is a thread: None, as there are no such workers."""
    return None
