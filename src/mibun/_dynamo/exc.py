"""`torch._dynamo.exc`: the errors of compiling, for programs that catch them. An index only."""

from ..compiler.errors import (
    BackendCompilerFailed,
    FailOnRecompileLimitHit,
    InternalTorchDynamoError,
    InvalidBackend,
    RecompileError,
    ResetRequired,
    RestartAnalysis,
    ShortenTraceback,
    SkipFrame,
    TensorifyScalarRestartAnalysis,
    TorchDynamoException,
    TorchRuntimeError,
    Unsupported,
    UserError,
)
from ..core.missing import explain_missing_names as _explain_missing_names

__all__ = [
    "BackendCompilerFailed",
    "FailOnRecompileLimitHit",
    "InternalTorchDynamoError",
    "InvalidBackend",
    "RecompileError",
    "ResetRequired",
    "RestartAnalysis",
    "ShortenTraceback",
    "SkipFrame",
    "TensorifyScalarRestartAnalysis",
    "TorchDynamoException",
    "TorchRuntimeError",
    "Unsupported",
    "UserError",
]

_explain_missing_names(__name__)
