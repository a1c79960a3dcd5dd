"""Functions of complex numbers that array libraries compute without their digits in places: log1p."""

from __future__ import annotations

from typing import Any


def _square(x: Any) -> tuple[Any, Any]:
    """x², and what its rounding took away, for |x| < 1e150 (Dekker, Numer. Math. 18, 1971)."""
    scaled = x * 134217729.0  # 2^27 + 1, which splits 53 bits in two
    head = scaled - (scaled - x)
    tail = x - head
    square = x * x
    return square, tail * tail - ((square - head * head) - 2 * head * tail)


def _add(x: Any, y: Any) -> tuple[Any, Any]:
    """x + y, and what its rounding took away (Knuth, The Art of Computer Programming 2, 4.2.2)."""
    total = x + y
    other = total - x
    return total, (x - (total - other)) + (y - other)


def log1p_of_complex(xp: Any, z: Any) -> Any:
    """log(1 + z) for a complex128 array, with both parts good to rounding for small z.

    The real part, log |1 + z|, is log1p(2x + x² + y²) / 2. Where that is next to 0 without z being so, 2x is next to
    -x² - y², and their sum has the digits that the squares lost. Away from there the logarithm of 1 + z is good.
    """
    x, y = xp.real(z), xp.imag(z)
    near = (xp.abs(x + 1) < 2) & (xp.abs(y) < 2)
    x_near, y_near = xp.where(near, x, 1.0), xp.where(near, y, 1.0)
    (xx, x_rest), (yy, y_rest) = _square(x_near), _square(y_near)
    first, first_rest = _add(2 * x_near, xx)
    total, rest = _add(first, yy)
    excess = total + (rest + first_rest + x_rest + y_rest)
    near = near & (excess > -0.75)
    small = xp.make_complex(xp.log1p(xp.where(near, excess, 0.0)) / 2, xp.atan2(y_near, 1 + x_near))
    return xp.where(near, small, xp.log(xp.make_complex(1 + x, y)))  # (1 + z would lose the sign of y = -0)
