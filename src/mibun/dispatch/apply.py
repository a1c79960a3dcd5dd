"""The general path of every call of an operator, and what it raises.

`apply_generally` does everything: mixed dtypes, subclasses, other array libraries, all modes, errors. `fast.py` has the
same for the commonest calls, and leaves the rest to it."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.anomaly import check_forward, note
from ..core.batching import lifted, refuse_escaped
from ..core.broadcasting import clash
from ..core.crossing import homeward
from ..core.dtypes import from_numpy_dtype, get_default_dtype, result_dtype
from ..core.mode import MODE
from ..core.node import LEAF, NO_VERSIONS
from ..core.quiet import NUMERICAL, hushed
from ..core.registry import DISPATCHING, LEADING, NAMESPACES, TENSORS, beside, namespace_for
from ..core.tensor import Tensor, wrap
from ..core.views import NOWHERE_EDGE, OutputOf, make_view, own_array
from ..core.watching import watched_operator
from ..xp import numpy_namespace
from .fast import record
from .jvp import note_tangents, propagate
from .natively import LARGE
from .nodes import plan
from .numbers import python_number
from .ways import NotHere

if TYPE_CHECKING:
    from .declare import Op

SCALARS = (builtins.bool, builtins.int, builtins.float, builtins.complex, np.number, np.bool_)


def convert(op: Op, xp: Any, arrays: list) -> list:
    """Cast the operands as the operator's dtype rule says; Python scalars become 0-d."""
    dtype = result_dtype(arrays)
    if op.dtype_rule == "float" and dtype.kind in "biu":
        dtype = get_default_dtype().np
    converted = []
    for array in arrays:
        if isinstance(array, (builtins.bool, builtins.int, builtins.float, builtins.complex)):
            if array.__class__ is builtins.int and not -(2**63) <= array < 2**64:
                raise OverflowError(f"int too big to convert: {array} is no number of 64 bits")
            array = xp.scalar(array, dtype)
        elif array.dtype != dtype:
            array = xp.astype(array, dtype)
        converted.append(array)
    return converted


def run_kernel(op: Op, xp: Any, arrays: Sequence, params: dict[str, Any]) -> Any:
    """Call the kernel; NumPy's floating-point warnings never reach the user, NumPy's errors become PyTorch's."""
    if op.refuses is not None:
        refused = refusal(op, arrays)
        if refused is not None:
            raise not_implemented(op, *refused)
    hushed()
    try:
        return kernel_for(op, xp, arrays)(xp, *arrays, **params)
    except NUMERICAL:
        pass  # and out of this block, so that no error is raised "during handling of" it
    except Exception as error:
        # (in no variable: it would hold this frame, and this frame it)
        raise explanation(op, arrays, error) from None
    return run_silently(op, xp, arrays, params)


def run_silently(op: Op, xp: Any, arrays: Sequence, params: dict[str, Any]) -> Any:
    """Call a kernel again that failed because the user wants errors of overflow or 0/0: PyTorch has none."""
    with np.errstate(all="ignore"):
        return kernel_over(op, xp)(xp, *arrays, **params)


def kernel_over(op: Op, xp: Any) -> Any:
    """The kernel of an operator over a namespace: its own, but for those namespaces that say it themselves (sparse)."""
    if xp is numpy_namespace:
        return op.kernel
    choose = getattr(xp, "kernel_of", None)
    return op.kernel if choose is None else choose(op)


def kernel_for(op: Op, xp: Any, arrays: Sequence) -> Any:
    """The same, for large arrays the kernel that works on them in pieces."""
    if xp is numpy_namespace and op.elementwise and getattr(arrays[0], "size", 0) >= LARGE:
        return op.large
    return kernel_over(op, xp)


def explanation(op: Op, arrays: Sequence, error: Exception) -> Exception:
    """The error that the user is to see where a kernel has raised `error`: PyTorch's for NumPy's, or `error` itself."""
    if isinstance(error, ValueError):
        words = None
        if op.kind in ("pointwise", "nondifferentiable") or "could not be broadcast together" in str(error):
            words = mismatch([array.shape for array in arrays if hasattr(array, "shape")])
        return RuntimeError(words or f"{op.name}(): {error} (operand shapes: {_shapes(arrays)})")
    if isinstance(error, TypeError) and str(error).startswith(("ufunc '", "numpy boolean")):
        return not_implemented(op, arrays[0].dtype)
    # Where it was caught is left out of its traceback, since it is raised from there again.
    trace = error.__traceback__
    return error.with_traceback(None if trace is None else trace.tb_next)


