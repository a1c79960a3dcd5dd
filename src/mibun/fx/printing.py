"""What printed code says of the values: `f32[2, 3]`, where they come from, and colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..core.tensor import Tensor
from . import config

if TYPE_CHECKING:
    from .node import Node

dtype_abbrs = {
    "bfloat16": "bf16",
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "complex64": "c64",
    "complex128": "c128",
    "int8": "i8",
    "int16": "i16",
    "int32": "i32",
    "int64": "i64",
    "bool": "b8",
    "uint8": "u8",
    "uint16": "u16",
    "uint32": "u32",
    "uint64": "u64",
}


def _sizes(values: Any) -> str:
    return "[" + ", ".join([str(value) for value in values]) + "]"


def value_description(
    node: Node, include_stride: bool = False, include_device: bool = False, colored: bool = False
) -> str:
    """What `meta` knows of a Node's value: `f32[2, 3]`, with strides and device if asked for; "" if nothing."""
    value = node.meta.get("val", node.meta.get("tensor_meta", node.meta.get("example_value")))
    if value is None or not hasattr(value, "dtype") or not hasattr(value, "shape"):
        return ""
    colored = colored and isinstance(value, Tensor)
    text = _dtype(value.dtype, colored) + coloured(_sizes(value.shape), "blue", colored)
    if isinstance(value, Tensor):
        if include_stride:
            text += coloured(_sizes(value.stride()), "dim_blue", colored)
        if include_device:
            text += coloured(str(value.device), "dim_green", colored)
    return text


def _dtype(dtype: Any, colored: bool) -> str:
    name = str(dtype).rpartition(".")[2]
    return coloured(dtype_abbrs.get(name, name), "red", colored)


def tensor_description(node: Node) -> str:
    """The same for the text of a graph, which has `val` alone."""
    if not isinstance(node.meta.get("val"), Tensor):
        return ""
    return f'Tensor "{value_description(node, include_stride=True, include_device=True)}"'


_TRACE = re.compile(r'^File "(.+)", line (\d+), in (.+)$')


def source_comment(stack_trace: str | None) -> str:
    """The innermost line of a stack trace, as the comment above the code that it made."""
    if not stack_trace or config.do_not_emit_stack_traces:
        return ""
    lines = stack_trace.strip().split("\n")
    for index in range(len(lines) - 2, -1, -1):
        match = _TRACE.match(lines[index].strip())
        if match:
            file, line, name = match.groups()
            return f"File: {file}:{line} in {name}, code: {lines[index + 1].strip()}"
    return ""


_CODES = {"yellow": "\033[33m", "cyan": "\033[36m", "green": "\033[32m", "red": "\033[31m", "blue": "\033[34m"}
_CODES |= {"dim": "\033[2m", "dim_blue": "\033[2m\033[34m", "dim_green": "\033[2m\033[32m"}


def coloured(text: str, colour: str, on: bool) -> str:
    """The text between the codes that make a terminal show it in a colour, if `on`."""
    return f"{_CODES[colour]}{text}\033[0m" if on else text
