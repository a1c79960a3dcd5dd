"""Finding values among others: searchsorted, bucketize, isin. None has a gradient."""

from __future__ import annotations

import numpy as np

from ...core.dtypes import from_numpy_dtype, result_dtype
from ...core.tensor import Tensor, wrap
from ...dispatch.apply import foreign_number
from ...dispatch.arguments import check_tensor
from ...dispatch.declare import nondifferentiable, op
from ...dispatch.overloads import finish
from ...dispatch.public import public
from ..annotations import Number
from .arguments import INT64
from .sorting import sort


@op(nondifferentiable, name="searchsorted", dtype=None)
def _searchsorted(xp, sequence, values, *, right, dtype):
    return xp.search_rows(sequence, values, right, dtype)


def _search(sequence: Tensor, values: Tensor | Number, right: bool, out_int32: bool) -> Tensor:
    dtype = np.dtype("int32") if out_int32 else INT64
    wanted = values if isinstance(values, Tensor) else wrap(np.asarray(values))
    kinds = {sequence._array_.dtype.kind, wanted._array_.dtype.kind}
    if kinds == {"b"} or "c" in kinds:
        name = (wanted if wanted._array_.dtype.kind == "c" else sequence).dtype.scalar_name
        raise NotImplementedError(f"\"searchsorted_out_cpu\" not implemented for '{name}'")
    return _searchsorted(sequence, wanted, right=right, dtype=dtype)


@public("searchsorted", method=False)
def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Where the values of `input` would have to be inserted into a sequence that ascends along its last dimension.

    input: a number, or a tensor with the same leading sizes as the sequence (any shape if that is 1-D). side: "left"
    (the default) or "right" of equal elements; right=True is the same as the latter. sorter: the indices that sort the
    sequence. Result: int64, or int32. Not differentiable.

    >>> import mibun as torch
    >>> torch.searchsorted(torch.tensor([1., 3., 5.]), torch.tensor([3., 6.]))
    tensor([1, 3])
    """
    check_tensor(sorted_sequence, "searchsorted", "sorted_sequence")
    if foreign_number(input) is None:
        check_tensor(input, "searchsorted", "input", 2)
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    own = sorted_sequence._array_
    if own.ndim == 0:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension"
        )
    shape = input._array_.shape if isinstance(input, Tensor) else ()
    if own.ndim > 1 and own.shape[:-1] != shape[:-1] or (own.ndim > 1 and len(shape) != own.ndim):
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries "
            f"tensor and input value tensor must match, but we got boundaries tensor {list(own.shape)} and input value "
            f"tensor {list(shape)}"
        )
    if sorter is not None:
        check_tensor(sorter, "searchsorted", "sorter")
        if sorter._array_.shape != own.shape:
            raise RuntimeError(
                "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
                f"{list(own.shape)}and got sorter tensor {list(sorter._array_.shape)}"
            )
        if sorter._array_.dtype.name != "int64":
            raise RuntimeError(
                f"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.dtype}"
            )
        sorted_sequence = sorted_sequence.detach().take_along_dim(sorter, -1)
    return finish(_search(sorted_sequence, input, bool(right) or side == "right", out_int32), out, "searchsorted")


@public("bucketize", method=False)
def bucketize(
    input: Tensor | Number,
    boundaries: Tensor,
    *,
    out_int32: bool = False,
    right: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The number of the bucket that each value falls into, between ascending 1-D boundaries: int64, or int32.

    A value equal to a boundary falls below it, or with right=True above it.

    >>> import mibun as torch
    >>> torch.bucketize(torch.tensor([1, 4, 9]), torch.tensor([2, 5]))
    tensor([0, 1, 2])
    """
    if foreign_number(input) is None:
        check_tensor(input, "bucketize", "input")
    check_tensor(boundaries, "bucketize", "boundaries", 2)
    if boundaries._array_.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries._array_.ndim})")
    return finish(_search(boundaries, input, bool(right), out_int32), out, "bucketize")


@public("isin", method=False)
def isin(
    elements: Tensor | Number,
    test_elements: Tensor | Number,
    *,
    assume_unique: bool = False,
    invert: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Whether each of the elements is among others; bool, of their shape. One of the two may be a number.

    invert: whether it is not. assume_unique is a hint only. RuntimeError for bool and complex, TypeError for two
    numbers.

    >>> import mibun as torch
    >>> torch.isin(torch.tensor([1, 2, 3]), torch.tensor([2, 5]))
    tensor([False,  True, False])
    """
    given = (elements, test_elements)
    if not any(isinstance(value, Tensor) for value in given):
        raise TypeError(
            f"isin() received an invalid combination of arguments - got ({type(elements).__name__}, "
            f"{type(test_elements).__name__}), but expected at least one Tensor"
        )
    for value in given:
        if isinstance(value, Tensor) and value._array_.dtype.kind in "bc":
            raise RuntimeError(f"Unsupported input type encountered for isin(): {value.dtype.scalar_name}")
    first, second = [
        value.detach() if isinstance(value, Tensor) else wrap(np.asarray(value, result_dtype([value])))
        for value in given
    ]
    # Sorted, the place where an element would go has an equal one, or none has.
    ordered = sort(second.reshape(-1)).values
    if not ordered.numel():
        result = wrap(np.zeros(first.shape, np.bool_))
    else:
        common = from_numpy_dtype(result_dtype([first._array_, second._array_]))
        ordered, wide = ordered.to(common), first.to(common)
        place = searchsorted(ordered, wide.contiguous()).clamp(max=ordered.numel() - 1)
        result = ordered[place] == wide
    if invert:
        result = ~result
    return finish(result, out, "isin")
