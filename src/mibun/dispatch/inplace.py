"""What writes into tensors: in-place operations, `out=`, and what each must satisfy before anything is changed.

`apply_inplace` runs an operator's kernel, checks that the result may be written over the first operand, writes it, and
changes that tensor's history (`autograd/views.py` does so where the tensor is a view or has views).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.batching import refuse_escaped
from ..core.dtypes import can_cast, from_numpy_dtype
from ..core.memory import layout_of, shares_arrays
from ..core.memory import write as write_immutable
from ..core.meta import MetaArray
from ..core.mode import MODE
from ..core.node import NO_VERSIONS
from ..core.quiet import NUMERICAL, hushed, silently
from ..core.registry import (
    DISPATCHING,
    LAZY,
    LEADING,
    NAMESPACES,
    TENSORS,
    beside,
    different_devices,
    is_numpys,
    namespace_for,
    namespace_of,
)
from ..core.site import stacklevel
from ..core.tangents import refuse_dual
from ..core.tensor import PLAIN, Tensor
from ..core.views import (
    before_write,
    bump_version,
    check_inplace,
    counter_of,
    edge_of,
    rebase_history,
    refuse_captured,
    refuse_shared,
)
from ..core.watching import watched_operator
from ..xp import numpy_namespace
from ..xp.numpy.pieces import LARGE
from .apply import (
    convert,
    explanation,
    foreign_number,
    lifted_over,
    make_node,
    not_a_tensor,
    not_implemented,
    refusal,
    run_kernel,
)
from .jvp import inplace_tangents, set_inplace_tangents
from .torch_function import ask


def check_partial_overlap(target: Any, operand: Any) -> None:
    """Refuse an in-place operation whose operand shares some of the memory in another arrangement, as PyTorch does."""
    counter = target._version_counter_
    if counter is None or operand is target or getattr(operand, "_version_counter_", None) is not counter:
        return
    a, b = _in_memory(layout_of(target)), _in_memory(layout_of(operand))
    if type(a) in LEADING or type(b) in LEADING:
        return
    if not (_is_dense(a) and _is_dense(b)) or a.size == 0 or b.size == 0:
        return
    if _same_elements(a, b):
        return
    if namespace_of(a).np.may_share_memory(a, b):
        raise RuntimeError(
            "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
            "memory location. Please clone() the tensor before performing the operation."
        )


def check_levels(target: Any, result: Any, name: str) -> None:
    """RuntimeError where a tensor that is the same for all examples of a vmap would get a value for each."""
    own = getattr(target._array_, "levels", ())
    if any([level not in own for level in getattr(result, "levels", ())]):
        for ending in ("_scaled_", "_rounded_", "_tensor_", "_tensors_", "_scalar_"):  # one of several operators
            name = f"{name.removesuffix(ending)}_" if name.endswith(ending) else name
        what = "inplace arithmetic" if name in _ARITHMETIC else name
        raise RuntimeError(
            f"vmap: {what}(self, *extra_args) is not possible because there exists a Tensor `other` in extra_args that "
            "has more elements than `self`. This happened due to `other` being vmapped over but `self` not being "
            f"vmapped over in a vmap. Please try to use out-of-place operators instead of {what}."
        )


# What PyTorch has one name for.
_ARITHMETIC = frozenset(
    """
    __setitem__ clamp_max_ clamp_min_ copy_ div_ logical_and_ logical_or_ logical_xor_ masked_fill_ mul_ sub_
    """.split()
)


def _same_elements(a: Any, b: Any) -> bool:
    """Whether two arrays are the same elements of the same memory, in the same order."""
    if a is b:
        return True
    a, b = _in_memory(a), _in_memory(b)
    if type(a) is not type(b) or not hasattr(a, "strides"):
        return False
    address = namespace_of(a).address
    return a.strides == b.strides and a.shape == b.shape and a.dtype == b.dtype and address(a) == address(b)


def _in_memory(array: Any) -> Any:
    """The array of the memory: that of all examples, if it is batched."""
    return array.array if hasattr(array, "levels") else array


def _is_dense(array: Any) -> bool:
    """Whether the elements fill a stretch of memory without gaps and without overlaps."""
    expected = array.itemsize
    for stride, size in sorted(zip(array.strides, array.shape, strict=True)):
        if size != 1:
            if stride != expected:
                return False
            expected *= size
    return True


def write(tensor: Any, result: Any) -> None:
    """Overwrite the memory of a tensor with an array of its shape."""
    array = tensor._array_
    if type(result) is MetaArray and type(array) is not MetaArray:
        raise RuntimeError("Tensor on device meta is not on the expected device cpu!")
    if not shares_arrays(array):
        write_immutable(tensor, result)
        return
    kind = type(result)
    if kind is not np.ndarray and kind not in LEADING and kind not in TENSORS and hasattr(result, "dtype"):
        xp = NAMESPACES[kind]
        if kind in LAZY and is_numpys(type(array)):  # what is to be computed later is written now
            result = xp.to_numpy(result)
        elif xp is not NAMESPACES[type(array)] and not is_numpys(kind) and is_numpys(type(array)):
            raise RuntimeError(different_devices(str(xp.device_of(result)), "cpu"))
    if isinstance(array, np.generic):
        # A 0-d tensor that shares its memory with nothing holds a NumPy scalar, which cannot be written to.
        tensor._array_ = silently(_scalar_of, result, array.dtype)
    else:
        silently(NAMESPACES[type(result) if type(result) in LEADING else type(array)].write, array, result)


def array_to_write(tensor: Tensor, name: str) -> np.ndarray | None:
    """The array of a plain tensor of floats without history, which is marked as modified by `name`, to be written into.

    None for every other tensor, and where anybody wants to see the operation: that goes the general way.
    """
    array = tensor._array_
    if type(array) is not np.ndarray or array.dtype.kind != "f" or not array.flags.c_contiguous:
        return None
    if type(tensor) not in PLAIN or tensor._edge_ is not None or not MODE.get().fast:
        return None
    before_write(tensor)
    bump_version(tensor, name)
    return array


def _scalar_of(result: Any, dtype: np.dtype) -> Any:
    return result.astype(dtype)[()] if hasattr(result, "astype") else dtype.type(result)


def _castable(source: Any, target: Any) -> bool:
    return can_cast(from_numpy_dtype(source), from_numpy_dtype(target))


def inplace_misfit(name: str, tensor: Any, shape: tuple[int, ...], dtype: Any) -> str | None:
    """Why a result of this shape and dtype may not be written into `tensor`, in PyTorch's words; None if it may."""
    target = tensor._array_
    if dtype != target.dtype and not _castable(dtype, target.dtype):
        return (
            f"result type {from_numpy_dtype(dtype).scalar_name} can't be cast to the desired output type "
            f"{from_numpy_dtype(target.dtype).scalar_name} (in {name}): use the out-of-place form"
        )
    if shape != target.shape:
        try:
            fits = np.broadcast_shapes(shape, target.shape) == target.shape
        except ValueError:
            fits = False
        if not fits:
            return f"output with shape {list(target.shape)} doesn't match the broadcast shape {list(shape)} (in {name})"
    return None


