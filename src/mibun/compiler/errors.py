"""What compiling raises: the names of `torch._dynamo.exc`."""

from __future__ import annotations

from typing import Any


class TorchDynamoException(RuntimeError):
    """Base of the errors of compiling."""


class InvalidBackend(TorchDynamoException):
    """A backend was named that does not exist."""

    def __init__(self, name: str, why: str = "see `torch._dynamo.list_backends()` for available backends.") -> None:
        super().__init__(f"Invalid backend: {name!r}, {why}")


class InternalTorchDynamoError(TorchDynamoException):
    """The compiler is at fault."""


class ResetRequired(TorchDynamoException):
    """The compiler has to be reset first."""


class ShortenTraceback(TorchDynamoException):
    """Base of errors that have a long way behind them."""


class BackendCompilerFailed(ShortenTraceback):
    """A backend has raised an error."""

    def __init__(self, backend_fn: Any, inner_exception: Exception, *_: Any) -> None:
        self.backend_name = getattr(backend_fn, "__name__", "?")
        self.inner_exception = inner_exception
        name = type(inner_exception).__name__
        super().__init__(f"backend={self.backend_name!r} raised:\n{name}: {inner_exception}")


class TorchRuntimeError(ShortenTraceback):
    """The compiled code has raised an error while it was compiled."""


class Unsupported(TorchDynamoException):
    """The compiler does not know something that the program does."""


class UserError(Unsupported):
    """The program is at fault."""


class RecompileError(TorchDynamoException):
    """Something had to be compiled again, and must not."""


class FailOnRecompileLimitHit(Exception):
    """Something had to be compiled again too often."""


class RestartAnalysis(TorchDynamoException):
    """The compiler starts anew."""


class TensorifyScalarRestartAnalysis(RestartAnalysis):
    """The compiler starts anew, because of a number."""


class SkipFrame(TorchDynamoException):
    """A function is not compiled."""
