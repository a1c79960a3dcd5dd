"""Linear algebra and Fourier transforms: everything here takes any number of axes before those that it is about."""

from __future__ import annotations

from typing import Any

from .array import Batched, levels_of, physical
from .library import xp
from .rules import below, leading, rule, shifted, single

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
    "svd_factors",
    "svd_or_nan",
    "thin_svd",
)
leading("permutation_of", ranks=(1,))
leading("ldl_solution", ranks=(2, 1, 2))


def _columns_of_all(b: Batched) -> Any:
    """The right-hand sides of all examples side by side, for a system that is the same for all."""
    sides = xp.moveaxis(b.array, 0, -2)
    return xp.ascontiguousarray(sides).reshape((*sides.shape[:-2], sides.shape[-2] * sides.shape[-1]))


def _columns_apart(x: Any, b: Batched) -> Batched:
    x = x.reshape((*x.shape[:-1], b.array.shape[0], b.array.shape[-1]))
    return Batched(xp.moveaxis(x, -2, 0), b.levels)


@single("solution_with_info")
def solution_with_info(a: Any, b: Any) -> tuple:
    if type(a) is not Batched and a.ndim == b.ndim:
        x, info = below("solution_with_info")(a, _columns_of_all(b))
        return _columns_apart(x, b), info
    levels = levels_of((a, b))
    rank = max(a.ndim, b.ndim)
    x, info = below("solution_with_info")(physical(a, levels, rank), physical(b, levels, rank))
    if type(a) is not Batched:
        return Batched(x, levels), info
    return Batched(x, levels), Batched(info.reshape((-1, *a.shape[:-2])), levels)


@single("triangular_solution")
def triangular_solution(a: Any, b: Any, upper: bool, unit: bool) -> Batched:
    if type(a) is not Batched and a.ndim == b.ndim:
        return _columns_apart(below("triangular_solution")(a, _columns_of_all(b), upper, unit), b)
    levels = levels_of((a, b))
    rank = max(a.ndim, b.ndim)
    return Batched(
        below("triangular_solution")(physical(a, levels, rank), physical(b, levels, rank), upper, unit), levels
    )


@rule("epsilon_of")
def epsilon_of(x: Any) -> float:
    return below("epsilon_of")(x.array)


@rule("largest_number")
def largest_number(x: Any) -> Any:
    return x.array.max()


@rule("check_phases")
def check_phases(imaginary: Any, sizes: Any, message: str) -> None:
    """Of all examples at once, which are on one scale, as the matrices of a batch are."""
    below("check_phases")(*[x.array if type(x) is Batched else x for x in (imaginary, sizes)], message)


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
