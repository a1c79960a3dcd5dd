"""What becomes of masks: the answers of MaskedTensor's `__torch_function__`, by the name of the function.

Elementwise functions keep the mask, reductions reduce it too, functions of the shape are applied to it as well, and
functions that only ask something are left alone. Everything else is refused, as PyTorch does: what is masked out must
not slip into a result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mibun as torch

from ..core.tensor import Tensor
from ..dispatch.torch_function import DisableTorchFunctionSubclass
from . import reductions
from .arrangement import log_softmax, softmax
from .masked_tensor import MaskedTensor, with_mask

_UNARY = """
abs absolute acos arccos acosh arccosh angle asin arcsin asinh arcsinh atan arctan atanh arctanh bitwise_not ceil clamp
clip clone conj_physical contiguous cos cosh deg2rad detach digamma erf erfc erfinv exp exp2 expm1 fix floor frac i0
isfinite isinf isnan isneginf isposinf lgamma log log10 log1p log2 logit logical_not nan_to_num neg negative ones_like
positive pow rad2deg reciprocal round rsqrt sgn sigmoid sign signbit sin sinc sinh sqrt square tan tanh trunc
""".split()
_BINARY = """
add arctan2 atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor div divide eq floor_divide
fmax fmin fmod ge greater greater_equal gt le less less_equal logaddexp logaddexp2 lt maximum minimum mul multiply ne
nextafter not_equal remainder rsub sub subtract true_divide __rsub__ __rdiv__ __rtruediv__ __rpow__ __floordiv__
__rfloordiv__ __rmod__ __eq__
""".split()
_CASTS = "bfloat16 bool byte char double float half int long short to type_as".split()
# Of the data and of the mask alike.
_SHAPES = """
__getitem__ atleast_1d atleast_2d atleast_3d broadcast_to chunk expand expand_as flatten hsplit narrow ravel reshape
reshape_as select split t tensor_split transpose unflatten unfold unsqueeze view view_as vsplit dsplit _reshape_alias
""".split()
_JOINING = "cat column_stack concat concatenate dstack hstack stack vstack".split()
_REDUCTIONS = "all amax amin argmax argmin mean norm prod std sum var".split()
# Those that only ask, or belong to the graph.
_QUESTIONS = """
__bool__ __dir__ __format__ __len__ __repr__ __str__ backward data_ptr dense_dim dim element_size get_device
is_complex is_conj is_contiguous is_floating_point is_inference is_neg is_same_size is_signed item ndimension nelement
numel register_hook register_post_accumulate_grad_hook requires_grad_ retain_grad size sparse_dim storage_offset stride
""".split()


def masked(value: Any) -> bool:
    return hasattr(value, "_masked_mask")


def answer(func: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a call is where one of the arguments is a MaskedTensor."""
    name = getattr(func, "__name__", "")
    if name in ("__get__", "__set__", "__delete__"):
        return _property(func, name, args)
    with DisableTorchFunctionSubclass():
        in_place = name.endswith("_") and not name.endswith("__") and name[:-1] in {*_UNARY, *_BINARY}
        plain_name = name[:-1] if in_place else name
        if name in _QUESTIONS:
            return func(*args, **kwargs)
        if name == "where":
            return _where(func, *args, **kwargs)
        if plain_name in _UNARY or plain_name in _CASTS or plain_name in _BINARY:
            mask = _common_mask(args)
            out = func(*args, **kwargs)
            return args[0] if in_place else with_mask(out, mask)
        if name in _SHAPES:
            return _both(func, args[0], args[1:], kwargs)
        if name in _JOINING:
            return _joined(func, args, kwargs)
        if name in _REDUCTIONS:
            return _reduced(name, *args, **kwargs)
        if name in ("softmax", "log_softmax"):
            return _normalised(name, *args, **kwargs)
        if name == "to_dense":
            return with_mask(func(*args, **kwargs), args[0]._masked_mask.to_dense())
        if name in ("to_sparse", "to_sparse_csr"):
            return _sparse(name, args[0])
        if name in ("numpy", "tolist"):
            raise RuntimeError(f".{name}() is not supported for tensor subclasses, got MaskedTensor")
        if name in ("grad",):
            return func(*args, **kwargs)
    raise TypeError(
        f"no implementation found for '{name}' on MaskedTensor: only elementwise functions, reductions and functions "
        "of the shape know what becomes of a mask. Use to_tensor(value) for a Tensor without one."
    )