def not_implemented(op: Op, dtype: Any, words: str | None = None) -> RuntimeError:
    """The error for a dtype that an operator has no kernel for."""
    name = from_numpy_dtype(dtype).scalar_name
    if words is not None:
        kind = NotImplementedError if words.startswith(_NOT_IMPLEMENTED) else RuntimeError
        return kind(words.replace("{dtype}", name))
    return NotImplementedError(
        f"\"{op.name.strip('_')}_cpu\" not implemented for '{name}': convert to another dtype with .to() first"
    )


# PyTorch has two classes of error for this; these words begin those of the narrower one.
_NOT_IMPLEMENTED = ('"', "Unlike", "floor is", "ceil is", "trunc is", "clamp is", "signbit is")


def refusal(op: Op, arrays: Sequence, before_promotion: bool = False) -> tuple[Any, str | None] | None:
    """The dtype of an operand that the operator refuses, and in which words (see `not_implemented`), or None."""
    refuses: Any = op.refuses
    for array in arrays:
        kind = getattr(getattr(array, "dtype", None), "kind", None)
        if before_promotion and array.__class__ is builtins.bool:
            array, kind = np.True_, "b"
        if before_promotion and kind is not None:
            kind = f"any {kind}"
        if kind is not None and kind in refuses:
            of_all = f"all {kind[-1]}"
            if of_all in refuses and all(np.asarray(other).dtype.kind == kind[-1] for other in arrays):
                kind = of_all
            return array.dtype, refuses[kind]
    return None


def _shapes(arrays: Sequence) -> str:
    return ", ".join(str(list(a.shape)) if hasattr(a, "shape") else repr(a) for a in arrays)


def mismatch(shapes: Sequence[tuple[int, ...]]) -> str | None:
    """PyTorch's words about shapes that do not broadcast, None for those that do."""
    first: tuple[int, ...] = ()
    for other in shapes:
        if other == first or not other:
            continue
        if not first:
            first = other
            continue
        words = clash(first, other)
        if words is not None:
            return f"{words}: the shapes {list(first)} and {list(other)} do not broadcast"
        first = tuple(np.broadcast_shapes(first, other))
    return None


def check_broadcast(shapes: Sequence[tuple[int, ...]]) -> None:
    """Raise PyTorch's error where shapes do not broadcast."""
    words = mismatch(shapes)
    if words is not None:
        raise RuntimeError(words)


def apply(op: Op, operands: Sequence, params: dict[str, Any]) -> Any:
    """Apply an operator to Tensors and Python scalars, with all of its parameters given."""
    if op.several is not None:
        return op.several(operands, params)
    if op.one is not None and len(operands) == 1:
        return op.one(operands[0], params)
    return apply_generally(op, operands, params)


