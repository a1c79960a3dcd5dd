"""Linear algebra and Fourier transforms: everything here takes any number of axes before those that it is about."""

from __future__ import annotations

from typing import Any

from .array import Batched
from .rules import below, leading, rule, shifted

leading(
    "cholesky_with_info",
    "determinant",
    "general_eigen",
    "general_eigenvalues",
    "hermitian_eigen",
    "hermitian_eigenvalues",
    "inverse_with_info",
    "ldl_with_info",
    "log_determinant",
    "lu_with_info",
    "qr_factors",
    "qr_reflectors",
    "qr_triangle",
    "singular_values",
    "solution_with_info",
    "svd_factors",
    "svd_or_nan",
    "thin_svd",
    "triangular_solution",
)
leading("permutation_of", ranks=(1,))
leading("ldl_solution", ranks=(2, 1, 2))


@rule("inverse_if_safe")
def inverse_if_safe(a: Any) -> None:
    """None: whether it is safe is another question for each example."""


@rule("fourier")
def fourier(x: Any, axes: tuple[int, ...], inverse: bool) -> Any:
    return Batched(below("fourier")(x.array, shifted(axes, x), inverse), x.levels)


@rule("real_fourier")
def real_fourier(x: Any, axes: tuple[int, ...]) -> Any:
    return Batched(below("real_fourier")(x.array, shifted(axes, x)), x.levels)


@rule("real_inverse")
def real_inverse(x: Any, axes: tuple[int, ...], n: int) -> Any:
    return Batched(below("real_inverse")(x.array, shifted(axes, x), n), x.levels)
