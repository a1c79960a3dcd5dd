"""`torch._foreach_add` and its like: one function for every Tensor of a list, as optimizers call them.

PyTorch has them to start fewer kernels on an accelerator. Here each is the function of its name, called for one Tensor
after the other, so gradients, checks and errors are those of that function. `_foreach_add` gives a tuple of results,
`_foreach_add_` writes into the Tensors and gives the list that it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.registry import FUNCTIONS
from ..core.tensor import Tensor
from ..ops.linalg.norms import vector_norm

# Of one operand, with an in-place form.
UNARY = (
    "abs acos asin atan ceil cos cosh erf erfc exp expm1 floor frac lgamma log log10 log1p log2 neg reciprocal round "
    "rsqrt sigmoid sign sin sinh sqrt tan tanh trunc"
).split()
# Of two: the second is a number for all, or a list with a number or a Tensor for each.
BINARY = "add sub mul div pow maximum minimum clamp_max clamp_min".split()
WITH_TENSOR = frozenset(("add", "mul", "div"))  # where the second may also be one Tensor without axes for all
WITH_ALPHA = frozenset(("add", "sub"))


def _tensors(name: str, tensors: Any, length: int | None = None) -> list[Tensor]:
    """A list of Tensors that is an argument of a function, checked."""
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(f"{name}(): expected a list or tuple of Tensors, got {type(tensors).__name__}")
    for position, tensor in enumerate(tensors):
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name}(): expected Tensor as element {position}, but got {type(tensor).__name__}")
    if length is None and not tensors:
        raise RuntimeError("Tensor list must have at least one tensor.")
    if length is not None and len(tensors) != length:
        raise RuntimeError(f"Tensor lists must have the same number of tensors, got {length} and {len(tensors)}")
    return list(tensors)


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float, complex)) or (hasattr(value, "item") and not isinstance(value, Tensor))


def _numbers(name: str, values: Any, length: int) -> list[Any]:
    """Numbers, one for each Tensor: of a number for all, a list, or a Tensor of them with one axis."""
    if _is_number(values):
        return [values] * length
    if isinstance(values, Tensor):
        if values.dim() != 1:
            raise RuntimeError(f"Expected packed scalar Tensor to be of dimension 1. Got {values.dim()} instead.")
        values = values.tolist()
    if not isinstance(values, (list, tuple)) or not all(_is_number(value) for value in values):
        raise TypeError(f"{name}(): expected a number, or a list of numbers, got {type(values).__name__}")
    if len(values) != length:
        raise RuntimeError("Tensor list must have same number of elements as scalar list.")
    return list(values)


def _others(name: str, other: Any, length: int, with_tensor: bool) -> list[Any]:
    """The second operands of a function of two."""
    if isinstance(other, Tensor) and with_tensor:
        if other.dim():
            raise RuntimeError(
                f"scalar tensor expected to be 0 dim but it has {other.dim()} dimensions and {other.numel()} elements."
            )
        return [other] * length
    if isinstance(other, (list, tuple)) and any(isinstance(one, Tensor) for one in other):
        return list(_tensors(name, other, length))
    if isinstance(other, Tensor):
        if other.dim():
            raise TypeError(f"{name}(): expected a number or a list for the second operand, got a Tensor with axes")
        other = other.item()
    return _numbers(name, other, length)


def _results(stem: str, in_place: bool, tensors: Any, rows: Sequence[tuple], **kwargs: Any) -> Any:
    """The function of the name on each Tensor with its further operands: a tuple, or the list that was written into."""
    if not in_place:
        return tuple(FUNCTIONS[stem](*row, **kwargs) for row in rows)
    for tensor, *rest in rows:
        method = getattr(Tensor, f"{stem}_", None)
        if method is not None:
            method(tensor, *rest, **kwargs)
        else:
            tensor.copy_(FUNCTIONS[stem](tensor, *rest, **kwargs))
    return tensors


def _unary(stem: str, name: str, in_place: bool) -> Callable:
    def function(self: Any) -> Any:
        return _results(stem, in_place, self, [(tensor,) for tensor in _tensors(name, self)])

    return function


def _binary(stem: str, name: str, in_place: bool) -> Callable:
    calls = {"maximum": "clamp_min", "minimum": "clamp_max"}  # (of a number, which `maximum` does not take)

    def call(self: Any, other: Any, alpha: Any) -> Any:
        if _is_number(self) and stem == "pow" and not in_place:  # 2 ** each
            return tuple(FUNCTIONS["pow"](self, exponent) for exponent in _tensors(name, other))
        tensors = _tensors(name, self)
        others = _others(name, other, len(tensors), stem in WITH_TENSOR)
        if alpha is not None and (stem not in WITH_ALPHA or not isinstance(others[0], Tensor)):
            raise TypeError(f"{name}() received an invalid combination of arguments: alpha goes with Tensors")
        options = {} if alpha is None else {"alpha": alpha}
        found = stem if isinstance(others[0], Tensor) else calls.get(stem, stem)
        return _results(found, in_place, self, list(zip(tensors, others, strict=True)), **options)

    def function(self: Any, *args: Any, alpha: Any = None, **kwargs: Any) -> Any:
        if len(args) + len(kwargs) != 1 or not kwargs.keys() <= {"other", "scalar", "scalars", "exponent"}:
            raise TypeError(f"{name}() received an invalid combination of arguments: expected one second operand")
        return call(self, args[0] if args else next(iter(kwargs.values())), alpha)

    return function


def _with_value(stem: str, name: str, in_place: bool) -> Callable:
    def function(self: Any, tensor1: Any, tensor2: Any, value: Any = 1, *, scalars: Any = None) -> Any:
        tensors = _tensors(name, self)
        first, second = (_tensors(name, one, len(tensors)) for one in (tensor1, tensor2))
        values = _numbers(name, value if scalars is None else scalars, len(tensors))
        results = [
            _results(stem, in_place, [row[0]], [row[:3]], value=row[3])[0]
            for row in zip(tensors, first, second, values, strict=True)
        ]
        return self if in_place else tuple(results)

    return function


def _lerp(stem: str, name: str, in_place: bool) -> Callable:
    def function(self: Any, tensors1: Any, weight: Any = None, *, weights: Any = None) -> Any:
        tensors = _tensors(name, self)
        ends = _tensors(name, tensors1, len(tensors))
        shares = _others(name, weight if weights is None else weights, len(tensors), False)
        return _results(stem, in_place, self, list(zip(tensors, ends, shares, strict=True)))

    return function


def _foreach_norm(self: Any, ord: Any = 2, dtype: Any = None) -> tuple[Tensor, ...]:  # noqa: A002
    """The norm of each Tensor, of all of its elements: see `linalg.vector_norm`."""
    return tuple(vector_norm(tensor, ord, dtype=dtype) for tensor in _tensors("_foreach_norm", self))


def _foreach_powsum(self: Any, ord: Any = 2, dtype: Any = None) -> tuple[Tensor, ...]:  # noqa: A002
    """The sum of the absolute elements to the power `ord`, of each Tensor: its norm before the root."""
    return tuple((tensor.abs() ** ord).sum(dtype=dtype) for tensor in _tensors("_foreach_powsum", self))


def _foreach_max(self: Any) -> tuple[Tensor, ...]:
    """The largest element of each Tensor."""
    return tuple(tensor.max() for tensor in _tensors("_foreach_max", self))


def _foreach_clone(self: Any, *, memory_format: Any = None) -> tuple[Tensor, ...]:
    """A copy of each Tensor."""
    options = {} if memory_format is None else {"memory_format": memory_format}
    return tuple(tensor.clone(**options) for tensor in _tensors("_foreach_clone", self))


def _foreach_mm(self: Any, mat2: Any) -> tuple[Tensor, ...]:
    """The product of each pair of matrices."""
    tensors = _tensors("_foreach_mm", self)
    others = _tensors("_foreach_mm", mat2, len(tensors))
    return tuple(a.mm(b) for a, b in zip(tensors, others, strict=True))


def _foreach_copy_(self: Any, src: Any, non_blocking: bool = False) -> Any:
    """Write each Tensor of `src` into that of the first list. non_blocking: of no meaning on a CPU."""
    tensors = _tensors("_foreach_copy_", self)
    for tensor, source in zip(tensors, _tensors("_foreach_copy_", src, len(tensors)), strict=True):
        tensor.copy_(source, non_blocking)
    return self


def _foreach_zero_(self: Any) -> Any:
    """Make all elements of each Tensor zero."""
    for tensor in _tensors("_foreach_zero_", self):
        tensor.zero_()
    return self


def _fill() -> None:
    makers = {
        **dict.fromkeys(UNARY, _unary),
        **dict.fromkeys(BINARY, _binary),
        **dict.fromkeys(("addcmul", "addcdiv"), _with_value),
        "lerp": _lerp,
    }
    for stem, maker in makers.items():
        for in_place in (False, True):
            name = f"_foreach_{stem}{'_' if in_place else ''}"
            function = maker(stem, name, in_place)
            function.__name__ = function.__qualname__ = name
            function.__doc__ = f"`{stem}` of each Tensor of a list{', in place' if in_place else ''}."
            globals()[name] = function


_fill()
__all__ = sorted(name for name in dir() if name.startswith("_foreach_"))
