"""`torch.onnx.errors`: the exceptions that programs which write ONNX files catch."""

from __future__ import annotations

from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = ["OnnxExporterError", "OnnxExporterWarning", "SymbolicValueError", "UnsupportedOperatorError"]


class OnnxExporterWarning(UserWarning):
    """A warning about what is being written."""


class OnnxExporterError(RuntimeError):
    """A model cannot be written as ONNX."""


class UnsupportedOperatorError(OnnxExporterError):
    """ONNX has no such operator, in the version that was asked for."""

    def __init__(self, name: str, version: int, supported_version: int | None) -> None:
        if supported_version is not None:
            words = f"Support for this operator was added in version {supported_version}, try exporting with it"
        else:
            words = "Try a version of ONNX's operators that has it"
        super().__init__(f"Exporting the operator '{name}' to ONNX opset version {version} is not supported. {words}.")


class SymbolicValueError(OnnxExporterError):
    """A value of a graph is not what a function that writes it can take."""

    def __init__(self, msg: str, value: object) -> None:
        super().__init__(f"{msg}  [Caused by the value '{value}']")


_explain_missing_names(__name__)
