"""The `_saved_*` attributes of operators' nodes: PyTorch's names for what mibun's rules keep under their own.

PyTorch names an attribute after the argument of its C++ operator (`self`, `mat2`, `self_sym_sizes`); here it is found
among a node's operands, outputs, residuals and parameters. What PyTorch keeps and mibun does not need has no attribute.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.node import freed_error
from ..core.tensor import wrap

# Operands and outputs that go by other names: the names to look for, or where the operand stands.
_NAMES: dict[str, tuple[str | int, ...]] = {
    "self": ("input", 0),
    "result": ("out",),
    "tensor1": ("input",),
    "mat1": (-2,),
    "mat2": (-1,),
    "vec": (-1,),
    "tensor": (-1,),
    "mat": (-2,),
    "batch1": (-2,),
    "batch2": (-1,),
    "vec1": (-2,),
    "vec2": (-1,),
    "target": ("chosen",),
}
_PARAMETERS = {
    "align_corners": "align",
    "count_include_pad": "include",
    "dim": "dims",
    "dimension": "dim",
    "group": "groups",
    "divisor_override": "divisor",
    "downscale_factor": "factor",
    "interpolation_mode": "mode",
    "kernel_size": "window",
    "lambd": "bound",
    "max": "bound",
    "max_val": "high",
    "min": "bound",
    "min_val": "low",
    "negative_slope": "slope",
    "padding_mode": "padding",
    "scale_grad_by_freq": "by_frequency",
    "storage_offset": "offset",
    "upscale_factor": "factor",
}
# What an operator that was called without them would have been called with.
_DEFAULTS: dict[tuple[str, str], Any] = {
    ("add", "alpha"): 1,
    ("sub", "alpha"): 1,
    ("linear_with_bias", "alpha"): 1,
    ("linear_with_bias", "beta"): 1,
    ("gelu_exact", "approximate"): "none",
    ("gelu_tanh", "approximate"): "tanh",
    ("convolve", "transposed"): False,
    ("batch_norm_in_training", "training"): True,
}
_SIZE = re.compile(r"(\w+)_sym_(sizes|numel|argsize_(minus_)?(\d+))")
_END = 2**63 - 1
_SHOWN = {"input": "self", "out": "result", "dims": "dim"}  # mibun's names -> PyTorch's, in `dir`


def slot_of(node: Any, name: str) -> int | None:
    """Which of the values that a node may save PyTorch calls by this name."""
    op = node.op
    outputs = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
    names = (*op.operands, *outputs, *op.residuals)
    numbered = re.fullmatch(r"result([1-9])", name)
    candidates: tuple = (name, *_NAMES.get(name, ()))
    if numbered:
        candidates = (len(op.operands) + int(numbered[1]),) if int(numbered[1]) < len(outputs) else ()
    for candidate in candidates:
        if isinstance(candidate, int):
            position = candidate if candidate >= 0 else len(op.operands) + candidate
            if 0 <= position < (len(op.operands) if not numbered else len(names)):
                return position
        elif candidate in names:
            return names.index(candidate)
    return None


def saved_attribute(node: Any, name: str, read: Callable[[Any, int], Any]) -> Any:
    """`grad_fn._saved_<name>`: a saved operand, output, shape or parameter; None for a Tensor that is not needed.

    read: gives the value of one slot of a node.
    """
    op, params = node.op, node.params
    if type(params.get("index")) is tuple and Ellipsis in params["index"]:
        step = _basic_index(params["index"], op.name == "select")
        if name in step:
            return step[name]
    found = name if name in params else _PARAMETERS.get(name)
    if found in params:
        value = params[found]
        if name == "reduction":
            return ("none", "mean", "sum").index(value)  # PyTorch keeps the number
        return value[0] if op.name == "squeeze_dim" and found == "dims" else _shown(value)
    if (op.name, name) in _DEFAULTS:
        return _DEFAULTS[op.name, name]
    size = _SIZE.fullmatch(name)
    if size is not None:
        return _size(node, *size.groups())
    slot = slot_of(node, name)
    if slot is None or not keeps(op, slot):
        raise AttributeError(f"'{node.name()}' object has no attribute '_saved_{name}'")
    if node.saved is None:
        raise freed_error(node)
    return read(node, slot)


def keeps(op: Any, slot: int) -> bool:
    """Whether nodes of an operator ever save the value of this slot, which depends on what its rules ask for."""
    outputs = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
    return (*op.operands, *outputs, *op.residuals)[slot] in _kept_names(op)


@functools.cache
def _kept_names(op: Any) -> frozenset[str]:
    """What the rules of an operator ask for, by name."""
    codes = [rule.__code__ for rule in ([op.joint] if op.joint is not None else op.vjp.values())]
    return frozenset(name for code in codes for name in code.co_varnames[: code.co_argcount])


def saved_names(node: Any) -> list[str]:
    """The `_saved_*` and `_raw_saved_*` attributes of a node, for `dir`: what its rules may ask for, and parameters."""
    op = node.op
    outputs = ("out",) if op.outputs is None or op.outputs == "list" else op.outputs
    found = []
    for slot, name in enumerate((*op.operands, *outputs)):
        if keeps(op, slot):
            shown = _SHOWN.get(name, name)
            found += [f"_saved_{shown}", f"_raw_saved_{shown}"]
    sizes = [
        f"_saved_{_SHOWN.get(name, name)}_sym_sizes"
        for name, shape in zip(op.operands, getattr(node, "operand_shapes", ()), strict=False)
        if shape is not None and not op.variadic
    ]
    return [*found, *sizes, *(f"_saved_{_SHOWN.get(name, name)}" for name in node.params)]


def _shown(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return wrap(value)
    return tuple(map(_shown, value)) if type(value) is tuple else value


def _basic_index(index: tuple, select: bool) -> dict[str, Any]:
    """What one step of indexing did: the dimension, and the position or the range in it."""
    for dim, item in enumerate(index):
        if select and isinstance(item, int):
            return {"dim": dim, "index": item}
        if not select and isinstance(item, slice) and item != slice(None):
            return {
                "dim": dim,
                "start": item.start or 0,
                "end": _END if item.stop is None else item.stop,
                "step": item.step or 1,
            }
    return {}


def _size(node: Any, operand: str, kind: str, minus: str | None, number: str | None) -> Any:
    """The sizes of an operand, which its own node knows where this one has not kept them."""
    slot = slot_of(node, operand)
    if slot is None or slot >= len(node.op.operands):
        raise AttributeError(f"'{node.name()}' object has no attribute '_saved_{operand}_sym_{kind}'")
    shapes = getattr(node, "operand_shapes", ())
    if shapes:
        shape = shapes[slot]
    else:
        edge = node.edges[slot]
        if edge is None:
            value = node.tensors()[slot] if node.saved else None
            if value is None:
                raise AttributeError(f"'{node.name()}' has not kept the sizes of {operand!r}: no gradient needs them")
            shape = tuple(value.shape)
        else:
            target, output_nr = edge
            shape = target._array_.shape if output_nr is None else target.meta(output_nr)[0]
    if kind == "sizes":
        return tuple(shape)
    if kind == "numel":
        return math.prod(shape)
    return shape[-int(number or 0) if minus else int(number or 0)]


__all__ = ["keeps", "saved_attribute", "saved_names", "slot_of"]
