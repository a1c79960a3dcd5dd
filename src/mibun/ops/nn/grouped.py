"""`grouped_mm`: a product of matrices for each of several groups, whose sizes may differ."""

from __future__ import annotations

import numpy as np

from ...core.dtypes import bfloat16, dtype, float16, float32
from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor
from ..creation.filled import zeros
from ..linalg.matmul import bmm, mm
from ..shape.joining import cat, stack


def _checked(mat_a: Tensor, mat_b: Tensor, offs: Tensor | None, bias: Tensor | None, out_dtype: dtype | None) -> None:
    for name, mat in (("mat_a", mat_a), ("mat_b", mat_b)):
        if mat.dtype not in (float32, bfloat16, float16):
            raise RuntimeError(
                f"Expected {name} to be Float32, BFloat16 or Float16 matrix, got {mat.dtype.scalar_name}"
            )
    for name, mat in (("mat_a", mat_a), ("mat_b", mat_b)):
        if mat.dim() not in (2, 3):
            raise RuntimeError(f"{name} has to be 2 or 3d")
    if mat_a.shape[-1] != mat_b.shape[-2]:
        raise RuntimeError("contraction dimension of mat_a and mat_b must match")
    flat = mat_a.dim() == 2 or mat_b.dim() == 2
    if flat != (offs is not None):
        raise RuntimeError("Have to provide offsets if there is a 2d matrix, or no offset if both matrices are 3d")
    if offs is None:
        if mat_a.shape[0] != mat_b.shape[0]:
            raise RuntimeError("batched dimension has to match")
    else:
        if offs.dim() != 1:
            raise RuntimeError("offs has to be 1D")
        if str(offs.dtype) != "torch.int32":
            raise RuntimeError("Offsets have to be int32")
        for mat in (mat_a, mat_b):
            if mat.dim() == 3 and mat.shape[0] != offs.shape[0]:
                raise RuntimeError("matrix batch sizes have to match")
    if bias is not None:
        raise RuntimeError("Bias not supported yet")
    if out_dtype is not None and out_dtype is not mat_a.dtype:
        raise RuntimeError("Grouped gemm output dtype must match `mat_a` dtype")
    if mat_a.dtype is not mat_b.dtype:
        raise RuntimeError(f"expected mat_a and mat_b of one dtype, but got {mat_a.dtype} and {mat_b.dtype}")


def grouped_mm(
    mat_a: Tensor,
    mat_b: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: dtype | None = None,
) -> Tensor:
    """One product of matrices for each group: experts of different sizes, as in mixtures of them.

    Args:
        mat_a: (groups, n, m); or (n, m), whose rows are cut into groups, or whose columns are if `mat_b` is 2-D too.
        mat_b: (groups, m, p); or (m, p), whose columns are cut into groups, or whose rows are if `mat_a` is 2-D too.
        offs: (groups), int32, where each group ends; None where both are 3-D. What is beyond the last one is left out:
            rows or columns of zeros.
        bias: has to be None, as in PyTorch.
        out_dtype: that of `mat_a`, or None.

    Returns:
        (groups, n, p) if both are 2-D or both 3-D; else (n, p).

    Raises:
        RuntimeError: for other shapes, dtypes and offsets. (PyTorch wants sizes that are multiples of 16 bytes, too.)

    >>> import mibun as torch
    >>> ends = torch.tensor([1, 3], dtype=torch.int32)
    >>> torch.nn.functional.grouped_mm(torch.ones(3, 2), torch.ones(2, 2, 1), offs=ends)
    tensor([[2.],
            [2.],
            [2.]])
    """
    check_tensor(mat_a, "grouped_mm", "mat_a", 1)
    check_tensor(mat_b, "grouped_mm", "mat_b", 2)
    _checked(mat_a, mat_b, offs, bias, out_dtype)
    if offs is None:
        return bmm(mat_a, mat_b)
    ends = np.asarray(offs._array_).tolist()
    groups = list(enumerate(zip([0, *ends], ends, strict=False)))
    if mat_a.dim() == 2 and mat_b.dim() == 2:
        return stack([mm(mat_a[:, start:stop], mat_b[start:stop]) for _, (start, stop) in groups])
    if mat_a.dim() == 2:
        parts = [mm(mat_a[start:stop], mat_b[group]) for group, (start, stop) in groups]
        parts.append(zeros(max(mat_a.shape[0] - ends[-1], 0), mat_b.shape[-1], dtype=mat_a.dtype))
        return cat(parts)
    parts = [mm(mat_a[group], mat_b[:, start:stop]) for group, (start, stop) in groups]
    parts.append(zeros(mat_a.shape[1], max(mat_b.shape[-1] - ends[-1], 0), dtype=mat_a.dtype))
    return cat(parts, 1)
