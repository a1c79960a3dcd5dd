"""The named tuples that functions with several results return: `max(x, 0).values`, printed as PyTorch prints them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.registry import STRUCT_SEQUENCES


class _Result(tuple):
    """A tuple whose places have names."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    n_fields = n_sequence_fields = 0
    n_unnamed_fields = 0

    def __new__(cls, values: Iterable) -> Any:
        made = tuple.__new__(cls, values)
        if len(made) != cls.n_fields:
            raise TypeError(
                f"torch.return_types.{cls.__name__}() takes a {cls.n_fields}-sequence ({len(made)}-sequence given)"
            )
        return made

    def __repr__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)]
        return f"torch.return_types.{type(self).__name__}(\n" + ",\n".join(parts) + ")"

    def __reduce__(self) -> Any:
        return type(self), (tuple(self),)


def _place(index: int, name: str) -> property:
    return property(lambda self: self[index], doc=f"The {name}.")


def _make(name: str, *fields: str) -> Any:
    body: dict[str, Any] = {field: _place(i, field) for i, field in enumerate(fields)}
    # Made by a call, as named tuples are: `inspect.getsource` has no class statement to show. The module is given for
    # pickle, which finds the class there.
    body.update(
        __slots__=(),
        __module__="mibun.return_types",
        __doc__=f"What `{name}` returns: ({', '.join(fields)}).",
        _fields=fields,
        n_fields=len(fields),
        n_sequence_fields=len(fields),
    )
    made = type(name, (_Result,), body)
    STRUCT_SEQUENCES.append(made)
    return made


aminmax = _make("aminmax", "min", "max")
cummax = _make("cummax", "values", "indices")
cummin = _make("cummin", "values", "indices")
frexp = _make("frexp", "mantissa", "exponent")
histogram = _make("histogram", "hist", "bin_edges")
histogramdd = _make("histogramdd", "hist", "bin_edges")
kthvalue = _make("kthvalue", "values", "indices")
max = _make("max", "values", "indices")  # noqa: A001
median = _make("median", "values", "indices")
min = _make("min", "values", "indices")  # noqa: A001
mode = _make("mode", "values", "indices")
nanmedian = _make("nanmedian", "values", "indices")
sort = _make("sort", "values", "indices")
topk = _make("topk", "values", "indices")

# --- linear algebra ---

geqrf = _make("geqrf", "a", "tau")
linalg_cholesky_ex = _make("linalg_cholesky_ex", "L", "info")
linalg_eig = _make("linalg_eig", "eigenvalues", "eigenvectors")
linalg_eigh = _make("linalg_eigh", "eigenvalues", "eigenvectors")
linalg_inv_ex = _make("linalg_inv_ex", "inverse", "info")
linalg_ldl_factor = _make("linalg_ldl_factor", "LD", "pivots")
linalg_ldl_factor_ex = _make("linalg_ldl_factor_ex", "LD", "pivots", "info")
linalg_lstsq = _make("linalg_lstsq", "solution", "residuals", "rank", "singular_values")
linalg_lu = _make("linalg_lu", "P", "L", "U")
linalg_lu_factor = _make("linalg_lu_factor", "LU", "pivots")
linalg_lu_factor_ex = _make("linalg_lu_factor_ex", "LU", "pivots", "info")
linalg_qr = _make("linalg_qr", "Q", "R")
linalg_slogdet = _make("linalg_slogdet", "sign", "logabsdet")
linalg_solve_ex = _make("linalg_solve_ex", "result", "info")
linalg_svd = _make("linalg_svd", "U", "S", "Vh")
lu_unpack = _make("lu_unpack", "P", "L", "U")
qr = _make("qr", "Q", "R")
slogdet = _make("slogdet", "sign", "logabsdet")
svd = _make("svd", "U", "S", "V")
triangular_solve = _make("triangular_solve", "solution", "cloned_coefficient")

__all__ = [
    "aminmax",
    "cummax",
    "cummin",
    "frexp",
    "geqrf",
    "histogram",
    "histogramdd",
    "kthvalue",
    "linalg_cholesky_ex",
    "linalg_eig",
    "linalg_eigh",
    "linalg_inv_ex",
    "linalg_ldl_factor",
    "linalg_ldl_factor_ex",
    "linalg_lstsq",
    "linalg_lu",
    "linalg_lu_factor",
    "linalg_lu_factor_ex",
    "linalg_qr",
    "linalg_slogdet",
    "linalg_solve_ex",
    "linalg_svd",
    "lu_unpack",
    "max",
    "median",
    "min",
    "mode",
    "nanmedian",
    "qr",
    "slogdet",
    "sort",
    "svd",
    "topk",
    "triangular_solve",
]
