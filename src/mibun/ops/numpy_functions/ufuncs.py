"""Universal functions of Tensors: which operator each one is, and the methods `at`, `outer`, `reduceat`.

`reduce` and `accumulate` are in `reduce.py`.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.registry import FUNCTIONS
from ...core.tensor import Tensor, wrap
from ...core.views import bump_version, own_array
from .arguments import array_of, cast, common, followed, ops, replaced, tensor_of, written

# NumPy's names for what is called otherwise in PyTorch.
_NAMES = {
    "absolute": "abs",
    "arccos": "acos",
    "arccosh": "acosh",
    "arcsin": "asin",
    "arcsinh": "asinh",
    "arctan": "atan",
    "arctan2": "atan2",
    "arctanh": "atanh",
    "conjugate": "conj_physical",
    "degrees": "rad2deg",
    "divide": "div",
    "fabs": "abs",
    "multiply": "mul",
    "negative": "neg",
    "power": "pow",
    "radians": "deg2rad",
    "rint": "round",
    "sign": "sgn",
    "subtract": "sub",
}
# Those that PyTorch calls by the same name.
_SAME = frozenset(
    "add ceil copysign cos cosh deg2rad exp exp2 expm1 float_power floor fmax fmin fmod hypot log log10 log1p log2 "
    "logaddexp logaddexp2 maximum minimum positive rad2deg reciprocal remainder sin sinh sqrt square tan tanh "
    "trunc".split()
)
# Piecewise constant, or of integers alone: their values are NumPy's, and nothing is recorded.
CONSTANT = frozenset(
    (
        "bitwise_and bitwise_count bitwise_or bitwise_xor equal floor_divide gcd greater greater_equal heaviside "
        "invert isfinite isinf isnan isnat lcm left_shift less less_equal logical_and logical_not logical_or "
        "logical_xor nextafter not_equal right_shift signbit spacing"
    ).split()
)
# Of scipy.special's ufuncs, those that are operators here: their name -> the operator's.
_SCIPY = {
    **{name: name for name in ("digamma", "erf", "erfc", "erfinv", "i0", "logit", "xlogy", "exp2", "expm1", "log1p")},
    "expit": "sigmoid",
    "gammaln": "lgamma",
    "psi": "digamma",
}


def _cbrt(x: Tensor) -> Tensor:
    """The real cube root; its derivative at 0 is infinite."""
    negative = x < 0
    one = ops.ones((), dtype=x.dtype)
    root = ops.where(negative, one, x).pow(1 / 3)
    return ops.where(negative, -ops.where(negative, -x, one).pow(1 / 3), root)


def _ldexp(x: Tensor, exponent: Tensor) -> Tensor:
    return x * cast(tensor_of(np.ldexp(np.ones((), x._array_.dtype), exponent._array_)), x.dtype)


def _modf(x: Tensor) -> tuple[Tensor, Tensor]:
    whole = ops.trunc(x)
    return ops.where(x.isinf(), ops.copysign(ops.zeros_like(x), x), x - whole), whole


def _frexp(x: Tensor) -> tuple[Tensor, Tensor]:
    _, exponent = np.frexp(x._array_)
    return _ldexp(x, tensor_of(-exponent)), tensor_of(exponent)


def _divmod(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    return tensor_of(np.floor_divide(x._array_, y._array_)), ops.remainder(x, y)


def _matmul(x: Tensor, y: Tensor) -> Tensor:
    return ops.matmul(*common([x, y]))


def _vecdot(x: Tensor, y: Tensor) -> Tensor:
    return (ops.conj_physical(x) * y).sum(-1)


def _matvec(a: Tensor, x: Tensor) -> Tensor:
    return _matmul(a, x.unsqueeze(-1)).squeeze(-1)


def _vecmat(x: Tensor, a: Tensor) -> Tensor:
    return _matmul(ops.conj_physical(x).unsqueeze(-2), a).squeeze(-2)


_OWN: dict[str, Callable[..., Any]] = {
    "cbrt": _cbrt,
    "divmod": _divmod,
    "frexp": _frexp,
    "ldexp": _ldexp,
    "matmul": _matmul,
    "matvec": _matvec,
    "modf": _modf,
    "vecdot": _vecdot,
    "vecmat": _vecmat,
}
# Of these the operands keep their dtypes, and integers need not become floating.
_MIXED = frozenset(("ldexp",))


# "reduce" and "accumulate" of ufuncs: filled by `reduce.py`, which needs the operators.
METHODS: dict[str, Callable[..., Tensor]] = {}


@functools.cache
def operator_of(ufunc: np.ufunc) -> Callable[..., Any] | None:
    """What a ufunc is over Tensors; None for those without a derivative here."""
    name: str = ufunc.__name__
    if getattr(np, name, None) is ufunc or name in ("vecdot", "matvec", "vecmat"):
        if name in _OWN:
            return _OWN[name]
        if name in _NAMES:
            return FUNCTIONS[_NAMES[name]]
        return FUNCTIONS[name] if name in _SAME else None
    special = sys.modules.get("scipy.special")
    if special is None or getattr(special, name, None) is not ufunc:
        return None
    return getattr(ops, _SCIPY[name]) if name in _SCIPY else None


def call(ufunc: np.ufunc, method: str, inputs: tuple, kwargs: dict[str, Any]) -> Any:
    """A ufunc, or one of its methods, of Tensors."""
    if not kwargs and method == "__call__":
        result = _plainly(ufunc, inputs)
        if result is not None:
            return result
    if not (followed(inputs) or followed(kwargs)):
        return _by_numpy(ufunc, method, inputs, kwargs)
    if ufunc.__name__ in CONSTANT and ufunc.signature is None and getattr(np, ufunc.__name__, None) is ufunc:
        inputs, kwargs = replaced((inputs, kwargs), lambda tensor: tensor.detach())
        return _by_numpy(ufunc, method, inputs, kwargs)
    if method == "reduceat":
        return _reduceat(ufunc, *inputs, **kwargs)
    if method in ("reduce", "accumulate"):
        return METHODS[method](ufunc, *inputs, **kwargs)
    function = operator_of(ufunc)
    if function is None:
        raise _no_derivative(ufunc, method)
    if method == "at":
        return _at(ufunc, function, *inputs)
    if method == "outer":
        first, second = map(tensor_of, inputs)
        inputs = (first.reshape(*first.shape, *[1] * second.ndim), second)
    return _elementwise(ufunc, function, inputs, **kwargs)


def _plainly(ufunc: np.ufunc, inputs: tuple) -> Tensor | None:
    """The commonest calls, in a fraction of the time: Tensors of one floating dtype, and numbers. None for others."""
    dtype = None
    recorded = False
    for value in inputs:
        if isinstance(value, Tensor):
            own = value._array_.dtype
            if own.kind not in "fc" or (dtype is not None and own != dtype):
                return None
            dtype = own
            recorded = recorded or followed(value)
        elif type(value) is not float and type(value) is not int:
            return None
    if not recorded:
        result = ufunc(*[value._array_ if isinstance(value, Tensor) else value for value in inputs])
        return tuple(map(wrap, result)) if isinstance(result, tuple) else wrap(result)  # type: ignore[return-value]
    if ufunc.__name__ in CONSTANT or ufunc.signature is not None or dtype.kind == "c":  # type: ignore[union-attr]
        return None
    function = operator_of(ufunc)
    if function is None:
        return None
    if ufunc.__name__ in ("ldexp", "float_power"):
        return None
    return function(*[value if isinstance(value, Tensor) else cast(tensor_of(value), dtype) for value in inputs])


def _no_derivative(ufunc: np.ufunc, method: str) -> RuntimeError:
    called = f"np.{ufunc.__name__}{'' if method == '__call__' else '.' + method}"
    return RuntimeError(
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. "
        f"({called} has no derivative here)"
    )


def _by_numpy(ufunc: np.ufunc, method: str, inputs: tuple, kwargs: dict[str, Any]) -> Any:
    """Where nothing is recorded: NumPy on the arrays, the results as Tensors, as `__array_wrap__` makes them."""
    changed = replaced(inputs[:1] if method == "at" else kwargs.get("out", ()), lambda tensor: own_array(tensor))
    outputs = kwargs.get("out")
    arrays = list(replaced(inputs, lambda tensor: tensor._array_))
    kwargs = replaced(kwargs, lambda tensor: tensor._array_)
    if method == "at":
        getattr(ufunc, method)(changed[0], *arrays[1:])
        if isinstance(inputs[0], Tensor):
            bump_version(inputs[0], f"np.{ufunc.__name__}.at")
        return None
    if outputs is not None:
        kwargs["out"] = changed
    elif "where" in kwargs:
        kwargs["out"] = None  # so that NumPy, which has dropped it if it was given, does not warn of its absence
    result = getattr(ufunc, method)(*arrays, **kwargs)
    if outputs is not None:
        for output in outputs:
            if isinstance(output, Tensor):
                bump_version(output, f"np.{ufunc.__name__}(out=)")
        if all(output is not None for output in outputs):
            return outputs[0] if len(outputs) == 1 else outputs
    if method == "outer":
        return result  # which NumPy does not give to __array_wrap__
    return tuple(map(wrap, result)) if isinstance(result, tuple) else wrap(result)


def _elementwise(
    ufunc: np.ufunc,
    function: Callable[..., Any],
    inputs: tuple,
    out: Any = None,
    where: Any = True,
    dtype: Any = None,
    casting: str = "same_kind",
    order: str = "K",
    subok: bool = True,
    signature: Any = None,
    axis: int | None = None,
    axes: Any = None,
    keepdims: bool = False,
) -> Any:
    """The operator on the operands, in the dtype that NumPy computes in. Elements that `where` leaves out are 0.

    `order` and `subok` are about the memory and the class of an array, which a Tensor's result has not.
    """
    if signature is not None:
        raise _no_derivative(ufunc, "__call__")
    if axes is not None or axis is not None or keepdims:
        return _along(ufunc, function, inputs, out, axis, axes, keepdims)
    operands = [tensor_of(value) for value in inputs]
    if ufunc.__name__ not in _MIXED:
        # NumPy says what it would compute in, and refuses what it would refuse.
        trial = [
            value if isinstance(value, (bool, int, float, complex)) else np.ones((1, 1), tensor._array_.dtype)
            for value, tensor in zip(inputs, operands, strict=True)
        ]
        with np.errstate(all="ignore"):
            result = ufunc(*trial, dtype=dtype, casting=casting)
        wanted = (result[0] if isinstance(result, tuple) else result).dtype
        if ufunc.__name__ in ("absolute", "abs") and operands[0].is_complex():
            wanted = operands[0]._array_.dtype
        operands = [cast(tensor, wanted) for tensor in operands]
    result = function(*operands)
    outs = out if isinstance(out, tuple) else (out,)
    if where is True:
        if isinstance(result, tuple):
            given = [*outs, *[None] * (len(result) - len(outs))]
            return tuple([written(one, o, ufunc.__name__) for one, o in zip(result, given, strict=True)])
        return written(result, outs[0], ufunc.__name__)
    mask = tensor_of(where)
    if isinstance(result, tuple):
        raise _no_derivative(ufunc, "__call__")
    if outs[0] is not None:
        return written(result, outs[0], ufunc.__name__, mask)
    return ops.where(mask, result, ops.zeros_like(result))


def _along(ufunc: Any, function: Any, inputs: tuple, out: Any, axis: Any, axes: Any, keepdims: bool) -> Tensor:
    """A ufunc of vectors or matrices that lie along other axes than the last ones."""
    if ufunc.signature is None:
        raise TypeError(f"{ufunc.__name__}() got an unexpected keyword argument 'axis'")
    operands = common([tensor_of(value) for value in inputs])
    if axes is None:
        if keepdims and axis is None:
            axis = -1
        axes = [(axis,), (axis,), ()]
    places = [(one,) if isinstance(one, int) else tuple(one) for one in axes]
    lasts = [tuple(range(-len(place), 0)) for place in places]
    operands = [x.movedim(place, last) for x, place, last in zip(operands, places, lasts, strict=False)]
    result = function(*operands)
    if len(places) > 2 and places[2]:
        result = result.movedim(lasts[2], places[2])
    if keepdims:
        result = result.unsqueeze(places[0][0] if places[0][0] >= 0 else result.ndim + 1 + places[0][0])
    return written(result, out, ufunc.__name__)


def _at(ufunc: np.ufunc, function: Callable[..., Any], a: Any, indices: Any, b: Any = None) -> None:
    """The ufunc in place on some elements, once for each time that an element is named."""
    if not isinstance(a, Tensor):
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. (np."
            f"{ufunc.__name__}.at writes to an array, which autograd does not follow)"
        )
    index = indices if isinstance(indices, tuple) else (indices,)
    numbers = np.arange(a.numel()).reshape(tuple(a.shape))[array_of(index)]
    flat = a.clone().reshape(-1)  # (the values before are needed for the derivative)
    values = None if b is None else cast(tensor_of(b), a.dtype).broadcast_to(numbers.shape).reshape(-1)
    if ufunc is np.add or ufunc is np.subtract:
        assert values is not None
        values = values if ufunc is np.add else -values
        flat = flat.index_add(0, tensor_of(numbers.reshape(-1)), values)
    else:
        for i, number in enumerate(numbers.reshape(-1).tolist()):
            element = function(flat[number]) if values is None else function(flat[number], values[i])
            flat = ops.cat([flat[:number], element.reshape(1), flat[number + 1 :]])
    a.copy_(flat.reshape(a.shape))


def _reduceat(ufunc: np.ufunc, a: Any, indices: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Tensor:
    tensor = tensor_of(a)
    places = array_of(indices)
    np.add.reduceat(np.zeros(tuple(tensor.shape)), places, axis)  # NumPy's error, if an index is out of range
    n = tensor.shape[axis]
    reduce = METHODS["reduce"]
    parts = []
    for first, last in zip(places, [*places[1:], n], strict=True):
        last = last if last > first else first + 1
        parts.append(reduce(ufunc, tensor.narrow(axis, int(first), int(last - first)), axis=axis, dtype=dtype))
    return written(ops.stack(parts, axis), out, f"{ufunc.__name__}.reduceat")


__all__ = ["CONSTANT", "METHODS", "call", "operator_of"]
