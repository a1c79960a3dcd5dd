"""Shapes that do not broadcast: PyTorch's words for them, once."""

from __future__ import annotations


def clash(first: tuple[int, ...], other: tuple[int, ...]) -> str | None:
    """At which dimension two shapes do not broadcast, in PyTorch's words; None where they do."""
    for axis in range(-1, -min(len(first), len(other)) - 1, -1):
        a, b = first[axis], other[axis]
        if a != b and a != 1 and b != 1:
            return (
                f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension "
                f"{max(len(first), len(other)) + axis}"
            )
    return None


__all__ = ["clash"]
