"""Names that libraries take from `torch.nn.functional` beside the functions: checks, modes, and what it imports itself.

They are loaded when one of them is asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Optional, TypeAlias

import numpy as np

from ..core import dtypes
from ..core.site import stacklevel
from ..core.tensor import Tensor, wrap
from ..ops.nn.linear import linear
from ..ops.nn.pooling import max_pool1d as _max_pool1d
from ..ops.nn.pooling import max_pool2d as _max_pool2d
from ..ops.nn.pooling import max_pool3d as _max_pool3d
from ..overrides import (
    handle_torch_function,
    has_torch_function,
    has_torch_function_unary,
    has_torch_function_variadic,
)
from . import _reduction as _Reduction
from .modules.utils import _list_with_default, _pair, _single, _triple

DType: TypeAlias = int  # as PyTorch's scripts see a dtype

GRID_SAMPLE_INTERPOLATION_MODES = {"bilinear": 0, "nearest": 1, "bicubic": 2}
GRID_SAMPLE_PADDING_MODES = {"zeros": 0, "border": 1, "reflection": 2}

NAMES = frozenset(
    """
    Callable DType GRID_SAMPLE_INTERPOLATION_MODES GRID_SAMPLE_PADDING_MODES Optional Tensor _Reduction _canonical_mask
    _get_softmax_dim _in_projection _in_projection_packed _is_integer _list_with_default _max_pool1d _max_pool2d
    _max_pool3d _none_or_dtype _pair _single _triple _unpool_output_size _verify_batch_size _verify_spatial_size
    assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary
    has_torch_function_variadic
    """.split()
)


def boolean_dispatch(
    arg_name: str,
    arg_index: int,
    default: bool,
    if_true: Callable,
    if_false: Callable,
    module_name: str,
    func_name: str,
) -> Callable:
    """One function from two, by whether one of its arguments is true, such as `return_indices`.

    arg_name, arg_index: of that argument. default: its value where it is not given.

    >>> from mibun.nn.functional import boolean_dispatch
    >>> f = boolean_dispatch("both", 1, False, lambda x, both=True: (x, x), lambda x, both=False: x, "m", "f")
    >>> f(3), f(3, both=True)
    (3, (3, 3))
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        chosen = kwargs[arg_name] if arg_name in kwargs else args[arg_index] if arg_index < len(args) else default
        return (if_true if chosen else if_false)(*args, **kwargs)

    doc = if_true.__doc__ if if_false.__doc__ is None else if_false.__doc__
    call.__doc__, call.__module__, call.__name__ = doc, module_name or call.__module__, func_name or call.__name__
    return call


def assert_int_or_pair(arg: Any, arg_name: str, message: str) -> None:
    """AssertionError unless `arg` is an int or has two items."""
    if not isinstance(arg, int) and len(arg) != 2:
        raise AssertionError(message.format(arg_name))


def _verify_batch_size(size: Sequence[int]) -> None:
    """ValueError where a channel has one value, whose variance is no use in training."""
    if int(np.prod([*size[:1], *size[2:]])) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")


def _verify_spatial_size(size: Sequence[int]) -> None:
    """The same for each example alone."""
    if int(np.prod(size[2:])) == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {size}")


def _get_softmax_dim(name: str, ndim: int, stacklevel_: int = 0) -> int:
    """The dimension that softmax takes where none is given, with PyTorch's warning."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel(),
    )
    return 0 if ndim in (0, 1, 3) else 1


def _is_integer(x: Any) -> bool:
    return isinstance(x, (int, np.integer)) or (isinstance(x, Tensor) and x._array_.dtype.kind in "iu")


def _none_or_dtype(input: Any) -> Any:
    """The dtype of a mask, None without one. RuntimeError for other things."""
    if input is None:
        return None
    if isinstance(input, Tensor):
        return input.dtype
    raise RuntimeError("input to _none_or_dtype() must be None or torch.Tensor")


def _canonical_mask(
    mask: Tensor | None,
    mask_name: str,
    other_type: Any,
    other_name: str,
    target_type: Any,
    check_other: bool = True,
) -> Tensor | None:
    """A mask of attention as what is added to the scores: -inf where a bool mask is True.

    AssertionError for masks of integers; a warning where there is another mask of another dtype.
    """
    if mask is None:
        return None
    if mask.dtype is not dtypes.bool and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype is not other_type:
        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for both instead.",
            stacklevel=stacklevel(),
        )
    if mask.is_floating_point():
        return mask
    return wrap(np.zeros(tuple(mask.shape), target_type.np)).masked_fill_(mask, float("-inf"))


def _in_projection(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    w_q: Tensor,
    w_k: Tensor,
    w_v: Tensor,
    b_q: Tensor | None = None,
    b_k: Tensor | None = None,
    b_v: Tensor | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of attention, each by its own linear map: (..., E), weights (E, E)."""
    return linear(q, w_q, b_q), linear(k, w_k, b_k), linear(v, w_v, b_v)


def _in_projection_packed(
    q: Tensor, k: Tensor, v: Tensor, w: Tensor, b: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """The same with the three weights, and biases, in one tensor, one above the other: w (3 E, E), b (3 E,)."""
    biases = (None, None, None) if b is None else b.chunk(3)
    w_q, w_k, w_v = w.chunk(3)
    return _in_projection(q, k, v, w_q, w_k, w_v, *biases)


def _unpool_output_size(
    input: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    output_size: Sequence[int] | None,
) -> list[int]:
    """The spatial size before a pooling, or the one given, checked. ValueError for one that is too far from that."""
    n = len(kernel_size)
    size = input.shape[-n:]
    usual = [(size[d] - 1) * stride[d] + kernel_size[d] - 2 * padding[d] for d in range(n)]
    if output_size is None:
        return usual
    given = list(output_size)
    if len(given) == n + 2:
        given = given[2:]
    if len(given) != n:
        raise ValueError(
            f"output_size should be a sequence containing {n} or {n + 2} elements, but it has {len(given)}"
        )
    for d in range(n):
        if not usual[d] - stride[d] < given[d] < usual[d] + stride[d]:
            low, high = usual[d] - stride[d], usual[d] + stride[d]
            raise ValueError(f"invalid output_size {given} (dim {d} must be between {low} and {high})")
    return given