def apply_generally(op: Op, operands: Sequence, params: dict[str, Any], failed: list[Exception] | None = None) -> Any:
    """The general path: operators of several operands, and whatever the fast paths leave to it.

    failed: what the kernel raised when a fast path called it (one error in a list, which will be emptied). The kernel
    is not called again, then, unless there is something that the fast path does not do: casts, other array libraries,
    overflow that is an error by the user's settings.
    """
    mode = _mode()
    if not mode.fast and mode.watchers:
        return watched_operator(apply_generally, op, operands, params, "", mode)
    if DISPATCHING and not op.dispatched:
        for operand in operands:
            if type(operand) in DISPATCHING:
                return DISPATCHING[type(operand)](apply_generally, op, operands, params, "")
    arrays: list = []
    edges: Any = []
    any_edge = False
    agree = True
    grad = mode.grad
    first: Any = None
    dtype: Any = None
    for operand in operands:
        if isinstance(operand, Tensor):
            array = operand._array_
            arrays.append(array)
            if first is None:
                first = operand
                dtype = array.dtype
            elif array.dtype is not dtype:
                agree = False
            edge = operand._edge_
            if edge is not None and grad:
                if edge is LEAF:
                    edge = (operand, None)
                elif type(edge) is not tuple:
                    edge = edge.resolve(operand)
                if edge is not None:
                    any_edge = True
                edges.append(edge)
            else:
                edges.append(None)
        else:
            edges.append(None)
            agree = False
            if operand is None and op.optional:
                arrays.append(None)
                continue
            if not op.scalars:
                raise not_a_tensor(op, operands)
            if type(operand) not in _PYTHON_NUMBERS:
                operand = foreign_number(operand)
                if operand is None:
                    raise not_a_tensor(op, operands)
            arrays.append(operand)
    if first is None:
        raise not_a_tensor(op, operands)
    if op.view and isinstance(arrays[0], np.generic):
        arrays[0] = own_array(first)
    xp = namespace_for(arrays) if len(arrays) > 1 else NAMESPACES[type(first._array_)]
    as_given = arrays
    if xp is not numpy_namespace:
        arrays = beside(xp, arrays)
    if op.dtype_rule is not None and not (agree and op.refuses is None and dtype.kind in "fc"):
        if op.refuses is not None:
            refused = refusal(op, arrays, before_promotion=True)
            if refused is not None:
                raise not_implemented(op, *refused)
        arrays = convert(op, xp, arrays)
    if op.refuses is not None:
        refused = refusal(op, arrays)
        if refused is not None:
            raise not_implemented(op, *refused)
    hushed()
    try:
        if failed and xp is numpy_namespace and type(failed[0]) is not NotHere and same(arrays, as_given):
            raise failed.pop()
        result = kernel_for(op, xp, arrays)(xp, *arrays, **params)
    except NUMERICAL:
        result = None
    except Exception as error:
        raise explanation(op, arrays, error) from None
    if result is None:  # (no kernel gives None)
        result = run_silently(op, xp, arrays, params)
    if dtype.kind == "V":
        result = _in_bfloat16(op, xp, arrays, params, result)
    if op.outputs is not None or op.residuals:
        return _finish_several(op, mode, operands, arrays, params, edges, any_edge, xp, result)
    kind = type(result)
    backwards = xp
    if kind is np.ndarray or kind not in TENSORS:
        kind = Tensor
    else:
        kind = TENSORS[kind]
        if result.levels != mode.levels:
            refuse_escaped(result.levels)
        if any_edge and len(edges) > 1:
            edges, backwards = lifted_over(edges, operands, result.levels, xp)
    tensor = _new(kind)
    tensor._array_ = result
    tensor._edge_ = tensor._version_counter_ = tensor._grad_ = None
    tensor._accumulator_ = tensor._leaf_hooks_ = tensor._tangent_ = None
    node = None
    if any_edge and op.differentiable:
        dtype = result.dtype
        node, made = make_node(op, operands, arrays, params, edges, backwards, (), mode, result.shape, dtype)
        if dtype.kind in "fcV":
            tensor._edge_ = (node, 0)
        if made.outputs or mode.saved_hooks:
            node.save_outputs(made, (tensor,), mode)
    if op.view and type(result) not in LEADING:  # (views of sparse tensors are tensors of their own)
        make_view(operands[0], tensor, tensor._edge_, (op, params, arrays[0].shape), op.node_name, mode)
    if not mode.fast:
        _unusual(op, mode, operands, params, tensor, (), node, (tensor,))
    return tensor


def lifted_over(edges: Sequence, operands: Sequence, levels: tuple[int, ...], xp: Any) -> tuple[Sequence, Any]:
    """The edges to operands of which some may lack levels, and the namespace that the rules are to be called over."""
    found = lifted(edges, operands, levels)
    return found, xp.prompt if found is edges else xp


def _in_bfloat16(op: Op, xp: Any, arrays: Sequence, params: dict[str, Any], result: Any) -> Any:
    """What a kernel gives for operands of bfloat16, in bfloat16: with Python numbers NumPy makes wider ones of it."""
    if op.view or op.kind == "nondifferentiable" or "dtype" in params:
        return result
    dtypes = {array.dtype for array in arrays if getattr(getattr(array, "dtype", None), "kind", "") in _FLOATING}
    if len(dtypes) != 1:
        return result
    low = dtypes.pop()
    if type(result) in (tuple, list):
        return type(result)([_cast_down(xp, one, low) for one in result])
    return _cast_down(xp, result, low)


def _cast_down(xp: Any, array: Any, low: Any) -> Any:
    return array if array is None or array.dtype.kind != "f" else xp.astype(array, low)


def same(arrays: Sequence, others: Sequence) -> bool:
    """Whether two lists hold the same objects."""
    return arrays is others or all([a is b for a, b in zip(arrays, others, strict=True)])