# Properties whose value is a tensor of the same elements, or of others.
_TENSORS = frozenset(("T", "mT", "H", "mH", "real", "imag"))


def _property(func: Any, kind: str, args: tuple) -> Any:
    owner = getattr(func, "__self__", None)
    name = next((name for name in (*_TENSORS, "data") if vars(Tensor).get(name) is owner), "")
    with DisableTorchFunctionSubclass():
        if kind == "__get__" and name == "data":
            return with_mask(args[0].detach(), args[0]._masked_mask)
        if kind == "__get__" and name in ("mT", "mH"):
            return with_mask(func(*args), args[0]._masked_mask.mT)
        if kind == "__get__" and name in _TENSORS:
            raise TypeError(f"no implementation found for 'Tensor.{name}' on MaskedTensor")
        return func(*args)


def _common_mask(args: tuple) -> Tensor:
    """The mask of the operands: those that have one must have the same."""
    masks = [value._masked_mask for value in args if masked(value)]
    for other in masks[1:]:
        if other is not masks[0] and not (
            other.shape == masks[0].shape and torch.equal(other.to_dense(), masks[0].to_dense())
        ):
            raise ValueError("Input masks must match. If you need support for this, please open an issue on Github.")
    return masks[0]


def _where(func: Callable, condition: Tensor, *others: Any) -> Any:
    if masked(condition):  # as a method: `x.where(condition, other)`
        condition, others = others[0], (condition, *others[1:])
    if not (len(others) == 2 and all(masked(value) for value in others)):
        raise TypeError("where(): both values have to be MaskedTensors, where one is")
    one, other = others
    mask = torch.where(condition, one._masked_mask, other._masked_mask)
    return with_mask(torch.where(condition, one, other), mask)


def _both(func: Callable, input: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A function of the shape, of the data and of the mask."""
    data, mask = func(input, *args, **kwargs), func(input._masked_mask, *args, **kwargs)
    if isinstance(data, (tuple, list)):
        return type(data)([with_mask(part, own) for part, own in zip(data, mask, strict=True)])
    return with_mask(data, mask)


def _joined(func: Callable, args: tuple, kwargs: dict[str, Any]) -> Any:
    first = kwargs["tensors"] if "tensors" in kwargs else args[0]
    if not all(masked(part) for part in first):
        raise TypeError(f"{func.__name__}(): all tensors have to be MaskedTensors, where one is")
    rest = {key: value for key, value in kwargs.items() if key != "tensors"}
    masks = [part._masked_mask for part in first]
    return with_mask(func(first, *args[1:], **rest), func(masks, *args[1:], **rest))


def _reduced(name: str, input: Any, dim: Any = None, keepdim: bool = False, dtype: Any = None, **kwargs: Any) -> Any:
    mask = input._masked_mask
    if name == "all":
        values = input.get_data().to(torch.bool) | ~mask
        out = values.all() if dim is None else values.all(dim, keepdim=keepdim)
    else:
        options = {"keepdim": keepdim, **kwargs}
        if dtype is not None:
            options["dtype"] = dtype
        reduce = getattr(reductions, name)
        if name == "norm":
            order = options.pop("p", 2.0 if dim is None else dim)
            out = reduce(input, order, options.pop("dim", None), mask=mask, **options)
            dim = kwargs.get("dim")
        else:
            out = reduce(input, dim, mask=mask, **options)
    if mask.layout is not torch.strided:
        mask = mask.to_dense()
    left = mask.any() if dim is None or dim == () else mask.amax(dim, keepdim=keepdim)
    return with_mask(out, left if out.layout is torch.strided else left.to_sparse(layout=out.layout))


def _normalised(name: str, input: Any, dim: int, _stacklevel: int = 3, dtype: Any = None) -> Any:
    function = softmax if name == "softmax" else log_softmax
    return with_mask(function(input, dim, dtype=dtype, mask=input._masked_mask), input._masked_mask)


def _sparse(name: str, input: Any) -> Any:
    """The elements that count alone are specified."""
    mask = getattr(input._masked_mask, name)()
    return with_mask(input.get_data().sparse_mask(mask), mask)


def _torch_function(cls: type, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
    return answer(func, args, kwargs or {})


MaskedTensor.__torch_function__ = classmethod(_torch_function)  # type: ignore[assignment]