def check_inplace_result(name: str, tensor: Any, shape: tuple[int, ...], dtype: Any) -> None:
    """Whether a result of this shape and dtype may be written into `tensor`: RuntimeError if not."""
    words = inplace_misfit(name, tensor, shape, dtype)
    if words is not None:
        raise RuntimeError(words)


def _written_at_once(op: Any, operands: Sequence, params: dict[str, Any], name: str, mode: Any) -> bool:
    """Do the commonest case: nothing is recorded, one floating dtype, memory that is dense and nobody else's operand.

    False, with nothing changed, if it is another case.
    """
    target = operands[0]
    array, counter = target._array_, target._version_counter_
    if type(array) is not np.ndarray or counter is NO_VERSIONS or op.residuals:
        return False
    dtype = array.dtype
    if dtype.kind != "f" or not array.flags.c_contiguous or (op.refuses is not None and "f" in op.refuses):
        return False
    arrays = [array]
    for other in operands[1:]:
        kind = type(other)
        if kind in PLAIN:
            y = other._array_
            if type(y) is not np.ndarray and not isinstance(y, np.generic):
                return False
            if y.dtype is not dtype or (other._edge_ is not None and mode.grad):
                return False
            if counter is not None and other._version_counter_ is counter and other is not target:
                return False
        elif (kind is float or kind is int) and op.scalars and not params:
            y = other
        else:
            return False
        arrays.append(y)  # pyright: ignore[reportArgumentType]
    hushed()
    try:
        kernel = op.large if op.elementwise and array.size >= LARGE else op.kernel
        result = kernel(numpy_namespace, *arrays, **params)
    except NUMERICAL:
        return False  # the general path runs it silently
    except Exception as error:
        raise explanation(op, arrays, error) from None
    if result.dtype is not dtype or type(result) is MetaArray:
        return False
    if result.shape != array.shape:
        words = inplace_misfit(name, target, result.shape, dtype)
        if words is not None:
            raise RuntimeError(words)
        return False
    try:
        array[...] = result
    except TypeError:  # a sparse one
        write(target, result)
    bump_version(target, name)
    return True


