"""The generators of random numbers of GPUs: seeding them is accepted, as there are none; they have no state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..compat.absent_devices import seeds, states
from ..core.tensor import Tensor
from ._utils import unavailable


def manual_seed(seed: int) -> None:
    """Seed the current GPU's generator: there is none, so nothing is to be done, as in PyTorch."""
    seeds(seed)


def manual_seed_all(seed: int) -> None:
    """Seed the generators of all GPUs: there is none."""
    seeds(seed)


def seed() -> None:
    """Seed the current GPU's generator from the operating system: there is none."""


def seed_all() -> None:
    """Seed all GPUs' generators from the operating system: there is none."""


def initial_seed() -> int:
    """The seed of the current GPU's generator. AssertionError: there is none."""
    raise unavailable("initial_seed")


def get_rng_state(device: Any = "cuda") -> Tensor:
    """The state of a GPU's generator. AssertionError: there is none."""
    raise unavailable("get_rng_state")


def get_rng_state_all() -> list[Tensor]:
    """The states of all GPUs' generators: no state."""
    return []


def set_rng_state(new_state: Tensor, device: Any = "cuda") -> None:
    """Set the state of a GPU's generator, once it is there: it never is, so nothing happens, as in PyTorch."""
    states([new_state])


def set_rng_state_all(new_states: Iterable[Tensor]) -> None:
    """Set the states of all GPUs' generators, once they are there: nothing happens."""
    states(new_states)


__all__ = [
    "get_rng_state",
    "get_rng_state_all",
    "initial_seed",
    "manual_seed",
    "manual_seed_all",
    "seed",
    "seed_all",
    "set_rng_state",
    "set_rng_state_all",
]