def _finish_several(op, mode, operands, arrays, params, edges, any_edge, xp, result) -> Any:
    """Record the operation if it must be, and wrap what the kernel returned: several outputs, or residuals."""
    several = op.outputs is not None
    n = len(result) - len(op.residuals)
    results, residuals = tuple(result[:n]), tuple(result[n:])
    if xp is not numpy_namespace and n > 1 and any([type(array) in TENSORS for array in results]):
        results = xp.at_common_levels(results)  # as their gradients meet in one rule
    if xp is not numpy_namespace:
        for array in results:
            if type(array) in TENSORS:
                refuse_escaped(array.levels)
    tensors = [wrap(array) for array in results]
    node = None
    if any_edge and op.differentiable:
        if xp is not numpy_namespace and len(edges) > 1:
            for array in results:
                if type(array) in TENSORS:
                    edges, xp = lifted_over(edges, operands, array.levels, xp)
                    break
        node, made = make_node(op, operands, arrays, params, edges, xp, residuals, mode)
        n_differentiable = len(tensors) if op.n_differentiable is None else op.n_differentiable
        for i in range(n_differentiable):
            if results[i].dtype.kind in "fcV":
                tensors[i]._edge_ = (node, i)
        if n_differentiable == 1 and op.outputs != "list":
            node.shape, node.dtype = results[0].shape, results[0].dtype
        else:
            node.metas = tuple([(r.shape, r.dtype) for r in results[:n_differentiable]])
        node.save_outputs(made, tensors, mode)
    if op.view and type(arrays[0]) not in LEADING:
        for i, tensor in enumerate(tensors):
            step = (OutputOf(op, i), params, arrays[0].shape)
            make_view(operands[0], tensor, tensor._edge_, step, op.node_name, mode)
            view = tensor._edge_
            if tensor._version_counter_ is NO_VERSIONS:
                continue
            view.output_nr = i
            if mode.grad and view.creation != "inference":
                view.creation = "multi_output"
    outputs = tuple(tensors) if several else tensors[0]
    if not mode.fast:
        _unusual(op, mode, operands, params, outputs, residuals, node, tensors)
    return outputs


def _unusual(op, mode, operands, params, outputs, residuals, node, tensors) -> None:
    """What the less usual modes do with the result of an operation."""
    if mode.inference and not op.view:
        for tensor in tensors:
            tensor._version_counter_ = NO_VERSIONS
    if mode.anomaly == "forward":
        check_forward(op.name, operands, tensors)
    if mode.dual_level >= 0:
        propagate(op, operands, params, outputs, residuals)
        if node is not None:
            note_tangents(node, operands, tensors)


def make_node(op, operands, arrays, params, edges, xp, residuals, mode, shape=(), dtype=None) -> tuple:
    """The node of one recorded operation, with what its rules will need of the operands saved; and the plan of that."""
    dead_ends = ()
    if xp is not numpy_namespace and len(edges) > 1:
        edges = homeward(edges, operands)
    for edge in edges:
        if edge is NOWHERE_EDGE:  # (not `in`, which would compare leaves)
            dead_ends = tuple([i for i, edge in enumerate(edges) if edge is NOWHERE_EDGE])
            edges = [None if edge is NOWHERE_EDGE else edge for edge in edges]
            break
    if op.constant:
        edges = [
            None if name in op.constant else edge for name, edge in zip(op.operands, edges, strict=not op.variadic)
        ]
    if len(edges) == 1:
        made = op.plans.get(_TRUE) or plan(op, _TRUE)
    else:
        needs = _TRUE if op.variadic else tuple([edge is not None for edge in edges])
        made = op.plans.get(needs) or plan(op, needs)
    node = record(op, operands, arrays, params, tuple(edges), xp, residuals, mode, shape, dtype)
    if dead_ends:
        node.dead_ends = dead_ends
    if not mode.fast:
        if mode.anomaly:
            note(node)
        if mode.saved_hooks:
            node.operands = operands
    if made.operands or made.shapes or made.residuals:
        node.save_operands(made, operands, arrays, residuals)
    return node, made


_TRUE = (True,)

_FLOATING = ("f", "V")  # the latter is bfloat16

_mode = MODE.get

_new = object.__new__

_PYTHON_NUMBERS = frozenset((builtins.bool, builtins.int, builtins.float, builtins.complex))


def not_a_tensor(op: Op, operands: Sequence, function: str | None = None) -> TypeError:
    """The error for a call with something else where a Tensor is needed, or a number where those are taken."""
    function = function or op.name.strip("_")
    names = op.operands if not op.variadic else [op.operands[0]] * len(operands)
    for only_numbers in (True, False):  # a number is not what is wrong, if there is something else
        for position, (name, operand) in enumerate(zip(names, operands, strict=False)):
            if isinstance(operand, Tensor) or (only_numbers and op.scalars and foreign_number(operand) is not None):
                continue
            return TypeError(
                f"{function}(): argument '{name}' (position {position + 1}) must be Tensor, not "
                f"{type(operand).__name__}. Make a Tensor of it with torch.as_tensor() first."
            )
    return TypeError(f"{function}() missing {len(op.operands) - len(operands)} required positional arguments")


def foreign_number(value: Any) -> Any:
    """A Python number for what stands for one (NumPy's, and instances of subclasses), else None."""
    value = python_number(value)
    kinds: tuple[Any, ...] = (builtins.bool, builtins.int, builtins.float, builtins.complex)
    for kind in kinds:
        if isinstance(value, kind):
            return kind(value)
    return None