def _answer(op: Any, operands: Sequence, name: str) -> Any:
    """What an operand that is no Tensor answers, or the error that it is none."""
    answer = ask(getattr(Tensor, name, op), tuple(operands), {})
    if answer is NotImplemented:
        raise not_a_tensor(op, operands, name)
    return answer


def apply_inplace(op: Any, operands: Sequence, params: dict[str, Any], name: str | None = None) -> Any:
    """Apply an operator and write the result over its first operand, changing that tensor's history accordingly."""
    target = operands[0]
    mode = MODE.get()
    name = name if name is not None else f"{op.name}_"
    if not mode.fast and mode.watchers:
        return watched_operator(apply_inplace, op, operands, params, name, mode)
    if DISPATCHING and not op.dispatched:
        for operand in operands:
            if type(operand) in DISPATCHING:
                return DISPATCHING[type(operand)](apply_inplace, op, operands, params, name)
    if not isinstance(target, Tensor):
        return _answer(op, operands, name)
    if mode.fast and target._edge_ is None and _written_at_once(op, operands, params, name, mode):
        return target
    edges = [edge_of(o) if mode.grad and isinstance(o, Tensor) else None for o in operands]
    # What is written over integers has no gradient.
    any_edge = any(edge is not None for edge in edges)
    records = any_edge and op.differentiable and target._array_.dtype.kind in "fcV"
    if mode.transforms:
        refuse_captured(target, name)
    check_inplace(target, any_edge)
    if not op.scalars and not all(isinstance(o, Tensor) for o in operands):
        return _answer(op, operands, name)
    arrays = [o._array_ if isinstance(o, Tensor) else foreign_number(o) for o in operands]
    if any([array is None for array in arrays]):
        return _answer(op, operands, name)
    xp = namespace_for(arrays)
    if xp is not numpy_namespace:
        arrays = list(beside(xp, arrays))
    if op.dtype_rule is not None:
        refused = None if op.refuses is None else refusal(op, arrays, before_promotion=True)
        if refused is not None:
            raise not_implemented(op, *refused)
        arrays = convert(op, xp, arrays)
    result = run_kernel(op, xp, arrays, params)
    residuals: tuple = ()
    if op.residuals:
        result, residuals = result[0], tuple(result[1:])
    if xp is not numpy_namespace:
        check_levels(target, result, name)
        refuse_escaped(getattr(target._array_, "levels", ()))
    tangents = inplace_tangents(op, operands, params) if mode.dual_level >= 0 else None
    if name != "copy_" or not _same_elements(operands[1]._array_, target._array_):
        check_inplace_result(name, target, result.shape, result.dtype)
        if name not in ("zero_", "fill_"):  # one value everywhere may go to shared memory
            refuse_shared(layout_of(target))
    for operand in operands[1:]:
        check_partial_overlap(target, operand)
        if name == "fill_":  # with a tensor, which PyTorch refuses where it takes a number
            refuse_shared(layout_of(target))
    node = None
    if records:
        if arrays[0] is target._array_:
            arrays[0] = xp.copy(arrays[0])
        shape, dtype = target._array_.shape, target._array_.dtype
        others = (None, *operands[1:])
        if type(target._array_) in TENSORS:
            edges, xp = lifted_over(edges, operands, target._array_.levels, xp)
        node, made = make_node(op, others, arrays, params, edges, xp, residuals, mode, shape, dtype)
    if node is None:
        write(target, result)
        bump_version(target, name)
    else:
        before, counter = target._array_, counter_of(target)
        former = counter.version, counter.modified_by
        try:
            write(target, result)
            bump_version(target, name)
            node.save_outputs(made, (target,), mode)  # the user's packers may raise
            rebase_history(target, node)
        except BaseException:
            if not shares_arrays(before):
                write(target, before)
            else:
                if target._array_ is before:
                    write(target, arrays[0])
                target._array_ = before
            counter.version, counter.modified_by = former
            raise
    if tangents:
        set_inplace_tangents(target, node, tangents)
    return target


