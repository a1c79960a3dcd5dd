"""Matrices and the places in them: `eye`, `tril_indices`, `triu_indices`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...core import dtypes
from ...core.dtypes import (
    as_dtype,
    dtype,
    layout,
)
from ...core.tensor import Tensor, wrap
from ...dispatch.arguments import whole
from ...dispatch.public import public
from ..annotations import Device
from .options import check_options, give, target_dtype


@public("eye", method=False)
def eye(
    n: int,
    m: int | None = None,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: Device | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """The n×m matrix with ones on the diagonal and zeros elsewhere.

    Args:
        n: the number of rows.
        m: the number of columns, n by default.
        out: where to write the result; resized if it does not fit.
        dtype: None for the default dtype.

    Raises:
        RuntimeError: for negative sizes.

    >>> import mibun as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    check_options("eye", layout, device, pin_memory)
    rows = whole(n, "eye", "n")
    columns = rows if m is None else whole(m, "eye", "m")
    for name, value in (("n", rows), ("m", columns)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {value}")
    return give(np.eye(rows, columns, dtype=target_dtype(out, dtype, None, "eye").np), out, requires_grad, "eye")


def _corner(name: str, indices: Callable[..., tuple[np.ndarray, np.ndarray]], which: str) -> Callable:
    def function(
        row: int,
        col: int,
        offset: int = 0,
        *,
        dtype: dtype | None = None,
        layout: layout | None = None,
        device: Device | None = None,
        pin_memory: bool = False,
    ) -> Tensor:
        check_options(name, layout, device, pin_memory)
        rows, columns = whole(row, name, "row"), whole(col, name, "col")
        for argument, value in (("row", rows), ("col", columns)):
            if value < 0:
                raise RuntimeError(f"{argument} must be non-negative, got{value}")
        target = dtypes.int64 if dtype is None else as_dtype(dtype, name)
        if target.category != 1 or target.itemsize < 4:
            raise NotImplementedError(f"\"{name}\" not implemented for '{target.scalar_name}'")
        return wrap(np.stack(indices(rows, whole(offset, name, "offset"), columns)).astype(target.np))

    function.__doc__ = (
        f"The rows and columns of the {which} triangle of a row×col matrix, from "
        f"the diagonal `offset` on: shape (2, count), of int64 (or int32)."
    )
    return public(name, method=False)(function)


tril_indices = _corner("tril_indices", np.tril_indices, "lower")
triu_indices = _corner("triu_indices", np.triu_indices, "upper")
