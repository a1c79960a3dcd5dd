"""Functions of matrices over any array namespace, in steps of the standard's own functions: the exponential.

They are written here once, for NumPy and for every other library.
"""

from __future__ import annotations

import math
from typing import Any

# The coefficients of the Padé approximant of degree 13 and the norm up to which it is exact to double precision:
# Higham, "The scaling and squaring method for the matrix exponential revisited" (2005).
_PADE = (
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
)
_THETA = 5.371920351148152


def exponential(xp: Any, x: Any) -> Any:
    """The exponential of square matrices: scaled down by a power of two, approximated, and squared as often.

    Each matrix of a batch is scaled by what its own norm asks for.
    """
    if math.prod(x.shape) == 0:
        return xp.copy(x)
    norm = xp.max(xp.sum(xp.abs(x), axis=-2), axis=-1)
    finite = xp.isfinite(norm)
    ratio = xp.where(finite, norm, 1.0) / _THETA
    powers = xp.ceil(xp.log2(xp.maximum(ratio, xp.ones_like(ratio))))
    x = x * xp.astype(xp.expand_dims(xp.expand_dims(xp.exp2(-powers), axis=-1), axis=-1), x.dtype)
    eye = xp.eye(x.shape[-1], dtype=x.dtype)
    x2 = xp.matmul(x, x)
    x4 = xp.matmul(x2, x2)
    x6 = xp.matmul(x4, x2)
    b = _PADE
    odd = xp.matmul(x6, b[13] * x6 + b[11] * x4 + b[9] * x2) + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * eye
    odd = xp.matmul(x, odd)
    even = xp.matmul(x6, b[12] * x6 + b[10] * x4 + b[8] * x2) + b[6] * x6 + b[4] * x4 + b[2] * x2 + b[0] * eye
    result = xp.solution_with_info(even - odd, even + odd)[0]
    for done in range(int(xp.largest_number(powers))):
        more = xp.expand_dims(xp.expand_dims(powers > done, axis=-1), axis=-1)
        result = xp.where(more, xp.matmul(result, result), result)
    return result
