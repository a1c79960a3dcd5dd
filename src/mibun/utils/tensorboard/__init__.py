"""`torch.utils.tensorboard`: what a training run reports, in TensorBoard's files.

The package tensorboardX writes them, or else tensorboard itself, with which the commoner methods are there. Without
either, importing this is a ModuleNotFoundError, as PyTorch's is.
"""

from __future__ import annotations

from importlib.util import find_spec as _find_spec

from ...core.missing import explain_missing_names as _explain_missing_names


def _is_installed(name: str) -> bool:
    import sys

    if name in sys.modules:
        return sys.modules[name] is not None
    return _find_spec(name) is not None


if not _is_installed("tensorboardX") and not _is_installed("tensorboard"):
    raise ModuleNotFoundError(
        "No module named 'tensorboard': TensorBoard's files are written by the package tensorboardX, or by tensorboard "
        "(pip install tensorboardX)",
        name="tensorboard",
    )

from .writer import FileWriter, SummaryWriter  # noqa: E402

__all__ = ["FileWriter", "SummaryWriter"]

_explain_missing_names(__name__)
