"""`torch.onnx`: what programs ask and declare beside the writing of ONNX files, which mibun does not do.

Libraries say, when they are imported, how operators of theirs are to be written (torchvision): that is kept, and
nobody asks for it. What would write a file, `export`, does not exist.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from enum import IntEnum
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec

from ..core.missing import explain_missing_names as _explain_missing_names
from .errors import OnnxExporterError

__all__ = [
    "OnnxExporterError",
    "OperatorExportTypes",
    "TensorProtoDataType",
    "TrainingMode",
    "is_in_onnx_export",
    "register_custom_op_symbolic",
    "unregister_custom_op_symbolic",
]


class TensorProtoDataType(IntEnum):
    """The numbers of the element types in ONNX's files."""

    UNDEFINED, FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE = range(12)
    UINT32, UINT64, COMPLEX64, COMPLEX128, BFLOAT16 = range(12, 17)
    FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ = range(17, 21)


class OperatorExportTypes(IntEnum):
    """Which operators an ONNX file may have: its own, or PyTorch's."""

    ONNX, ONNX_ATEN, ONNX_ATEN_FALLBACK, ONNX_FALLTHROUGH = range(4)


class TrainingMode(IntEnum):
    """In which mode a Module is written."""

    EVAL, PRESERVE, TRAINING = range(3)


# How operators are written, as programs have declared it: name -> version of ONNX's operators -> function.
_declared: dict[str, dict[int, Callable]] = {}


def is_in_onnx_export() -> bool:
    """Whether a model is being exported at this time: False."""
    return False


def _check_name(name: str, deed: str) -> None:
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-_]*::[a-zA-Z-_]+[a-zA-Z0-9-_]*", name):
        raise OnnxExporterError(
            f"Failed to {deed} operator {name}. The symbolic name must match the format domain::name, and should start "
            "with a letter and contain only alphanumeric characters"
        )


def register_custom_op_symbolic(symbolic_name: str, symbolic_fn: Callable, opset_version: int) -> None:
    """Say how an operator is written as ONNX, from a version of ONNX's operators on.

    symbolic_name: "domain::name", else OnnxExporterError. symbolic_fn: given a graph and its values, adds to it.

    >>> import mibun as torch
    >>> torch.onnx.register_custom_op_symbolic("mine::double", lambda g, x: g.op("Add", x, x), 11)
    >>> torch.onnx.unregister_custom_op_symbolic("mine::double", 11)
    """
    _check_name(symbolic_name, "register")
    _declared.setdefault(symbolic_name, {})[opset_version] = symbolic_fn


def unregister_custom_op_symbolic(symbolic_name: str, opset_version: int) -> None:
    """Take back what `register_custom_op_symbolic` has said. Nothing happens if it has not said anything."""
    _check_name(symbolic_name, "unregister")
    _declared.get(symbolic_name, {}).pop(opset_version, None)


def _modules_of_opsets() -> None:
    """`symbolic_opset7` and so on, which programs import: those that write PyTorch's operators are not there."""
    for version in range(7, 21):
        name = f"{__name__}.symbolic_opset{version}"
        module = module_from_spec(ModuleSpec(name, None))
        module.__doc__ = f"How version {version} of ONNX writes PyTorch's operators: by nothing here."
        sys.modules[name] = globals()[f"symbolic_opset{version}"] = module
        _explain_missing_names(name)


_modules_of_opsets()
_explain_missing_names(__name__)
