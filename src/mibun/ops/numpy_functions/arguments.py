"""The table of NumPy's functions, and what its entries share: operands, axes, dtypes, `out=`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...core.dtypes import dtype as Dtype
from ...core.dtypes import from_numpy_dtype
from ...core.mode import is_grad_enabled
from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor
from ..creation.from_data import as_tensor

# NumPy's function -> what it is over Tensors, with NumPy's signature.
TABLE: dict[Any, Callable[..., Any]] = {}
# Those that stand for NumPy's also where nothing is recorded: PyTorch raises there, or gives what NumPy does not mean.
ALWAYS: set[Any] = set()

NO_VALUE: Any = np._NoValue  # what NumPy's signatures have where an argument is not given


class _Operators:
    """mibun's functions by name, as attributes: `ops.where(…)`. (The table needs nearly all modules that have them.)"""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return FUNCTIONS[name]
        except KeyError:
            raise AttributeError(name) from None


ops: Any = _Operators()


def find(name: str) -> Any:
    """The function of NumPy's that has a name as `np` users write it, or None if this NumPy has none."""
    found: Any = np
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def implements(*names: str, always: bool = False) -> Callable[[Callable], Callable]:
    """Enter a function in the table, under the names that NumPy has it by: "sum", "linalg.inv"."""

    def enter(function: Callable) -> Callable:
        for name in names:
            found = find(name)
            if found is not None:
                TABLE[found] = function
                if always:
                    ALWAYS.add(found)
        return function

    return enter


# --- operands ---


def tensors_in(value: Any) -> Iterator[Tensor]:
    """The Tensors in an argument, in nested sequences too."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from tensors_in(item)


def followed(value: Any) -> bool:
    """Whether derivatives are asked for of a Tensor in an argument."""
    if isinstance(value, Tensor):  # (the common case, at once)
        return value._tangent_ is not None or (value.requires_grad and is_grad_enabled())
    return any(map(followed, tensors_in(value)))


def replaced(value: Any, change: Callable[[Tensor], Any]) -> Any:
    """An argument with its Tensors exchanged."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, (list, tuple)):
        items = [replaced(item, change) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: replaced(item, change) for key, item in value.items()}
    return value


def tensor_of(value: Any) -> Tensor:
    """An operand: what NumPy would make an array of, where a Tensor in a sequence keeps its history."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (list, tuple)) and any(True for _ in tensors_in(value)):
        return ops.stack(common([tensor_of(item) for item in value]))
    array = np.asarray(value)
    if not array.flags.writeable or any(stride < 0 for stride in array.strides) or not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    return as_tensor(array)


def array_of(value: Any) -> Any:
    """An argument that is no operand (indices, masks, sizes) as NumPy takes it."""
    return replaced(value, lambda tensor: tensor.detach().numpy())


def common(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The operands, in NumPy's common dtype."""
    dtype = np.result_type(*[tensor._array_.dtype for tensor in tensors])
    return [cast(tensor, dtype) for tensor in tensors]


def floating(tensor: Tensor) -> Tensor:
    """The operand; integers as float64, as NumPy divides them."""
    return cast(tensor, np.float64) if tensor._array_.dtype.kind in "biu" else tensor


def cast(tensor: Tensor, dtype: Any) -> Tensor:
    """The operand in a dtype of NumPy's or PyTorch's; as it is for None."""
    if dtype is None or dtype is NO_VALUE:
        return tensor
    return tensor.to(dtype if isinstance(dtype, Dtype) else from_numpy_dtype(np.dtype(dtype)))


def given(value: Any) -> bool:
    """Whether an argument that may be left out was given."""
    return value is not NO_VALUE and value is not None


# --- axes and results ---


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """Axes from 0 up; all for None. NumPy's AxisError, a ValueError for one named twice."""
    if axis is None or axis is NO_VALUE:
        return tuple(range(ndim))
    axes = tuple([axis_of(one, ndim) for one in (axis if isinstance(axis, (tuple, list)) else (axis,))])
    if len(set(axes)) < len(axes):
        raise ValueError("duplicate value in 'axis'")
    return axes


def axis_of(axis: Any, ndim: int) -> int:
    """One axis, from 0 up."""
    axis = operator.index(axis)
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis % ndim


def flat_or_axis(tensor: Tensor, axis: Any) -> tuple[Tensor, int]:
    """What functions do that work along one axis, and on all elements in a row without one."""
    if axis is None or axis is NO_VALUE:
        return tensor.reshape(-1), 0
    return tensor, axis_of(axis, tensor.ndim)


def written(result: Tensor, out: Any, function: str, where: Any = True) -> Tensor:
    """The result, or `out` with the result in it (where a mask says so)."""
    if isinstance(out, tuple):
        (out,) = out
    if out is None or out is NO_VALUE:
        return result
    if not isinstance(out, Tensor):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. (np."
            f"{function} writes its result to the array given as out=, which autograd does not follow)"
        )
    if tuple(out.shape) != tuple(np.broadcast_shapes(tuple(result.shape), tuple(out.shape))):
        raise ValueError(f"output parameter has shape {tuple(out.shape)}, which is too small for {tuple(result.shape)}")
    if not np.can_cast(result._array_.dtype, out._array_.dtype, "same_kind"):
        raise TypeError(
            f"Cannot cast np.{function} output from {result._array_.dtype} to {out._array_.dtype} with casting rule "
            "'same_kind'"
        )
    return out.copy_(result if where is True else ops.where(where, result, cast(out, result.dtype)))
