"""The operators, by family. Importing this package declares them all."""

from . import (  # noqa: F401
    arithmetic, arranging, bitwise, casting, compare, complexes, contraction, counting, creation, cumulative, exponential, extremes, gathering, indexing,
    joining, matmul, nn, norms, ranges, reduce, rounding, sampling, sampling_inplace, scattering, shape, sorting, special, strides, trigonometric, variance, where,
)  # fmt: skip