# Functions whose `out` has to have the dtype of the result, in PyTorch: most that are not pointwise, and some that are.
# All others cast to what is given, as long as that is no lesser kind of number.
_EXACT_OUT = frozenset(
    """
    addbmm addmm addmv amax amin aminmax argmax argmin argsort baddbmm bitwise_not bmm bucketize ceil chain_matmul clamp
    clamp_max clamp_min complex conj_physical cross cummax cummin det diag dot eigvalsh float_power floor frac gather
    heaviside histc index_add index_copy index_fill index_select inner inv inverse isin isneginf isposinf kthvalue
    linalg_cholesky linalg_cross linalg_det linalg_eigvalsh linalg_inv linalg_matrix_power linalg_multi_dot linalg_norm
    linalg_solve linalg_svdvals linalg_vecdot linalg_vector_norm log_softmax logcumsumexp masked_select matmul
    matrix_norm matrix_power max median min mm mode msort multi_dot mv nan_to_num nanmedian nanquantile narrow_copy neg
    nonzero norm polar quantile renorm round scatter searchsorted sgn sign signbit softmax solve sort svdvals take
    take_along_dim tensordot topk tril triu trunc vecdot vector_norm where
    """.split()
)
_REAL_OUT = frozenset({"std", "var", "nansum", "nanmean"})


def _check_out_dtype(source: Any, target: Any, name: str) -> None:
    """RuntimeError where a result cannot be written into an `out` of another dtype."""
    given, wanted = from_numpy_dtype(target), from_numpy_dtype(source)
    if name in ("all", "any"):
        if given.name not in ("bool", "uint8"):
            raise RuntimeError(f"Expected out tensor to have dtype bool or uint8, but got {given} ({name})")
    elif name in _EXACT_OUT or (name == "abs" and source.kind in "iu"):
        raise RuntimeError(f"Expected out tensor to have dtype {wanted}, but got {given} instead ({name})")
    elif not _castable(source, target) or (name in _REAL_OUT and target.kind == "c"):
        raise RuntimeError(
            f"result type {wanted.scalar_name} can't be cast to the desired output type {given.scalar_name}"
        )


def write_out(out: Any, result: Any, name: str) -> Any:
    """Give `result` back in the tensor `out`, as the `out=` argument promises."""
    mode = MODE.get()
    if mode.dual_level >= 0:
        refuse_dual((result, out), f"{name}_out", "that does not support it because it is an out= function")
    if mode.grad and (out.requires_grad or edge_of(result) is not None):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    check_inplace(out, False)
    source, target = result._array_, out._array_
    own = getattr(target, "levels", ())
    if any([level not in own for level in getattr(source, "levels", ())]):
        raise RuntimeError(
            f"Batching rule not implemented for aten::{name}.out; the fallback path doesn't work on out= or view ops: "
            "each example has another result, for which there is only one out."
        )
    if source.dtype != target.dtype:
        _check_out_dtype(source.dtype, target.dtype, name)
    if source.shape == target.shape:
        refuse_shared(layout_of(out))
        bump_version(out, f"{name}(out=)")
    else:
        if target.size:
            warnings.warn(
                f"An output with one or more elements was resized since it had shape {list(target.shape)}, which does "
                f"not match the required output shape {list(source.shape)}. This behavior is deprecated, and in a "
                "future PyTorch release outputs will not be resized unless they have zero elements. You can "
                "explicitly reuse an out tensor t by resizing it, inplace, to zero elements with t.resize_(0).",
                UserWarning,
                stacklevel=stacklevel(),
            )
        out.resize_(source.shape)
    write(out, source)
    return out
