"""Elementwise operators."""

from . import (
    arithmetic,
    bessel,
    bitwise,
    compare,
    complexes,
    exponential,
    floats,
    incomplete,
    normal,
    rounding,
    special,
    trigonometric,
    where,
)
