"""Functions of `torch` with an underscore before their name, which libraries call all the same.

Those that PyTorch has as operators, and mibun under `torch.ops.aten`, are the same here: `private_function` finds them
there. The others are written out, by public functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import dtypes
from ..core.mode import no_grad
from ..core.tensor import Tensor
from ..dispatch.arguments import check_tensor
from ..ops.creation.from_data import tensor as _tensor
from ..ops.creation.ranges import arange
from ..ops.nn.weight_norm import weight_normed
from ..ops.reductions.segments import segment_reduce as _segment_reduce
from ..ops.shape.joining import cat, stack


def _shape_as_tensor(input: Tensor) -> Tensor:
    """The shape as a Tensor of int64.

    >>> import mibun as torch
    >>> torch._shape_as_tensor(torch.ones(2, 3))
    tensor([2, 3])
    """
    check_tensor(input, "_shape_as_tensor")
    return _tensor(tuple(input.shape), dtype=dtypes.int64)


def _assert_async(input: Tensor, assert_msg: str = "Expected Tensor with single nonzero value, but got zero") -> None:
    """RuntimeError, with a message of one's own, if the only element is zero or False. (On the CPU at once.)

    >>> import mibun as torch
    >>> torch._assert_async(torch.tensor(True))
    """
    check_tensor(input, "_assert_async")
    if not bool(input):
        raise RuntimeError(assert_msg)


def _convert_indices_from_coo_to_csr(input: Tensor, size: int, *, out_int32: bool = False) -> Tensor:
    """Where each of `size` rows begins and ends, from the sorted row of each element: size + 1 numbers.

    >>> import mibun as torch
    >>> torch._convert_indices_from_coo_to_csr(torch.tensor([0, 0, 2]), 4)
    tensor([0, 2, 2, 3, 3])
    """
    check_tensor(input, "_convert_indices_from_coo_to_csr")
    ends = input.bincount(minlength=size)[:size].cumsum(0)
    return cat([ends.new_zeros(1), ends]).to(dtypes.int32 if out_int32 else dtypes.int64)


def _convert_indices_from_csr_to_coo(
    crow_indices: Tensor, col_indices: Tensor, *, out_int32: bool = False, transpose: bool = False
) -> Tensor:
    """The row and the column of each element, from where rows begin: of shape (2, nnz). transpose: columns first.

    >>> import mibun as torch
    >>> torch._convert_indices_from_csr_to_coo(torch.tensor([0, 2, 2, 3]), torch.tensor([1, 2, 0]))
    tensor([[0, 0, 2],
            [1, 2, 0]])
    """
    check_tensor(crow_indices, "_convert_indices_from_csr_to_coo")
    rows = arange(crow_indices.shape[-1] - 1).repeat_interleave(crow_indices.diff())
    pair = [col_indices, rows] if transpose else [rows, col_indices]
    return stack([one.to(dtypes.int32 if out_int32 else dtypes.int64) for one in pair])


def _dim_arange(like: Tensor, dim: int) -> Tensor:
    """0, 1, 2 … along a dimension of a Tensor.

    >>> import mibun as torch
    >>> torch._dim_arange(torch.ones(2, 3), 1)
    tensor([0, 1, 2])
    """
    check_tensor(like, "_dim_arange")
    return arange(like.shape[dim])


def _weight_norm(v: Tensor, g: Tensor, dim: int = 0) -> Tensor:
    """g v / ‖v‖, the norm over all dimensions but `dim`; over all for -1. See `nn.utils.weight_norm`.

    >>> import mibun as torch
    >>> torch._weight_norm(torch.tensor([[3., 4.]]), torch.tensor([[10.]]))
    tensor([[6., 8.]])
    """
    check_tensor(v, "_weight_norm")
    return weight_normed(v, g, dim=None if dim == -1 else dim % v.ndim)


def _caster(name: str, dtype: dtypes.dtype) -> Callable[..., Tensor]:
    def cast(input: Tensor, non_blocking: bool = False) -> Tensor:
        check_tensor(input, f"_cast_{name}")
        return input.to(dtype, non_blocking=non_blocking)

    cast.__name__ = cast.__qualname__ = f"_cast_{name}"
    cast.__doc__ = f"A Tensor as {dtype}."
    return cast


def _stack(tensors: Any, dim: int = 0) -> Tensor:
    """`stack`."""
    return stack(tensors, dim)


def _is_zerotensor(input: Tensor) -> bool:
    """Whether a Tensor is known to be zeros without having memory: never."""
    check_tensor(input, "_is_zerotensor")
    return False


_OWN: dict[str, Callable] = {
    **{
        function.__name__: function for function in (_shape_as_tensor, _assert_async, _dim_arange, _weight_norm, _stack)
    },
    "_convert_indices_from_coo_to_csr": no_grad()(_convert_indices_from_coo_to_csr),
    "_convert_indices_from_csr_to_coo": no_grad()(_convert_indices_from_csr_to_coo),
    "_segment_reduce": _segment_reduce,
    "_is_zerotensor": _is_zerotensor,
    **{
        f"_cast_{name}": _caster(name, dtype)
        for name, dtype in (
            ("Byte", dtypes.uint8),
            ("Char", dtypes.int8),
            ("Double", dtypes.float64),
            ("Float", dtypes.float32),
            ("Half", dtypes.float16),
            ("Int", dtypes.int32),
            ("Long", dtypes.int64),
            ("Short", dtypes.int16),
        )
    },
}


def private_function(name: str) -> Callable | None:
    """A function of `torch` whose name begins with an underscore; None if there is none."""
    if name in _OWN:
        return _OWN[name]
    from ..ops.aten import function_of

    return function_of(name)


__all__ = ["private_function"]
