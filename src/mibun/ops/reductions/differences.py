"""`diff`: the differences of neighbours."""

from __future__ import annotations

import operator

from ...core.tensor import Tensor
from ...dispatch.arguments import check_tensor, whole, wrap_dim
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ...xp.numpy.rows import row_by_row
from ..shape.joining import cat
from .arguments import section


@public("diff")
def diff(
    input: Tensor,
    n: int = 1,
    dim: int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The n-th differences of neighbours along a dimension, with `prepend` and `append` joined to it first.

    For bools the exclusive or. RuntimeError for a 0-d tensor or a negative n.

    >>> import mibun as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    check_tensor(input, "diff")
    if input._array_.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    dim = wrap_dim(dim, input._array_.ndim, "diff")
    n = whole(n, "diff", "n")
    parts = [input]
    for other, name in ((prepend, "prepend"), (append, "append")):
        if other is None:
            continue
        check_tensor(other, "diff", name)
        if other._array_.ndim != input._array_.ndim:
            raise RuntimeError("diff expects prepend or append to be the same dimension as input")
        for i, (a, b) in enumerate(zip(other._array_.shape, input._array_.shape, strict=True)):
            if a != b and i != dim:
                raise RuntimeError(
                    "diff expects the shape of tensor to prepend or append to match that of input except along the "
                    f"differencing dimension; input.size({i}) = {b}, but got tensor.size({i}) = {a}"
                )
        parts.insert(0 if name == "prepend" else len(parts), other)
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if n == 0:  # without what is joined to it
        return finish(input.clone(), out, "diff")
    x = parts[0] if len(parts) == 1 else cat(parts, dim)
    for _ in range(min(n, x._array_.shape[dim])):
        later, earlier = section(x, dim, 1, None), section(x, dim, 0, -1)
        differ = operator.xor if x._array_.dtype.kind == "b" else operator.sub
        x = row_by_row(differ, later._array_.shape, later, earlier)
    return finish(x, out, "diff")
